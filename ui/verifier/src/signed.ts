// Records that a workstation signed, and who of the department signed what (docs/formats/note.md).
import type { Acting, Chain } from "./department";
import type { Member } from "./roster";
import { Chain as DepartmentChain } from "./department";
import { answerOf, workOf } from "./gates/examination";
import { samePerson } from "./gates/parts";
import type { Json, Record_ } from "./json";
import { canonical, isRecord, read } from "./json";
import { Key, sha256 } from "./keys";
import { at as momentOf } from "./moments";
import { policyRule } from "./policy";
import { Refused, need } from "./refused";
import { shaped } from "./shape";
import type { Shape } from "./shape";
import { statement, verified } from "./statement";
import type { Caveat, Statement } from "./statement";

/** Runs what refuses by the names of the department's pages, and refuses by the ones of files. */
function by<T>(reason: string, code: string, what: () => T): T {
  try {
    return what();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    throw new Refused(reason, code, e.args, e);
  }
}

/** Holds a text to the hash and the signature beside it. */
export function signature(schema: string, text: string, seal: Record_): void {
  need(sha256(text) === seal.sha256, "hash", "verifier-hash");
  const key = by("key", "verifier-key-malformed", () => Key.read(seal.public_key as string));
  by("signature", "verifier-signature-wrong", () => key.verify(schema, text, seal.signature as string));
}

/** A record as a workstation signed it: its text has one reading, and no field besides its own. */
export function recordOf(seal: Record_, schema: string, shape: Shape): Record_ {
  const text = seal.text as string;
  signature(schema, text, seal);
  const value = read(text);
  need(isRecord(value) && value.schema === schema, "schema", "verifier-schema", { found: schema });
  return shaped(value, shape);
}

export type Stated =
  | "handover"
  | "reassignment"
  | "conclusion"
  | "verification"
  | "conference"
  | "note"
  | "review"
  | "addendum"
  | "disclosure";
const ALL: Stated[] = [
  "handover",
  "reassignment",
  "conclusion",
  "verification",
  "conference",
  "note",
  "review",
  "addendum",
  "disclosure",
];

/** A record that somebody must have signed. */
export interface Owed {
  stated: Stated;
  record: string;
  person: Record_;
  at: string;
}

export interface Signer {
  stated: Stated;
  member: Member;
  at: string;
  version: number;
  caveats: Caveat[];
}

const digest = (value: Json): string => sha256(canonical(value));

/** What a note with its reviews and addenda (each with its hash) owes. */
export function owed(
  note: Record_,
  hash: string,
  reviews: [Record_, string][],
  addenda: [Record_, string][],
): Owed[] {
  const examination = note.examination as Record_;
  const of = (stated: Stated, record: string, person: Json | undefined, at: Json | undefined): Owed => ({
    stated,
    record,
    person: person as Record_,
    at: at as string,
  });
  const all = [of("conclusion", digest(workOf(examination)), examination.examiner, examination.concluded_at)];
  if (note.verification !== null) {
    const second = note.verification as Record_;
    const answer = second.asked === undefined ? (second.work ?? null) : (answerOf(second) ?? null);
    all.push(of("verification", digest(answer), second.verifier, second.at));
    if (second.asked !== undefined && second.conference !== null) {
      const conference = second.conference as Record_;
      const request = (second.asked as Record_).request as Record_;
      const part: Record_ = { ...conference, request: request.id as string };
      Reflect.deleteProperty(part, "confirmed_at");
      const [examiner, verifier] = conference.held_by as Record_[];
      all.push(of("conference", digest(part), examiner, conference.at));
      all.push(of("conference", digest(part), verifier, conference.confirmed_at));
    }
  }
  const history = note.history === undefined ? {} : (note.history as Record_);
  for (const one of (history.handed_over ?? []) as Record_[]) {
    const absent = !samePerson(one.by as Record_, one.from as Record_);
    all.push(of(absent ? "reassignment" : "handover", digest(one), one.by, one.at));
  }
  all.push(of("note", hash, note.author, note.sealed_at));
  all.push(...reviews.map(([review, sha]) => of("review", sha, review.reviewer, review.at)));
  all.push(...addenda.map(([added, sha]) => of("addendum", sha, added.author, added.at)));
  return all;
}

function acting(stated: Stated, training: { months: number; proficiency: number }): Acting {
  switch (stated) {
    case "note":
    case "handover":
      return "examiner";
    case "review":
    case "reassignment":
      return "supervisor";
    case "addendum":
    case "disclosure":
      return "anybody";
    default:
      return training;
  }
}

const recordSigned = (said: Statement): string | undefined => {
  const { payload } = said;
  const whole = isRecord(payload) && Object.keys(payload).length === 1 && typeof payload.sha256 === "string";
  return whole ? (payload.sha256 as string) : undefined;
};

/** Whether a statement does for a record. */
function does(chain: Chain, said: Statement, one: Owed): Signer {
  need(said.at === one.at, "statement", "verifier-another-moment");
  const text = chain.policyOf(chain.inForce(momentOf(one.at)));
  if (text === undefined) throw new Refused("statement", "verifier-no-policy");
  const found = verified(chain, said, acting(one.stated, policyRule(text)));
  const { member } = found;
  const same = member.id === one.person.id && member.badge === one.person.badge;
  need(same, "another-person", "verifier-another-person", { name: member.name });
  return { stated: one.stated, member, at: one.at, version: found.version, caveats: found.caveats };
}

export interface Paid {
  signers: Signer[];
  unsigned: Owed[];
  /** The department's documents, where the file has them. */
  chain?: Chain;
}

/** Who signed what is owed, and what nobody signed, by the department of `root`. */
export function paid(all: Owed[], root: string, department: string[], statements: string[]): Paid {
  const chain = by("department", "verifier-department-refused", () => DepartmentChain.read(root, department));
  const given = statements.map((text) => {
    for (const kind of ALL) {
      try {
        return { stated: kind, said: statement(text, kind) };
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
      }
    }
    throw new Refused("statement", "verifier-statement-unreadable");
  });
  const used = new Set<number>();
  const signers: Signer[] = [];
  const unsigned: Owed[] = [];
  for (const one of all) {
    let found: Signer | undefined;
    let refused: Refused | undefined;
    given.forEach(({ stated, said }, place) => {
      if (stated !== one.stated || said.person !== one.person.id || recordSigned(said) !== one.record) return;
      try {
        const signer = does(chain, said, one);
        if (!found) used.add(place);
        found ??= signer;
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        refused = e;
      }
    });
    if (found) {
      const again = signers.some(
        (s) => s.stated === found?.stated && s.member.id === found.member.id && s.at === found.at,
      );
      if (!again) signers.push(found);
    } else if (refused) {
      throw new Refused(
        "statement",
        "verifier-statement-refused",
        { name: one.person.name as string },
        refused,
      );
    } else {
      unsigned.push(one);
    }
  }
  // Nothing hides among the signatures.
  need(used.size === given.length, "beside", "verifier-beside");
  return { signers, unsigned, chain };
}

/** Whether a file of the department `found` is that of the reader's own `root`, and nothing of it is unsigned. */
export function askedOf(root: string, found: string | undefined, unsigned: Owed[]): void {
  need(found !== undefined, "no-department", "verifier-no-department");
  need(found === root, "other-department", "verifier-other-root", { root: found });
  const [first] = unsigned;
  if (first) throw new Refused("unsigned", "verifier-unsigned", { name: first.person.name as string });
}
