// A whole log as it is served (tlog-tiles): tiles of hashes and bundles of entries, held against what was signed.
import { Checkpoint } from "./checkpoint";
import type { Signed } from "./checkpoint";
import { MOST_NOTE, count, must, no, same, textOf } from "./forms";
import type { LogKey } from "./key";
import { Leaf } from "./leaf";
import { Tree } from "./tree";

const WIDTH = 256;
/** Most bytes of an entry: three lines of digits and their words. */
const MOST_ENTRY = 1024;

/** A tile of hashes, or, without a level, a bundle of entries. */
export interface Tile {
  level: number | null;
  index: number;
  width: number;
}

export function pathOf({ level, index, width }: Tile): string {
  let [number, rest] = [String(index % 1000).padStart(3, "0"), Math.floor(index / 1000)];
  for (; rest > 0; rest = Math.floor(rest / 1000))
    number = `x${String(rest % 1000).padStart(3, "0")}/${number}`;
  return `tile/${level ?? "entries"}/${number}${width < WIDTH ? `.p/${width}` : ""}`;
}

export function tileOf(path: string): Tile {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  must(parts !== null, "malformed");
  const level = parts[1] === "entries" ? null : count(parts[1] ?? "");
  const index = Number((parts[2] ?? "").replace(/[x/]/g, ""));
  const width = parts[3] === undefined ? WIDTH : count(parts[3]);
  const fits = (level ?? 0) < 64 && Number.isSafeInteger(index) && width > 0;
  must(fits && (parts[3] === undefined || width < WIDTH), "malformed");
  const tile = { level, index, width };
  // A number has one path.
  must(pathOf(tile) === path, "malformed");
  return tile;
}

/** The files of a log, by their path below its prefix. */
export type Files = (path: string) => Uint8Array | undefined;

/** The entries of a bundle, each with two bytes before it that say its length. */
function entriesOf(bundle: Uint8Array): Leaf[] {
  const all: Leaf[] = [];
  for (let at = 0; at < bundle.length;) {
    must(at + 2 <= bundle.length, "malformed");
    const length = (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0);
    must(length <= MOST_ENTRY && at + 2 + length <= bundle.length, "malformed");
    all.push(Leaf.read(textOf(bundle.slice(at + 2, at + 2 + length), MOST_ENTRY)));
    at += 2 + length;
  }
  return all;
}

/** A log of which every entry was read. */
export class Whole {
  private constructor(
    readonly signed: Signed,
    readonly leaves: Leaf[],
    readonly tree: Tree,
  ) {}

  /** Reads it: entries, tiles and what the log signed fit each other, and each writer's positions stand in their order. */
  static read(files: Files, log: LogKey): Whole {
    const checkpoint = files("checkpoint");
    must(checkpoint !== undefined, "tile-missing");
    const signed = Checkpoint.read(textOf(checkpoint, MOST_NOTE)).signed(log);
    const [leaves, tree] = [[] as Leaf[], new Tree()];
    const positions = new Map<string, number>();
    for (let index = 0; index * WIDTH < signed.size; index++) {
      const width = Math.min(WIDTH, signed.size - index * WIDTH);
      const served = taken(files, { level: null, index, width });
      const all = entriesOf(served.bytes);
      must(all.length === served.width, "malformed");
      for (const leaf of all.slice(0, width)) {
        must(leaf.position === (positions.get(leaf.writer) ?? 0) + 1, "order");
        positions.set(leaf.writer, leaf.position);
        leaves.push(leaf);
        tree.push(leaf.inTree);
      }
    }
    for (let level = 0; 8 * level < 53 && tree.full(8 * level).length > 0; level++) {
      const hashes = tree.full(8 * level);
      for (let index = 0; index * WIDTH < hashes.length; index++) {
        const own = hashes.slice(index * WIDTH, (index + 1) * WIDTH);
        const served = taken(files, { level, index, width: own.length });
        must(served.bytes.length === 32 * served.width, "malformed");
        const fits = own.every((hash, at) => same(hash, served.bytes.slice(32 * at, 32 * at + 32)));
        must(fits, "inconsistent");
      }
    }
    must(same(tree.root(), signed.root), "fork");
    return new Whole(signed, leaves, tree);
  }

  /** What the newest checkpoint that witnesses cosigned says: it is of this log, and this log begins with it. */
  cosigned(files: Files, witnesses: LogKey[]): Signed {
    const found = files("cosigned");
    must(found !== undefined, "no-witness");
    const cosigned = Checkpoint.read(textOf(found, MOST_NOTE)).signed(this.signed.log);
    cosigned.cosigned(witnesses);
    this.tree.beginsWith(cosigned);
    return cosigned;
  }
}

/** A tile as it is served: itself, or the full one that it became, with how many hashes or entries it must have. */
function taken(files: Files, tile: Tile): { bytes: Uint8Array; width: number } {
  for (const width of [tile.width, WIDTH]) {
    const bytes = files(pathOf({ ...tile, width }));
    if (bytes) return { bytes, width };
  }
  return no("tile-missing");
}
