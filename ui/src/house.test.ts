// The house keeps its shape: imports go downwards and never round, and no file is too long.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const MOST_LINES = 500;
const generated = ["src/api/bindings.ts", "src/api/commands.ts", "src/text/codes.ts"];

const top = new URL("../", import.meta.url);
const files = new Map(
  ["src/", "verifier/src/"].flatMap((folder) =>
    readdirSync(new URL(folder, top), { recursive: true, encoding: "utf8" })
      .map((path) => folder + path.replaceAll("\\", "/"))
      .filter((path) => /\.(svelte|ts|css)$/.test(path) && !path.endsWith(".test.ts"))
      .map((path) => [path, readFileSync(new URL(path, top), "utf8")] as const),
  ),
);

/** Each room of the screens and those that lie under it; the files beside them stand on top of all. */
const under: Record<string, string[]> = {
  api: [],
  text: ["api"],
  state: ["text", "api"],
  parts: ["state", "text", "api"],
  // It lays images on each other and knows of no case.
  viewer: ["text", "api"],
  steps: ["parts", "viewer", "state", "text", "api"],
};

type Arrow = [from: string, to: string];

/** What a file imports of its own, types as well. */
function imported(path: string, text: string, all: ReadonlyMap<string, string>): Arrow[] {
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const named = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;
  return [...code.matchAll(named)].flatMap(([, name = ""]): Arrow[] => {
    const full = new URL(name.split("?")[0] ?? "", `file:///${path}`).pathname.slice(1);
    const found = [full, `${full}.ts`].find((one) => all.has(one));
    if (found) return [[path, found]];
    // The words lie outside, and so do the formats.
    if (!/^(src|verifier\/src)\//.test(full)) return [];
    throw new Error(`${path} imports ${name}, which is not there`);
  });
}

const arrowsOf = (all: ReadonlyMap<string, string>): Arrow[] =>
  [...all].flatMap(([path, text]) => imported(path, text, all));

/** The circles of the arrows: each a row of names that comes back to its first. */
function circles(arrows: Arrow[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const [done, found] = [new Set<string>(), [] as string[]];
  const walk = (at: string, way: string[]): void => {
    if (way.includes(at)) found.push([...way.slice(way.indexOf(at)), at].join(" → "));
    else if (!done.has(at)) {
      for (const to of next.get(at) ?? []) walk(to, [...way, at]);
      done.add(at);
    }
  };
  for (const from of next.keys()) walk(from, []);
  return found;
}

const roomOf = (path: string): string => /^src\/([^/]+)\//.exec(path)?.[1] ?? "";
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

const upwards = (arrows: Arrow[]): Arrow[] =>
  arrows.filter(([from, to]) => {
    const [above, below] = [roomOf(from), roomOf(to)];
    return above !== "" && above !== below && !under[above]?.includes(below);
  });

const long = (all: ReadonlyMap<string, string>): string[] =>
  [...all]
    .filter(([path, text]) => !generated.includes(path) && text.trimEnd().split("\n").length > MOST_LINES)
    .map(([path]) => path);

const arrows = arrowsOf(files);

describe("the house", () => {
  it("has no room but those that are known", () => {
    const rooms = [...files.keys()].filter((path) => path.startsWith("src/")).map(roomOf);
    expect([...new Set(rooms)].sort()).toEqual(["", ...Object.keys(under)].sort());
    expect(arrows.length).toBeGreaterThan(400);
  });

  it("has no circle of files, and among the screens none of folders", () => {
    expect(circles(arrows)).toEqual([]);
    const screens = arrows.filter(([from]) => from.startsWith("src/"));
    const between = screens.map(([from, to]): Arrow => [folderOf(from), folderOf(to)]);
    expect(circles(between.filter(([from, to]) => from !== to))).toEqual([]);
  });

  it("has no arrow that goes up", () => {
    expect(upwards(arrows)).toEqual([]);
  });

  it(`has no file of more than ${String(MOST_LINES)} lines`, () => {
    expect(long(files)).toEqual([]);
  });
});

describe("what looks for them", () => {
  const built = (all: Record<string, string>): Arrow[] => arrowsOf(new Map(Object.entries(all)));

  it("follows every way to import, and no comment", () => {
    const to = { "src/state/b.svelte.ts": "", "src/state/C.svelte": "", "src/d.css": "" };
    const text = `
      // import "../d.css";
      import { type B } from "./b.svelte";
      import type {
        C,
      } from "./C.svelte";
      export * from './b.svelte';
      import "../d.css";
      const late = await import("./C.svelte");
      import words from "../../../assets/text/en/a.ftl?raw";`;
    expect(built({ "src/state/a.ts": text, ...to }).map(([, one]) => one)).toEqual([
      "src/state/b.svelte.ts",
      "src/state/C.svelte",
      "src/state/b.svelte.ts",
      "src/d.css",
      "src/state/C.svelte",
    ]);
    expect(() => built({ "src/a.ts": 'import "./gone";' })).toThrow("not there");
  });

  it("finds a circle, an arrow upwards and a long file", () => {
    const found = built({
      "src/parts/A.svelte": '<script>import B from "../steps/b/B.svelte";</script>',
      "src/steps/b/B.svelte": '<script>import type { C } from "../../state/c";</script>',
      "src/state/c.ts": 'import A from "../parts/A.svelte";',
    });
    expect(circles(found)).toEqual([
      "src/parts/A.svelte → src/steps/b/B.svelte → src/state/c.ts → src/parts/A.svelte",
    ]);
    expect(upwards(found).map(([from]) => from)).toEqual(["src/parts/A.svelte", "src/state/c.ts"]);
    const lines = (count: number): string => "a\n".repeat(count);
    const all = new Map([
      ["src/a.ts", lines(501)],
      ["src/b.ts", lines(500)],
      ["src/text/codes.ts", lines(900)],
    ]);
    expect(long(all)).toEqual(["src/a.ts"]);
  });
});
