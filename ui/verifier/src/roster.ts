// One document of the department (docs/formats/roster.md, policy.md): a roster or a policy, with its signatures.
import { bech32 } from "./bech32";
import type { Json, Record_ } from "./json";
import { isRecord, read } from "./json";
import { Key, sha256 } from "./keys";
import { at, dayOf } from "./moments";
import { Refused, need } from "./refused";
import * as s from "./shape";
import { gist, length, said, trimmed } from "./text";

const ROSTER = "corroborate/roster/v1";
const POLICY = "corroborate/policy/v1";
const MOST_DOCUMENT = 32 * 2 ** 20;
const MOST_POLICY = 2 ** 20;
const MOST_ENTRIES = 20_000;
const ROLES = ["examiner", "supervisor", "auditor", "administrator"];

export interface Span {
  key: string;
  from: string;
  until: string | null;
}

export interface Member {
  id: string;
  name: string;
  badge: string;
  agency: string;
  roles: string[];
  training: { completed_on: string; course: string; proficiency: number } | null;
  keys: Span[];
}

/** Who cosigns logs, and the log itself under its own name (docs/formats/ledger.md, *Keys*). */
export interface Witness {
  name: string;
  span: Span;
}

export interface Roster {
  name: string;
  people: Member[];
  witnesses: Witness[];
  signing: { span: Span; owner: string }[];
}

export interface Version {
  number: number;
  previous: string | null;
  made: bigint;
  madeAt: string;
  department: string;
  sha256: string;
  text: string;
  schema: string;
  roster?: Roster;
  policy?: string;
}

const keySpan = s.object({ from: s.day, key: s.text, until: s.maybe(s.day) });
const recipient = s.object({ from: s.day, name: s.text, receives: s.text, until: s.maybe(s.day) });
const rosterShape = s.object({
  auditors: s.list(recipient),
  department: s.text,
  escrow: s.list(recipient),
  made_at: s.moment,
  name: s.text,
  people: s.list(
    s.object({
      agency: s.text,
      badge: s.text,
      id: s.uuid,
      keys: s.list(keySpan),
      name: s.text,
      roles: s.list(s.is(...ROLES)),
      training: s.maybe(s.object({ completed_on: s.day, course: s.text, proficiency: s.u8 })),
    }),
  ),
  previous: s.maybe(s.text),
  schema: s.text,
  version: s.u32,
  witnesses: s.list(s.object({ from: s.day, name: s.text, signs: s.text, until: s.maybe(s.day) })),
  workstations: s.list(
    s.object({ from: s.day, name: s.text, receives: s.text, signs: s.text, until: s.maybe(s.day) }),
  ),
});
const policyShape = s.object({
  department: s.text,
  made_at: s.moment,
  previous: s.maybe(s.text),
  schema: s.text,
  text: s.text,
  version: s.u32,
});
const documentShape = s.object({
  signatures: s.list(s.object({ key: s.text, signature: s.text })),
  text: s.text,
});

/** Refuses a schema that is not one of `known`. */
export function schemaOf(value: Json, known: string[]): string {
  const found = isRecord(value) && typeof value.schema === "string" ? value.schema : "";
  if (known.includes(found)) return found;
  const parts = /^(.*)\/v(\d+)$/.exec(found);
  const earlier = known.some((one) => {
    const of = /^(.*)\/v(\d+)$/.exec(one);
    return parts && of && parts[1] === of[1] && Number(parts[2]) < Number(of[2]);
  });
  throw new Refused(earlier ? "schema-downgraded" : "schema-unknown", "verifier-schema", {
    found: found.slice(0, 80),
  });
}

function plain(text: string): void {
  // eslint-disable-next-line no-control-regex
  const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
  const fits = said(text) && trimmed(text) === text && length(text) <= 200 && !unseen.test(text);
  need(fits, "text-unfit", "verifier-roster", { what: text.slice(0, 80) });
}

function inOrder(from: string, until: string | null, what: string): void {
  need(until === null || from <= until, "dates-out-of-order", "verifier-roster", { what });
}

const byCode = (a: string, b: string): number => {
  const [one, other] = [[...a], [...b]];
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = (one[i]?.codePointAt(0) ?? 0) - (other[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
};

function sorted<T>(all: T[], by: (one: T) => string): void {
  const names = all.map(by);
  const ordered = [...names].sort(byCode);
  need(
    names.every((name, at) => name === ordered[at]),
    "not-canonical",
    "verifier-not-canonical",
  );
}

function once(all: string[], reason: string): void {
  const seen = new Set<string>();
  for (const one of all) {
    need(!seen.has(one), reason, "verifier-roster", { what: one.slice(0, 80) });
    seen.add(one);
  }
}

export const oneBadge = (p: { agency: string; badge: string }): string =>
  [p.agency, p.badge].map((text) => gist(text).replaceAll(" ", "")).join("|");

interface Named {
  name: string;
  from: string;
  until: string | null;
  signs: string;
  receives: string;
}

function rosterOf(value: Record_, root: string, today: string): Roster {
  const people = value.people as unknown as Member[];
  const lists = value as unknown as Record<"workstations" | "witnesses" | "auditors" | "escrow", Named[]>;
  const { workstations, witnesses, auditors, escrow } = lists;
  // Keys first: what is no key is nothing else either.
  for (const { keys, name } of people) {
    for (const span of keys) {
      Key.read(span.key);
      inOrder(span.from, span.until, name);
    }
  }
  for (const one of [...workstations, ...witnesses]) {
    Key.read(one.signs);
    inOrder(one.from, one.until, one.name);
  }
  const name = value.name as string;
  plain(name);
  for (const all of [people, workstations, witnesses, auditors, escrow]) {
    need(all.length <= MOST_ENTRIES, "too-many", "verifier-roster", { what: name });
  }
  for (const person of people) {
    for (const text of [person.name, person.badge, ...(person.training ? [person.training.course] : [])])
      plain(text);
    const { training } = person;
    const complete =
      /^[A-Z0-9]{9}$/.test(person.agency) && person.roles.length > 0 && (training?.proficiency ?? 0) <= 100;
    need(complete, "incomplete", "verifier-roster", { what: person.name });
    need(new Set(person.roles).size === person.roles.length, "malformed", "verifier-roster", {
      what: person.name,
    });
    need(person.keys.length <= 64, "too-many", "verifier-roster", { what: person.name });
    need(!training || training.completed_on <= today, "dates-out-of-order", "verifier-roster", {
      what: person.name,
    });
  }
  once(
    people.map((person) => person.id),
    "person-twice",
  );
  once(people.map(oneBadge), "person-twice");
  const receives = (one: Named): void => {
    plain(one.name);
    need(bech32("age", one.receives) === 32, "recipient-malformed", "verifier-roster", { what: one.name });
  };
  workstations.forEach(receives);
  once(
    workstations.map((one) => one.name),
    "name-twice",
  );
  for (const all of [auditors, escrow]) {
    all.forEach((one) => {
      receives(one);
      inOrder(one.from, one.until, one.name);
    });
    once(
      all.map((one) => one.name),
      "name-twice",
    );
  }
  once(
    [...workstations, ...auditors, ...escrow].map((one) => one.receives),
    "key-twice",
  );
  for (const one of witnesses) {
    plain(one.name);
    need(!/[\s+]/u.test(one.name), "text-unfit", "verifier-roster", { what: one.name });
  }
  once(
    witnesses.map((one) => one.name),
    "name-twice",
  );
  const signing = [
    ...people.flatMap((person) => person.keys.map((span) => ({ span, owner: person.id }))),
    ...workstations.map((one) => ({
      span: { key: one.signs, from: one.from, until: one.until },
      owner: "workstation",
    })),
    ...witnesses.map((one) => ({
      span: { key: one.signs, from: one.from, until: one.until },
      owner: "witness",
    })),
  ];
  once([root, ...signing.map(({ span }) => span.key)], "key-twice");
  const administrators = people.filter((person) => person.roles.includes("administrator"));
  need(administrators.length > 0, "no-administrator", "verifier-roster", { what: name });
  for (const person of administrators) {
    const open = person.keys.some((span) => span.until === null || span.until >= today);
    need(open, "administrator-without-key", "verifier-roster", { what: person.name });
  }
  // In their order, or it is another text.
  sorted(people, (person) => person.id);
  for (const person of people) {
    sorted(person.keys, (span) => span.key);
    const places = person.roles.map((role) => ROLES.indexOf(role));
    need(
      places.every((place, n) => n === 0 || (places[n - 1] ?? 0) < place),
      "not-canonical",
      "verifier-not-canonical",
    );
  }
  for (const all of [workstations, witnesses, auditors, escrow]) sorted(all, (one) => one.name);
  const cosigning = witnesses.map((one) => ({
    name: one.name,
    span: { key: one.signs, from: one.from, until: one.until },
  }));
  return { name, people, witnesses: cosigning, signing };
}

function versionOf(text: string): Version {
  const value = read(text, MOST_DOCUMENT);
  const schema = schemaOf(value, [ROSTER, POLICY]);
  const said_ = s.exactly(value, schema === POLICY ? policyShape : rosterShape);
  const department = said_.department as string;
  Key.read(department);
  const madeAt = said_.made_at as string;
  const version: Version = {
    number: said_.version as number,
    previous: said_.previous as string | null,
    made: at(madeAt),
    madeAt,
    department,
    sha256: sha256(text),
    text,
    schema,
  };
  if (schema === POLICY) {
    const policy = said_.text as string;
    need(new TextEncoder().encode(policy).length <= MOST_POLICY, "too-large", "verifier-too-large");
    need(said(policy), "text-unfit", "verifier-roster", { what: "policy" });
    return { ...version, policy };
  }
  return { ...version, roster: rosterOf(said_, department, dayOf(madeAt)) };
}

export interface Signature {
  key: string;
  signature: string;
}

export function documentOf(text: string): { version: Version; signatures: Signature[] } {
  const document = s.exactly(read(text, MOST_DOCUMENT), documentShape);
  const signatures = document.signatures as unknown as Signature[];
  need(signatures.length <= 64, "too-many", "verifier-roster", { what: "signatures" });
  signatures.forEach(({ key }) => Key.read(key));
  const version = versionOf(document.text as string);
  sorted(signatures, ({ key }) => key);
  return { version, signatures };
}
