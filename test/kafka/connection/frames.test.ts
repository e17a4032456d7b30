import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frames } from '../../../src/kafka/connection/frames';

function frame(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + body.length);
  bytes.writeInt32BE(body.length);
  bytes.set(body, 4);
  return bytes;
}

test('frames: chunks of any size -> all frames, each complete', () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 60 }), { maxLength: 12 });
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(40), { minLength: 1, maxLength: 200 }), (parts, cuts) => {
      const all = Buffer.concat(parts.map(frame));
      const frames = new Frames();
      const out: Buffer[] = [];
      let at = 0;
      for (let turn = 0; at < all.length; turn++) {
        const end = at + 1 + (cuts[turn % cuts.length] ?? 0);
        const whole = frames.push(all.subarray(at, end));
        at = end;
        if (whole) {
          assertWhole(whole);
          out.push(whole);
        }
      }
      assert.deepEqual(Buffer.concat(out), all);
    }),
    { numRuns: 500 },
  );
});

test('frames: an incomplete frame -> nothing', () => {
  const frames = new Frames();
  assert.equal(frames.push(frame(Buffer.alloc(100)).subarray(0, 103)), undefined);
});

test('frames: an answer of another protocol -> not-kafka', () => {
  assert.throws(() => new Frames().push(Buffer.from('HTTP/1.1 400 Bad Request\r\n')), {
    code: 'NOT_KAFKA',
    key: 'not-kafka',
  });
  assert.throws(() => new Frames().push(Buffer.from([0xff, 0xff, 0xff, 0xff])), {
    code: 'NOT_KAFKA',
    key: 'not-kafka',
  });
});

function assertWhole(bytes: Buffer): void {
  let at = 0;
  while (at < bytes.length) at += 4 + bytes.readInt32BE(at);
  assert.equal(at, bytes.length);
}
