// Host names of brokers that exist only here: <anything>.fault.test is 127.0.0.1, until it is made unknown.
const dns = require('node:dns');

const known = dns.lookup;
let unknown = [];

dns.lookup = function lookup(host, options, callback) {
  if (typeof host !== 'string' || !host.endsWith('.fault.test'))
    return known.call(dns, host, options, callback);
  if (!unknown.includes(host)) return known.call(dns, '127.0.0.1', options, callback);
  const answer = callback ?? options;
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
    code: 'ENOTFOUND',
    errno: -3008,
    syscall: 'getaddrinfo',
    hostname: host,
  });
  return process.nextTick(answer, error);
};

module.exports = {
  unresolvable(hosts) {
    unknown = hosts;
  },
};
