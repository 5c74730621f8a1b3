// Checkpoints (tlog-checkpoint) and the notes that they are (signed-note): size and root of a log, and who signed that.
import { bytesOf, hexOf } from "../keys";
import { MOST_NOTE, base64, bytesOfText, count, hash64, isName, must, no } from "./forms";
import { LogKey } from "./key";

/** Most signature lines of a note. */
const MOST_LINES = 64;

interface Line {
  name: string;
  id: string;
  bytes: Uint8Array;
}

function lineOf(text: string): Line {
  const parts = /^\u2014 (\S+) (\S+)$/u.exec(text);
  const bytes = base64(parts?.[2] ?? "");
  const name = parts?.[1] ?? "";
  must(bytes !== undefined && bytes.length > 4 && isName(name), "malformed");
  return { name, id: hexOf(bytes.slice(0, 4)), bytes: bytes.slice(4) };
}

/** What is known of who signed a note. */
class Note {
  private constructor(
    readonly text: string,
    private readonly lines: Line[],
  ) {}

  static read(whole: string): Note {
    must(whole.length <= MOST_NOTE && bytesOfText(whole).length <= MOST_NOTE, "too-large");
    // eslint-disable-next-line no-control-regex
    must(!/[\u0000-\u0009\u000b-\u001f]/.test(whole), "malformed");
    const end = whole.lastIndexOf("\n\n");
    must(end > 0 && whole.endsWith("\n") && end + 2 < whole.length, "malformed");
    const lines = whole.slice(end + 2, -1).split("\n");
    must(lines.length <= MOST_LINES, "malformed");
    return new Note(whole.slice(0, end + 1), lines.map(lineOf));
  }

  /** Holds it to a key: every line that names the key fits, and there is one. Of a witness, when it saw it first. */
  signedBy(key: LogKey): number {
    const own = this.lines.filter((line) => line.name === key.name && line.id === key.id);
    const times = own.map((line) => key.signed(this.text, line.bytes));
    must(times.length > 0, "not-signed");
    return Math.min(...times);
  }
}

/** What a checkpoint says. Nobody has to have signed it. */
export class Checkpoint {
  private constructor(
    readonly whole: string,
    readonly origin: string,
    readonly size: number,
    readonly root: Uint8Array,
    private readonly note: Note,
  ) {}

  static read(whole: string): Checkpoint {
    const note = Note.read(whole);
    const [origin = "", size = "", root = "", ...further] = note.text.slice(0, -1).split("\n");
    must(origin !== "" && further.every((line) => line !== ""), "malformed");
    return new Checkpoint(whole, origin, count(size), hash64(root), note);
  }

  /** The same, signed by the log with this key. */
  signed(log: LogKey): Signed {
    must(this.origin === log.name, "other-log");
    must(log.kind === "log", "not-signed");
    this.note.signedBy(log);
    return new Signed(this, log);
  }

  /** Text that is signed. */
  get text(): string {
    return this.note.text;
  }

  seenBy(witness: LogKey): number {
    must(witness.kind === "witness", "not-signed");
    return this.note.signedBy(witness);
  }
}

/** A checkpoint that its log signed; made by `Checkpoint.signed` alone. */
export class Signed {
  constructor(
    readonly of: Checkpoint,
    readonly log: LogKey,
  ) {}

  get size(): number {
    return this.of.size;
  }
  get root(): Uint8Array {
    return this.of.root;
  }
  get text(): string {
    return this.of.text;
  }

  /** When each witness saw it; refuses where one did not, and where none is wanted. */
  cosigned(witnesses: LogKey[]): number[] {
    must(witnesses.length > 0, "no-witness");
    return witnesses.map((witness) => this.of.seenBy(witness));
  }
}

/** The origin line of a log: of the department with this root key, or of a workstation that is by itself. */
export const originOf = (key: string): string => `ledger.corroborate/${key}`;

const GALLERY = "gallery.corroborate/";

/** Whether this is the name of a gallery's log, and of no witness. */
export const isGallery = (name: string): boolean => name.startsWith(GALLERY);

/** The key of the gallery's log that has this origin: it names its own. */
export function galleryKey(origin: string): LogKey {
  const hex = isGallery(origin) ? origin.slice(GALLERY.length) : "";
  if (bytesOf(hex)?.length !== 32) no("other-log");
  return LogKey.of("log", origin, hex);
}
