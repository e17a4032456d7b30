import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../paths';

/** What node-red-dev asks registries. */
export interface Answers {
  /** The published Node-RED. */
  nodeRed: {
    'dist-tags': Record<string, string>;
    versions: Record<string, { engines: Record<string, string> }>;
  };
  /** The packages of the flow library with their node types. */
  catalogue: { modules: Array<{ id: string; types: string[] }> };
  /** `name@version` of each production dependency, also of indirect ones. */
  tree: string[];
  /** The latest version of each dependency, and whether its range in package.json admits it. */
  dependencies: Array<{ moduleName: string; packageJson: string; latest: string; easyUpgrade: boolean }>;
}

/**
 * Asks the npm client, and the lock file for the dependency tree.
 * @param catalogueFile a saved catalogue of the flow library; without it, no other package's types are known
 * @param folder of node-red-dev, for its semver
 * @throws npm's error
 */
export function collectAnswers(folder: string, catalogueFile: string | undefined): Answers {
  const { dependencies } = readJson<{ dependencies: Record<string, string> }>(join(root, 'package.json'));
  const { satisfies } = createRequire(join(folder, 'package.json'))('semver') as {
    satisfies(version: string, range: string): boolean;
  };
  const {
    version,
    engines,
    'dist-tags': tags,
  } = view<Published>('node-red', 'version', 'engines', 'dist-tags');
  return {
    nodeRed: { 'dist-tags': tags, versions: { [version]: { engines } } },
    catalogue: catalogueFile ? readJson(catalogueFile) : { modules: [] },
    tree: productionTree(),
    dependencies: Object.entries(dependencies).map(([moduleName, packageJson]) => {
      const latest = view<string>(moduleName, 'version');
      return { moduleName, packageJson, latest, easyUpgrade: satisfies(latest, packageJson) };
    }),
  };
}

interface Published {
  version: string;
  engines: Record<string, string>;
  'dist-tags': Record<string, string>;
}

function view<T>(name: string, ...fields: string[]): T {
  const output = execFileSync('npm', ['view', `${name}@latest`, ...fields, '--json'], { encoding: 'utf8' });
  return JSON.parse(output) as T;
}

function productionTree(): string[] {
  const { packages } = readJson<{ packages: Record<string, { version: string; dev?: boolean }> }>(
    join(root, 'package-lock.json'),
  );
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version }]) => `${path.split('node_modules/').pop()}@${version}`);
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
