// How an entry of the record is named where a result rests on it.
import type { Entry } from "../../api/bindings";
import { say } from "../../text/catalogue";
import { categories, categoryOf, findings } from "../../text/words";

/** By its place, its category, and what it shows or found. */
export function entryWords(entry: Entry, at: number): string {
  const finding = entry.finding ? findings[entry.finding] : "";
  return say("results-entry", {
    number: at + 1,
    category: categories[categoryOf(entry.details)],
    shows: entry.shows.trim() || finding,
  });
}
