// The part of the build that tsc does not do: dialogs into HTML, icons, locales. Run after tsc.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const types = (await readdir(join(root, 'nodes'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** A dialog says a problem's sentence by its key, in the viewer's language: the English ones are not loaded with it. */
const withoutSentences = {
  name: 'without sentences',
  setup({ onLoad }) {
    onLoad({ filter: /util[\\/]english\.ts$/ }, () => ({ contents: 'export const english = {};' }));
  },
};

for (const type of types) {
  const from = join(root, 'nodes', type);
  const to = join(root, 'dist/nodes', type);
  await mkdir(to, { recursive: true });
  await writeFile(join(to, `${type}.html`), await page(from, type));
  await cp(join(from, 'locales'), join(to, 'locales'), { recursive: true });
  // Node-RED looks for icons beside the node's own file.
  await mkdir(join(to, 'icons'), { recursive: true });
  for (const icon of await readdir(join(root, 'icons'))) {
    if (icon === `${type}.svg`) await cp(join(root, 'icons', icon), join(to, 'icons', icon));
  }
}

for (const language of await readdir(join(root, 'src/locales'))) await addProblems(language);

/** The dialog's script, bundled, and its template, in the one file that Node-RED serves. */
async function page(from, type) {
  const { outputFiles } = await build({
    entryPoints: [join(from, `${type}.editor.ts`)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    // Keeps esbuild from taking the runtime's settings for the browser's.
    tsconfigRaw: '{}',
    plugins: [withoutSentences],
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  const template = await readFile(join(from, `${type}.html`), 'utf8');
  return `<script type="text/javascript">\n${script}</script>\n${template}`;
}

/** The sentences of src/ go into the catalogue of kafka-cluster, where the runtime looks them up. */
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
