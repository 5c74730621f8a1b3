// What a second examiner elsewhere answered (docs/formats/verification.md).
import { answerGate, requestShaped } from "./gates/examination";
import { read } from "./json";
import { sha256 } from "./keys";
import { Refused } from "./refused";
import * as shapes from "./records";
import type { Record_ } from "./json";
import { shaped } from "./shape";
import { paid } from "./signed";
import type { Signer } from "./signed";
import { momentsOf } from "./gates/examination";
import { time } from "./gates/parts";

/** Checks an answer to a request with the verifier's statement, by the department of `root`. */
export function checkAnswer(
  request: string,
  answer: string,
  statement: string,
  root: string,
  documents: string[],
): Signer {
  const asked = shaped(read(request), shapes.request);
  requestShaped(asked);
  const given = shaped(read(answer), shapes.answer);
  const work = given.work as Record_;
  const inTime = momentsOf(work).every((moment) => moment <= time(given.at));
  if (!inTime) throw new Refused("malformed", "verifier-gate-examination-order");
  answerGate(given, asked);
  const one = {
    stated: "verification" as const,
    record: sha256(answer),
    person: work.examiner as Record_,
    at: given.at as string,
  };
  const found = paid([one], root, documents, [statement]);
  const [signer] = found.signers;
  if (!signer) throw new Refused("unsigned", "verifier-unsigned", { name: one.person.name as string });
  return signer;
}
