// What somebody is shown of a log or an audit, as a case; whether it holds is judged from the case alone
// (docs/formats/ledger.md, *A second reader*).
import { Refused } from "../refused";
import { asLogged } from "./audit";
import type { Row } from "./audit";
import { Checkpoint } from "./checkpoint";
import type { Signed } from "./checkpoint";
import { auditFile, galleryRow, rowsAsLogged } from "./gallery";
import { LogKey } from "./key";
import { Leaf } from "./leaf";
import { Proof } from "./proof";
import { Whole } from "./tiles";
import type { Files } from "./tiles";
import type { Json } from "../json";

/** A case. `log` and `witnesses` are keys that the reader knows, `seen` the checkpoints that they saw before. */
interface Case {
  n: number;
  log: string;
  witnesses: string[];
  seen: string[];
  /** Files of a log by path, in hexadecimal. */
  files?: Record<string, string>;
  /** A workstation's audit: its key and its rows, or a gallery's rows. */
  writer?: string;
  rows?: Json[];
  /** A proof, and the entry that it is of. */
  proof?: string;
  entry?: string;
  /** A gallery's audit as a file. */
  file?: string;
}

/** What a reader is told of what holds. */
type Told = "not-cosigned";

function workstationRow(value: Json): Row {
  const row = value as {
    seq: number;
    at: string;
    person: string;
    action: string;
    detail: string;
    hash: string;
  };
  return { seq: row.seq, fields: [row.at, row.person, row.action, row.detail], hash: row.hash };
}

/** The keys and checkpoints that a reader knows already: one that does not hold is no case. */
function known(one: Case): { log: LogKey; witnesses: LogKey[]; seen: Signed[] } {
  try {
    const log = LogKey.read(one.log);
    const witnesses = one.witnesses.map((key) => LogKey.read(key));
    return { log, witnesses, seen: one.seen.map((text) => Checkpoint.read(text).signed(log)) };
  } catch (e) {
    throw new Error(`what the reader knows does not hold: ${String(e)}`);
  }
}

function judged(one: Case): Told[] {
  const { log, witnesses, seen } = known(one);
  if (one.proof !== undefined && one.entry !== undefined) {
    const signed = Proof.read(one.proof).of(Leaf.read(one.entry), log);
    signed.cosigned(witnesses);
    return [];
  }
  if (one.file !== undefined) {
    const { tree } = auditFile(one.file, log);
    seen.forEach((signed) => tree.beginsWith(signed));
    return [];
  }
  const { files: served, rows, writer } = one;
  if (served === undefined) throw new Error("a case without anything that is shown");
  const files: Files = (path) =>
    Object.hasOwn(served, path) ? Uint8Array.from(Buffer.from(served[path] ?? "", "hex")) : undefined;
  const whole = Whole.read(files, log);
  seen.forEach((signed) => whole.tree.beginsWith(signed));
  if (rows && writer !== undefined) asLogged(rows.map(workstationRow), writer, whole.leaves);
  else if (rows) rowsAsLogged(rows.map(galleryRow), log, whole.leaves);
  if (witnesses.length === 0) return [];
  return whole.cosigned(files, witnesses).text === whole.signed.text ? [] : ["not-cosigned"];
}

/** The answer to a case, as a line of JSON. What is no case, and what nobody thought of, is a fault and no finding. */
export function answered(line: string): string {
  let n: number | null = null;
  try {
    const one = JSON.parse(line) as Case;
    n = one.n;
    return JSON.stringify({ n, holds: true, told: judged(one) });
  } catch (e) {
    if (e instanceof Refused && n !== null) return JSON.stringify({ n, holds: false, reason: e.reason });
    return JSON.stringify({ n, fault: String(e).slice(0, 200) });
  }
}
