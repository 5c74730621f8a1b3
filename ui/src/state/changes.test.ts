import { describe, expect, it } from "vitest";
import type { Checklist } from "../api/bindings";
import { changedOf } from "./changes";

const list = (shows: string[], speaks = ""): Checklist =>
  ({
    entries: shows.map((text, at) => ({ id: `e-${String(at)}`, shows: text })),
    panel: { answers: [], speaks_for_the_person: speaks },
    scope: "all",
  }) as unknown as Checklist;

describe("what is sent of a checklist", () => {
  it("is the one entry that was typed in", () => {
    expect(changedOf(list(["a", "b"]), list(["a", "bc"]))).toMatchObject({
      kind: "entry",
      entry: { id: "e-1", shows: "bc" },
    });
  });

  it("is the panel where only that was answered", () => {
    const changed = changedOf(list(["a"]), list(["a"], "Was at work"));
    expect(changed).toMatchObject({ kind: "panel", panel: { speaks_for_the_person: "Was at work" } });
  });

  it("is all of it where more was changed, added or removed, or nothing is stored yet", () => {
    expect(changedOf(list(["a", "b"]), list(["x", "y"])).kind).toBe("all");
    expect(changedOf(list(["a"]), list(["x"], "Was at work")).kind).toBe("all");
    expect(changedOf(list(["a"]), list(["a", "b"])).kind).toBe("all");
    expect(changedOf(list(["a", "b"]), list(["b"])).kind).toBe("all");
    expect(changedOf(undefined, list(["a"])).kind).toBe("all");
  });
});
