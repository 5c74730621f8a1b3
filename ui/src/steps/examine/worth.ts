import type { CandidateWorth, NotMeasured } from "../../api/bindings";
import { say } from "../../text/catalogue";

/** Why nothing is said of what scores are worth. */
export const notMeasured: Record<NotMeasured, string> = {
  "not-kept": say("examine-not-measured-not-kept"),
  "several-photographs": say("examine-not-measured-several-photographs"),
  prepared: say("examine-not-measured-prepared"),
  model: say("examine-not-measured-model"),
  quality: say("examine-not-measured-quality"),
};

/** How usual a score is among photographs of one person and of two. */
export function usual({ usual, times, at_least }: CandidateWorth): string {
  switch (usual) {
    case "one-person":
      return say(at_least ? "examine-worth-at-least-one-person" : "examine-worth-one-person", { times });
    case "two-people":
      return say(at_least ? "examine-worth-at-least-two-people" : "examine-worth-two-people", { times });
    case "either":
      return say("examine-worth-either");
  }
}

/** How often chance brings such a score; never told seldomer than it was measured. */
export function byChance(worth: CandidateWorth): string {
  if (worth.by_chance >= 1) {
    const count = toOneDigit(worth.by_chance, Math.ceil);
    return say(worth.at_most ? "examine-chance-many-at-most" : "examine-chance-many", { count });
  }
  const searches = toOneDigit(1 / Math.max(worth.by_chance, 1e-9), Math.floor);
  return say(worth.at_most ? "examine-chance-seldom-at-most" : "examine-chance-seldom", { searches });
}

/** Whether the person is in the gallery at all; `chance` 0 to 1. */
export function present(chance: number): string {
  if (chance < 0.01) return say("examine-present-hardly");
  if (chance > 0.99) return say("examine-present-mostly");
  return say("examine-present", { lists: Math.round(chance * 100) });
}

function toOneDigit(value: number, round: (digit: number) => number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return round(value / power) * power;
}
