import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classify } from '../../src/tweet/classify';
import { parseTime, snowflakeTime } from '../../src/tweet/time';
import { isoOf, timeOfPosts, v1Of } from './arbitraries';

describe('parseTime', () => {
  it('X’s forms of a time -> epoch milliseconds', () => {
    const time = Date.UTC(2019, 8, 28, 18, 5, 23);
    for (const value of [
      time,
      String(time),
      'Sat Sep 28 18:05:23 +0000 2019',
      'Sat Sep 28 20:05:23 +0200 2019',
      'Sun Sep 28 18:05:23 +0000 2019',
      '2019-09-28T18:05:23Z',
      '2019-09-28T18:05:23.000Z',
      '2019-09-28T18:05:23.0001234Z',
      '2019-09-28T18:05:23.0+00:00',
      '2019-09-28T12:35:23.000-05:30',
      '2019-09-28T20:05:23+0200',
    ]) {
      assert.equal(parseTime(value), time, String(value));
    }
    assert.equal(parseTime('Sat Sep 4 16:10:54 +0000 2010'), Date.UTC(2010, 8, 4, 16, 10, 54));
    assert.equal(parseTime('Sat Sep 04 16:10:54 +0000 2010'), Date.UTC(2010, 8, 4, 16, 10, 54));
    assert.equal(parseTime('2019-09-28T18:05:23.5Z'), time + 500);
    assert.equal(parseTime('2016-12-31T23:59:60Z'), Date.UTC(2017, 0, 1));
    assert.equal(parseTime('2016-02-29T00:00:00Z'), Date.UTC(2016, 1, 29));
  });

  it('any other value -> undefined', () => {
    for (const value of [
      null,
      undefined,
      true,
      {},
      [],
      '',
      'now',
      'x'.repeat(30),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1569693923661.5,
      -1,
      0,
      1569693923,
      '1569693923',
      1569693923661000,
      '9999999999999999999',
      'Sat Sep 31 18:05:23 +0000 2019',
      'Sat Feb 29 18:05:23 +0000 2019',
      'Sat Xyz 28 18:05:23 +0000 2019',
      'Xat Sep 28 18:05:23 +0000 2019',
      'Sat Sep 28 24:05:23 +0000 2019',
      'Sat Sep 28 18:65:23 +0000 2019',
      'Sat Sep 28 18:05:23  0000 2019',
      'Sat Sep 28 18:05:23 +0000 219a',
      'Sat Sep 28 18:05:23 +0000 2019 ',
      'Sat Sep 28 18:05:23 UTC 2019',
      'Sat, 28 Sep 2019 18:05:23 +0000',
      '2019-09-28',
      '2019-09-28T18:05:23',
      '2019-09-28T18:05Z',
      '2019-13-28T18:05:23Z',
      '2019-00-28T18:05:23Z',
      '2019-09-00T18:05:23Z',
      '2019-09-31T18:05:23Z',
      '2019-09-28T18:05:23.Z',
      '2019-09-28T18:05:23.000',
      '2019-09-28T18:05:23Zx',
      '2019-09-28T18:05:23+99:00',
      '2019-09-28 18:05:23Z',
      '1999-09-28T18:05:23Z',
      '2100-09-28T18:05:23Z',
    ]) {
      assert.equal(parseTime(value), undefined, JSON.stringify(value));
    }
  });

  it('repeated values in any order -> the same result, cached or not', () => {
    const first = '2019-09-28T18:05:23.000Z';
    const second = 'Sat Sep 28 18:05:24 +0000 2019';
    const wrong = '2019-09-31T18:05:23.000Z';
    const [at, later] = [Date.UTC(2019, 8, 28, 18, 5, 23), Date.UTC(2019, 8, 28, 18, 5, 24)];
    for (const [value, time] of [
      [wrong, undefined],
      [first, at],
      [first, at],
      [wrong, undefined],
      [wrong, undefined],
      [second, later],
      [first, at],
    ] as const) {
      assert.equal(parseTime(value), time, value);
    }
  });

  it('any time in all three forms -> epoch milliseconds', () => {
    fc.assert(
      fc.property(timeOfPosts, (time) => {
        assert.equal(parseTime(v1Of(time)), time);
        assert.equal(parseTime(isoOf(time)), time);
        assert.equal(parseTime(String(time)), time);
      }),
    );
  });
});

describe('snowflakeTime', () => {
  it('snowflake id -> its time', () => {
    assert.equal(snowflakeTime('1178007813257388033'), 1569693923664);
    assert.equal(snowflakeTime('29700859247'), 1288834981738);
  });

  it('sequential id, or not an id -> undefined', () => {
    for (const id of ['20', '29700859246', '', 'x', '99999999999999999999', undefined]) {
      assert.equal(snowflakeTime(id), undefined);
    }
  });
});

describe('classify: timestamp', () => {
  const post = (fields: object) =>
    classify({ id_str: '1178007813257388033', text: 'x', user: {}, ...fields }).timestamp;

  it('post -> from timestamp_ms, else created_at, else the id', () => {
    const created_at = 'Sat Sep 28 18:05:22 +0000 2019';
    assert.equal(post({ created_at, timestamp_ms: '1569693923661' }), 1569693923661);
    assert.equal(post({ created_at, timestamp_ms: 'x' }), 1569693922000);
    assert.equal(post({ created_at: 'x', timestamp_ms: '' }), 1569693923664);
    assert.equal(post({}), 1569693923664);
  });

  it('notice -> never the time of its post', () => {
    for (const message of [
      { delete: { status: { id_str: '1178007813257388033', created_at: '2019-09-28T18:05:23Z' } } },
      { delete: { status: { id_str: '1178007813257388033' }, timestamp_ms: 'soon' } },
      { drop: { status: { id_str: '1178007813257388033' } } },
      { status_withheld: { id_str: '1178007813257388033' } },
      { data: { delete: { tweet: { id: '1178007813257388033' } } } },
      {
        event: 'favorite',
        target_object: { id_str: '1178007813257388033', created_at: '2019-09-28T18:05:23Z' },
      },
    ]) {
      assert.equal(classify(message).timestamp, undefined);
    }
  });
});
