// Returns the posts of a file one by one, again from the start after the last.
const { readFileSync } = require('node:fs');

/** @param file JSON lines */
function readPosts(file) {
  const posts = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((raw, index) => {
      const payload = JSON.parse(raw);
      const key = String(payload.data?.id ?? payload.id_str ?? index);
      return { raw, payload, key, buffer: Buffer.from(raw), keyBuffer: Buffer.from(key) };
    });
  let next = 0;
  return () => posts[next++ % posts.length];
}

module.exports = { readPosts };
