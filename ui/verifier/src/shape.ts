// What a value may be: every field of it, and none besides.
import type { Json, Record_ } from "./json";
import { isRecord } from "./json";
import { dayNumber, nanos } from "./moments";
import { Refused } from "./refused";

export type Shape = (value: Json | undefined, path: string) => void;

function no(path: string): never {
  throw new Refused("malformed", "verifier-malformed", { path: path || "." });
}

/** A value that is written in another form than its one. */
function otherwise(path: string): never {
  throw new Refused("not-canonical", "verifier-malformed", { path });
}

const when =
  (fits: (value: Json) => boolean): Shape =>
  (value, path) => {
    if (value === undefined || !fits(value)) no(path);
  };

export const text = when((v) => typeof v === "string");
export const flag = when((v) => typeof v === "boolean");
export const any: Shape = when(() => true);
export const whole = (least: number, most: number): Shape =>
  when((v) => typeof v === "number" && Number.isInteger(v) && v >= least && v <= most);
export const u8 = whole(0, 255);
export const u32 = whole(0, 2 ** 32 - 1);
export const u64 = whole(0, 2 ** 53);
/** A number of single precision, as RFC 8785 writes it in double. */
export const single = when((v) => typeof v === "number" && Math.fround(v) === v);
export const double = when((v) => typeof v === "number");

/** A text in its one form; one that reads as the same in another form is told from one that does not. */
const formed =
  (fits: (text: string) => boolean, reads: (text: string) => boolean): Shape =>
  (value, path) => {
    if (typeof value !== "string" || (!fits(value) && !reads(value))) no(path);
    if (!fits(value)) otherwise(path);
  };
const DIGITS = /^(?:urn:uuid:)?\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;
export const uuid = formed(
  (v) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(v),
  (v) => DIGITS.test(v),
);
export const moment = formed(
  (v) => nanos(v) !== undefined,
  (v) => !Number.isNaN(Date.parse(v)) && /[zZ]|[+-]\d\d/.test(v.slice(10)),
);
export const day = when((v) => typeof v === "string" && dayNumber(v) !== undefined);
export const is = (...words: string[]): Shape => when((v) => typeof v === "string" && words.includes(v));

export const maybe =
  (of: Shape): Shape =>
  (value, path) => {
    if (value !== null) of(value, path);
  };

export const list =
  (of: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) no(path);
    value.forEach((one, at) => of(one, `${path}/${at}`));
  };

export const tuple =
  (...of: Shape[]): Shape =>
  (value, path) => {
    if (!Array.isArray(value) || value.length !== of.length) no(path);
    of.forEach((shape, at) => shape(value[at], `${path}/${at}`));
  };

export const map =
  (name: Shape, of: Shape): Shape =>
  (value, path) => {
    if (!isRecord(value)) no(path);
    for (const [key, one] of Object.entries(value)) {
      name(key, `${path}/${key}`);
      of(one, `${path}/${key}`);
    }
  };

type Fields = Record<string, Shape>;

/** An object with these fields. One whose name ends with `?` may be absent, and is absent where it would say nothing. */
export function object(fields: Fields): Shape {
  const all = Object.entries(fields).map(([name, of]) => ({
    name: name.replace("?", ""),
    of,
    absent: name.endsWith("?"),
  }));
  const known = new Set(all.map((field) => field.name));
  return (value, path) => {
    if (!isRecord(value)) no(path);
    for (const name of Object.keys(value)) {
      if (!known.has(name))
        throw new Refused("unknown-field", "verifier-malformed", { path: `${path}/${name}`.slice(0, 80) });
    }
    for (const { name, of, absent } of all) {
      if (absent && !(name in value)) continue;
      if (absent && saysNothing(name, value[name])) no(`${path}/${name}`);
      of(value[name], `${path}/${name}`);
    }
  };
}

/** Whether a field that may be absent would say nothing: it is absent then. */
const saysNothing = (name: string, value: Json | undefined): boolean =>
  value === null ||
  (value === "" && name === "subject_id") ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) &&
    name === "history" &&
    Object.values(value).every((one) => Array.isArray(one) && one.length === 0));

/** One of several objects, told apart by the field `tag`. */
export const tagged =
  (tag: string, of: Record<string, Fields>): Shape =>
  (value, path) => {
    if (!isRecord(value)) no(path);
    const kind = value[tag];
    const fields = typeof kind === "string" && Object.hasOwn(of, kind) ? of[kind] : undefined;
    if (!fields) no(`${path}/${tag}`);
    object({ ...fields, [tag]: text })(value, path);
  };

/** A value that has a shape; reasons are those of the department's pages. */
export function exactly(value: Json | undefined, of: Shape): Record_ {
  of(value, "");
  return value as Record_;
}

/** A value that has a shape. */
export function shaped(value: Json | undefined, of: Shape): Record_ {
  try {
    return exactly(value, of);
  } catch (e) {
    throw e instanceof Refused ? new Refused("malformed", e.code, e.args) : e;
  }
}
