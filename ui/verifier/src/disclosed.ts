// The record of docs/formats/disclosure.md, field by field.
import {
  addendum,
  auditEvent,
  change,
  checklist,
  disposition,
  entry,
  examination,
  history,
  kase,
  loggedRow,
  person,
  probe,
  review,
  searchFields,
  signed,
  standings,
  verification,
} from "./records";
import * as s from "./shape";

const worth = s.tagged("is", {
  "not-measured": { because: s.is("not-kept", "several-photographs", "prepared", "model", "quality") },
  measured: {
    calibration: s.text,
    candidates: s.list(
      s.object({
        at_least: s.flag,
        at_most: s.flag,
        by_chance: s.double,
        id: s.uuid,
        times: s.u64,
        usual: s.is("one-person", "two-people", "either"),
      }),
    ),
    compared: s.u64,
    largest: s.u64,
    measured_on: s.text,
    off: s.maybe(s.double),
    people: s.u64,
    present: s.maybe(s.double),
    sha256: s.text,
  },
});

export const disclosure = s.object({
  audit: s.list(auditEvent),
  case: s.maybe(kase),
  changes_after_unveiling: s.list(change),
  contradictions: s.list(entry),
  corroboration: checklist,
  examination: s.maybe(examination),
  history,
  notes: s.list(
    s.object({
      addenda: s.list(addendum),
      disposition,
      id: s.uuid,
      narrative: s.text,
      public_key: s.text,
      reviews: s.list(review),
      sealed_at: s.moment,
      sha256: s.text,
      signature: s.text,
    }),
  ),
  probe: s.maybe(probe),
  produced_at: s.moment,
  produced_by: person,
  referrals: s.list(s.text),
  schema: s.text,
  searches: s.list(s.object({ ...searchFields, gave_nothing: s.flag, withheld: s.flag, "worth?": worth })),
  standings,
  statement: s.text,
  time_zone: s.text,
  use_of_face_recognition: s.text,
  verification: s.maybe(verification),
});

export const proof = s.object({
  "department?": s.list(s.text),
  "ledger?": s.list(loggedRow),
  "log?": s.text,
  notes: s.list(s.object({ addenda: s.list(signed), note: signed, reviews: s.list(signed) })),
  public_key: s.text,
  "root?": s.text,
  sha256: s.text,
  signature: s.text,
  "statements?": s.list(s.text),
});
