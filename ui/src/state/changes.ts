// What of a checklist was changed, so that only this is sent.
import type { Checklist, ContradictionPanel, Entry } from "../api/bindings";
import { same } from "./merge";

export type Changed =
  { kind: "entry"; entry: Entry } | { kind: "panel"; panel: ContradictionPanel } | { kind: "all" };

/** What of `typed` is otherwise than `stored`: one entry, the panel alone, or more than that. */
export function changedOf(stored: Checklist | undefined, typed: Checklist): Changed {
  const all: Changed = { kind: "all" };
  if (!stored || stored.entries.length !== typed.entries.length) return all;
  const moved = typed.entries.some((entry, at) => entry.id !== stored.entries[at]?.id);
  if (moved) return all;
  const entries = typed.entries.filter((entry, at) => !same(entry, stored.entries[at]));
  const panel = !same(stored.panel, typed.panel);
  const [entry] = entries;
  if (entry && entries.length === 1 && !panel) return { kind: "entry", entry };
  return panel && entries.length === 0 ? { kind: "panel", panel: typed.panel } : all;
}
