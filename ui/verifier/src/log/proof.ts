// A proof that an entry is in a log (tlog-proof): what a record carries.
import { Checkpoint } from "./checkpoint";
import type { Signed } from "./checkpoint";
import { MOST_HASHES, MOST_NOTE, bytesOfText, count, hash64, must } from "./forms";
import type { LogKey } from "./key";
import type { Leaf } from "./leaf";
import { included } from "./tree";

const FORM = "c2sp.org/tlog-proof@v1";

export class Proof {
  private constructor(
    readonly index: number,
    private readonly hashes: Uint8Array[],
    readonly checkpoint: Checkpoint,
  ) {}

  static read(text: string): Proof {
    // The checkpoint's text is the longest part by far.
    must(text.length <= 2 * MOST_NOTE && bytesOfText(text).length <= 2 * MOST_NOTE, "too-large");
    const end = text.indexOf("\n\n");
    must(end > 0, "malformed");
    const [form, second = "", ...hashes] = text.slice(0, end).split("\n");
    const index = /^index (.*)$/.exec(second)?.[1];
    must(form === FORM && index !== undefined && hashes.length <= MOST_HASHES, "malformed");
    return new Proof(count(index), hashes.map(hash64), Checkpoint.read(text.slice(end + 2)));
  }

  /** Holds it to an entry and the log's key. */
  of(leaf: Leaf, log: LogKey): Signed {
    const signed = this.checkpoint.signed(log);
    included(leaf.inTree, this.index, this.hashes, signed);
    return signed;
  }
}
