// The parts of a record that several gates look at. Every value here has passed its shape.
import type { Json, Record_ } from "../json";
import { canonical } from "../json";
import { at } from "../moments";
import { need as needs } from "../refused";
import type { Args } from "../refused";
import { trimmed } from "../text";

export const record = (value: Json | undefined): Record_ => value as Record_;
export const records = (value: Json | undefined): Record_[] => value as Record_[];
export const words = (value: Json | undefined): string => value as string;
export const list = (value: Json | undefined): string[] => value as string[];
export const count = (value: Json | undefined): number => value as number;
export const time = (value: Json | undefined): bigint => at(value as string);
/** The moments of a map, or of those among several that are there. */
export const times = (...values: (Json | undefined)[]): bigint[] =>
  values.filter((value): value is string => typeof value === "string").map(at);

export const equal = (one: Json | undefined, other: Json | undefined): boolean =>
  canonical(one ?? null) === canonical(other ?? null);

export const gate = (holds: boolean, code: string, args: Args = {}): void => {
  needs(holds, "gate", `verifier-gate-${code}`, args);
};

/** The laxest policy that a department may have. */
export const LAXEST = {
  basisCharacters: 20,
  qualityFloor: 10,
  opened: 4,
  fillers: 3,
  attempts: 2,
  supports: 2,
  staleDays: 60,
};
export const MOST_FIELD = 4_000;
export const MOST_ACCOUNT = 20_000;

/** Whether two references name one person: one identity, or one badge of one agency. */
export function samePerson(one: Record_, other: Record_): boolean {
  const alike = (field: string): boolean => {
    const plain = (p: Record_): string => trimmed(words(p[field])).replace(/[A-Z]/g, (c) => c.toLowerCase());
    return plain(one) === plain(other);
  };
  return one.id === other.id || (alike("ori") && alike("badge"));
}
