// What this page says has its words, and no words are there for nothing.
import { parse } from "@fluent/syntax";
import { describe, expect, it } from "vitest";
import own from "../../../assets/text/en/verifier.ftl?raw";

const sources = import.meta.glob<string>(["./**/*.ts", "!./**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const all = Object.values(sources).join("\n");
const codes = parse(own, {}).body.flatMap((entry) => (entry.type === "Message" ? [entry.id.name] : []));
/** Codes that are put together: what stands before what is put in. */
const families = [...all.matchAll(/`(verifier-[a-z-]*)\$\{/g)].map((found) => found[1] ?? "");
const said = new Set([...all.matchAll(/"(verifier-[a-z0-9-]+)"/g)].map((found) => found[1] ?? ""));
for (const [, code] of all.matchAll(/\bgate\([^;]*?,\s*"([a-z-]+)"/gs))
  said.add(`verifier-gate-${code ?? ""}`);

describe("words", () => {
  it("are there for everything that is said", () => {
    const missing = [...said].filter((code) => !codes.includes(code));
    expect(missing).toEqual([]);
  });

  it("are said", () => {
    const others = families.filter((family) => family !== "verifier-gate-");
    const idle = codes.filter((code) => !said.has(code) && !others.some((family) => code.startsWith(family)));
    expect(idle).toEqual([]);
  });
});
