// Usual answers, offered after what this person answered before. Nothing of them is filled in by itself.
import { say } from "./catalogue";

export const probeHow = [
  say("offers-probe-how-exported"),
  say("offers-probe-how-handed-over"),
  say("offers-probe-how-saved"),
  say("offers-probe-how-taken"),
];

export const legalBases = [
  say("offers-legal-consent"),
  say("offers-legal-warrant"),
  say("offers-legal-subpoena"),
  say("offers-legal-order"),
  say("offers-legal-published"),
  say("offers-legal-record"),
];

export const entryHow = [
  say("offers-entry-how-interview"),
  say("offers-entry-how-statement"),
  say("offers-entry-how-query"),
  say("offers-entry-how-export"),
  say("offers-entry-how-page"),
];

/** Where each category is usually sought. */
export const soughtAt: Record<string, string[]> = {
  vehicle: [say("offers-sought-readers"), say("offers-sought-registry"), say("offers-sought-cameras")],
  witness: [say("offers-sought-scene"), say("offers-sought-neighbours")],
  "open-source-media": [say("offers-sought-posts"), say("offers-sought-archive"), say("offers-sought-pages")],
};
