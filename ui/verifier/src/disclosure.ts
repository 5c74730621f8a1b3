// The disclosure of a case (docs/formats/disclosure.md).
import { caseGate, probeGate, searchGate } from "./gates/case";
import { aroundOf, handedOver, standingsOf } from "./gates/checklist";
import { examinationGate, momentsOf, workOf } from "./gates/examination";
import { STATEMENT, handoversFit, historyFits } from "./gates/note";
import { equal, gate, record, records, time, times, words } from "./gates/parts";
import type { Json, Record_ } from "./json";
import { canonical, isRecord, read } from "./json";
import { fingerprint, sha256 } from "./keys";
import { loggedOf } from "./log/disclosure";
import type { LoggedDisclosure } from "./log/disclosure";
import { need } from "./refused";
import { departmentOf, fileText, proven } from "./note";
import type { Proven } from "./note";
import * as shapes from "./disclosed";
import { shaped } from "./shape";
import type { Owed, Paid } from "./signed";
import { askedOf, signature } from "./signed";

export const DISCLOSURE = "corroborate.disclosure.v3";
/** The same with what shows that it was logged. */
export const LOGGED_DISCLOSURE = "corroborate.disclosure.v4";

export interface CheckedDisclosure extends Paid, LoggedDisclosure {
  disclosure: Record_;
  sha256: string;
  key: string;
  notes: Proven[];
  root?: string;
}

const lists = (disclosure: Record_): Record_[] => records(disclosure.searches);

/** The examinations of a disclosure, the one that counts last. */
function examinations(disclosure: Record_): Record_[] {
  const aside = records(record(disclosure.history).set_aside).map((one) => record(one.examination));
  return disclosure.examination === null ? aside : [...aside, record(disclosure.examination)];
}

function searchesGate(disclosure: Record_): void {
  const { case: kase, probe } = disclosure;
  gate(probe === null || kase !== null, "search");
  const searches = lists(disclosure);
  for (const search of searches) {
    searchGate(search);
    gate(kase !== null && probe !== null, "search");
    const image = record(record(probe).image);
    const of = search.purpose === record(kase).purpose && search.probe_sha256 === image.sha256;
    gate(of && time(record(kase).opened_at) <= time(search.at), "search");
  }
  const ids = searches.map((search) => words(search.id));
  gate(new Set(ids).size === ids.length, "search");
  const { examination } = disclosure;
  const latest = searches[searches.length - 1]?.id ?? null;
  gate((examination === null ? null : record(examination).search) === latest, "examination-list");
  gate(historyFits(record(disclosure.history), searches), "history");
  gate(handoversFit(record(disclosure.history)), "handover");
  const changes = examination === null ? [] : (record(examination).changes ?? []);
  gate(equal(disclosure.changes_after_unveiling, changes), "changes");
  const verification = examination === null ? null : (record(examination).verification ?? null);
  gate(equal(disclosure.verification, verification), "verification-claims");
}

/** A list is told exactly where its examination was unveiled. */
function tellingGate(disclosure: Record_): void {
  const all = examinations(disclosure);
  const current = disclosure.examination === null ? undefined : record(disclosure.examination);
  const kept = current && current.lead !== null ? current.search : undefined;
  for (const search of lists(disclosure)) {
    const unveiled = all.some(
      (one) => one.search === search.id && one.concluded_at !== null && one.unveiled_at !== null,
    );
    gate(search.withheld === !unveiled && search.gave_nothing === (kept !== search.id), "told");
    if (unveiled) continue;
    gate(search.worth === undefined, "told");
    const rows = records(search.candidates);
    const ids = rows.map((row) => words(row.id));
    const bare = rows.every((row) => equal(row, { agency: null, captured_on: null, id: words(row.id) }));
    gate(bare && equal(ids, [...ids].sort()), "told");
  }
}

function countsGate(disclosure: Record_): void {
  const checklist = record(disclosure.corroboration);
  const against = records(checklist.entries).filter((entry) => entry.finding === "contradicts");
  gate(equal(against, disclosure.contradictions), "contradiction");
  const searches = lists(disclosure);
  if (searches.some((search) => search.withheld === true && records(search.candidates).length > 0)) return;
  const kase = disclosure.case === null ? null : record(disclosure.case);
  const examination = disclosure.examination === null ? null : record(disclosure.examination);
  const probe = disclosure.probe === null ? null : record(disclosure.probe);
  const all = handedOver(record(disclosure.history));
  const last = all[all.length - 1];
  const authors = [last?.to, kase?.opened_by, examination?.examiner, disclosure.produced_by].filter(
    (one) => one !== undefined,
  );
  const produced = time(disclosure.produced_at);
  const same = authors.some((author) => {
    const around = aroundOf(
      kase,
      probe,
      searches,
      examination,
      record(disclosure.history),
      record(author),
      produced,
    );
    return equal(standingsOf(checklist, around), disclosure.standings);
  });
  gate(same, "standings");
}

function orderGate(disclosure: Record_): void {
  const produced = time(disclosure.produced_at);
  const runs = (all: bigint[]): boolean => all.every((at, n) => n === 0 || (all[n - 1] ?? at) <= at);
  const notes = records(disclosure.notes);
  const searches = lists(disclosure).map((search) => time(search.at));
  const events = records(disclosure.audit);
  const examination = disclosure.examination === null ? undefined : record(disclosure.examination);
  const second =
    examination && examination.verification !== null ? record(examination.verification).at : null;
  const worked = examination
    ? [...momentsOf(workOf(examination)), ...times(examination.concluded_at, examination.unveiled_at, second)]
    : [];
  const noted = notes.flatMap((note) => [
    time(note.sealed_at),
    ...[...records(note.reviews), ...records(note.addenda)].map((one) => time(one.at)),
  ]);
  const opened = disclosure.case === null ? [] : [time(record(disclosure.case).opened_at)];
  const moved = handedOver(record(disclosure.history)).map((one) => time(one.at));
  const all = [
    ...worked,
    ...noted,
    ...searches,
    ...opened,
    ...moved,
    ...events.map((event) => time(event.at)),
  ];
  gate(
    all.every((at) => at <= produced),
    "order",
  );
  gate(runs(searches) && runs(notes.map((note) => time(note.sealed_at))), "order");
  const numbers = events.map((event) => event.seq as number);
  gate(
    numbers.every((seq, n) => n === 0 || (numbers[n - 1] ?? seq) < seq),
    "order",
  );
}

const USE =
  "A face recognition search was made in this case. Its candidates are investigative leads, not identifications.";

/** Holds a disclosure to what comes out of it. The sentences why it was referred are not compared. */
export function disclosureGate(disclosure: Record_): void {
  gate(disclosure.statement === STATEMENT && disclosure.use_of_face_recognition === USE, "statement");
  const kase = disclosure.case === null ? null : record(disclosure.case);
  if (kase) {
    caseGate(kase);
    if (disclosure.probe !== null) probeGate(record(disclosure.probe), kase);
  }
  searchesGate(disclosure);
  tellingGate(disclosure);
  countsGate(disclosure);
  orderGate(disclosure);
  const latest = lists(disclosure)[lists(disclosure).length - 1];
  const examination = disclosure.examination === null ? undefined : record(disclosure.examination);
  if (examination && latest && examination.concluded_at !== null) examinationGate(examination, latest);
}

/** The hash of each event is the one that its content and the hash before it give. */
function auditGate(events: Record_[]): void {
  events.forEach((event, n) => {
    const fields = [event.previous, String(event.seq), event.at, event.person, event.action, event.detail];
    const before = events[n - 1];
    const follows = !before || (before.seq as number) + 1 !== event.seq || before.hash === event.previous;
    const first = (event.seq === 1) === (event.previous === "");
    const link = sha256(fields.map((field) => `${field as string}\n`).join(""));
    const fits = (event.seq as number) >= 1 && first && follows && link === event.hash;
    need(fits, "audit", "verifier-gate-audit", { number: event.seq as number });
  });
}

/** Whether a note is of the disclosed case, and each of its searches and its blind work is disclosed. */
function ofCase(disclosure: Record_, note: Record_): boolean {
  const ids = (search: Record_): Json =>
    records(search.candidates)
      .map((row) => words(row.id))
      .sort();
  const same = ["id", "by", "at", "gallery", "model", "completeness", "filters", "prepared", "encoding"];
  const searches = records(note.searches).every((search) =>
    lists(disclosure).some(
      (one) => same.every((name) => equal(one[name], search[name])) && equal(ids(one), ids(search)),
    ),
  );
  const work = canonical(workOf(record(note.examination)));
  const works = examinations(disclosure).some((one) => canonical(workOf(one)) === work);
  return equal(disclosure.case, note.case) && equal(disclosure.probe, note.probe) && searches && works;
}

function notesOf(disclosure: Record_, proof: Record_): Proven[] {
  const [told, given] = [records(disclosure.notes), records(proof.notes)];
  need(told.length === given.length, "disagrees", "verifier-disagrees");
  const found: Proven[] = [];
  told.forEach((one, n) => {
    const of = given[n] as Record_;
    const seal = record(of.note);
    const all = proven(seal, records(of.reviews), records(of.addenda));
    const { note } = all;
    const again: Record_ = {
      addenda: all.addenda,
      disposition: words(note.disposition),
      id: words(note.id),
      narrative: words(note.narrative),
      public_key: words(seal.public_key),
      reviews: all.reviews,
      sealed_at: words(note.sealed_at),
      sha256: words(seal.sha256),
      signature: words(seal.signature),
    };
    const twice = found.some((earlier) => earlier.note.id === note.id);
    need(equal(again, one) && ofCase(disclosure, note) && !twice, "disagrees", "verifier-disagrees");
    found.push(all);
  });
  return found;
}

/** Checks a disclosure; with `root`, that its people signed all of it by the roster of that department. */
export function checkDisclosure(text: string, root?: string): CheckedDisclosure {
  const value = read(fileText(text));
  const schema = isRecord(value) ? value.schema : undefined;
  const schemaNeeds = (holds: boolean): void =>
    need(holds, "schema", "verifier-schema", { found: String(schema ?? "?").slice(0, 80) });
  schemaNeeds(schema === DISCLOSURE || schema === LOGGED_DISCLOSURE);
  const { proof: given, ...rest } = value as Record_;
  const proof = shaped(given ?? null, shapes.proof);
  const needed = proof.ledger === undefined ? DISCLOSURE : LOGGED_DISCLOSURE;
  schemaNeeds(schema === needed && (proof.ledger !== undefined || proof.log === undefined));
  const said = canonical(rest);
  signature(needed, said, proof);
  const disclosure = shaped(rest, shapes.disclosure);
  disclosureGate(disclosure);
  auditGate(records(disclosure.audit));
  const notes = notesOf(disclosure, proof);
  const own: Owed = {
    stated: "disclosure",
    record: words(proof.sha256),
    person: record(disclosure.produced_by),
    at: words(disclosure.produced_at),
  };
  const all = [own, ...notes.flatMap((note) => note.owed)];
  const beside =
    proof.root === undefined && (proof.department !== undefined || proof.statements !== undefined);
  need(!beside, "beside", "verifier-beside");
  const found = departmentOf(proof, all);
  const logged = loggedOf(disclosure, proof, found.chain);
  if (root !== undefined) askedOf(root, found.root, found.unsigned);
  return {
    disclosure,
    sha256: words(proof.sha256),
    key: fingerprint(words(proof.public_key)),
    notes,
    ...logged,
    ...found,
  };
}
