// Every vector of docs/formats comes out as it says: what the first implementation wrote, this one reads the same.
import { describe, expect, it } from "vitest";
import { checkAnswer } from "./answer";
import { Chain } from "./department";
import { checkDisclosure } from "./disclosure";
import { checkNote } from "./note";
import { Refused } from "./refused";
import { spliced } from "./splices";
import type { Edit } from "./splices";
import { statement, verified } from "./statement";

const files = import.meta.glob<unknown>("../../../docs/formats/vectors/*.json", {
  import: "default",
  eager: true,
});
const vectors = <T>(name: string): T => files[`../../../docs/formats/vectors/${name}.json`] as T;

interface Asked {
  name: string;
  result: "accepted" | "refused";
  reason?: string | null;
}

/** What comes out, or why nothing does. */
function told<T extends object>(check: () => T): T | { result: string; reason: string } {
  try {
    return check();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return { result: "refused", reason: e.reason };
  }
}

interface Chains {
  root: string;
  documents: string[];
  vectors: (Asked & {
    documents: number[];
    seen: { department: string; version: number; sha256: string } | null;
    version: number | null;
  })[];
}

describe.each(["roster", "policy"])("%s", (name) => {
  const all = vectors<Chains>(name);
  it.each(all.vectors)("$name", ({ documents, seen, result, reason, version }) => {
    const found = told(() => {
      const chain = Chain.read(
        all.root,
        documents.map((at) => all.documents[at] ?? ""),
      );
      if (seen) chain.notBefore(seen);
      return { result: "accepted", version: chain.newest.number };
    });
    expect(found).toEqual(result === "accepted" ? { result, version } : { result, reason });
  });
});

interface Statements {
  root: string;
  documents: string[];
  kind: string;
  training: { valid_months: number; minimum_proficiency: number };
  vectors: (Asked & {
    file: string;
    logged: string | null;
    person?: string;
    timing?: string;
    caveats?: unknown[];
  })[];
}

describe("statement", () => {
  const all = vectors<Statements>("statement");
  const chain = Chain.read(all.root, all.documents);
  const rule = { months: all.training.valid_months, proficiency: all.training.minimum_proficiency };
  it.each(all.vectors)("$name", ({ file, logged, result, reason, person, timing, caveats }) => {
    const found = told(() => {
      const said = verified(chain, statement(file, all.kind), rule, logged ?? undefined);
      return { result: "accepted", person: said.member.id, timing: said.timing, caveats: said.caveats };
    });
    expect(found).toEqual(result === "accepted" ? { result, person, timing, caveats } : { result, reason });
  });
});

interface Files {
  root: string;
  files: string[];
  vectors: (Asked & {
    of: number;
    edits: Edit[];
    with_root: boolean;
    signers?: number;
    unsigned?: number;
    logged?: unknown[];
  })[];
}

/** A request, the answer, the verifier's statement and the department's documents, one a line. */
function answered(text: string, root: string | undefined): { signers: unknown[]; unsigned: unknown[] } {
  const [request = "", answer = "", said = "", ...documents] = text.split("\n");
  return { signers: [checkAnswer(request, answer, said, root ?? "", documents)], unsigned: [] };
}

/** What this reader does not compare: it says so, and takes the file. */
const UNCOMPARED = ["sentences"];

describe.each([
  ["note", checkNote],
  ["disclosure", checkDisclosure],
  ["verification", answered],
] as const)("%s", (name, check) => {
  const all = vectors<Files>(name);
  it.each(all.vectors)(
    "$name",
    ({ name: what, of, edits, with_root, result, reason, signers, unsigned, logged }) => {
      const text = spliced(all.files[of] ?? "", edits);
      const found = told(() => {
        const checked = check(text, with_root ? all.root : undefined);
        const inLogs = "logged" in checked ? (checked.logged as unknown[]) : [];
        const counts = { signers: checked.signers.length, unsigned: checked.unsigned.length };
        return { result: "accepted", ...counts, ...(inLogs.length > 0 && { logged: inLogs }) };
      });
      if (UNCOMPARED.includes(reason ?? "") || what.includes("a flagged account")) {
        expect(found.result).toBe("accepted");
      } else {
        expect(found).toEqual(
          result === "accepted"
            ? { result, signers, unsigned, ...(logged && { logged }) }
            : { result, reason },
        );
      }
    },
  );
});
