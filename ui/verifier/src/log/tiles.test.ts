// A whole log from its files: held to every tile, whatever is missing, longer or changed.
import { describe, expect, it } from "vitest";
import all from "../../../../docs/formats/vectors/ledger.json";
import { Refused } from "../refused";
import { bytesOfText } from "./forms";
import { LogKey } from "./key";
import { Leaf } from "./leaf";
import { Whole, pathOf } from "./tiles";
import { Tree } from "./tree";
import { sha256 } from "../keys";

interface Vector {
  kind: string;
  name: string;
  input: string;
  writer: string;
}
const vectors = all.vectors as unknown as Vector[];
const log = LogKey.read(all.log);
const witnesses = all.witnesses.map((key) => LogKey.read(key));
const writer = vectors.find(({ kind }) => kind === "leaf")?.writer ?? "";
const checkpoint =
  vectors.find(({ kind, name }) => kind === "checkpoint" && name === "300 leaves")?.input ?? "";
const leaves = Array.from({ length: 300 }, (_, n) => Leaf.of(writer, n + 1, sha256(`row ${n + 1}`)));

const bundle = (of: Leaf[]): Uint8Array =>
  Uint8Array.from(
    of.flatMap(({ entry }) => {
      const bytes = bytesOfText(entry);
      return [bytes.length >> 8, bytes.length & 255, ...bytes];
    }),
  );
const hashes = (of: Uint8Array[]): Uint8Array => Uint8Array.from(of.flatMap((one) => [...one]));

/** The files of the log of 300 leaves. */
function files(): Map<string, Uint8Array> {
  const tree = new Tree(leaves.map((leaf) => leaf.inTree));
  return new Map([
    // As the log signs it, before any witness.
    ["checkpoint", bytesOfText(`${checkpoint.split("\n").slice(0, 5).join("\n")}\n`)],
    ["cosigned", bytesOfText(checkpoint)],
    [pathOf({ level: null, index: 0, width: 256 }), bundle(leaves.slice(0, 256))],
    [pathOf({ level: null, index: 1, width: 44 }), bundle(leaves.slice(256))],
    [pathOf({ level: 0, index: 0, width: 256 }), hashes(tree.full(0).slice(0, 256))],
    [pathOf({ level: 0, index: 1, width: 44 }), hashes(tree.full(0).slice(256))],
    [pathOf({ level: 1, index: 0, width: 1 }), hashes(tree.full(8))],
  ]);
}

function read(change: (all: Map<string, Uint8Array>) => void = () => undefined): string {
  const all = files();
  change(all);
  try {
    const whole = Whole.read((path) => all.get(path), log);
    whole.cosigned((path) => all.get(path), witnesses);
    return `holds ${whole.leaves.length}`;
  } catch (e) {
    if (e instanceof Refused) return e.reason;
    throw e;
  }
}

describe("a log of 300 entries", () => {
  it("holds, and no file of it may be missing", () => {
    expect(read()).toBe("holds 300");
    for (const path of files().keys()) {
      expect(
        read((all) => all.delete(path)),
        path,
      ).toBe(path === "cosigned" ? "no-witness" : "tile-missing");
    }
  });

  it("holds where a part has grown into its full tile, and for no longer part", () => {
    const [part, full] = [44, 256].map((width) => pathOf({ level: 0, index: 1, width }));
    const longer = (all: Map<string, Uint8Array>, path = ""): void => {
      const grown = new Uint8Array(32 * 256);
      grown.set(all.get(part ?? "") ?? []);
      all.delete(part ?? "");
      all.set(path, grown);
    };
    expect(read((all) => longer(all, full))).toBe("holds 300");
    expect(read((all) => longer(all, part))).toBe("malformed");
  });

  it("holds with no byte of any file changed", () => {
    for (const [path, bytes] of files()) {
      for (let n = 0; n < 20; n++) {
        const changed = bytes.slice();
        const at = Math.floor(((n + 0.5) * bytes.length) / 20);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(
          read((all) => all.set(path, changed)),
          `${path} ${at}`,
        ).not.toMatch(/^holds/);
      }
    }
  });
});
