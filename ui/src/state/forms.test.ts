import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BenchView, CaseView, Checklist } from "../api/bindings";

const calls: [string, ...unknown[]][] = [];
const called =
  (name: string) =>
  (...args: unknown[]): Promise<string> => {
    calls.push([name, ...args]);
    return Promise.resolve("stored");
  };
vi.mock("../api/api", () => ({
  api: new Proxy({}, { get: (_, name: string) => called(name) }),
}));

const { storing } = await import("./forms");

const forms = {
  purpose: null,
  origin: null,
  further: [],
  analysis: null,
  comparison: null,
  reason: "The ears differ",
  checklist: { entries: [{ id: "e-1", shows: "A van" }], panel: { answers: [] } } as unknown as Checklist,
  note: null,
};
const stored = (shows: string, concluded: boolean) => () => ({
  view: {
    checklist: { entries: [{ id: "e-1", shows }], panel: { answers: [] } },
  } as unknown as CaseView,
  bench: {
    candidates: [{ id: "c-1", conclusion: concluded ? { conclusion: "exclusion", reason: "" } : null }],
  } as unknown as BenchView,
});
const typed = (shows: string, concluded = false): Parameters<typeof storing>[1] => ({
  id: "case",
  forms,
  candidate: "c-1",
  acting: Promise.resolve(),
  stored: stored(shows, concluded),
});

beforeEach(() => (calls.length = 0));

describe("what stores a form", () => {
  it("sends of the checklist the entry that was typed in, judged when its turn comes", async () => {
    await storing("checklist", typed("A v"))();
    expect(calls).toEqual([["editEntry", "case", forms.checklist.entries[0]]]);
  });

  it("keeps own words on a candidate for the conclusion, and sends them once there is one", async () => {
    await storing("reason", typed("A van"))();
    expect(calls).toEqual([]);
    await storing("reason", typed("A van", true))();
    expect(calls).toEqual([["concludeOn", "case", "c-1", "exclusion", "The ears differ"]]);
  });
});
