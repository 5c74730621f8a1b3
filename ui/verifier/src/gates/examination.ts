// The fourth gate (docs/formats/gates.md): what was concluded blind, unveiled, changed, and verified by a second examiner.
import type { Record_ } from "../json";
import { canonical } from "../json";
import { sha256 } from "../keys";
import { need } from "../refused";
import * as shapes from "../records";
import { shaped } from "../shape";
import { said, tells } from "../text";
import { LAXEST, equal, gate, list, record, records, samePerson, time, times, words } from "./parts";

export const carries = (conclusion: unknown): boolean =>
  conclusion === "support" || conclusion === "limited-support";
const STRENGTH = ["support", "limited-support", "inconclusive", "exclusion"];
const weaker = (one: string, other: string): string =>
  STRENGTH.indexOf(one) > STRENGTH.indexOf(other) ? one : other;

/** The list that somebody works on. */
export interface Listing {
  id: string;
  at: bigint;
  ids: string[];
}

export const listing = (search: Record_): Listing => ({
  id: words(search.id),
  at: time(search.at),
  ids: records(search.candidates).map((one) => words(one.id)),
});

/** The blind work of an examination. */
export function workOf(examination: Record_): Record_ {
  const work: Record_ = { ...examination };
  for (const later of ["concluded_at", "unveiled_at", "changes", "verification"])
    Reflect.deleteProperty(work, later);
  return work;
}

const observed = (comparison: Record_): Record_ => record(comparison.observations);

const answered = (observation: Record_ | undefined): boolean =>
  !!observation &&
  ((observation.visible_in_both === false && observation.finding === null) ||
    (observation.visible_in_both === true && observation.finding !== null));

/** Whether a conclusion contradicts what was recorded component by component. */
function contradicts(work: Record_, id: string, conclusion: string): boolean {
  const comparison = record(work.comparisons)[id];
  if (comparison === undefined) return false;
  const all = Object.entries(observed(record(comparison))).map(([name, one]) => [name, record(one)] as const);
  const of = (finding: string): string[] =>
    all.filter(([, one]) => one.visible_in_both === true && one.finding === finding).map(([name]) => name);
  const [similar, different] = [of("similar"), of("different")];
  const untold = of("cannot-tell").length + all.filter(([, one]) => one.visible_in_both === false).length;
  const seen = record(record(work.analysis).components);
  const unseen = [...similar, ...different].some((name) => {
    const analysed = seen[name];
    return analysed !== undefined && record(analysed).visibility === "not-visible";
  });
  if (unseen) return true;
  const whole = shapes.COMPONENTS.every((name) => answered(asRecord(observed(record(comparison))[name])));
  switch (conclusion) {
    case "support":
      return different.length > 0 || similar.length <= untold;
    case "limited-support":
      return similar.length === 0 || (different.length > 0 && different.length >= similar.length);
    case "inconclusive":
      return untold === 0 && different.length === 0 && similar.length > 0 && whole;
    default:
      return different.length === 0 && similar.length > 0;
  }
}

const asRecord = (value: unknown): Record_ | undefined =>
  value === undefined ? undefined : (value as Record_);

function analysisGate(analysis: Record_): void {
  gate(analysis.recorded_at !== null, "analysis");
  const seen = record(analysis.components);
  for (const component of shapes.COMPONENTS) {
    const one = seen[component];
    gate(one !== undefined && record(one).visibility !== null, "analysis");
  }
  gate(analysis.suitability !== null, "analysis");
  gate(analysis.suitability === "suitable" || said(words(analysis.note)), "analysis");
}

/** What every conclusion keeps to. */
function conclusionsGate(work: Record_, of: Listing, now: bigint): void {
  const among = list(work.among);
  const listed = (id: string): boolean => of.ids.includes(id) && (among.length === 0 || among.includes(id));
  const conclusions = Object.entries(record(work.conclusions)).map(([id, one]) => [id, record(one)] as const);
  const opened = record(work.looked_at);
  const thumbnail = record(work.at_thumbnail);
  const ids = [...conclusions.map(([id]) => id), ...Object.keys(opened), ...Object.keys(thumbnail)];
  gate(work.search === of.id && ids.every(listed), "examination-list");
  const inTime = conclusions.every(([, one]) => of.at <= time(one.at) && time(one.at) <= now);
  gate(of.at <= now && inTime, "examination-order");
  const analysis = record(work.analysis);
  analysisGate(analysis);
  for (const [id, one] of conclusions) {
    const conclusion = words(one.conclusion);
    gate(id in opened || (conclusion === "exclusion" && id in thumbnail), "examination-opened");
    if (carries(conclusion)) {
      const comparison = asRecord(record(work.comparisons)[id]);
      const whole = shapes.COMPONENTS.every((name) =>
        answered(asRecord(comparison && observed(comparison)[name])),
      );
      gate(whole, "examination-compared");
      gate(analysis.suitability !== "unsuitable", "analysis");
    }
    gate(!contradicts(work, id, conclusion) || said(words(one.reason)), "examination-contradicts");
  }
}

const shown = (work: Record_, of: Listing): number => list(work.among).length || of.ids.length;

/** The examiner's own end. */
function concludedGate(work: Record_, of: Listing, now: bigint): void {
  conclusionsGate(work, of, now);
  const opened = Object.keys(record(work.looked_at));
  const conclusions = record(work.conclusions);
  gate(opened.length >= Math.min(LAXEST.opened, shown(work, of)), "examination-few");
  if (work.none_of_these === true) {
    const support = Object.values(conclusions).some((one) => carries(record(one).conclusion));
    gate(work.lead === null && !support, "examination-lead");
    return;
  }
  gate(
    opened.every((id) => id in conclusions),
    "examination-open",
  );
  const lead = work.lead === null ? undefined : conclusions[words(work.lead)];
  gate(lead !== undefined && carries(record(lead).conclusion), "examination-lead");
}

/** A second examiner's end: everybody opened, everybody concluded on. */
export function handedInGate(work: Record_, of: Listing, now: bigint): void {
  conclusionsGate(work, of, now);
  const all = shown(work, of);
  gate(Object.keys(record(work.conclusions)).length >= all, "verification-whole");
  gate(Object.keys(record(work.looked_at)).length >= all, "verification-whole");
}

export interface Outcome {
  candidate: string;
  conclusion: string;
}

/** The conclusion on the lead as changed after unveiling; nothing where nobody is kept. */
function alone(examination: Record_): Outcome | null {
  if (examination.lead === null) return null;
  const candidate = words(examination.lead);
  const changed = records(examination.changes).filter((one) => one.candidate === candidate);
  const last = changed[changed.length - 1];
  const blind = record(examination.conclusions)[candidate];
  const standing = last ? record(last.to) : blind === undefined ? undefined : record(blind);
  const conclusion = standing ? words(standing.conclusion) : "inconclusive";
  return conclusion === "exclusion" && examination.unveiled_at !== null ? null : { candidate, conclusion };
}

/** What the examination came to, with the second examiner's conclusion. */
export function outcomeOf(examination: Record_): Outcome | null {
  const own = alone(examination);
  if (!own || examination.verification === null) return own;
  const second = record(examination.verification);
  if (second.conference !== null) return { ...own, conclusion: words(record(second.conference).agreed) };
  const agrees = second.agreement === "agrees";
  return { ...own, conclusion: agrees ? weaker(own.conclusion, words(second.conclusion)) : "inconclusive" };
}

const tokens = (asked: Record_): Record_ => record(record(asked.key).candidates);

/** The same work on the tokens of a request; nothing where a candidate has none. */
export function onTokens(work: Record_, asked: Record_): Record_ | undefined {
  const names = new Map(Object.entries(tokens(asked)).map(([token, candidate]) => [words(candidate), token]));
  const keys = (value: Record_): Record_ | undefined => {
    const renamed = Object.entries(value).map(([id, one]) => [names.get(id), one] as const);
    if (renamed.some(([id]) => id === undefined)) return undefined;
    return Object.fromEntries(renamed) as Record_;
  };
  const maps = ["looked_at", "at_thumbnail", "comparisons", "conclusions"].map(
    (name) => [name, keys(record(work[name]))] as const,
  );
  const among = list(work.among).map((id) => names.get(id));
  const lead = work.lead === null ? null : names.get(words(work.lead));
  if (maps.some(([, of]) => of === undefined) || among.includes(undefined) || lead === undefined)
    return undefined;
  return {
    ...work,
    ...(Object.fromEntries(maps) as Record_),
    among: (among as string[]).sort(),
    lead,
    search: record(asked.request).id as string,
  };
}

const isDigest = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

/** Whether a request tells nothing by its order, is no list of one, and names pictures by their hashes. */
export function requestShaped(request: Record_): void {
  const candidates = records(request.candidates);
  const sent = candidates.map((one) => words(one.token));
  const ordered = sent.every((token, at) => at === 0 || (sent[at - 1] ?? "") < token);
  const digests = [request.probe, request.key_sha256, ...candidates.flatMap((one) => list(one.photographs))];
  const shown = candidates.every((one) => list(one.photographs).length > 0);
  const fits = sent.length > 1 && ordered && shown && digests.every(isDigest);
  need(fits, "malformed", "verifier-gate-verification-asked");
}

/** Whether a request goes with the key whose digest it carries. */
export function askedGate(asked: Record_): void {
  const [request, key] = [record(asked.request), record(asked.key)];
  requestShaped(request);
  const sent = records(request.candidates).map((one) => words(one.token));
  const people = Object.values(record(key.candidates)).map(words);
  const known = Object.keys(record(key.candidates)).sort();
  const fits =
    isDigest(key.salt) &&
    sha256(canonical(key)) === request.key_sha256 &&
    equal(known, sent) &&
    new Set(people).size === people.length;
  need(fits, "malformed", "verifier-gate-verification-asked");
}

/** What a second examiner elsewhere signed, as docs/formats/verification.md says. */
export function answerOf(verification: Record_): Record_ | undefined {
  const asked = record(verification.asked);
  const work = onTokens(record(verification.work), asked);
  const request = record(asked.request);
  if (!work) return undefined;
  return {
    at: words(verification.at),
    request: words(request.id),
    request_sha256: sha256(canonical(request)),
    work,
  };
}

/** Every moment that blind work records. */
export function momentsOf(work: Record_): bigint[] {
  const views = Object.values(record(work.comparisons)).flatMap((one) =>
    records(record(one).views).map((view) => view.at),
  );
  const concluded = Object.values(record(work.conclusions)).map((one) => record(one).at);
  const opened = [work.looked_at, work.at_thumbnail].flatMap((of) => Object.values(record(of)));
  return times(...views, ...concluded, ...opened, record(work.analysis).recorded_at);
}

/** Whether an answer is a whole one to a request. */
export function answerGate(answer: Record_, request: Record_): void {
  const work = record(answer.work);
  gate(
    answer.request === request.id && answer.request_sha256 === sha256(canonical(request)),
    "verification-asked",
  );
  gate(record(work.examiner).id === request.to, "verification-asked");
  const moments = momentsOf(work);
  const [asked, end] = [time(request.asked_at), time(answer.at)];
  gate(
    moments.every((moment) => asked <= moment && moment <= end),
    "examination-order",
  );
  const ids = records(request.candidates).map((one) => words(one.token));
  gate(equal(work.among, ids) && work.lead === null && work.none_of_these === false, "verification-asked");
  handedInGate(work, { id: words(request.id), at: asked, ids }, end);
}

function verificationGate(examination: Record_, of: Listing): void {
  const second = record(examination.verification);
  const work = record(second.work);
  const examiner = record(examination.examiner);
  gate(!samePerson(record(work.examiner), examiner), "verification-own");
  gate(equal(second.verifier, work.examiner), "verification-person");
  const [unveiled, end] = [time(examination.unveiled_at), time(second.at)];
  gate(unveiled <= end, "verification-order");
  const own = alone(examination);
  gate(!!own && carries(own.conclusion), "verification-lead");
  const lead = own?.candidate ?? "";
  const among = list(work.among);
  gate(among.includes(lead) && among.length > LAXEST.fillers, "verification-fillers");
  handedInGate(work, of, end);
  const conclusions = record(work.conclusions);
  const on = conclusions[lead];
  gate(on !== undefined && record(on).conclusion === second.conclusion, "verification-claims");
  const another = Object.entries(conclusions).some(
    ([id, one]) => id !== lead && carries(record(one).conclusion),
  );
  const agree = carries(own?.conclusion) && carries(second.conclusion);
  const agreement = !agree ? "disagrees-on-lead" : another ? "supports-another" : "agrees";
  gate(second.agreement === agreement, "verification-claims");
  const asked = second.asked === undefined ? undefined : record(second.asked);
  if (asked) {
    askedGate(asked);
    const request = record(asked.request);
    gate(
      work.search === record(asked.key).search && record(second.verifier).id === request.to,
      "verification-asked",
    );
    gate(unveiled <= time(request.asked_at), "verification-order");
    const answer = answerOf(second);
    gate(!!answer, "verification-asked");
    answerGate(shaped(answer, shapes.answer), request);
    // Put on tokens and back it is the same work: its candidates stand in their order.
    gate(equal(among, [...among].sort()), "verification-asked");
  }
  if (second.conference === null) return;
  const conference = record(second.conference);
  gate(agreement !== "agrees", "conference");
  const [one, other] = records(conference.held_by) as [Record_, Record_];
  const verifier = record(second.verifier);
  const pair = (a: Record_, b: Record_): boolean => samePerson(a, examiner) && samePerson(b, verifier);
  gate((pair(one, other) || pair(other, one)) && !samePerson(one, other), "conference");
  gate(tells(words(conference.account), 3), "conference");
  const confirmed = conference.confirmed_at;
  gate((confirmed !== undefined) === !!asked, "conference");
  gate(
    confirmed === undefined || (end <= time(conference.at) && time(conference.at) <= time(confirmed)),
    "conference",
  );
}

/** A concluded examination, to its last state. */
export function examinationGate(examination: Record_, search: Record_): void {
  const of = listing(search);
  const work = workOf(examination);
  const end = time(examination.concluded_at);
  concludedGate(work, of, end);
  const changes = records(examination.changes);
  if (examination.unveiled_at === null) {
    gate(changes.length === 0 && examination.verification === null, "unveiled");
    return;
  }
  const unveiled = time(examination.unveiled_at);
  gate(end <= unveiled, "unveiled");
  const standing = new Map(Object.entries(record(work.conclusions)));
  for (const change of changes) {
    const to = record(change.to);
    const candidate = words(change.candidate);
    gate(unveiled <= time(to.at) && of.ids.includes(candidate) && tells(words(to.reason), 2), "changes");
    const before = standing.get(candidate) ?? null;
    gate(
      equal(change.from, before) && (before === null || record(before).conclusion !== to.conclusion),
      "changes",
    );
    standing.set(candidate, to);
  }
  if (examination.verification !== null) verificationGate(examination, of);
}
