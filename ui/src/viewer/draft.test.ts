import { describe, expect, it } from "vitest";
import type { OnImage, Shape } from "../api/bindings";
import { Draft } from "./draft.svelte";
import { View, type Tool } from "./view.svelte";

const probe: OnImage = { kind: "probe" };

function drawing(tool: Tool): { draft: Draft; kept: Shape[]; view: View } {
  const kept: Shape[] = [];
  const view = new View();
  view.size = [400, 400];
  const draft = new Draft(
    view,
    ([x, y]) => ({ on: probe, place: [x / 2, y / 2] }),
    (_, shape) => kept.push(shape),
  );
  draft.choose(tool);
  return { draft, kept, view };
}
const press = (draft: Draft, ...keys: string[]): void => {
  for (const key of keys) draft.key({ key, shiftKey: false } as KeyboardEvent);
};

describe("a mark", () => {
  it("is a point with one press, a line from where it began to where it ends", () => {
    const point = drawing("point");
    point.draft.begin([100, 40]);
    expect(point.kept).toEqual([{ kind: "point", at: [50, 20] }]);
    const line = drawing("line");
    line.draft.begin([0, 0]);
    line.draft.extend([10, 10]);
    line.draft.extend([20, 40]);
    line.draft.finish();
    expect(line.kept).toEqual([{ kind: "line", from: [0, 0], to: [10, 20] }]);
  });

  it("is drawn by keys alone: arrows and Enter, Escape ends it and then puts the tool away", () => {
    const { draft, kept, view } = drawing("outline");
    press(draft, "Enter", "ArrowRight", "Enter", "ArrowDown", "Enter", "Escape");
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ kind: "outline" });
    press(draft, "Escape");
    expect(view.tool).toBeNull();
    expect(draft.key({ key: "Enter", shiftKey: false } as KeyboardEvent)).toBe(false);
  });

  it("that is no shape yet is not kept", () => {
    const { draft, kept } = drawing("outline");
    draft.begin([10, 10]);
    draft.finish();
    press(draft, "Enter", "Escape");
    expect(kept).toEqual([]);
    expect(draft.open).toBe(false);
  });
});
