// The last gates (docs/formats/gates.md): the note, its review and its addenda.
import type { Json, Record_ } from "../json";
import { daysBetween } from "../moments";
import { JUDGEMENTS } from "../records";
import { Refused, need } from "../refused";
import { gist, length, said, tells, trimmed } from "../text";
import { caseGate, probeGate, searchGate } from "./case";
import {
  aroundOf,
  checklistGate,
  excludes,
  handedOver,
  peopleOf,
  sameSubject,
  standingsOf,
  supportGate,
} from "./checklist";
import { carries, examinationGate, outcomeOf } from "./examination";
import type { Outcome } from "./examination";
import STATEMENT from "../../../../assets/lead-statement.txt?raw";
import {
  LAXEST,
  MOST_ACCOUNT,
  equal,
  gate,
  list,
  record,
  records,
  samePerson,
  time,
  times,
  words,
  MOST_FIELD,
} from "./parts";

export { STATEMENT };

const SCOPES: Record<string, string> = {
  "no-candidate": "no-candidate",
  excluded: "exclusion",
  "lead-not-corroborated": "lead",
  "lead-corroborated": "lead",
};
const tellsLead = (disposition: Json | undefined): boolean => SCOPES[words(disposition)] === "lead";

const NO_HISTORY: Record_ = { elsewhere: [], given_up: [], set_aside: [] };
export const historyOf = (note: Record_): Record_ =>
  note.history === undefined ? NO_HISTORY : record(note.history);

/** Whether each examination that was set aside is of a search, and was not set aside before its list came. */
export const historyFits = (history: Record_, searches: Record_[]): boolean =>
  records(history.set_aside).every((aside) => {
    const search = searches.find((one) => one.id === record(aside.examination).search);
    return !!search && time(search.at) <= time(aside.at);
  });

/** Whether each handing over goes on where the one before ended, with its reason, from one person to another. */
export function handoversFit(history: Record_): boolean {
  const all = handedOver(history);
  return all.every((one, n) => {
    const [from, to, by, reason] = [record(one.from), record(one.to), record(one.by), words(one.reason)];
    const before = all[n - 1];
    const follows = !before || (samePerson(from, record(before.to)) && time(before.at) <= time(one.at));
    const whole =
      tells(reason, 2) && length(reason) <= MOST_FIELD && !samePerson(to, from) && !samePerson(to, by);
    return follows && whole;
  });
}

/** Whether the author had the case when the note was sealed, and whoever opened it had it too. */
function ofAuthor(note: Record_): boolean {
  const history = historyOf(note);
  const all = handedOver(history);
  const last = all[all.length - 1];
  if (!last) return true;
  const opener = record(record(note.case).opened_by);
  const held = all
    .flatMap((one) => [record(one.from), record(one.to)])
    .some((one) => samePerson(one, opener));
  const own = samePerson(record(last.to), record(note.author)) && time(last.at) <= time(note.sealed_at);
  return held && own && handoversFit(history);
}

/** Whether somebody got the case, and still had it after a moment, by `before`. */
function heldFrom(history: Record_, person: Record_, at: bigint, before: bigint): boolean {
  const all = handedOver(history);
  return all.some((one, n) => {
    const next = all[n + 1];
    const until = !next || at < time(next.at);
    const from = at > time(one.at) ? at : time(one.at);
    return until && samePerson(record(one.to), person) && from <= before;
  });
}

/** The subjects that were shown to somebody with score and record before a moment. */
function unveiledTo(history: Record_, person: Record_, searches: Record_[], before: bigint): Set<string> {
  const here = records(history.set_aside)
    .map((aside) => record(aside.examination))
    .filter((one) => one.concluded_at !== null && one.unveiled_at !== null)
    .filter(
      (one) =>
        samePerson(record(one.examiner), person) || heldFrom(history, person, time(one.unveiled_at), before),
    )
    .flatMap((one) => records(searches.find((search) => search.id === one.search)?.candidates ?? []))
    .flatMap((row) => (row.subject_id === undefined ? [] : [words(row.subject_id)]));
  const elsewhere = records(history.elsewhere)
    .filter((one) => samePerson(record(one.to), person) && time(one.at) <= before)
    .map((one) => words(one.subject_id));
  return new Set([...here, ...elsewhere]);
}

const subjectOf = (searches: Record_[], candidate: string): string | undefined => {
  const rows = searches.flatMap((search) => records(search.candidates));
  const row = rows.find((one) => one.id === candidate && one.subject_id !== undefined);
  return row && words(row.subject_id);
};

/** Whether a second examiner did not support the lead's subject before. */
function disagreed(history: Record_, lead: string, searches: Record_[]): boolean {
  const rows = sameSubject(searches, lead);
  const aside = records(history.set_aside)
    .map((one) => record(one.examination))
    .some((one) => {
      const outcome = outcomeOf(one);
      const left = !!outcome && !carries(outcome.conclusion);
      const verified = one.concluded_at !== null && one.unveiled_at !== null && one.verification !== null;
      return one.lead !== null && rows.has(words(one.lead)) && verified && left;
    });
  const subject = subjectOf(searches, lead);
  const elsewhere = records(history.elsewhere).some(
    (one) => one.disagreed === true && one.subject_id === subject,
  );
  const gaveUp = records(history.given_up).some((one) => {
    const work = record(one.work);
    const against = Object.entries(record(work.conclusions)).some(
      ([id, c]) => rows.has(id) !== carries(record(c).conclusion),
    );
    return list(work.among).some((id) => rows.has(id)) && against;
  });
  return aside || elsewhere || gaveUp;
}

/** What an examination comes to among all that was seen before. */
function within(outcome: Outcome | null, note: Record_): Outcome | null {
  if (!outcome) return null;
  const [history, searches, examination] = [
    historyOf(note),
    records(note.searches),
    record(note.examination),
  ];
  const subject = subjectOf(searches, outcome.candidate);
  const saw = (person: Record_, before: bigint): boolean =>
    subject !== undefined && unveiledTo(history, person, searches, before).has(subject);
  gate(!saw(record(examination.examiner), time(examination.concluded_at)), "seen-before");
  const second = examination.verification === null ? undefined : record(examination.verification);
  const knew = !!second && saw(record(second.verifier), time(second.at));
  const left = knew || disagreed(history, outcome.candidate, searches);
  return left ? { ...outcome, conclusion: "inconclusive" } : outcome;
}

/** The account without its headings. */
const account = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => !trimmed(line).startsWith("#") && !trimmed(line).endsWith(":"))
    .join("\n");

const IDLE = "person ";

/** What a note tells of lists is what its disposition allows. */
function toldGate(note: Record_): void {
  const searches = records(note.searches);
  const history = historyOf(note);
  const open = new Set(
    [record(note.examination), ...records(history.set_aside).map((one) => record(one.examination))]
      .filter((one) => one.concluded_at !== null && one.unveiled_at !== null)
      .map((one) => words(one.search)),
  );
  const lead = tellsLead(note.disposition);
  const subjects = (all: Record_[]): string[] =>
    all
      .flatMap((search) => records(search.candidates))
      .flatMap((row) => (row.subject_id === undefined ? [] : [words(row.subject_id)]));
  const known = new Set(subjects(searches.filter((search) => open.has(words(search.id)))));
  for (const search of searches) {
    if (lead && open.has(words(search.id))) continue;
    const rows = records(search.candidates);
    const ids = rows.map((row) => words(row.id));
    gate(equal(ids, [...ids].sort()), "told");
    const bare = (row: Record_): boolean =>
      row.score === undefined &&
      row.captured_on === null &&
      row.agency === null &&
      row.other_photos === undefined;
    gate(rows.every(bare), "told");
    const fits = (subject: string): boolean => (lead ? known.has(subject) : subject.startsWith(IDLE));
    gate(subjects([search]).every(fits), "told");
  }
  const elsewhere = records(history.elsewhere).map((one) => words(one.subject_id));
  gate(
    elsewhere.every((subject) => (lead ? known.has(subject) : subject.startsWith(IDLE))),
    "told",
  );
}

/** Passes every gate of a note again from what it holds. Its sentences and the words that ask for a supervisor are not compared. */
export function noteGate(note: Record_): void {
  gate(note.statement === STATEMENT, "statement");
  const kase = record(note.case);
  caseGate(kase);
  const probe = record(note.probe);
  probeGate(probe, kase);
  const searches = records(note.searches);
  searches.forEach(searchGate);
  const examination = record(note.examination);
  const sealed = time(note.sealed_at);
  const search = searches.find((one) => one.id === examination.search);
  gate(!!search, "examination-list");
  const found = search as Record_;
  const image = record(probe.image);
  for (const one of searches) {
    const of = one.purpose === kase.purpose && one.probe_sha256 === image.sha256;
    gate(of && time(one.at) <= sealed, "search");
  }
  gate(time(kase.opened_at) <= time(found.at), "search");
  gate(equal(note.verification, examination.verification), "verification-claims");
  const history = historyOf(note);
  gate(historyFits(history, searches), "history");
  gate(examination.concluded_at !== null, "unveiled");
  examinationGate(examination, found);
  const around = aroundOf(kase, probe, searches, examination, history, record(note.author), sealed);
  const checklist = record(note.checklist);
  checklistGate(checklist, around);
  gate(ofAuthor(note), "handover");
  const standings = standingsOf(checklist, around);
  gate(equal(note.standings, standings), "standings");
  const outcome = within(outcomeOf(examination), note);
  gate(equal(note.outcome, outcome ? { kind: "lead", ...outcome } : { kind: "none-of-these" }), "outcome");
  const [narrative, reason] = [words(note.narrative), words(note.reason)];
  gate(
    tells(account(narrative), 4) && length(narrative) <= MOST_ACCOUNT && trimmed(narrative) === narrative,
    "account",
  );
  gate(trimmed(reason) === reason, "account");
  if (note.account_confirmed !== undefined) accountGate(note);
  dispositionGate(note, outcome, standings);
  const changed = records(examination.changes).map((change) => record(change.to).at);
  gate(
    times(...changed, examination.unveiled_at, kase.confirmed_at).every((at) => at <= sealed),
    "order",
  );
  const concluded = time(examination.concluded_at);
  gate(
    time(probe.imported_at) <= time(found.at) && time(found.at) <= concluded && concluded <= sealed,
    "order",
  );
  if (tellsLead(note.disposition)) gate(daysBetween(time(found.at), sealed) <= LAXEST.staleDays, "stale");
  toldGate(note);
}

/** A supervisor's word on an account is of this account, by somebody who does not work on the case, and not later. */
function accountGate(note: Record_): void {
  const confirmed = record(note.account_confirmed);
  const of = `${gist(words(note.narrative))}|${gist(words(note.reason))}`;
  const works = [record(note.author), record(record(note.case).opened_by)].some((p) =>
    samePerson(p, record(confirmed.by)),
  );
  // Where nothing asks for it, it may be there for another text: it proves nothing then.
  if (words(confirmed.of) === of) gate(!works && time(confirmed.at) <= time(note.sealed_at), "account");
}

function dispositionGate(note: Record_, outcome: Outcome | null, standings: Json[]): void {
  const checklist = record(note.checklist);
  const disposition = words(note.disposition);
  const examination = record(note.examination);
  gate(checklist.scope === SCOPES[disposition], "disposition");
  if (disposition === "no-candidate") gate(!outcome, "disposition");
  if (disposition === "excluded") {
    const reason = words(note.reason);
    gate(tells(reason, 3) && length(reason) <= MOST_ACCOUNT, "disposition");
    const stands = !outcome || outcome.conclusion === "inconclusive" || outcome.conclusion === "exclusion";
    gate(stands || excludes(checklist, standings), "disposition");
  }
  if (tellsLead(disposition)) gate(!!outcome && examination.unveiled_at !== null, "disposition");
  if (disposition === "lead-corroborated") {
    gate(!!outcome && carries(outcome.conclusion) && examination.verification !== null, "verified");
    supportGate(checklist, standings);
  }
}

/** Whether somebody wrote, examined, verified or opened what a note is about. */
function tookPart(note: Record_, person: Record_): boolean {
  const second = note.verification === null ? [] : [record(record(note.verification).verifier)];
  const people = [note.author, record(note.examination).examiner, record(note.case).opened_by].map(record);
  return [...people, ...second, ...peopleOf(historyOf(note))].some((one) => samePerson(one, person));
}

/** The fields that a reviewer can remark on. */
function places(note: Record_): Set<string> {
  const entries = records(record(note.checklist).entries).map((entry) => {
    const kind = words(record(entry.details).category);
    return `${kind === "media" ? "open-source-media" : kind}.${words(entry.id)}`;
  });
  const items =
    "height weight age marks physical-condition custody known-location speaks_for_the_person".split(" ");
  const fixed = ["note.narrative", "disposition", "examination", "verification"];
  return new Set([...fixed, ...entries, ...items.map((item) => `panel.${item}`)]);
}

export function reviewGate(review: Record_, note: Record_, noteSha256: string): void {
  const holds = (when: boolean): void => need(when, "review", "verifier-gate-review");
  holds(review.note === note.id && review.note_sha256 === noteSha256);
  holds(review.role === "supervisor" && !tookPart(note, record(review.reviewer)));
  holds(time(note.sealed_at) <= time(review.at));
  const judged = records(review.judged);
  const no = (one: Record_): boolean => one.holds === false;
  for (const judgement of JUDGEMENTS) {
    const answer = judged.find((one) => one.judgement === judgement);
    holds(!!answer && answer.holds !== null);
    const remark = words(answer?.remark);
    holds(!answer || !no(answer) || (said(remark) && length(remark) <= MOST_ACCOUNT));
  }
  const known = places(note);
  const remarks = records(review.remarks);
  holds(remarks.every((remark) => said(words(remark.text)) && known.has(words(remark.place))));
  const against = judged.some(no) || remarks.length > 0;
  const reason = words(review.reason);
  holds(trimmed(reason) === reason);
  if (review.decision === "approve") holds(!against);
  if (review.decision === "return") holds(against);
  if (review.decision === "refer") holds(tells(reason, 2) && length(reason) <= MOST_ACCOUNT);
}

export function addendumGate(addendum: Record_, note: Record_, noteSha256: string, number: number): void {
  const of = addendum.note === note.id && addendum.note_sha256 === noteSha256 && addendum.number === number;
  if (!of || time(addendum.at) < time(note.sealed_at)) {
    throw new Refused("addendum", "verifier-gate-addendum", { number });
  }
}
