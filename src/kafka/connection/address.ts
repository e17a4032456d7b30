/** A broker's address; an IPv6 host is without brackets. */
export interface Address {
  host: string;
  port: number;
}

/** `host:port` of an address, an IPv6 host in brackets: `[::1]:9092`. */
export const formatAddress = ({ host, port }: Address): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Reads `host:port`; an IPv6 host may be in brackets or, as kafkajs writes it, not. */
export function readAddress(place: string): Address {
  const colon = place.lastIndexOf(':');
  const host = place.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(place.slice(colon + 1)) };
}

/** kafkajs's name of a broker as {@link formatAddress} writes it. */
export const placeOf = (broker: string): string => formatAddress(readAddress(broker));
