import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { CallExpression, Expression, ObjectExpression, SpreadElement } from 'acorn';
import { root } from '../../dev/paths';
import { ruleResults } from '../../dev/scorecard/report';
import { htmlOf } from '../nodes/dialog-definition';
import { nodeTypes } from '../nodes/node-types';
import { packagesOf } from './install';

// The rules of node-red-dev that need no network. They decide how the flow library shows the package.

interface Manifest {
  name: string;
  license?: string;
  repository?: object;
  bugs?: string;
  keywords: string[];
  engines: { node: string };
  'node-red': { version: string; nodes: Record<string, string> };
  dependencies: Record<string, string>;
}

interface Semver {
  satisfies(version: string, range: string): boolean;
  subset(range: string, of: string): boolean;
}

const manifest = readJson<Manifest>('package.json');
const types = Object.entries(manifest['node-red'].nodes);

// Node-RED's own parser, and its own comparison of versions.
const fromNodeRed = (part: string): NodeJS.Require => createRequire(require.resolve(`@node-red/${part}`));
const { parse } = fromNodeRed('nodes')('acorn') as typeof import('acorn');
const { simple } = fromNodeRed('nodes')('acorn-walk') as typeof import('acorn-walk');
const semver = fromNodeRed('registry')('semver') as Semver;

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
}

/** The calls of `registerType` in a built dialog. */
function registrations(html: string): CallExpression[] {
  // node-red-dev sees only scripts whose type is quoted.
  const scripts = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)];
  const calls: CallExpression[] = [];
  for (const [, script = ''] of scripts) {
    simple(parse(script, { ecmaVersion: 'latest' }), {
      CallExpression(call) {
        const { callee } = call;
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        if (callee.property.name === 'registerType') calls.push(call);
      },
    });
  }
  return calls;
}

/** The value of a literal; undefined: it is none, and the flow library cannot read it. */
function literal(node: Expression | SpreadElement | undefined): unknown {
  return node?.type === 'Literal' ? node.value : undefined;
}

/** The members of an inline object by name. */
function membersOf({ properties }: ObjectExpression): Record<string, Expression> {
  return Object.fromEntries(
    properties.map((member) => {
      assert.ok(member.type === 'Property' && member.key.type === 'Identifier', 'a plain member');
      return [member.key.name, member.value];
    }),
  );
}

/** Asserts that a built dialog registers one type with literals. @returns its category */
function assertReadable(type: string, file: string): unknown {
  const [call, ...others] = registrations(htmlOf(type));
  assert.deepEqual(others, []);
  const [name, definition] = call?.arguments ?? [];
  assert.equal(literal(name), type);
  assert.ok(definition?.type === 'ObjectExpression', 'an inline object');
  const members = membersOf(definition);
  assert.equal(members.defaults?.type, 'ObjectExpression');
  if ('credentials' in members) assert.equal(members.credentials?.type, 'ObjectExpression');
  const category = literal(members.category);
  assert.equal(typeof category, 'string');
  if (category === 'config') return category;
  for (const key of ['inputs', 'outputs']) assert.equal(typeof literal(members[key]), 'number', key);
  assert.match(String(literal(members.color)), /^#[0-9a-f]{6}$/i);
  const icon = literal(members.icon);
  assert.equal(typeof icon, 'string');
  assert.ok(existsSync(join(root, dirname(file), 'icons', String(icon))), `icon ${icon}`);
  return category;
}

test('package.json -> licence, repository or bugs, scoped name, keyword, at most 6 dependencies', () => {
  const { name, license, repository, bugs, keywords, dependencies } = manifest;
  assert.ok(license);
  assert.ok(repository ?? bugs);
  assert.match(name, /^@[a-z\d][\w.-]+\/[a-z\d][\w.-]*$/);
  assert.ok(keywords.includes('node-red'));
  assert.ok(Object.keys(dependencies).length <= 6);
});

test('package.json: versions -> admit Node-RED 5, Node.js 20.11 and the oldest of Node-RED 5', () => {
  assert.ok(semver.subset('5.x', manifest['node-red'].version), 'Node-RED 5');
  for (const version of ['20.11.0', '22.9.0']) {
    assert.ok(semver.satisfies(version, manifest.engines.node), version);
  }
});

test('production dependencies -> no agent-base below 6, which breaks HTTPS in other packages', () => {
  const old = Object.entries(packagesOf(root)).filter(
    ([path, { version, dev }]) =>
      path.endsWith('node_modules/agent-base') && !dev && semver.satisfies(version, '<6'),
  );
  assert.deepEqual(old, []);
});

test('node types -> each once, in its own file', () => {
  const registered = types.flatMap(([type]) =>
    registrations(htmlOf(type)).map(({ arguments: [name] }) => literal(name)),
  );
  assert.deepEqual(registered.sort(), Object.keys(nodeTypes).sort());
});

for (const [type, file] of types) {
  test(`${type}: dialog's definition -> literals that the flow library can read`, () => {
    assertReadable(type, file);
  });
}

test('examples -> each node type that is not a config node is used', () => {
  const files = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' });
  // node-red-dev reads no groups of flows, only flat lists.
  const nodes = files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => readJson<Array<{ type: string }>>(join('examples', file)));
  const used = new Set(nodes.map(({ type }) => type));
  const unused = types.filter(([type, file]) => !used.has(type) && assertReadable(type, file) !== 'config');
  assert.deepEqual(unused, []);
});

test('npm run scorecard: rule without a result -> false; without the catalogue -> not checked', () => {
  const score = {
    package: { name: 'x' },
    P01: { test: true, license: 'MIT' },
    D01: { test: false, total: 7 },
  };
  const results = new Map(ruleResults(score, false).map(({ id, result }) => [id, result]));
  const [p01, d01, d03, n01] = ['P01', 'D01', 'D03', 'N01'].map((id) => results.get(id));
  assert.deepEqual([p01, d01, d03, n01], ['true', 'false', 'false', 'not checked']);
  const checked = ruleResults({ ...score, N01: { test: true } }, true).find(({ id }) => id === 'N01');
  assert.equal(checked?.result, 'true');
});
