// Reads logs and audits as readers are shown them: a case a line of JSON on its input, what was found a line of JSON on its output
// (docs/formats/ledger.md, *A second reader*). `node dist/log.mjs`
import { createInterface } from "node:readline";
import { answered } from "./src/log/cases";

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
let answers: string[] = [];
const given = (): void => {
  if (answers.length > 0) process.stdout.write(answers.join(""));
  answers = [];
};
lines.on("line", (line) => {
  answers.push(`${answered(line)}\n`);
  if (answers.length >= 64) given();
});
lines.on("close", given);
