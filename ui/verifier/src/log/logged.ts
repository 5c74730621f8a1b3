// Whether the rows that a file shows are in a log, and which witnesses saw them there (docs/formats/note.md,
// *Whether it was logged*).
import type { Chain } from "../department";
import type { Json, Record_ } from "../json";
import { isRecord, parse } from "../json";
import { Refused } from "../refused";
import type { Witness } from "../roster";
import { link } from "./audit";
import type { Signed } from "./checkpoint";
import { isGallery, originOf } from "./checkpoint";
import { must, no } from "./forms";
import { LogKey } from "./key";
import { Leaf } from "./leaf";
import { Proof } from "./proof";

/** A record that is in a log: the department's, by a key that a roster names, or by none that one names, or the workstation's own. */
export interface InLog {
  event: string;
  /** From 0. */
  index: number;
  size: number;
  whose: "department" | "unnamed" | "workstation";
  /** Witnesses of the rosters that saw it, each with the moment. */
  seen: { name: string; at: string }[];
  /** Witnesses of the newest roster that did not. */
  missing: string[];
}

/** The SHA-256 that a row's details name. */
export function namedBy(row: Record_): Json | undefined {
  try {
    const detail = parse(row.detail as string);
    return isRecord(detail) ? detail.sha256 : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a row is of a record of a note: by its event, its writer and the record's SHA-256. */
export function isOfNote(
  row: Record_,
  writer: Json | undefined,
  note: Record_,
  reviews: Record_[],
  addenda: Record_[],
): boolean {
  const sha256 = namedBy(row);
  const made = (record: Record_, ...by: Record_[]): boolean =>
    record.sha256 === sha256 && by.some((one) => one.public_key === writer);
  switch (row.action) {
    case "note-sealed":
      return made(note, note);
    case "note-reviewed":
      return reviews.some((review) => made(review, review, note));
    case "addendum-written":
      return addenda.some((one) => made(one, one));
    default:
      return false;
  }
}

/** The key by which the log of a proof counts, and whose log that is. */
function logOf(
  proof: Proof,
  writer: string,
  file: Record_,
  known: Witness[],
): { key: LogKey; whose: InLog["whose"] } {
  const name = proof.checkpoint.origin;
  if (name === originOf(writer)) return { key: LogKey.of("log", name, writer), whose: "workstation" };
  must(file.root !== undefined && name === originOf(file.root as string), "other-log");
  const named = known.filter((one) => one.name === name);
  if (named.length === 0) {
    must(file.log !== undefined, "other-log");
    const key = LogKey.read(file.log as string);
    must(key.name === name, "other-log");
    return { key, whose: "unnamed" };
  }
  for (const { span } of named) {
    try {
      const key = LogKey.of("log", name, span.key);
      proof.checkpoint.signed(key);
      return { key, whose: "department" };
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
    }
  }
  return no("not-signed");
}

/** The moment of seconds since 1970, as days and records write it. */
function momentOf(seconds: number): string | undefined {
  const at = new Date(seconds * 1000);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace(".000Z", "Z");
}

/** Which witnesses of a chain saw a checkpoint, each on a day on which its key counts, and which of the newest roster did not. */
function seenBy(signed: Signed, chain: Chain, known: Witness[]): Pick<InLog, "seen" | "missing"> {
  const [seen, missing] = [[] as InLog["seen"], [] as string[]];
  const newest = chain.rosterOf(chain.size).witnesses;
  for (const { name, span } of known) {
    if (name === signed.log.name || isGallery(name)) continue;
    let at: string | undefined;
    try {
      at = momentOf(signed.of.seenBy(LogKey.of("witness", name, span.key)));
    } catch (e) {
      if (!(e instanceof Refused && e.reason === "not-signed")) throw e;
    }
    const day = at?.slice(0, 10);
    const counted = day !== undefined && span.from <= day && (span.until === null || day <= span.until);
    if (at !== undefined && counted) seen.push({ name, at });
    else if (newest.some((one) => one.span.key === span.key)) missing.push(name);
  }
  return { seen, missing };
}

/** What the log says of a file's rows, in their order; refuses where one of them does not hold, or is not of what the file holds. */
export function inLog(
  file: Record_,
  chain: Chain | undefined,
  isOf: (row: Record_, writer: string) => boolean,
): InLog[] {
  const known = chain?.witnesses ?? [];
  const places = new Set<string>();
  const wrong = (number: number, inner?: Refused): Refused =>
    new Refused("ledger", "verifier-logged-wrong", { number }, inner);
  const all = ((file.ledger ?? []) as Record_[]).map((one): InLog => {
    const row = one.row as Record_;
    const [seq, hash, writer] = [row.seq as number, row.hash as string, one.writer as string];
    const fields = [row.at, row.person, row.action, row.detail] as string[];
    try {
      must(link(row.previous as string, seq, fields) === hash, "row");
      // One workstation's position has one row: a second one is the same again, or of another history.
      const place = `${writer} ${seq}`;
      must(isOf(row, writer) && !places.has(place), "row");
      places.add(place);
      const proof = Proof.read(one.proof as string);
      const { key, whose } = logOf(proof, writer, file, known);
      const signed = proof.of(Leaf.of(writer, seq, hash), key);
      const of = chain ? seenBy(signed, chain, known) : { seen: [], missing: [] };
      return { event: row.action as string, index: proof.index, size: signed.size, whose, ...of };
    } catch (e) {
      throw e instanceof Refused ? wrong(seq, e) : e;
    }
  });
  // A key that nobody vouches for stands there only where it is needed.
  if (file.log !== undefined && !all.some((one) => one.whose === "unnamed"))
    throw new Refused("ledger", "verifier-logged-key");
  return all;
}
