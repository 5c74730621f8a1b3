import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Entry = { id: string; shows: string; details: Record<string, unknown> };
type View = { id: string; verification: { at: number }; checklist: { entries: Entry[]; panel: object } };

/** A workstation that does one thing after another, each at some moment between the question and the answer. */
const workstation = vi.hoisted(() => {
  const held = {
    stored: null as unknown as View,
    random: Math.random,
    exchanged: () => {},
    later<T>(act: () => T): Promise<T> {
      const pause = () => held.random() * 400;
      return new Promise((answer) => {
        setTimeout(() => {
          const done = structuredClone(act());
          setTimeout(() => answer(done), pause());
        }, pause());
      });
    },
    edited(change: (checklist: View["checklist"]) => void): View {
      change(held.stored.checklist);
      return held.stored;
    },
  };
  return held;
});

vi.mock("@tauri-apps/api/event", () => ({
  listen: (event: string, told: () => void) => {
    if (event === "exchanged") workstation.exchanged = told;
    return Promise.resolve(() => undefined);
  },
}));

vi.mock("../api/api", () => ({
  asError: (thrown: unknown) => ({ code: "internal", message: String(thrown), gaps: [] }),
  api: {
    start: () =>
      workstation.later(() => ({ person: null, people: [], policy: { time_zone: "UTC" }, theme: "" })),
    remembered: () => Promise.resolve(null),
    refreshCase: () => workstation.later(() => ({ case: workstation.stored, bench: null })),
    editEntry: (_: string, entry: Entry) =>
      workstation.later(() =>
        workstation.edited((list) => {
          list.entries = list.entries.map((e) => (e.id === entry.id ? entry : e));
        }),
      ),
    editPanel: (_: string, panel: object) =>
      workstation.later(() => workstation.edited((list) => (list.panel = panel))),
    editChecklist: (_: string, whole: View["checklist"]) =>
      workstation.later(() => workstation.edited((list) => Object.assign(list, whole))),
  },
}));

/** Numbers that look random, the same ones from one seed. */
function drawn(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("whatever comes in while somebody answers, each answer stays and is stored", async () => {
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("window", { addEventListener: () => undefined });
  const { session } = await import("./session.svelte");
  const begun = session.begin();
  await vi.advanceTimersByTimeAsync(1000);
  await begun;
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = (workstation.random = drawn(seed));
    const questions = ["a", "b", "c", "d", "e", "f"];
    const blank = () => Object.fromEntries(questions.map((q) => [q, null]));
    const entries = ["one", "two"].map((id) => ({ id, shows: "", details: blank() }));
    workstation.stored = {
      id: `case ${String(seed)}`,
      verification: { at: 0 },
      checklist: { entries, panel: {} },
      ...{ purpose: null, origin: null, further: [], note: null, steps: [], sealed: null },
    };
    session.show(structuredClone(workstation.stored) as never);
    const typed: Entry[] = structuredClone(entries);
    for (let step = 0; step < 40; step += 1) {
      const at = Math.floor(random() * 2);
      const question = questions[Math.floor(random() * questions.length)] ?? "a";
      const [writes, answer] = [random() < 0.3, random() < 0.5];
      for (const entry of [typed[at], session.checklist?.entries[at] as unknown as Entry | undefined]) {
        if (!entry) throw new Error("an entry is gone");
        if (writes) entry.shows += "x";
        else entry.details[question] = answer;
      }
      session.touch("checklist");
      if (random() < 0.5) {
        // A colleague elsewhere answered: the case is read anew.
        workstation.stored.verification.at += 1;
        workstation.exchanged();
      }
      await vi.advanceTimersByTimeAsync(random() * 500);
      expect(session.checklist?.entries, `seed ${String(seed)}, step ${String(step)}`).toEqual(typed);
    }
    const flushed = session.flush();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await flushed).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(
      [session.checklist?.entries, workstation.stored.checklist.entries],
      `seed ${String(seed)}`,
    ).toEqual([typed, typed]);
  }
});

test("an answer that is changed and changed back while something else is done stays as it was changed last", async () => {
  const { session } = await import("./session.svelte");
  const one = { id: "one", shows: "", details: { asked: true } };
  workstation.stored = {
    id: "case",
    verification: { at: 0 },
    checklist: { entries: [one], panel: {} },
    ...{ purpose: null, origin: null, further: [], note: null, steps: [], sealed: null },
  };
  session.show(structuredClone(workstation.stored) as never);
  let answer: (given: never) => void = () => undefined;
  const done = session.run(() => new Promise<never>((given) => (answer = given)));
  await vi.advanceTimersByTimeAsync(10);
  const shown = () => session.checklist?.entries[0] as unknown as Entry;
  for (const asked of [false, true]) {
    shown().details.asked = asked;
    session.touch("checklist");
    await vi.advanceTimersByTimeAsync(asked ? 10 : 2000);
  }
  // What was done has seen the first change, and is answered before the second is stored.
  answer(structuredClone(workstation.stored) as never);
  await vi.advanceTimersByTimeAsync(0);
  expect([await done, shown().details.asked]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(workstation.stored.checklist.entries[0]?.details.asked).toBe(true);
});
