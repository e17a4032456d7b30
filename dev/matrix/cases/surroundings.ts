import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NotAvailable } from '../../runtimes/runtimes';
import { check, complaints } from '../check';
import { startExamples, tryExamples } from '../examples';
import { type Case, newestUser, stopping } from './case';

const otherUser: Case = {
  name: 'other-user',
  title: 'as another user id (`nobody`), with a program folder that it may not write',
  async run(environment) {
    if (process.getuid?.() !== 0) throw new NotAvailable('only root can start a process as nobody');
    const idOf = (option: string): number =>
      Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }).trim());
    const ids = { uid: idOf('-u'), gid: idOf('-g') };
    const user = newestUser(environment);
    await user.install();
    for (const folder of [environment.dir, dirname(user.dir)]) chmodSync(folder, 0o711);
    const home = join(dirname(user.dir), 'home');
    mkdirSync(home);
    execFileSync('chown', ['-R', `${ids.uid}:${ids.gid}`, user.dir, home]);
    await user.start({ ids, env: { HOME: home } });
    return stopping(user, async () => {
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      await user.deploy([]);
      await user.uninstall();
      return `${count} records read back, uninstalled`;
    });
  },
};

const projects: Case = {
  name: 'projects',
  title: 'projects mode',
  async run(environment) {
    const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    const user = newestUser(environment);
    await user.install();
    symlinkSync(git, join(user.bin, 'git'));
    const home = join(user.dir, 'home');
    mkdirSync(home);
    const author = { GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@localhost' };
    const committer = { GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@localhost' };
    const editorTheme = { tours: false, projects: { enabled: true } };
    await user.start({ override: { editorTheme }, env: { HOME: home, ...author, ...committer } });
    return stopping(user, async () => {
      const files = { flow: 'flows.json', credentials: 'flows_cred.json' };
      const response = await user.request('/projects', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'stream', summary: '', files, credentialSecret: 'secret of a project' }),
      });
      check(response.ok, `POST /projects: ${response.status} ${await response.text()}`);
      await user.checkTypes();
      const running = await startExamples(environment, user);
      try {
        const count = await running.arrived();
        const texts = textsOf(join(user.dir, 'projects/stream'));
        check(
          texts.some(({ text }) => text.includes('twitter-stream-in')),
          'the flow is not in the project',
        );
        const { bearerToken } = running.x.settings;
        const secret = texts.find(({ text }) => text.includes(bearerToken));
        check(!secret, `a secret is in ${secret?.path}`);
        const found = complaints(user.nodeRed.log(), [/No active project/]);
        check(found.length === 0, `in the log: ${found.join(' | ')}`);
        return `${count} records read back; no file of the project has the bearer token`;
      } finally {
        await running.x.close();
      }
    });
  },
};

function textsOf(folder: string): Array<{ path: string; text: string }> {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path: path.slice(folder.length + 1), text: readFileSync(path, 'utf8') }));
}

export const surroundingsCases = [otherUser, projects];
