import { nodeRedVersions, nodeVersions } from '../runtimes/versions';
import { versions } from '../versions';

export interface Result {
  name: string;
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What it showed, or why it failed or was not run. */
  detail: string;
}

/** docs/compatibility.md. */
export function compatibilityPage(results: Result[], date: string): string {
  const rows = results.map(({ title, outcome, detail }) => `| ${title} | ${outcome} | ${cell(detail)} |`);
  const [kafka] = versions().split(',');
  return `# Compatibility

Written by \`npm run test:matrix\` on ${date}, with ${kafka}, on ${process.platform}-${process.arch}. Each row of a Node-RED and a Node.js: the
packed package is installed as the palette manager does it, without compiler, make and Python on the PATH; all six types load;
every example is imported and runs against a real Kafka broker and the X API simulator; the log has no warning; uninstalled,
nothing is left but the queues and the state in \`twitter-kafka/\`, the flow and the backups that Node-RED keeps. All other rows: Node-RED ${nodeRedVersions.newest5} on Node.js ${nodeVersions.newest24}.

| what | result | details |
|---|---|---|
${rows.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
