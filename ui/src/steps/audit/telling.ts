// How events and people are told.
import type { Party } from "../../api/bindings";

/** People as a line names them. */
export function named(people: Party[]): string {
  return people.map((one) => `${one.name} (${one.badge})`).join(", ");
}

/** The name of an action or of a field, as people read it. */
export function plain(code: string): string {
  return code.replace(/[-_]/g, " ");
}

/** Fields of events that are told beside the case; what stands in a column of its own is not repeated. */
export function further(told: [string, string][]): [string, string][] {
  const elsewhere = ["number", "purpose", "policy"];
  return told
    .filter(([name]) => !elsewhere.includes(name))
    .map(([name, text]) => [plain(name), shortened(text)]);
}

/** A hash as far as it tells one from another; anything else as it is. */
function shortened(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 16)}…` : text;
}
