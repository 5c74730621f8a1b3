// An exported note (docs/formats/note.md).
import { addendumGate, noteGate, reviewGate } from "./gates/note";
import type { Record_ } from "./json";
import { isRecord, read } from "./json";
import { Key, fingerprint } from "./keys";
import { inLog, isOfNote } from "./log/logged";
import type { InLog } from "./log/logged";
import { Refused, need } from "./refused";
import * as shapes from "./records";
import { shaped } from "./shape";
import { askedOf, owed, paid, recordOf } from "./signed";
import type { Owed, Paid, Signer } from "./signed";

export const NOTE = "corroborate.note.v2";
export const REVIEW = "corroborate.review.v2";
export const ADDENDUM = "corroborate.addendum.v1";
const FILE = ["corroborate.note-file.v1", "corroborate.note-file.v2", "corroborate.note-file.v3"];

/** A note with what belongs to it, each as it was signed and as it is read. */
export interface Proven {
  note: Record_;
  sha256: string;
  key: string;
  reviews: Record_[];
  addenda: Record_[];
  owed: Owed[];
}

/** Proves a note, its reviews and its addenda: hash, signature, every gate. */
export function proven(note: Record_, reviews: Record_[], addenda: Record_[]): Proven {
  const content = recordOf(note, NOTE, shapes.note);
  noteGate(content);
  const hash = note.sha256 as string;
  const judged = reviews.map((seal): [Record_, string] => {
    const review = recordOf(seal, REVIEW, shapes.review);
    reviewGate(review, content, hash);
    return [review, seal.sha256 as string];
  });
  const added = addenda.map((seal, at): [Record_, string] => {
    const addendum = recordOf(seal, ADDENDUM, shapes.addendum);
    addendumGate(addendum, content, hash, at + 1);
    return [addendum, seal.sha256 as string];
  });
  return {
    note: content,
    sha256: hash,
    key: fingerprint(note.public_key as string),
    reviews: judged.map(([review]) => review),
    addenda: added.map(([addendum]) => addendum),
    owed: owed(content, hash, judged, added),
  };
}

export interface CheckedNote extends Paid {
  proven: Proven;
  logged: InLog[];
  root?: string;
}

/** A file's text; a line feed may end it. */
export const fileText = (text: string): string => (text.endsWith("\n") ? text.slice(0, -1) : text);

/** The department that a file names, and who of it signed. */
export function departmentOf(file: Record_, all: Owed[]): { root?: string } & Paid {
  const root = file.root as string | undefined;
  const none: Signer[] = [];
  if (root === undefined) return { signers: none, unsigned: [] };
  try {
    Key.read(root);
  } catch (e) {
    throw new Refused("department", "verifier-department-refused", {}, e instanceof Refused ? e : undefined);
  }
  const [department, statements] = [file.department ?? [], file.statements ?? []] as [string[], string[]];
  return { root, ...paid(all, root, department, statements) };
}

/** Which format a file's fields need. */
function formOf(file: Record_): number {
  if (file.ledger !== undefined) return 2;
  return file.root === undefined ? 0 : 1;
}

/** Checks an exported note; with `root`, that its people signed all of it by the roster of that department. */
export function checkNote(text: string, root?: string): CheckedNote {
  const value = read(fileText(text));
  const format = isRecord(value) && typeof value.format === "string" ? value.format : "";
  const refused = (holds: boolean): void =>
    need(holds, "schema", "verifier-schema", { found: format.slice(0, 80) });
  const named = isRecord(value) ? value.root : undefined;
  refused([FILE[named === undefined || named === null ? 0 : 1], FILE[2]].includes(format));
  const file = shaped(value, shapes.noteFile);
  const beside =
    (file.root === undefined && (file.department !== undefined || file.statements !== undefined)) ||
    (file.ledger === undefined && file.log !== undefined);
  refused(format === FILE[formOf(file)] && !beside);
  const review = file.review === null ? [] : [file.review as Record_];
  const all = proven(file.note as Record_, review, file.addenda as Record_[]);
  const found = departmentOf(file, all.owed);
  const [note, addenda] = [file.note as Record_, file.addenda as Record_[]];
  const logged = inLog(file, found.chain, (row, writer) => isOfNote(row, writer, note, review, addenda));
  if (root !== undefined) askedOf(root, found.root, found.unsigned);
  return { proven: all, logged, ...found };
}
