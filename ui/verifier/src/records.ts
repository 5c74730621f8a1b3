// The records of docs/formats, field by field.
import * as s from "./shape";
import type { Shape } from "./shape";

export const COMPONENTS =
  "outline hairline forehead eyebrows eyes cheeks nose ears mouth chin-jawline neck facial-hair facial-lines scars marks alterations".split(
    " ",
  );
export const ITEMS = "height weight age marks physical-condition custody known-location".split(" ");
export const MANDATORY = ["vehicle", "witness", "open-source-media"];
export const JUDGEMENTS =
  "purpose-fits probe-acceptable examination-reasoned corroboration-independent exculpatory-handled".split(
    " ",
  );

const conclusion = s.is("support", "limited-support", "inconclusive", "exclusion");
export const person = s.object({ badge: s.text, id: s.uuid, name: s.text, ori: s.text });
const component = s.is(...COMPONENTS);
const place = s.tuple(s.single, s.single);

const mark = s.object({
  component,
  on: s.tagged("kind", { probe: {}, candidate: { photo: s.u8 } }),
  shape: s.tagged("kind", {
    point: { at: place },
    line: { from: place, to: place },
    outline: { points: s.list(place) },
  }),
});

const side = s.object({
  brightness: s.single,
  contrast: s.single,
  flipped: s.flag,
  gamma: s.single,
  grey: s.flag,
  rotation: s.single,
});

const view = s.object({
  at: s.maybe(s.moment),
  candidate: side,
  guides: s.list(s.text),
  mode: s.is("beside", "swipe-vertical", "swipe-horizontal", "overlay", "flicker"),
  opacity: s.single,
  photo: s.u8,
  probe: side,
  rate: s.single,
  zoom: s.single,
});

const analysis = s.object({
  components: s.map(
    component,
    s.object({ note: s.text, visibility: s.maybe(s.is("clear", "partly", "not-visible")) }),
  ),
  marks: s.list(mark),
  note: s.text,
  recorded_at: s.maybe(s.moment),
  suitability: s.maybe(s.is("suitable", "limited", "unsuitable")),
});

const comparison = s.object({
  marks: s.list(mark),
  observations: s.map(
    component,
    s.object({
      finding: s.maybe(s.is("similar", "different", "cannot-tell")),
      note: s.text,
      visible_in_both: s.maybe(s.flag),
    }),
  ),
  views: s.list(view),
});

const recorded = s.object({ at: s.moment, conclusion, reason: s.text });

const workFields = {
  among: s.list(s.uuid),
  analysis,
  at_thumbnail: s.map(s.uuid, s.moment),
  comparisons: s.map(s.uuid, comparison),
  conclusions: s.map(s.uuid, recorded),
  examiner: person,
  lead: s.maybe(s.uuid),
  looked_at: s.map(s.uuid, s.moment),
  none_of_these: s.flag,
  search: s.uuid,
  shuffle_seed: s.u32,
};
export const work = s.object(workFields);

export const change = s.object({ candidate: s.uuid, from: s.maybe(recorded), to: recorded });

const box = s.object({ height: s.single, width: s.single, x: s.single, y: s.single });

export const request = s.object({
  asked_at: s.moment,
  candidates: s.list(s.object({ photographs: s.list(s.text), token: s.uuid })),
  face: s.maybe(box),
  id: s.uuid,
  key_sha256: s.text,
  probe: s.text,
  to: s.uuid,
});

export const verification = s.object({
  agreement: s.is("agrees", "disagrees-on-lead", "supports-another"),
  "asked?": s.object({
    key: s.object({ candidates: s.map(s.uuid, s.uuid), salt: s.text, search: s.uuid }),
    request,
  }),
  at: s.moment,
  conclusion,
  conference: s.maybe(
    s.object({
      account: s.text,
      agreed: conclusion,
      at: s.moment,
      "confirmed_at?": s.moment,
      held_by: s.tuple(person, person),
    }),
  ),
  verifier: person,
  work,
});

export const examination = s.object({
  ...workFields,
  changes: s.list(change),
  concluded_at: s.maybe(s.moment),
  unveiled_at: s.maybe(s.moment),
  verification: s.maybe(verification),
});

export const history = s.object({
  elsewhere: s.list(
    s.object({ at: s.moment, case: s.uuid, disagreed: s.flag, subject_id: s.text, to: person }),
  ),
  given_up: s.list(s.object({ at: s.moment, by: person, work })),
  "handed_over?": s.list(s.object({ at: s.moment, by: person, from: person, reason: s.text, to: person })),
  set_aside: s.list(s.object({ at: s.moment, examination })),
});

const offence = s.object({
  class: s.is("felony", "misdemeanor", "either"),
  code: s.text,
  injury: s.flag,
  name: s.text,
});

const PURPOSES =
  "felony misdemeanor-with-injury missing-person deceased-identification unable-to-identify-self imminent-threat training".split(
    " ",
  );

export const kase = s.object({
  basis: s.object({ code: s.text, requested_by: s.text, statement: s.text, supervisor: s.text }),
  charge: s.maybe(offence),
  confirmed_at: s.maybe(s.moment),
  confirmed_by: s.maybe(person),
  event_at: s.moment,
  id: s.uuid,
  number: s.text,
  offence: s.text,
  opened_at: s.moment,
  opened_by: person,
  purpose: s.is(...PURPOSES),
});

const said: Shape = s.tagged("says", {
  signed: {
    at: s.maybe(s.text),
    by: s.text,
    standing: s.is("verified", "unknown", "invalid"),
    tool: s.maybe(s.text),
  },
  edited: { edits: s.list(s.text) },
  declared: { kind: s.text },
  elsewhere: { address: s.text },
  unread: {},
  unreadable: {},
  "taken-after-change": { changed: s.text, taken: s.text },
  "taken-later": { taken: s.text },
  "other-time": { satellites: s.text, taken: s.text },
  software: { field: s.text, name: s.text },
  "other-thumbnail": {},
  "other-size": { height: s.u32, width: s.u32 },
});

const image = s.object({
  bytes: s.u64,
  file_name: s.text,
  format: s.text,
  height: s.u32,
  "says?": s.list(said),
  sha256: s.text,
  "turned?": s.is("quarter", "half", "three-quarters"),
  width: s.u32,
});

const step = s.tagged("kind", {
  rotate: { degrees: s.single },
  crop: { height: s.u32, width: s.u32, x: s.u32, y: s.u32 },
  tone: { brightness: s.single, contrast: s.single, gamma: s.single },
});

const finding = s.object({
  advice: s.text,
  component: s.text,
  measured: s.text,
  verdict: s.is("good", "fair", "poor"),
});

export const probe = s.object({
  accepted_by: person,
  captured_at: s.moment,
  face: box,
  findings: s.list(finding),
  further: s.list(s.object({ face: box, image, quality: s.u8, same_person: s.text })),
  id: s.uuid,
  image,
  imported_at: s.moment,
  legal_basis: s.text,
  obtained_by: s.text,
  obtained_how: s.text,
  prepared: s.maybe(s.object({ face: box, findings: s.list(finding), quality: s.u8, steps: s.list(step) })),
  quality: s.u8,
  quality_warning: s.maybe(s.text),
  source: s.is(
    ..."fixed-camera-still witness-photo social-media-post id-document deceased other-still live-video body-worn-video sketch composite look-alike generated-or-edited".split(
      " ",
    ),
  ),
});

const candidate = s.object({
  agency: s.maybe(s.text),
  captured_on: s.maybe(s.text),
  id: s.uuid,
  "other_photos?": s.list(s.text),
  "score?": s.single,
  "subject_id?": s.text,
});

export const searchFields = {
  at: s.moment,
  by: person,
  candidates: s.list(candidate),
  completeness: s.object({ exact: s.flag, filtered_out: s.u64, gallery_size: s.u64, scanned: s.u64 }),
  "encoding?": s.object({ photographs: s.whole(0, 65535), quality: s.u8, thorough: s.flag }),
  filters: s.object({
    agencies: s.list(s.text),
    captured_from: s.maybe(s.day),
    captured_until: s.maybe(s.day),
  }),
  gallery: s.text,
  id: s.uuid,
  model: s.text,
  policy: s.text,
  prepared: s.list(step),
  probe_sha256: s.text,
  purpose: s.is(...PURPOSES),
};

const rests = { rests_on: s.text };
export const entry = s.object({
  attachments: s.list(s.object({ attached_at: s.moment, bytes: s.u64, file_name: s.text, sha256: s.text })),
  attempts: s.list(s.object({ at: s.maybe(s.moment), place: s.text, what: s.text })),
  dates_explained: s.text,
  details: s.tagged("category", {
    vehicle: {
      ownership_only: s.maybe(s.flag),
      plate: s.text,
      relation: s.text,
      seen_at: s.maybe(s.moment),
      seen_where: s.text,
      vehicle: s.text,
      vin: s.text,
    },
    witness: {
      lineup_from_lead: s.maybe(s.flag),
      name_told_before: s.maybe(s.flag),
      only_saw_video: s.maybe(s.flag),
      photo_shown_before: s.maybe(s.flag),
      stated_at: s.maybe(s.moment),
      witness: s.text,
    },
    media: {
      account: s.text,
      authentic_because: s.text,
      captured_at: s.maybe(s.moment),
      is_probe_post: s.maybe(s.flag),
      locator: s.text,
      lookalike_profile: s.maybe(s.flag),
    },
    phone: rests,
    location: rests,
    "physical-evidence": rests,
    alibi: rests,
  }),
  earlier: s.list(s.text),
  finding: s.maybe(s.is("supports", "contradicts", "inconclusive", "sought-not-found")),
  fixes: s.object({ place: s.flag, property: s.flag, time: s.flag }),
  id: s.uuid,
  independence: s.object({
    about_event: s.maybe(s.flag),
    compares_faces: s.maybe(s.flag),
    found_by_name: s.maybe(s.flag),
    recorded_at: s.maybe(s.moment),
    recorded_before_search: s.maybe(s.flag),
    root: s.maybe(s.tagged("kind", { own: {}, probe: {}, entry: { entry: s.uuid } })),
    source_knew_result: s.maybe(s.flag),
  }),
  link_to_crime: s.text,
  made_for: s.maybe(s.uuid),
  obtained_at: s.maybe(s.moment),
  obtained_by: s.text,
  obtained_how: s.text,
  resolution: s.text,
  shows: s.text,
  source: s.text,
});

export const checklist = s.object({
  entries: s.list(entry),
  panel: s.object({
    answers: s.list(
      s.object({
        answer: s.maybe(s.is("consistent", "contradicts", "not-known")),
        earlier: s.list(s.text),
        item: s.is(...ITEMS),
        resolution: s.text,
        rests_on: s.text,
      }),
    ),
    earlier: s.list(s.text),
    speaks_for_the_person: s.text,
  }),
  scope: s.is("lead", "exclusion", "no-candidate"),
});

const objections = {
  objections: s.list(
    s.is(
      ..."source-knew-result face-comparison shares-root-with-probe shares-root-with-entry not-about-event name-search-without-record second-name-search ownership-only only-saw-video look-alike-profile probe-post photo-shown-before name-told-before line-up-from-lead probe-file part-of-the-case made-for-another".split(
        " ",
      ),
    ),
  ),
};
export const standings = s.list(
  s.tuple(
    s.uuid,
    s.tagged("kind", {
      independent: {},
      "not-counted": objections,
      contaminated: objections,
      against: {},
      neutral: {},
      open: {},
    }),
  ),
);

export const disposition = s.is("no-candidate", "excluded", "lead-not-corroborated", "lead-corroborated");
const remark = s.object({ place: s.text, text: s.text });

export const note = s.object({
  "account_confirmed?": s.object({ at: s.moment, by: person, of: s.text }),
  amends: s.list(s.uuid),
  "answers?": s.list(s.object({ answer: s.text, remark, review: s.uuid })),
  author: person,
  case: kase,
  checklist,
  disposition,
  examination,
  facts: s.list(s.object({ about: s.text, text: s.text })),
  "history?": history,
  id: s.uuid,
  narrative: s.text,
  outcome: s.tagged("kind", { "none-of-these": {}, lead: { candidate: s.uuid, conclusion } }),
  policy: s.text,
  probe,
  reason: s.text,
  schema: s.text,
  sealed_at: s.moment,
  searches: s.list(s.object(searchFields)),
  standings,
  statement: s.text,
  time_zone: s.text,
  verification: s.maybe(verification),
  "withdrawn?": s.list(s.uuid),
});

export const review = s.object({
  at: s.moment,
  decision: s.is("approve", "return", "refer"),
  judged: s.list(s.object({ holds: s.maybe(s.flag), judgement: s.is(...JUDGEMENTS), remark: s.text })),
  note: s.uuid,
  note_sha256: s.text,
  reason: s.text,
  remarks: s.list(remark),
  reviewer: person,
  role: s.maybe(s.is("examiner", "supervisor", "auditor", "administrator")),
  schema: s.text,
});

export const addendum = s.object({
  at: s.moment,
  author: person,
  note: s.uuid,
  note_sha256: s.text,
  number: s.u32,
  schema: s.text,
  text: s.text,
});

export const signed = s.object({ public_key: s.text, sha256: s.text, signature: s.text, text: s.text });

/** An event of an audit, with the hash before it. */
export const auditEvent = s.object({
  action: s.text,
  at: s.moment,
  detail: s.text,
  hash: s.text,
  person: s.text,
  previous: s.text,
  seq: s.whole(-(2 ** 53), 2 ** 53),
});

/** A row of an audit, with the proof that it is in a log. */
export const loggedRow = s.object({ proof: s.text, row: auditEvent, writer: s.text });

export const noteFile = s.object({
  addenda: s.list(signed),
  "department?": s.list(s.text),
  format: s.text,
  "ledger?": s.list(loggedRow),
  "log?": s.text,
  note: signed,
  review: s.maybe(signed),
  "root?": s.text,
  "statements?": s.list(s.text),
});

export const answer = s.object({ at: s.moment, request: s.uuid, request_sha256: s.text, work });
