import { describe, expect, it } from "vitest";
import { fromLocal, localTime } from "./words";

const now = new Date(2026, 10, 28, 12, 0);
const read = (text: string, near: string | null = null): string => localTime(fromLocal(text, near, now));

describe("a time as people type it", () => {
  it("is read whole, or with the year left out: the last such day that is past", () => {
    expect(read("2026-03-01 21:40")).toBe("2026-03-01 21:40");
    expect(read("3/1 21:40")).toBe("2026-03-01 21:40");
    expect(read("11-28 09:05")).toBe("2026-11-28 09:05");
    expect(read("12-24 09:05")).toBe("2025-12-24 09:05");
  });

  it("is a time of the day it stands beside, and of none where there is no such day", () => {
    expect(read("21:41", fromLocal("2026-03-01 21:40"))).toBe("2026-03-01 21:41");
    expect(fromLocal("21:41", null, now)).toBeNull();
  });

  it("is nothing while it is half typed", () => {
    for (const text of ["2026", "2026-03-0", "3/1", "3/1 21:4", "25:00", "13/40 10:00"]) {
      expect(fromLocal(text, "2026-03-01T21:40:00Z", now), text).toBeNull();
    }
  });
});
