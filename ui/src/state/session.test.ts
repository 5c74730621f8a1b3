import { expect, test, vi } from "vitest";

const asked = vi.hoisted(() => ({ making: null as null | ((made: unknown) => void), sent: [] as string[] }));

vi.mock("../api/api", () => ({
  asError: (thrown: unknown) => ({ code: "internal", message: String(thrown), gaps: [] }),
  api: {
    remembered: () => Promise.resolve(null),
    newCase: () => new Promise((answer) => (asked.making = answer)),
    editPurpose: (_: string, draft: { offence: string }) => {
      asked.sent.push(draft.offence);
      return Promise.resolve({ id: "one" });
    },
  },
}));

test("a new case stays on the screen while it is being made, and what is typed meanwhile is sent", async () => {
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  const { session } = await import("./session.svelte");
  session.beginCase();
  const typed = session.purpose;
  if (!typed) throw new Error("no form");
  typed.offence = "Robb";
  session.touch("purpose");
  const stored = session.flush();
  await vi.waitFor(() => {
    expect(asked.making).not.toBeNull();
  });
  // The workstation is slow; nothing is taken off the screen, and somebody types on.
  expect([session.blank, session.purpose === typed]).toEqual([true, true]);
  typed.offence = "Robbery";
  session.touch("purpose");
  asked.making?.({ id: "one" });
  expect(await stored).toBe(true);
  expect([session.blank, session.view?.id]).toEqual([false, "one"]);
  expect(asked.sent.at(-1)).toBe("Robbery");
});
