import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WireReader } from '../../../src/kafka/protocol/wire';
import { exchanges } from './exchanges';
import { isFlexible, versionsOf } from './exchanges/messages';

test('answers of any bytes -> decoded, or a RangeError', () => {
  const anyRequest = fc.constantFrom(
    ...Object.values(exchanges)
      .flat()
      .flatMap((exchange) => versionsOf(exchange).map((version) => [exchange, version] as const)),
  );
  fc.assert(
    fc.property(anyRequest, fc.uint8Array({ maxLength: 200 }), ([exchange, version], bytes) => {
      const body = new WireReader(Buffer.from(bytes), isFlexible(exchange, version));
      try {
        exchange.request.decode(body, version);
      } catch (error) {
        assert.ok(error instanceof RangeError, `${exchange.request.name} ${version}: ${error}`);
      }
    }),
    { numRuns: 20_000 },
  );
});
