import { describe, expect, it } from "vitest";
import { repeats } from "./once";

const within = (...selectors: string[]): Pick<Element, "closest"> =>
  ({ closest: (wanted: string) => (selectors.includes(wanted) ? {} : null) }) as Pick<Element, "closest">;

describe("a double click", () => {
  it("on a button does one thing", () => {
    expect(repeats(1, within("button"))).toBe(false);
    expect(repeats(2, within("button"))).toBe(true);
    expect(repeats(3, within("button"))).toBe(true);
  });

  it("zooms twice where that is what the button is for, and selects a word in a field", () => {
    expect(repeats(2, within("button", "[data-repeat]"))).toBe(false);
    expect(repeats(2, within("input"))).toBe(false);
    expect(repeats(2, null)).toBe(false);
  });
});
