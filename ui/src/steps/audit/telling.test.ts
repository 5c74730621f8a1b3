import { describe, expect, it } from "vitest";
import { further, named, plain } from "./telling";

describe("what an event tells", () => {
  it("names people with their badges", () => {
    const party = { name: "R. Alvarez", badge: "4471", ori: "CA0190000" };
    expect(named([party, { ...party, name: "B. Stone", badge: "0007" }])).toBe(
      "R. Alvarez (4471), B. Stone (0007)",
    );
    expect(named([])).toBe("");
  });

  it("reads codes as words and repeats no column", () => {
    expect(plain("case-opened-for-audit")).toBe("case opened for audit");
    expect(
      further([
        ["number", "25-000123"],
        ["wrong_in_a_row", "2"],
        ["sha256", "ab".repeat(32)],
        ["reason", "<b>ab</b>"],
      ]),
    ).toEqual([
      ["wrong in a row", "2"],
      ["sha256", "abababababababab…"],
      ["reason", "<b>ab</b>"],
    ]);
  });
});
