import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { probeApp } from '../../../src/stream/probe/probe';
import { ipv6Test, listenOnIpv6 } from '../../ipv6';

ipv6Test(
  'probeApp: base URL with an IPv6 address -> the rules; with an API key, a token before',
  async () => {
    const requested: string[] = [];
    const server = createServer((request, response) => {
      requested.push(`${request.headers.host}${request.url?.replace(/\?.*/, '')}`);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ token_type: 'bearer', access_token: 'AAAA', meta: {} }));
    });
    const place = `[::1]:${await listenOnIpv6(server)}`;
    const baseUrl = `http://${place}`;
    try {
      for (const app of [
        { baseUrl, bearerToken: 'AAAA' },
        { baseUrl, apiKey: 'key', apiSecret: 'secret' },
      ]) {
        const findings = await probeApp(app);
        assert.deepEqual(
          findings.map(({ ok }) => ok),
          [true, true, true],
          findings.map(({ says }) => says.message).join(' '),
        );
        assert.ok(findings[0]?.says.message.includes(place));
      }
      const rules = `${place}/2/tweets/search/stream/rules`;
      const usage = `${place}/2/usage/tweets`;
      assert.deepEqual(requested, [rules, usage, `${place}/oauth2/token`, rules, usage]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);
