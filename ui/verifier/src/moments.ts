// Moments and days, in the one form in which they are written.

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

function calendar(year: string, month: string, day: string): number | undefined {
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const same = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  return same ? at.getTime() / 86_400_000 : undefined;
}

/** Nanoseconds since 1970, or nothing where the text is no moment in its one form. */
export function nanos(text: string): bigint | undefined {
  const parts = MOMENT.exec(text);
  if (!parts) return undefined;
  const [, year = "", month = "", date = "", hour = "", minute = "", second = "", rest = ""] = parts;
  const day = calendar(year, month, date);
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (day === undefined || h > 23 || m > 59 || s > 59) return undefined;
  const seconds = BigInt(day) * 86_400n + BigInt(h * 3600 + m * 60 + s);
  return seconds * 1_000_000_000n + BigInt(rest.padEnd(9, "0"));
}

/** A moment that a shape has read. */
export const at = (text: string): bigint => nanos(text) ?? 0n;

/** Days since 1970. */
export function dayNumber(text: string): number | undefined {
  const parts = DAY.exec(text);
  return parts ? calendar(parts[1] ?? "", parts[2] ?? "", parts[3] ?? "") : undefined;
}

/** The day, in UTC, of a moment. */
export const dayOf = (moment: string): string => moment.slice(0, 10);

/** The day `months` later: the last of its month where that is shorter. */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const there = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(there / 12), there % 12];
  const last = new Date(Date.UTC(y, m + 1, 0)).getUTCDate();
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${String(y).padStart(4, "0")}-${two(m + 1)}-${two(Math.min(date, last))}`;
}

/** Whole seconds, rounded down. */
const seconds = (n: bigint): bigint =>
  n >= 0n ? n / 1_000_000_000n : -((-n + 999_999_999n) / 1_000_000_000n);

/** Whole days from `earlier` to `later`, rounded down. */
export function daysBetween(earlier: bigint, later: bigint): number {
  return Math.floor(Number(seconds(later) - seconds(earlier)) / 86_400);
}
