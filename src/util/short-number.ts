const units = ['', 'k', 'M', 'G', 'T', 'P'];

/** Formats a count in at most four characters, rounded down: 999, 1.2k, 12k, 999k, 1.2M. */
export function shortNumber(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value);
  return `${digits}${units[unit]}`;
}

/** Formats a count with one decimal place, rounded down: 999, 1.2k, 12.3k, 123.4k, 1.2M. */
export function decimalNumber(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? String(Math.floor(value)) : `${(Math.floor(value * 10) / 10).toFixed(1)}${units[unit]}`;
}
