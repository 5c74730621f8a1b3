// JSON that has one reading: no name twice, no number that loses digits, written as RFC 8785 writes it.
import { Refused } from "./refused";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Record_ = { [name: string]: Json };

/** Most values inside each other. */
const DEEPEST = 127;
/** Most UTF-8 bytes of a file. */
export const MOST = 64 * 2 ** 20;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value(0);
    this.blanks();
    if (this.at < this.text.length) this.no();
    return value;
  }

  private no(): never {
    throw new Refused("not-text", "verifier-not-json", { at: this.at });
  }

  private blanks(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.at++;
    }
  }

  private takes(c: string): boolean {
    this.blanks();
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private value(depth: number): Json {
    if (depth > DEEPEST) this.no();
    this.blanks();
    switch (this.text[this.at]) {
      case "{":
        this.at++;
        return this.object(depth);
      case "[":
        this.at++;
        return this.list(depth);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.no();
    this.at += word.length;
    return value;
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) this.no();
    this.at = NUMBER.lastIndex;
    const value = Number(found[0]);
    if (!Number.isFinite(value)) this.no();
    return value;
  }

  private string(): string {
    const from = this.at;
    for (this.at++; ; this.at++) {
      const c = this.text.charCodeAt(this.at);
      if (Number.isNaN(c) || c < 0x20) this.no();
      if (c === 0x5c) this.at++;
      else if (c === 0x22) break;
    }
    this.at++;
    let text: string;
    try {
      text = JSON.parse(this.text.slice(from, this.at)) as string;
    } catch {
      this.at = from;
      this.no();
    }
    // A half of a pair is no text.
    if (/[\ud800-\udfff]/.test(text) && !wellFormed(text)) this.no();
    return text;
  }

  private list(depth: number): Json[] {
    const all: Json[] = [];
    if (this.takes("]")) return all;
    do all.push(this.value(depth + 1));
    while (this.takes(","));
    if (!this.takes("]")) this.no();
    return all;
  }

  private object(depth: number): Record_ {
    // Without a prototype every name is a name.
    const all = Object.create(null) as Record_;
    if (this.takes("}")) return all;
    do {
      this.blanks();
      if (this.text[this.at] !== '"') this.no();
      const name = this.string();
      if (name in all)
        throw new Refused("duplicate-name", "verifier-name-twice", { name: name.slice(0, 80) });
      if (!this.takes(":")) this.no();
      all[name] = this.value(depth + 1);
    } while (this.takes(","));
    if (!this.takes("}")) this.no();
    return all;
  }
}

function wellFormed(text: string): boolean {
  for (const c of text) if (/^[\ud800-\udfff]$/.test(c)) return false;
  return true;
}

/** The canonical text of a value (RFC 8785). */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.keys(value).sort();
    return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** What a text says in which no name stands twice, in whatever form. */
export const parse = (text: string): Json => new Reader(text).whole();

/** What a canonical text says, of at most `most` bytes. */
export function read(text: string, most = MOST): Json {
  if (text.length > most || new TextEncoder().encode(text).length > most)
    throw new Refused("too-large", "verifier-too-large");
  const value = parse(text);
  if (canonical(value) !== text) throw new Refused("not-canonical", "verifier-not-canonical");
  return value;
}

export const isRecord = (value: Json | undefined): value is Record_ =>
  typeof value === "object" && value !== null && !Array.isArray(value);
