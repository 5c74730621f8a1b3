// Every colour is a token, and every token is told from what it lies on.
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "svelte/compiler";
import { describe, expect, it, test } from "vitest";

const here = new URL(".", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, here), "utf8");
const sources = readdirSync(here, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.(svelte|ts|css)$/.test(path) && !/\.test\.ts$|^tokens\.css$/.test(path))
  .filter((path) => !["api/bindings.ts", "api/commands.ts", "text/codes.ts"].includes(path));

type Node = { type: string; start: number } & Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Every node of a tree with the attributes around it. */
function* nodes(value: unknown, attributes: string[] = []): Generator<[Node, string[]]> {
  if (isNode(value)) yield [value, attributes];
  if (typeof value !== "object" || value === null) return;
  const own = isNode(value) && ["Attribute", "StyleDirective"].includes(value.type);
  const inside = own ? [...attributes, String(value.name)] : attributes;
  for (const [key, part] of Object.entries(value)) {
    if (!["comments", "loc", "name_loc", "metadata"].includes(key)) yield* nodes(part, inside);
  }
}

/** All in one line before the text, so that lines stay as they are. */
function around(path: string, text: string): string {
  if (path.endsWith(".ts")) return `<script lang="ts">${text}</script>`;
  return path.endsWith(".css") ? `<style>${text}</style>` : text;
}

const names =
  `aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
  cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray
  darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
  darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue
  firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
  hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
  lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
  lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
  mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
  midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
  palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
  rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
  slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow
  yellowgreen`.split(/\s+/);
const numbers =
  /#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|(?<![\w-])(?:rgba?|hsla?|hwb|(?:ok)?lab|(?:ok)?lch|color)\(/i;
const name = new RegExp(`(?<![\\w-])(?:${names.join("|")})(?![\\w-])`, "i");
/** Attributes whose value is style or a colour. */
const colouring =
  /^(style|color|fill|stroke|stop-color|flood-color|background(-color)?|border-color|outline-color)$/;

/** The colours that are written out in a file, each with its line. */
function written(path: string, text: string): string[] {
  const whole = around(path, text);
  const found: string[] = [];
  for (const [node, attributes] of nodes(parse(whole, { modern: true }))) {
    let said = "";
    let isName = false;
    if (node.type === "Declaration") {
      said = String(node.value).replace(/"[^"]*"|'[^']*'|url\([^)]*\)|--[\w-]+/g, " ");
      isName = name.test(said);
    } else if (node.type === "TemplateElement" || node.type === "Text" || node.type === "Literal") {
      const value =
        node.type === "TemplateElement" ? (node.value as { raw: string }).raw : (node.value ?? node.data);
      said = typeof value === "string" && (node.type !== "Text" || attributes.length) ? value : "";
      isName = attributes.some((one) => colouring.test(one)) ? name.test(said) : names.includes(said);
    }
    if (!isName && !numbers.test(said)) continue;
    found.push(`${path}:${String(whole.slice(0, node.start).split("\n").length)}: ${said.trim()}`);
  }
  return found;
}

describe("colours", () => {
  it("are written in tokens.css alone", () => {
    expect(sources.length).toBeGreaterThan(80);
    expect(sources.flatMap((path) => written(path, read(path)))).toEqual([]);
  });

  it("are found wherever they stand", () => {
    const lines = (path: string, text: string): string[] =>
      written(path, text).map((one) => one.split(": ")[0] ?? "");
    expect(lines("a.css", "p {\n  color: #fff;\n  fill: var(--x, Red);\n}")).toEqual(["a.css:2", "a.css:3"]);
    expect(lines("a.css", "p {\n  & a {\n border: 1px solid rgb(0 0 0 / 2%) } }")).toEqual(["a.css:3"]);
    expect(
      lines("a.svelte", "<p\n style='color: tan'>#fff</p>\n<style>p { color: hsl(1 2% 3%) }</style>"),
    ).toEqual(["a.svelte:3", "a.svelte:2"]);
    expect(
      lines("a.svelte", "<p style:color='red' class='red x'><path fill={a ? 'none' : '#123456'} /></p>"),
    ).toHaveLength(2);
    expect(lines("a.ts", "let a = 1;\ncontext.fillStyle = `rgba(${a}, 1)`;\nb('white')")).toEqual([
      "a.ts:2",
      "a.ts:3",
    ]);
  });

  it("are not found where there are none", () => {
    const text = `p { white-space: nowrap; color: var(--red); fill: currentColor; background: transparent; font: "Snow Gold"; }`;
    expect(written("a.css", text)).toEqual([]);
    expect(written("a.ts", "class A { #fade = 1; b = 'a #hash in redness'; c = 'red tape' }")).toEqual([]);
  });
});

/** The tokens of `:root`, and those that a media query puts in their place. */
function tokens(media: string | null): Map<string, string> {
  const text = `<style>${read("tokens.css")}</style>`;
  const found = new Map<string, string>();
  const rules = (parse(text, { modern: true }).css?.children ?? []).flatMap((rule) => {
    if (rule.type === "Rule") return media === null ? [rule] : [];
    return media !== null && rule.prelude.includes(media) ? (rule.block?.children ?? []) : [];
  });
  for (const rule of rules) {
    if (rule.type !== "Rule" || text.slice(rule.prelude.start, rule.prelude.end).trim() !== ":root") continue;
    for (const line of rule.block.children) {
      if (line.type === "Declaration" && line.property.startsWith("--"))
        found.set(line.property.slice(2), line.value);
    }
  }
  return found;
}

type Colour = [red: number, green: number, blue: number, opaque: number];

/** What a value comes to in one theme; nothing where it is no colour. */
function colour(value: string, all: Map<string, string>, dark: boolean): Colour | null {
  const other = /^var\(--([\w-]+)\)$/.exec(value);
  if (other) return colour(all.get(other[1] ?? "") ?? "", all, dark);
  const both = /^light-dark\(([^,]+), ([^,]+)\)$/.exec(value);
  if (both) return colour((dark ? both[2] : both[1]) ?? "", all, dark);
  const hex = /^#(..)(..)(..)$/.exec(value);
  if (hex) return [...hex.slice(1, 4).map((two) => parseInt(two, 16)), 1] as Colour;
  const parts = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(value)?.slice(1).map(Number);
  return parts ? ([...parts.slice(0, 3), (parts[3] ?? 0) / 100] as Colour) : null;
}

const laid = ([r, g, b, opaque]: Colour, on: Colour): Colour =>
  [...[r, g, b].map((own, at) => own * opaque + (on[at] ?? 0) * (1 - opaque)), 1] as Colour;

/** The contrast of two colours by WCAG 2.2. */
function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [one, other]
    .map((of) => {
      const [r = 0, g = 0, b = 0] = of.map((v) =>
        v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    })
    .sort((a, b) => b - a);
  return (light ?? 0) / (dark ?? 1);
}

const screens = ["ground", "panel", "raised"];
/** Text, and all that it stands on. */
const texts: [string, string[]][] = [
  ["ink", [...screens, "accent-ground", "warn-ground", "bad-ground"]],
  ["ink-soft", [...screens, "accent-ground", "warn-ground", "bad-ground"]],
  ["ink-hint", ["panel", "raised"]],
  ["accent", [...screens, "accent-ground"]],
  ["on-accent", ["accent"]],
  ["good", screens],
  ["warn", [...screens, "warn-ground", "accent-ground"]],
  ["bad", [...screens, "bad-ground"]],
  ["on-mat", ["mat"]],
  ["on-photo", ["over-photo"]],
  ["statement-ink", ["statement-ground"]],
  ["code-ink", ["code-ground"]],
];
/** Lines and signs, and all that they are told from. */
const signs: [string, string[]][] = [
  ["line-strong", screens],
  ["focus", screens],
  ...["0", "1", "2", "3", "4", "5", "all"].map((one): [string, string[]] => [
    `series-${one}`,
    ["ground", "panel"],
  ]),
  ["mark", ["mark-rim", "stage"]],
  ["mark-current", ["mark-rim", "stage"]],
  ["landmark", ["mark-rim", "stage"]],
  ["guide-grid", ["stage"]],
  ["guide-lines", ["stage"]],
  ["cross", ["stage"]],
  ["divider", ["stage"]],
  ["face", ["face-rim"]],
  ["face-picked", ["face-rim", "mat"]],
];
/** Lines that only part what is told apart without them. */
const parting: [string, string[]][] = [["line", screens]];
const told = (pairs: [string, string[]][]): string[] =>
  pairs.flatMap(([name, grounds]) => [name, ...grounds]);

const plain = tokens(null);
const more = new Map([...plain, ...tokens("prefers-contrast: more")]);
const white: Colour = [255, 255, 255, 1];

/** The pairs with less contrast than `least`. */
function faint(
  pairs: [string, string[]][],
  all: Map<string, string>,
  dark: boolean,
  least: number,
): string[] {
  const of = (token: string): Colour => {
    const found = colour(all.get(token) ?? "", all, dark);
    if (!found) throw new Error(`--${token} is no colour`);
    return found;
  };
  const each = pairs.flatMap(([one, grounds]) => grounds.map((ground) => [one, ground] as const));
  const measured = each.map(([one, ground]) => {
    // What a ground lets through is a photograph, at worst a white one.
    const on = laid(of(ground), white);
    return [`--${one} on --${ground}`, contrast(laid(of(one), on), on)] as const;
  });
  return measured.filter(([, ratio]) => ratio < least).map(([pair, ratio]) => `${pair}: ${ratio.toFixed(2)}`);
}

describe.each([
  ["light", plain, false, 4.5, 3, 1],
  ["dark", plain, true, 4.5, 3, 1],
  ["light with more contrast", more, false, 7, 4.5, 4.5],
  ["dark with more contrast", more, true, 7, 4.5, 4.5],
] as const)("the theme %s", (_, all, dark, text, sign, part) => {
  test("can be read", () => {
    expect(faint(texts, all, dark, text)).toEqual([]);
  });

  test("shows its lines and signs", () => {
    expect(faint(signs, all, dark, sign)).toEqual([]);
    expect(faint(parting, all, dark, part)).toEqual([]);
  });
});

describe("tokens", () => {
  const colours = [...plain].filter(([, value]) => colour(value, plain, false)).map(([token]) => token);

  it("all stand in a pair that is measured", () => {
    const measured = new Set([...told(texts), ...told(signs), ...told(parting)]);
    expect(colours.filter((token) => token !== "shadow" && !measured.has(token))).toEqual([]);
  });

  it("are overridden, never added, where the system asks for other colours", () => {
    const others = [...tokens("prefers-contrast: more").keys(), ...tokens("forced-colors: active").keys()];
    expect(others.filter((token) => !plain.has(token))).toEqual([]);
  });

  it("are the system's own where it forces its colours, but on photographs", () => {
    const forced = tokens("forced-colors: active");
    const photographs = /^(shadow|stage|focus|mark|landmark|guide|cross|divider|face|code)/;
    expect(colours.filter((token) => !forced.has(token) && !photographs.test(token))).toEqual([]);
    const texts = ["Canvas", "CanvasText", "LinkText"];
    expect([...forced].filter(([token, value]) => colours.includes(token) && !texts.includes(value))).toEqual(
      [],
    );
  });

  it("are measured as WCAG does", () => {
    expect(contrast([0, 0, 0, 1], white)).toBeCloseTo(21);
    expect(contrast([118, 118, 118, 1], white)).toBeCloseTo(4.54, 2);
    expect(laid([0, 0, 0, 0.5], white)).toEqual([127.5, 127.5, 127.5, 1]);
  });
});
