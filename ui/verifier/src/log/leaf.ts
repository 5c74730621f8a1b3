// An entry of a log: which row stands at which position of whose audit (docs/formats/ledger.md, *An entry*).
import { bytesOfText, count, must } from "./forms";
import { leafHash } from "./tree";

const ENTRY = /^corroborate\/leaf\/v1\n([0-9a-f]{64})\n([1-9]\d{0,15})\n([0-9a-f]{64})\n$/;

export class Leaf {
  private constructor(
    readonly entry: string,
    readonly writer: string,
    readonly position: number,
    readonly hash: string,
  ) {}

  static read(entry: string): Leaf {
    const parts = ENTRY.exec(entry);
    must(parts !== null, "malformed");
    return new Leaf(entry, parts[1] ?? "", count(parts[2] ?? ""), parts[3] ?? "");
  }

  static of(writer: string, position: number, hash: string): Leaf {
    return Leaf.read(`corroborate/leaf/v1\n${writer}\n${position}\n${hash}\n`);
  }

  get inTree(): Uint8Array {
    return leafHash(bytesOfText(this.entry));
  }
}
