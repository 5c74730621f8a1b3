// What is no case is a fault and no finding; what is shown is never believed for its size.
import { describe, expect, it } from "vitest";
import all from "../../../../docs/formats/vectors/ledger.json";
import { answered } from "./cases";

interface Vector {
  kind: string;
  name: string;
  input: { proof: string; leaf: { writer: string; position: number; hash: string } };
}

const case_ = { n: 3, log: all.log, witnesses: [] as string[], seen: [] as string[] };
const hex = (text: string): string => Buffer.from(text).toString("hex");
const asked = (more: object): unknown => JSON.parse(answered(JSON.stringify({ ...case_, ...more })));
const { proof, leaf } = (all.vectors as unknown as Vector[]).find(
  ({ kind, name }) => kind === "proof" && name === "entry 3 of 7",
)?.input ?? { proof: "", leaf: { writer: "", position: 0, hash: "" } };
const entry = `corroborate/leaf/v1\n${leaf.writer}\n${leaf.position}\n${leaf.hash}\n`;
const checkpoint = proof.slice(proof.indexOf("\n\n") + 2);

describe("a case", () => {
  it.each([
    ["no JSON", "{"],
    ["nothing that is shown", JSON.stringify(case_)],
    ["a key that is none", JSON.stringify({ ...case_, log: "x", proof, entry })],
    ["a checkpoint seen before that nobody signed", JSON.stringify({ ...case_, seen: ["x"], proof, entry })],
    ["files that are none", JSON.stringify({ ...case_, files: { checkpoint: 3 } })],
  ])("is a fault: %s", (_, line) => {
    expect(JSON.parse(answered(line))).toMatchObject({ fault: expect.any(String) as string });
  });

  it("wants a witness of a proof, also where none is known", () => {
    expect(asked({ proof, entry })).toEqual({ n: 3, holds: false, reason: "no-witness" });
    expect(asked({ proof, entry, witnesses: all.witnesses })).toEqual({ n: 3, holds: true, told: [] });
  });

  it("is not read on for the size that a log says", () => {
    const files = { checkpoint: hex(checkpoint) };
    expect(asked({ files })).toEqual({ n: 3, holds: false, reason: "tile-missing" });
    expect(asked({ files: {} })).toEqual({ n: 3, holds: false, reason: "tile-missing" });
    expect(
      asked({ files: { checkpoint: hex(checkpoint.replace("\n7\n", "\n9007199254740991\n")) } }),
    ).toEqual({ n: 3, holds: false, reason: "signature-wrong" });
  });
});
