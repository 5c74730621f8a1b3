// The keys of the view.
import { aids, modes, tools, type Tool, type View } from "./view.svelte";

/** What a key does besides changing the view. */
export interface Hands {
  editable: boolean;
  undo: () => void;
  choose: (tool: Tool) => void;
}

const acts: Record<string, (view: View) => void> = {
  "+": (v) => v.zoomBy(1.25),
  "=": (v) => v.zoomBy(1.25),
  "-": (v) => v.zoomBy(0.8),
  "0": (v) => v.reset(),
  "[": (v) => v.turnBy(-1),
  "]": (v) => v.turnBy(1),
  c: (v) => (v.side.grey = !v.side.grey),
  y: (v) => (v.side.flipped = !v.side.flipped),
  q: (v) => (v.adjusted = v.adjusted === "probe" ? "candidate" : "probe"),
  a: (v) => (v.adjusting = !v.adjusting),
  t: (v) => (v.linked = !v.linked),
  "{": (v) => v.brighten(-0.05),
  "}": (v) => v.brighten(0.05),
  "<": (v) => v.contrast(-0.1),
  ">": (v) => v.contrast(0.1),
  "(": (v) => v.gamma(-0.1),
  ")": (v) => v.gamma(0.1),
  ",": (v) => v.slide(-1),
  ".": (v) => v.slide(1),
};

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [30, 0],
  ArrowRight: [-30, 0],
  ArrowUp: [0, 30],
  ArrowDown: [0, -30],
};

/** Does what the key says. True when it was one of the view's. */
export function viewKey(view: View, event: KeyboardEvent, hands: Hands): boolean {
  if (event.key === "z" && !event.altKey && !event.metaKey) return (hands.undo(), true);
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const mode = modes.find(([, , key]) => key === event.key);
  if (mode && view.pair) return ((view.mode = mode[0]), true);
  const tool = tools.find(([, , key]) => key === event.key);
  if (tool && hands.editable) return (hands.choose(tool[0]), true);
  const aid = aids.find(([, , key]) => key === event.key);
  if (aid) return (view.aid(aid[0]), true);
  const arrow = arrows[event.key];
  if (event.shiftKey && arrow) return (view.pan(...arrow), true);
  if (event.key === "PageDown" && view.photos > 1) return (view.turnPhoto(1), true);
  if (event.key === "PageUp" && view.photos > 1) return (view.turnPhoto(-1), true);
  const act = acts[event.key];
  act?.(view);
  return act !== undefined;
}
