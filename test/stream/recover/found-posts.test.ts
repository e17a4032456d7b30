import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareIds, FoundPosts } from '../../../src/stream/recover/found-posts';

const turn = (): Promise<void> => Promise.resolve();
const pageOf = (ids: string[]) => ({
  posts: ids.map((id) => ({ id, author_id: `u${id}` })),
  includes: { users: [...new Set(ids)].map((id) => ({ id: `u${id}`, name: '이름' })) },
  errors: [],
});

async function linesIn(found: FoundPosts): Promise<{ id: string; line: string }[]> {
  const all = [];
  for await (const group of found.oldestFirst(turn)) all.push(...group);
  return all.map(({ id, line }) => ({ id, line: line.toString() }));
}

test('found posts: any pages of any rules -> each post once, ascending, with all its rules', async () => {
  const id = fc.oneof(
    fc.integer({ min: 0, max: 30 }).map(String),
    fc.constantFrom('9007199254740993', '9007199254740992'),
  );
  const pages = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(id, { maxLength: 8 })), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(pages, async (sequence) => {
      const found = new FoundPosts();
      const expected = new Map<string, Set<string>>();
      for (const [rule, ids] of sequence) {
        const before = expected.size;
        for (const one of ids) expected.set(one, (expected.get(one) ?? new Set()).add(String(rule)));
        const added = found.add({ id: String(rule), tag: `tag ${rule}` }, pageOf(ids));
        assert.equal(added, expected.size - before);
        assert.equal(found.size, expected.size);
      }
      const lines = await linesIn(found);
      const sorted = [...expected.keys()].sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
      assert.deepEqual(
        lines.map((line) => line.id),
        sorted,
      );
      for (const { id: own, line } of lines) {
        const rules = [...(expected.get(own) ?? [])].map((rule) => ({ id: rule, tag: `tag ${rule}` }));
        assert.deepEqual(JSON.parse(line), {
          data: { id: own, author_id: `u${own}` },
          includes: { users: [{ id: `u${own}`, name: '이름' }] },
          matching_rules: rules,
        });
      }
      assert.equal(found.size, 0);
    }),
  );
});

test('found posts: 20,000 posts of 4 KB -> less than half of that in memory, in groups', async () => {
  const found = new FoundPosts();
  const size = 100;
  const words = Array.from({ length: 400 }, (_, at) => `word${(at * 7919) % 1000}`);
  const before = process.memoryUsage();
  for (let page = 200; page > 0; page--) {
    const posts = Array.from({ length: size }, (_, at) => ({
      id: String(1178007813257388033n + BigInt(page * size - at)),
      text: words.map((word, place) => word + ((at * place) % 97)).join(' '),
    }));
    found.add({ id: '1', tag: '' }, { posts, includes: {}, errors: [] });
  }
  const after = process.memoryUsage();
  assert.ok((after.arrayBuffers - before.arrayBuffers) / found.size < 2000);
  let sent = 0;
  let last = '0';
  for await (const group of found.oldestFirst(turn)) {
    assert.ok(group.length <= 2000);
    for (const { id } of group) {
      assert.ok(compareIds(last, id) < 0);
      last = id;
    }
    sent += group.length;
  }
  assert.equal(sent, 20_000);
});
