// What a disclosure shows of a log: which of its records and of the events of its audit are there, and what was never logged
// (docs/formats/disclosure.md, *Whether it was logged*).
import type { Chain } from "../department";
import { equal, record, records, words } from "../gates/parts";
import type { Record_ } from "../json";
import { inLog, isOfNote, namedBy } from "./logged";
import type { InLog } from "./logged";

/** What may be in a log. */
export type Kind = "notes" | "reviews" | "addenda" | "events";
export type Counted = Record<Kind, number>;

const KINDS: Record<string, Kind> = {
  "note-sealed": "notes",
  "note-reviewed": "reviews",
  "addendum-written": "addenda",
};

/** Each of what may be in a log, once: its kind and its SHA-256. */
class Parts {
  readonly all = new Map<string, Kind>();

  add(kind: Kind, sha256: string): void {
    this.all.set(`${kind} ${sha256}`, kind);
  }

  counted(without: Parts[] = []): Counted {
    const counted: Counted = { notes: 0, reviews: 0, addenda: 0, events: 0 };
    for (const [part, kind] of this.all) {
      if (!without.some((other) => other.all.has(part))) counted[kind] += 1;
    }
    return counted;
  }
}

export interface LoggedDisclosure {
  /** The file's rows, in their order. */
  logged: InLog[];
  /** How much of it is in whose log, in none, and how much there is. */
  counts: { whose: { name: InLog["whose"]; counted: Counted }[]; never: Counted; all: Counted };
}

/** What the log says of a disclosure that holds. A row of the workstation that made it, at the position of an event that it
 * shows, is that event; any other is of a record. */
export function loggedOf(disclosure: Record_, proof: Record_, chain: Chain | undefined): LoggedDisclosure {
  const [lines, holders, parts] = [new Map<number, Record_>(), new Map<string, Record_>(), new Parts()];
  for (const line of records(disclosure.audit)) {
    lines.set(line.seq as number, line);
    parts.add("events", words(line.hash));
  }
  for (const of of records(proof.notes)) {
    const put = (kind: Kind, seal: Record_): void => {
      holders.set(words(seal.sha256), of);
      parts.add(kind, words(seal.sha256));
    };
    put("notes", record(of.note));
    records(of.reviews).forEach((review) => put("reviews", review));
    records(of.addenda).forEach((added) => put("addenda", added));
  }
  const lineOf = (row: Record_, writer: string): Record_ | undefined =>
    writer === proof.public_key ? lines.get(row.seq as number) : undefined;
  const isRecordOf = (row: Record_, writer: string): boolean => {
    const sha256 = namedBy(row);
    const of = typeof sha256 === "string" ? holders.get(sha256) : undefined;
    return !!of && isOfNote(row, writer, record(of.note), records(of.reviews), records(of.addenda));
  };
  const logged = inLog(proof, chain, (row, writer) => {
    const line = lineOf(row, writer);
    return line ? equal(row, line) : isRecordOf(row, writer);
  });
  const known = new Map<InLog["whose"], Parts>();
  records(proof.ledger ?? []).forEach((one, n) => {
    const whose = logged[n]?.whose;
    if (whose === undefined) return;
    const [row, writer] = [record(one.row), words(one.writer)];
    const of = known.get(whose) ?? new Parts();
    known.set(whose, of);
    const line = lineOf(row, writer);
    if (line) of.add("events", words(line.hash));
    const kind = KINDS[words(row.action)];
    if (kind && isRecordOf(row, writer)) of.add(kind, words(namedBy(row)));
  });
  const whose = [...known].map(([name, of]) => ({ name, counted: of.counted() }));
  return { logged, counts: { whose, never: parts.counted([...known.values()]), all: parts.counted() } };
}
