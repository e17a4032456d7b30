import { spawn } from 'node:child_process';
import { endWithParent } from './child-processes';

const limitMs = 60_000;

/** Runs a command: its exit code (undefined if it did not start, 1 after the time limit) and its stdout and stderr. */
export function runCommand(
  command: string,
  args: string[],
): Promise<{ code: number | undefined; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    endWithParent(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    }
    child.on('error', () => resolve({ code: undefined, text }));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}
