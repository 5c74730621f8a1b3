// The numbers of a policy that a signature is judged by, and the floors that none goes below (docs/formats/gates.md).
import { Refused } from "./refused";

/** Laxest and furthest value of each number; `floor` where lower is laxer. */
const BOUNDS: [field: string, floor: boolean, laxest: number, least: number, most: number][] = [
  ["basis_minimum_characters", true, 20, 0, 1_000],
  ["search.candidates", true, 20, 0, 200],
  ["corroboration.sought_attempts", true, 2, 0, 20],
  ["corroboration.independent_supports", true, 2, 0, 20],
  ["corroboration.stale_after_days", false, 60, 1, 60],
  ["corroboration.attachment_megabytes", false, 512, 1, 512],
  ["examination.minimum_concluded", true, 4, 0, 200],
  ["examination.verification_fillers", true, 3, 0, 19],
  ["session.lock_after_minutes", false, 30, 1, 30],
  ["session.wrong_passphrases", false, 5, 1, 5],
  ["session.wait_minutes", true, 10, 0, 10_080],
  ["session.passphrase_characters", true, 8, 0, 128],
  ["training.valid_months", false, 24, 1, 24],
  ["training.minimum_proficiency", true, 70, 0, 100],
  ["quality.floor", true, 10, 0, 100],
  ["quality.target", true, 10, 0, 100],
];

/** The numbers of a policy file (TOML), by section and name. */
function numbers(text: string): Map<string, number> {
  const found = new Map<string, number>();
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}\s*(?:#.*)?$/.exec(line);
    if (header) section = `${header[1] ?? ""}.`;
    const entry = /^\s*([A-Za-z0-9_-]+)\s*=\s*([0-9][0-9_]*)\s*(?:#.*)?$/.exec(line);
    if (entry) found.set(section + (entry[1] ?? ""), Number((entry[2] ?? "").replaceAll("_", "")));
  }
  return found;
}

/** What an examiner's training must be by a policy. */
export function policyRule(text: string): { months: number; proficiency: number } {
  const all = numbers(text);
  const no = (field: string): never => {
    throw new Refused("policy", "verifier-policy", { field });
  };
  for (const [field, floor, laxest, least, most] of BOUNDS) {
    const value = all.get(field);
    if (value === undefined) no(field);
    else if ((floor ? value < laxest : value > laxest || value < least) || value > most) no(field);
  }
  return {
    months: all.get("training.valid_months") ?? 0,
    proficiency: all.get("training.minimum_proficiency") ?? 101,
  };
}
