import { describe, expect, it } from "vitest";
import { merged, same } from "./merge";

describe("what is typed while the workstation works", () => {
  it("stays, and what was answered is taken over", () => {
    const before = { number: "25-1", offence: "", basis: { code: "" } };
    const typed = { number: "25-1", offence: "Robbery", basis: { code: "" } };
    const answered = { number: "25-000001", offence: "", basis: { code: "211 PC" } };
    expect(merged(before, typed, answered)).toEqual({
      number: "25-000001",
      offence: "Robbery",
      basis: { code: "211 PC" },
    });
  });

  it("counts where both changed the same", () => {
    expect(merged({ a: "x" }, { a: "typed" }, { a: "answered" })).toEqual({ a: "typed" });
  });

  it("joins lists member by member: one that was added here, one there, one removed here, one there", () => {
    const entry = (id: string, text = ""): { id: string; text: string } => ({ id, text });
    const before = [entry("a"), entry("b"), entry("c")];
    const typed = [entry("a", "typed"), entry("c"), entry("new")];
    const answered = [entry("a"), entry("b"), entry("come")];
    expect(merged(before, typed, answered)).toEqual([entry("a", "typed"), entry("new"), entry("come")]);
  });

  it("joins lists without ids place by place, and takes a longer one whole", () => {
    expect(merged(["", ""], ["x", ""], ["", "y"])).toEqual(["x", "y"]);
    expect(merged(["a"], ["a", "b"], ["c"])).toEqual(["a", "b"]);
    expect(merged(["a"], ["x"], ["a", "b"])).toEqual(["a", "b"]);
  });

  it("is the answer where nothing was typed, and what was typed where nothing else came", () => {
    const before = { list: [1, 2], none: null };
    expect(merged(before, structuredClone(before), { list: [3], none: "x" })).toEqual({
      list: [3],
      none: "x",
    });
    expect(merged(before, { list: [9], none: null }, structuredClone(before))).toEqual({
      list: [9],
      none: null,
    });
    expect(same(before, { list: [1, 2], none: undefined })).toBe(false);
  });
});
