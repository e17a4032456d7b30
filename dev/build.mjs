// The part of the build after tsc: bundles each dialog into its HTML with the style of the help, and copies icons and locales.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const types = (await readdir(join(root, 'nodes'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** A dialog looks a sentence up by its key in the catalogue of the user's language, so it needs no English sentences. */
const withoutSentences = {
  name: 'without sentences',
  setup({ onLoad }) {
    onLoad({ filter: /util[\\/]english\.ts$/ }, () => ({ contents: 'export const english = {};' }));
  },
};

const helpStyle = await readFile(join(root, 'nodes/help.css'), 'utf8');

for (const type of types) {
  const from = join(root, 'nodes', type);
  const to = join(root, 'dist/nodes', type);
  await mkdir(to, { recursive: true });
  await writeFile(join(to, `${type}.html`), await page(from, type));
  await cp(join(from, 'locales'), join(to, 'locales'), { recursive: true });
  // Node-RED looks for icons in the folder of the node.
  await mkdir(join(to, 'icons'), { recursive: true });
  for (const icon of await readdir(join(root, 'icons'))) {
    if (icon === `${type}.svg`) await cp(join(root, 'icons', icon), join(to, 'icons', icon));
  }
}

for (const language of await readdir(join(root, 'src/locales'))) await addProblems(language);

/** The dialog's script, bundled, its template and the style of the help, in the one file that Node-RED serves. */
async function page(from, type) {
  const { outputFiles } = await build({
    entryPoints: [join(from, `${type}.editor.ts`)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    // tsconfig.json is for the runtime, not for the browser.
    tsconfigRaw: '{}',
    plugins: [withoutSentences],
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  const template = await readFile(join(from, `${type}.html`), 'utf8');
  return `<script type="text/javascript">\n${script}</script>\n<style>\n${helpStyle}</style>\n${template}`;
}

/**
 * Adds the sentences of src/ to the catalogue of kafka-cluster. Node-RED serves one catalogue per node type, so the code
 * that all node types share needs one of them to look its sentences up in.
 */
async function addProblems(language) {
  const folder = join(root, 'src/locales', language);
  const problems = {};
  for (const file of await readdir(folder)) {
    Object.assign(problems, JSON.parse(await readFile(join(folder, file), 'utf8')));
  }
  const path = join(root, 'dist/nodes/kafka-cluster/locales', language, 'kafka-cluster.json');
  const catalogue = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...catalogue, problems }, null, 2));
}
