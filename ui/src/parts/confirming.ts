import type { Confirmed } from "../api/api";

/** Nobody chosen and nothing typed yet. */
export const nobody = (): Confirmed => ({ person: "", passphrase: "", shown: "" });

/** What was typed, once: where it stood its secrets are forgotten. `null` where nobody was chosen. */
export function taken(by: Confirmed): Confirmed | null {
  const typed = { ...by };
  by.passphrase = by.shown = "";
  return typed.person ? typed : null;
}
