type Table = Int32Array;

const polynomial = 0x82f63b78; // Castagnoli, reversed

// The CRC of each byte value, followed by 0, 1, … 7 zero bytes.
const t0 = firstTable();
const t1 = nextTable(t0);
const t2 = nextTable(t1);
const t3 = nextTable(t2);
const t4 = nextTable(t3);
const t5 = nextTable(t4);
const t6 = nextTable(t5);
const t7 = nextTable(t6);

/**
 * CRC-32C, the checksum of Kafka's record batches. Processes eight bytes per step ("slicing by 8"): more than
 * twice as fast as kafkajs's.
 * @param before the checksum of the bytes that precede these, if there are any
 * @returns an unsigned 32-bit integer
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const { length } = bytes;
  const whole = length - (length % 8);
  let crc = ~before;
  let at = 0;
  for (; at < whole; at += 8) {
    crc =
      of(t7, crc ^ byte(bytes, at)) ^
      of(t6, (crc >>> 8) ^ byte(bytes, at + 1)) ^
      of(t5, (crc >>> 16) ^ byte(bytes, at + 2)) ^
      of(t4, (crc >>> 24) ^ byte(bytes, at + 3)) ^
      of(t3, byte(bytes, at + 4)) ^
      of(t2, byte(bytes, at + 5)) ^
      of(t1, byte(bytes, at + 6)) ^
      of(t0, byte(bytes, at + 7));
  }
  for (; at < length; at++) crc = (crc >>> 8) ^ of(t0, crc ^ byte(bytes, at));
  return ~crc >>> 0;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function of(table: Table, value: number): number {
  return table[value & 0xff] as number;
}

function firstTable(): Table {
  return Int32Array.from({ length: 256 }, (_, value) => {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
    return crc;
  });
}

function nextTable(before: Table): Table {
  return before.map((crc) => (crc >>> 8) ^ of(t0, crc));
}
