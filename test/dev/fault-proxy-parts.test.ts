import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DelayQueue } from '../../dev/faults/proxy-delay-queue';
import { FrameSplitter } from '../../dev/faults/proxy-frames';
import { request, until } from './frame-endpoints';

describe('the splitter of frames', () => {
  it('gives the same frames however the bytes are cut', () => {
    const frames = [request(0, 1), request(3, 2, ''), request(0, 3, 'x'.repeat(1_000)), Buffer.alloc(4)];
    const all = Buffer.concat(frames);
    for (const size of [1, 3, 7, 100, all.length]) {
      const splitter = new FrameSplitter();
      const out: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) out.push(...splitter.push(all.subarray(at, at + size)));
      assert.deepEqual(out, frames, `cut every ${size} bytes`);
      assert.equal(splitter.opaque, false);
    }
  });

  it('passes on what is not Kafka’s', () => {
    const splitter = new FrameSplitter();
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]); // how TLS begins
    assert.deepEqual(splitter.push(hello.subarray(0, 3)), []);
    assert.deepEqual(splitter.push(hello.subarray(3)), [hello]);
    assert.equal(splitter.opaque, true);
    assert.deepEqual(splitter.push(Buffer.from('a')), [Buffer.from('a')]);
  });
});

describe('a line', { timeout: 10_000 }, () => {
  it('lets nothing overtake', async () => {
    const line = new DelayQueue();
    const done: number[] = [];
    line.add(0, () => done.push(1));
    assert.deepEqual(done, [1]);
    line.add(30, () => done.push(2));
    line.add(10, () => done.push(3));
    line.add(0, () => done.push(4));
    assert.deepEqual(done, [1]);
    await until(() => done.length === 4);
    assert.deepEqual(done, [1, 2, 3, 4]);
  });

  it('forgets what waits when it is cleared, and goes on', async () => {
    const line = new DelayQueue();
    const done: number[] = [];
    line.add(1, () => done.push(1));
    line.clear();
    line.add(20, () => done.push(2));
    await until(() => done.length > 0);
    assert.deepEqual(done, [2]);
  });
});
