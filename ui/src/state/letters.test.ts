import { expect, it } from "vitest";
import { silenced } from "./letters";

it("keys of one letter do nothing once they are switched off; all others stay", () => {
  const through = (off: boolean | undefined): string[] =>
    ["o", "O", "1", "+", " ", "Enter", "Escape", "ArrowLeft"].filter((key) => !silenced({ key }, off));
  expect(through(true)).toEqual([" ", "Enter", "Escape", "ArrowLeft"]);
  expect(through(false)).toHaveLength(8);
  expect(through(undefined)).toHaveLength(8);
});

it("whatever listens to such a key asks for the switch", () => {
  const sources = import.meta.glob<string>(["../**/*.svelte"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  // Rows of the bench are handed their keys by what listens; so are the keys of the view.
  const listening = Object.entries(sources).filter(([, text]) => /onkey(down|up)=/.test(text));
  const one = /\.key === "."|\bkeys\.indexOf\(event\.key/;
  const reading = listening.filter(([, text]) => one.test(text) || /\bacts\[event\.key\]/.test(text));
  expect(reading.map(([path]) => path).sort()).toEqual([
    "../parts/Choice.svelte",
    "../steps/examine/Examine.svelte",
    "../steps/probe/Probe.svelte",
  ]);
  expect(reading.filter(([, text]) => !text.includes("silenced(event")).map(([path]) => path)).toEqual([]);
});
