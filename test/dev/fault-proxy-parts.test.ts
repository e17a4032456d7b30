import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DelayQueue } from '../../dev/faults/proxy-delay-queue';
import { FrameSplitter } from '../../dev/faults/proxy-frames';
import { until } from '../until';
import { request } from './frame-endpoints';

describe('frame splitter', () => {
  it('any chunking -> the same frames', () => {
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

  it('bytes that are not Kafka frames -> passed on unchanged', () => {
    const splitter = new FrameSplitter();
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]); // start of a TLS handshake
    assert.deepEqual(splitter.push(hello.subarray(0, 3)), []);
    assert.deepEqual(splitter.push(hello.subarray(3)), [hello]);
    assert.equal(splitter.opaque, true);
    assert.deepEqual(splitter.push(Buffer.from('a')), [Buffer.from('a')]);
  });
});

describe('delay queue', { timeout: 10_000 }, () => {
  it('later task with a shorter delay -> runs after earlier ones', async () => {
    const queue = new DelayQueue();
    const done: number[] = [];
    queue.add(0, () => done.push(1));
    assert.deepEqual(done, [1]);
    queue.add(30, () => done.push(2));
    queue.add(10, () => done.push(3));
    queue.add(0, () => done.push(4));
    assert.deepEqual(done, [1]);
    await until(() => done.length === 4, 'all four tasks');
    assert.deepEqual(done, [1, 2, 3, 4]);
  });

  it('clear -> drops pending tasks, accepts new ones', async () => {
    const queue = new DelayQueue();
    const done: number[] = [];
    queue.add(1, () => done.push(1));
    queue.clear();
    queue.add(20, () => done.push(2));
    await until(() => done.length > 0, 'the new task');
    assert.deepEqual(done, [2]);
  });
});
