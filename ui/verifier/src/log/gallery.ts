// A gallery's audit: rows as it shows them, and the audit as a file (docs/formats/ledger.md, *A gallery's log*).
import { parse } from "../json";
import type { Json, Record_ } from "../json";
import { exactly } from "../shape";
import * as s from "../shape";
import { chained } from "./audit";
import type { Row } from "./audit";
import { Checkpoint } from "./checkpoint";
import type { Signed } from "./checkpoint";
import { bytesOfText, must } from "./forms";
import type { LogKey } from "./key";
import { Leaf } from "./leaf";
import { Tree } from "./tree";

const FORMAT = "corroborate.gallery-audit.v1";
/** Most bytes of a line, its line feed with it. */
const MOST_LINE = 2 ** 20;

const FIELDS = ["at", "actor", "agency", "action", "detail"];
const rowShape = s.object({
  action: s.text,
  actor: s.text,
  agency: s.text,
  at: s.text,
  detail: s.text,
  hash: s.text,
  seq: s.whole(1, Number.MAX_SAFE_INTEGER),
});
const headShape = s.object({ checkpoint: s.maybe(s.text), cosigned: s.maybe(s.text), format: s.text });

/** A row as `GET /v1/audit` gives it. */
export function galleryRow(value: Json): Row {
  const row: Record_ = exactly(value, rowShape);
  return {
    seq: row.seq as number,
    fields: FIELDS.map((name) => row[name] as string),
    hash: row.hash as string,
  };
}

/** Entry n of a gallery's log is row n + 1 of its audit, under the log's own key. */
export const galleryLeaf = (log: LogKey, row: Row): Leaf => Leaf.of(log.key.hex, row.seq, row.hash);

/** Holds the rows that a gallery shows to each other and to the entries of its log. Later rows may be on their way there. */
export function rowsAsLogged(rows: Row[], log: LogKey, leaves: Leaf[]): void {
  chained(rows);
  must(rows.length >= leaves.length, "rolled-back");
  leaves.forEach((leaf, at) => {
    const row = rows[at];
    must(row !== undefined && galleryLeaf(log, row).entry === leaf.entry, "fork");
  });
}

/** An audit as a file, of which the rows are those of its checkpoint. */
export interface AuditFile {
  rows: Row[];
  signed: Signed;
  tree: Tree;
  cosigned: Signed | null;
}

/** Reads a file of the gallery whose log has this key. Without a checkpoint it is refused: that gallery keeps a log. */
export function auditFile(text: string, log: LogKey): AuditFile {
  must(text.endsWith("\n"), "malformed");
  const lines = text.slice(0, -1).split("\n");
  must(
    lines.every((line) => bytesOfText(line).length < MOST_LINE),
    "too-large",
  );
  const head = exactly(parse(lines[0] ?? ""), headShape);
  must(head.format === FORMAT && head.checkpoint !== null, "malformed");
  const signed = Checkpoint.read(head.checkpoint as string).signed(log);
  const rows = lines.slice(1).map((line) => galleryRow(parse(line)));
  chained(rows);
  must(rows.length >= signed.size, "rolled-back");
  must(rows.length === signed.size, "fork");
  const tree = new Tree(rows.map((row) => galleryLeaf(log, row).inTree));
  tree.beginsWith(signed);
  if (head.cosigned === null) return { rows, signed, tree, cosigned: null };
  const cosigned = Checkpoint.read(head.cosigned as string).signed(log);
  tree.beginsWith(cosigned);
  return { rows, signed, tree, cosigned };
}
