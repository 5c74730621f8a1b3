import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Autosave } from "./autosave";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends into a list; `answers` decides each sending in turn, a promise that holds it up included. */
function saving(answers: (() => Promise<void>)[] = []): {
  autosave: Autosave<string>;
  sent: string[];
  stored: boolean[];
  typed: Record<string, string>;
} {
  const [sent, stored, typed] = [[] as string[], [] as boolean[], {} as Record<string, string>];
  const autosave = new Autosave<string>({
    sending: (form) => {
      const text = typed[form] ?? form;
      return async () => {
        sent.push(text);
        await answers.shift()?.();
      };
    },
    failed: (thrown) => Promise.resolve(thrown !== "refused"),
    stored: (all) => stored.push(all),
  });
  return { autosave, sent, stored, typed };
}

describe("autosave", () => {
  it("sends a form once after the last key stroke, as it stands then", async () => {
    const { autosave, sent, stored, typed } = saving();
    for (const text of ["R", "Ro", "Rob"]) {
      typed.purpose = text;
      autosave.touch("purpose");
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(250);
    expect(sent).toEqual(["Rob"]);
    expect(stored.at(-1)).toBe(true);
  });

  it("overtakes nothing: the next form waits for the answer of the one before", async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const { autosave, sent } = saving([() => held]);
    autosave.touch("first");
    await vi.advanceTimersByTimeAsync(300);
    autosave.touch("second");
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toEqual(["first"]);
    answer();
    expect(await autosave.flush()).toBe(true);
    expect(sent).toEqual(["first", "second"]);
  });

  it("leaves nothing unsent that was typed while the form before was on its way", async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const { autosave, sent, typed } = saving([() => held]);
    typed.note = "Seen at";
    autosave.touch("note");
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(0);
    typed.note = "Seen at the van";
    autosave.touch("note");
    answer();
    expect(await flushed).toBe(true);
    expect(sent).toEqual(["Seen at", "Seen at the van"]);
  });

  it("keeps what could not be stored and sends it again", async () => {
    const { autosave, sent, typed } = saving([() => Promise.reject(new Error("signed out"))]);
    autosave.touch("note");
    expect(await autosave.flush()).toBe(false);
    typed.note = "the note, gone on with";
    expect(await autosave.flush()).toBe(true);
    expect(sent).toEqual(["note", "the note, gone on with"]);
  });

  it("does not repeat what a rule refused", async () => {
    const { autosave, sent } = saving([() => Promise.reject("refused")]);
    autosave.touch("note");
    expect(await autosave.flush()).toBe(true);
    expect(await autosave.flush()).toBe(true);
    expect(sent).toEqual(["note"]);
  });

  it("says that something is not stored while it is typed, and forgets with the case", async () => {
    const { autosave, sent, stored } = saving();
    autosave.touch("note");
    expect(stored).toEqual([false]);
    autosave.forget();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await autosave.flush()).toBe(true);
    expect(sent).toEqual([]);
  });
});
