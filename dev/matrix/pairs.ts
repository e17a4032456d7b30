import { dirname, join } from 'node:path';
import { ensureNode, ensureNodeRed, ensureNpm, type Program } from '../runtimes/runtimes';
import { nodeRedVersions, nodeVersions, npmVersion, supportsNodeRed5 } from '../runtimes/versions';

/** A Node-RED on a Node.js. */
export interface Pair {
  /** "4.1.15-20.20.2" */
  name: string;
  nodeRed: string;
  node: string;
}

/** A pair on this machine. */
export interface InstalledPair extends Program {
  nodeRedVersion: string;
  nodeVersion: string;
  /** The npm that its palette manager runs. */
  npm: string;
  /** How its palette manager leaves out development dependencies. */
  omitDev: string;
}

export const pairs: Pair[] = Object.values(nodeRedVersions).flatMap((nodeRed) =>
  Object.values(nodeVersions)
    .filter((node) => (nodeRed.startsWith('4.') ? node !== nodeVersions.oldest22 : supportsNodeRed5(node)))
    .map((node) => ({ name: `${nodeRed}-${node}`, nodeRed, node })),
);

/** Downloads what is missing. @throws NotAvailable if npm has it no longer */
export function installPair({ nodeRed, node }: Omit<Pair, 'name'>): InstalledPair {
  const red = ensureNodeRed(nodeRed, console.log);
  const bringsNpm = nodeRed !== nodeRedVersions.oldest4;
  return {
    ...{ nodeRedVersion: nodeRed, nodeVersion: node, red, node: ensureNode(node, console.log) },
    npm: bringsNpm ? join(dirname(red), '../npm/bin/npm-cli.js') : ensureNpm(npmVersion, console.log),
    omitDev: bringsNpm ? '--omit=dev' : '--production',
  };
}
