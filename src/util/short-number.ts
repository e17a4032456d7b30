const units = ['', 'k', 'M', 'G', 'T', 'P'];

/** Formats a count in at most four characters, rounded down: 999, 1.2k, 12k, 999k, 1.2M. */
export function shortNumber(count: number): string {
  const { value, unit } = scaled(count);
  const digits = unit !== '' && value < 10 ? oneDecimal(value) : Math.floor(value);
  return `${digits}${unit}`;
}

/** Formats a count with one decimal place, rounded down: 999, 1.2k, 12.3k, 123.4k, 1.2M. */
export function decimalNumber(count: number): string {
  const { value, unit } = scaled(count);
  return unit === '' ? String(Math.floor(value)) : `${oneDecimal(value).toFixed(1)}${unit}`;
}

const oneDecimal = (value: number): number => Math.floor(value * 10) / 10;

function scaled(count: number): { value: number; unit: string } {
  let value = count;
  let unit = 0;
  while (value >= 1000) {
    value /= 1000;
    unit++;
  }
  return { value, unit: units[unit] ?? '' };
}
