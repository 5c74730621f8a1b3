import type { Entry, Finding } from "../../api/bindings";

/** Says what an entry found; what was sought and not found has room for so many attempts. */
export function find(entry: Entry, finding: Finding, attempts: number): void {
  entry.finding = finding;
  if (finding !== "sought-not-found") return;
  while (entry.attempts.length < attempts) entry.attempts.push({ what: "", place: "", at: null });
}
