// Every vector of docs/formats/ledger.md comes out as it says.
import { describe, expect, it } from "vitest";
import all from "../../../../docs/formats/vectors/ledger.json";
import { hexOf, sha256 } from "../keys";
import { Refused } from "../refused";
import { Checkpoint } from "./checkpoint";
import { base64, hash64 } from "./forms";
import { LogKey } from "./key";
import { Leaf } from "./leaf";
import { Proof } from "./proof";
import { tileOf } from "./tiles";
import { Tree, consistent } from "./tree";
import { Denied, asked } from "./witness";

const log = LogKey.read(all.log);
const witnesses = all.witnesses.map((key) => LogKey.read(key));

type Found = Record<string, unknown>;
interface Vector extends Found {
  kind: string;
  name: string;
  result: string;
  input: unknown;
}

const read = (text: string) => Checkpoint.read(text).signed(log);
const leaf = ({ writer, position, hash }: Found): Leaf =>
  Leaf.of(writer as string, position as number, hash as string);
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** What each kind of vector asks for. */
const ASKED: Record<string, (input: never, vector: Vector) => Found> = {
  key(text: string) {
    const key = LogKey.read(text);
    return { name: key.name, of: key.kind, key: key.key.hex };
  },
  leaf(entry: string) {
    const { writer, position, hash, inTree } = Leaf.read(entry);
    return { writer, position, hash, in_tree: hexOf(inTree) };
  },
  tile: (path: string) => ({ ...tileOf(path) }),
  tree({ leaves }: { leaves: number }) {
    const writer = (all.vectors as Vector[]).find(
      (v) => v.kind === "leaf" && v.result === "accepted",
    )?.writer;
    const of = Array.from({ length: leaves }, (_, n) =>
      Leaf.of(writer as string, n + 1, sha256(`row ${n + 1}`)),
    );
    return { root: Buffer.from(new Tree(of.map((one) => one.inTree)).root()).toString("base64") };
  },
  checkpoint(text: string) {
    const signed = read(text);
    const [first] = signed.cosigned(witnesses);
    return { size: signed.size, root: Buffer.from(signed.root).toString("base64"), first_seen: first };
  },
  proof({ leaf: of, proof }: { leaf: Found; proof: string }) {
    const read = Proof.read(proof);
    return { index: read.index, size: read.of(leaf(of), log).size };
  },
  grown({ older, newer, hashes }: { older: string; newer: string; hashes: string[] }) {
    const [before, after] = [read(older), read(newer)];
    consistent(before, after, hashes.map(bytes));
    return { older: before.size, newer: after.size };
  },
  witness({ asked: request, last }: { asked: string; last: string | null }, { line }: Vector) {
    try {
      const signed = asked(request, log, last === null ? undefined : read(last));
      // What it must answer is its own line of that checkpoint, at that moment.
      const answer = Checkpoint.read(`${signed.text}\n${String(line)}`);
      const witness = witnesses[0];
      if (witness) expect(answer.seenBy(witness)).toBe(all.witness_answers_at);
      return { status: 200, line };
    } catch (e) {
      if (e instanceof Denied) return { result: "refused", status: e.status };
      throw e;
    }
  },
};

describe.each(Object.keys(ASKED))("%s", (kind) => {
  const vectors = (all.vectors as Vector[]).filter((vector) => vector.kind === kind);
  it.each(vectors)("$name", (vector) => {
    const { name, input } = vector;
    const expected: Found = { ...vector };
    for (const field of ["kind", "input", "name"]) Reflect.deleteProperty(expected, field);
    let found: Found;
    try {
      found = { result: "accepted", ...ASKED[kind]?.(input as never, vector) };
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      found = { result: "refused", reason: e.reason };
    }
    expect(found).toEqual(
      kind === "key" && expected.result === "accepted" ? { ...expected, name } : expected,
    );
  });
});

it("knows every kind", () => {
  expect(new Set((all.vectors as Vector[]).map(({ kind }) => kind))).toEqual(new Set(Object.keys(ASKED)));
});

it("reads base64 in its one form alone", () => {
  expect(base64("AAB=")).toBeUndefined();
  expect(base64("AAA=")).toEqual(new Uint8Array(2));
  expect(() => hash64("AAA=")).toThrow("malformed");
});
