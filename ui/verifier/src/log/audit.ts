// The hash chain of an audit: each row follows from the one before (docs/formats/ledger.md, *An entry*).
import { sha256 } from "../keys";
import { must } from "./forms";
import type { Leaf } from "./leaf";

/** A row; `fields` are what is hashed behind its position, in their order. */
export interface Row {
  seq: number;
  fields: string[];
  hash: string;
}

/** The hash of a row behind the one with the hash `previous`; the first follows from the empty text. */
export const link = (previous: string, seq: number, fields: string[]): string =>
  sha256([previous, String(seq), ...fields].map((field) => `${field}\n`).join(""));

/** Holds rows from the first on to each other. */
export function chained(rows: Row[]): void {
  let previous = "";
  rows.forEach(({ seq, fields, hash }, at) => {
    must(seq === at + 1 && hash === link(previous, seq, fields), "row");
    previous = hash;
  });
}

/** Holds an audit to what a log has of its writer: every row there is here, the same. */
export function asLogged(rows: Row[], writer: string, leaves: Leaf[]): void {
  chained(rows);
  for (const leaf of leaves) {
    if (leaf.writer !== writer) continue;
    const row = rows[leaf.position - 1];
    must(row !== undefined, "rolled-back");
    must(row.hash === leaf.hash, "fork");
  }
}
