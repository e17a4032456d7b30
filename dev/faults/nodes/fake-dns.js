// Resolves <anything>.fault.test to 127.0.0.1, unless the runner makes the name unresolvable.
const dns = require('node:dns');

const realLookup = dns.lookup;
let unresolvableHosts = [];

dns.lookup = function lookup(host, options, callback) {
  if (typeof host !== 'string' || !host.endsWith('.fault.test'))
    return realLookup.call(dns, host, options, callback);
  if (!unresolvableHosts.includes(host)) return realLookup.call(dns, '127.0.0.1', options, callback);
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
    unresolvableHosts = hosts;
  },
};
