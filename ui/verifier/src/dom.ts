// What stands on the page is text and elements; no word of a record is ever read as markup.
import { say } from "./words";

type Part = Node | string | null | undefined | false | Part[];

const LONGEST = 6_000;

/** A text as far as somebody reads it. */
export const cut = (text: string): string =>
  text.length > LONGEST ? say("verifier-cut", { text: text.slice(0, LONGEST), count: text.length }) : text;

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...parts: Part[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  const put = (part: Part): void => {
    if (Array.isArray(part)) part.forEach(put);
    else if (typeof part === "string") made.append(cut(part));
    else if (part) made.append(part);
  };
  parts.forEach(put);
  return made;
}

/** A section with its heading; nothing where it would be empty. */
export const section = (id: string, title: string, ...parts: Part[]): HTMLElement =>
  el("section", { "aria-labelledby": id, "data-test": id }, el("h2", { id }, title), ...parts);

/** Names and what they are. */
export function facts(...rows: ([string, Part] | null | false)[]): HTMLElement {
  const all = rows.filter(
    (row): row is [string, Part] =>
      !!row && row[1] !== "" && row[1] !== false && row[1] !== null && row[1] !== undefined,
  );
  return el("dl", {}, ...all.map(([name, what]) => [el("dt", {}, name), el("dd", {}, what)]));
}

export function table(heads: string[], rows: Part[][]): HTMLElement {
  return el(
    "div",
    { class: "wide" },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))))),
    ),
  );
}

export const mono = (text: string): HTMLElement => el("code", {}, text);

export const list = (all: Part[], attributes: Record<string, string> = {}): HTMLElement =>
  el("ul", attributes, ...all.map((one) => el("li", {}, one)));
