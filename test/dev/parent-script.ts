import { spawn } from 'node:child_process';
import { endWithParent } from '../../dev/kafka/child-processes';
import { recordProcess } from '../../dev/kafka/orphan-processes';

/*
 * Run by tests in a child process: starts a Node child with the given code and mark, records it in the given directory,
 * prints its pid when it runs, and then waits, exits or throws.
 */

const [dir = '', mark = '', code = '', then = 'wait'] = process.argv.slice(2);

const child = spawn(
  process.execPath,
  ['-e', `${code}; console.log('up'); setTimeout(process.exit, 60_000)`, mark],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  },
);
endWithParent(child);
child.stdout.once('data', () => {
  const pid = child.pid ?? 0;
  recordProcess(dir, { pid, mark });
  process.stdout.write(`${pid}\n`, () => {
    if (then === 'exit') process.exit(0);
    if (then === 'throw') throw new Error('thrown on purpose');
  });
});
