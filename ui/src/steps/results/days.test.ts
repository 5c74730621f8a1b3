import { describe, expect, it } from "vitest";
import { isDay, yearOf } from "./days";

describe("days", () => {
  it("are those of the calendar", () => {
    for (const day of ["2026-01-31", "2024-02-29"]) expect(isDay(day)).toBe(true);
    for (const none of ["", "2026-02-29", "2026-13-01", "2026-1-1", "31.01.2026", "2026-00-10"])
      expect(isDay(none)).toBe(false);
  });
  it("begin with the year", () => {
    expect(yearOf(new Date(2026, 1, 3))).toEqual(["2026-01-01", "2026-02-03"]);
  });
});
