import { parse as parseFluent, Visitor, type Message, type VariableReference } from "@fluent/syntax";
import { parse as parseSvelte } from "svelte/compiler";
import { describe, expect, it } from "vitest";
import { files, say } from "./catalogue";

const all = import.meta.glob<string>("../../../assets/text/en/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});
const sources = import.meta.glob<string>(
  ["../**/*.{svelte,ts}", "!../**/*.test.ts", "!../api/{bindings,commands}.ts", "!./codes.ts"],
  { query: "?raw", import: "default", eager: true },
);
const named = (path: string): string => path.replace(/^.*\//, "").replace(/\.ftl$/, "");

/** The messages of a file, with what each is given. */
function messages(text: string): [string, string[]][] {
  const found = parseFluent(text, {}).body.filter((entry): entry is Message => entry.type === "Message");
  return found.map((message) => {
    const given = new Set<string>();
    const reader = new (class extends Visitor {
      override visitVariableReference(variable: VariableReference): void {
        given.add(variable.id.name);
      }
    })();
    reader.visit(message);
    return [message.id.name, [...given].sort()];
  });
}

const codes = Object.values(files).flatMap(messages);

type Node = { type: string } & Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Every node of a tree with those around it, the nearest last. */
function* nodes(value: unknown, around: Node[] = []): Generator<[Node, Node[]]> {
  if (isNode(value)) yield [value, around];
  if (typeof value !== "object" || value === null) return;
  const inside = isNode(value) ? [...around, value] : around;
  for (const [key, part] of Object.entries(value)) {
    if (!["css", "comments", "loc", "name_loc", "metadata"].includes(key)) yield* nodes(part, inside);
  }
}

const treeOf = (path: string, text: string): unknown =>
  parseSvelte(path.endsWith(".svelte") ? text : `<script lang="ts">${text}</script>`, { modern: true });
const trees = Object.entries(sources).map(([path, text]) => [path, treeOf(path, text)] as const);

const calleeOf = (node: Node): string => {
  const callee = node.callee as Node | undefined;
  return String(((callee?.property as Node | undefined) ?? callee)?.name ?? "");
};

/** The strings that an expression may come to. */
function outcomes(node: Node): string[] {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "ConditionalExpression":
      return [...outcomes(node.consequent as Node), ...outcomes(node.alternate as Node)];
    case "LogicalExpression":
    case "BinaryExpression":
      return [...outcomes(node.left as Node), ...outcomes(node.right as Node)];
    case "TemplateLiteral":
      return [
        ...(node.quasis as { value: { raw: string } }[]).map((part) => part.value.raw),
        ...(node.expressions as Node[]).flatMap(outcomes),
      ];
    default:
      return [];
  }
}

/** The codes that a tree says; one that is not written out there reads "?". */
function said(tree: unknown): string[] {
  const calls = [...nodes(tree)].filter(
    ([node]) => node.type === "CallExpression" && calleeOf(node) === "say",
  );
  return calls.flatMap(([call]) => {
    const given = (call.arguments as Node[])[0];
    const found = given && given.type !== "TemplateLiteral" ? outcomes(given) : [];
    return found.length ? found : ["?"];
  });
}

const word = /\p{L}{2,}/u;
const sentence = /\p{L}{2,}[,;:.]? \p{L}+|^\p{Lu}\p{Ll}+/u;
const label = /^(aria-(label|description|valuetext)|alt|hint|label|placeholder|title|what|wrong)$/;
/** Calls whose arguments nobody reads on a screen. */
const silent = ["say", "Error", "querySelector", "querySelectorAll", "matches", "closest", "MediaQuery"];
const keys = /^(Enter|Escape|Arrow|Page)/;

/** What reads like words for a person and stands outside of the catalogue. */
function left(tree: unknown): string[] {
  const found: string[] = [];
  for (const [node, around] of nodes(tree)) {
    const attribute = around.findLast((n) => n.type === "Attribute");
    const shown = attribute === undefined || label.test(String(attribute.name));
    const inCall = around.some((n) => n.type.endsWith("Expression") && silent.includes(calleeOf(n)));
    const inKey = around.some((n) => n.type === "RegularElement" && ["kbd", "code"].includes(String(n.name)));
    if (node.type === "Text" && shown && !inKey && word.test(String(node.data))) {
      found.push(String(node.data).trim());
    }
    if (node.type === "ExpressionTag" && shown) {
      found.push(...outcomes(node.expression as Node).filter((text) => word.test(text)));
    }
    const text =
      node.type === "TemplateElement"
        ? (node.value as { raw: string }).raw
        : node.type === "Literal" && typeof node.value === "string"
          ? node.value
          : "";
    const code = inCall || /\[[\w-]+[\]=]/.test(text) || keys.test(text);
    if (!code && sentence.test(text.trim())) found.push(text.trim());
  }
  return found;
}

describe("the catalogue", () => {
  it("is read without errors, has no code twice and each code in its own file", () => {
    const broken = Object.entries(all).flatMap(([path, text]) =>
      parseFluent(text, {})
        .body.filter((entry) => entry.type === "Junk" || (entry.type === "Message" && !entry.value))
        .map((entry) => `${named(path)}: ${text.slice(entry.span?.start, entry.span?.end)}`),
    );
    expect(broken).toEqual([]);
    const everywhere = Object.values(all)
      .flatMap(messages)
      .map(([code]) => code);
    expect(everywhere.filter((code, at) => everywhere.indexOf(code) !== at)).toEqual([]);
    const strangers = Object.entries(files).flatMap(([path, text]) =>
      messages(text).filter(([code]) => named(path) !== "words" && !code.startsWith(`${named(path)}-`)),
    );
    expect(strangers).toEqual([]);
  });

  it("says first in every file where its texts are seen", () => {
    const mute = Object.entries(all).filter(([, text]) => !/^### \p{Lu}[^\n]+\.\n\n/u.test(text));
    expect(mute.map(([path]) => named(path))).toEqual([]);
  });

  it("is declared to the compiler as it is: `npm run codes` writes it", async () => {
    const lines = codes.map(([code, given]) => {
      const names = given.map((name) => JSON.stringify(name)).join(" | ");
      return `  "${code}": ${names || "never"};\n`;
    });
    const text = `// Generated from assets/text by \`npm run codes\`. Do not edit.

/** Every code of the screens, and what its text is given. */
export interface Codes {
${lines.join("")}}
`;
    await expect(text).toMatchFileSnapshot("codes.ts");
  });

  it("has every code that is used, and no other", () => {
    const known = new Set(codes.map(([code]) => code));
    const used = trees.flatMap(([path, tree]) => said(tree).map((code) => ({ path, code })));
    expect(used.filter(({ code }) => !known.has(code))).toEqual([]);
    const saying = new Set(used.map(({ code }) => code));
    expect([...known].filter((code) => !saying.has(code))).toEqual([]);
  });

  it("has all words of the screens", () => {
    const outside = trees.flatMap(([path, tree]) => left(tree).map((text) => `${path}: ${text}`));
    expect(outside).toEqual([]);
  });

  it("fills in what it is given, and nothing around it", () => {
    expect(say("person-badge", { name: "⟨{ $badge }⟩", badge: 12345 })).toBe("⟨{ $badge }⟩, badge 12345");
    expect([0, 1, 1200].map((days) => say("cases-queue-days", { days }))).toEqual([
      "since today",
      "1 day",
      "1200 days",
    ]);
  });

  it("passes over nothing that is missing", () => {
    const loose = say as (code: string, given?: object) => string;
    expect(() => loose("no-such-code")).toThrow("no-such-code");
    expect(() => loose("person-badge", { name: "A" })).toThrow("badge");
  });
});

describe("what looks for words", () => {
  const found = (text: string): string[] => left(treeOf("a.svelte", text));

  it("finds them in text, in labels and in expressions", () => {
    expect(found("<p>Read this</p>")).toEqual(["Read this"]);
    expect(found('<Field label="Why {x}">{y}</Field>')).toEqual(["Why"]);
    expect(found("<p>{x ? 'small' : say('a')}</p>")).toEqual(["small"]);
    expect(found("<script>const told = `You have ${n} left`;</script>")).toEqual(["You have"]);
    expect(found("<script>const name = { done: 'Done' };</script>")).toEqual(["Done"]);
  });

  it("leaves keys, codes and selectors alone", () => {
    expect(found('<p class="small soft" data-test="a b"><kbd>Ctrl</kbd> · {x} {say("a-b")}</p>')).toEqual([]);
    expect(found("<script>if (e.key === 'Enter') root.querySelector('a, input')</script>")).toEqual([]);
  });

  it("sees a code that is not written out", () => {
    const codesIn = (text: string): string[] => said(treeOf("a.ts", text));
    expect(codesIn('say(x ? "a" : "b", { c: say("d") })')).toEqual(["a", "b", "d"]);
    expect(codesIn("say(x); say(`a-${x}`)")).toEqual(["?", "?"]);
  });
});
