import { spawn } from 'node:child_process';
import { endWithParent } from '../../dev/kafka/child-processes';
import { recordProcess } from '../../dev/kafka/orphan-processes';

/*
 * Run by tests as a process of its own: starts a Node child with the given code and mark, notes it in the given
 * folder, prints its pid when the child has said that it is up, and then waits, exits or throws.
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
