// Days as records write them: 2026-01-31.

/** Whether `text` is a day of the calendar. */
export function isDay(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** The first day of the year of `now`, and `now`'s own, where people are. */
export function yearOf(now: Date): [string, string] {
  const two = (number: number): string => String(number).padStart(2, "0");
  return [
    `${now.getFullYear()}-01-01`,
    `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
  ];
}
