import { expect, it } from "vitest";
import { Presence } from "./presence";

it("tells the workstation now and then, and knows when nobody was there for too long", () => {
  const presence = new Presence();
  expect(presence.idle(10 * 60_000, 1)).toBe(false);
  presence.begin(1_000);
  expect(presence.active(2_000)).toBe(false);
  expect(presence.active(21_000)).toBe(true);
  expect(presence.active(40_000)).toBe(false);
  expect(presence.idle(21_000 + 15 * 60_000, 15)).toBe(false);
  expect(presence.idle(21_001 + 15 * 60_000, 15)).toBe(true);
});
