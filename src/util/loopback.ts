/**
 * Whether a host name is this machine: `localhost`, 127.0.0.0/8 (in IPv6 too) or `[::1]`. A name below `.localhost`
 * does not count, because a resolver may ask DNS for it.
 * @param hostname as `URL.hostname` has it: lower case, IPv6 in brackets and in its shortest form
 */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(hostname);
