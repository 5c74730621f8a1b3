// The first two gates (docs/formats/gates.md): purpose and probe.
import type { Record_ } from "../json";
import { LAXEST, MOST_FIELD, count, gate, list, record, records, samePerson, time, words } from "./parts";
import { gist, length, said, trimmed } from "../text";

const REFUSED = ["live-video", "body-worn-video", "sketch", "composite", "look-alike", "generated-or-edited"];
const DECLARED = (
  "trainedAlgorithmicMedia algorithmicMedia trainedAlgorithmicData dataDrivenMedia virtualRecording softwareImage " +
  "compositeWithTrainedAlgorithmicMedia composite compositeCapture compositeSynthetic digitalArt digitalCreation"
).split(" ");
const CRIMES = ["felony", "misdemeanor-with-injury"];
/** Purposes for which the picture was taken at the event or later. */
const ORDERED = [...CRIMES, "imminent-threat"];

/** What a supervisor's confirmation of a case is bound to. */
const confirmed = (kase: Record_): string => {
  const basis = record(kase.basis);
  return [
    words(kase.purpose),
    ...[basis.code, kase.offence, basis.statement].map((t) => gist(words(t))),
  ].join("|");
};

export function caseGate(kase: Record_): void {
  const basis = record(kase.basis);
  const statement = words(basis.statement);
  for (const text of [kase.offence, basis.statement, basis.requested_by, basis.code].map(words)) {
    gate(length(text) <= MOST_FIELD, "too-long");
  }
  gate(said(words(kase.number)) && trimmed(words(kase.number)) === kase.number, "case-number");
  gate(said(words(kase.offence)) && trimmed(words(kase.offence)) === kase.offence, "case-offence");
  gate(time(kase.event_at) <= time(kase.opened_at), "case-event");
  const charge = kase.charge === null ? undefined : record(kase.charge);
  if (CRIMES.includes(words(kase.purpose))) {
    const serves =
      kase.purpose === "felony"
        ? charge?.class !== "misdemeanor"
        : charge?.class !== "felony" && charge?.injury === true;
    gate(!!charge && serves, "case-charge");
  }
  const visible = (statement.match(/[\p{L}\p{N}]/gu) ?? []).length;
  const told = Math.min(length(gist(statement).replaceAll(" ", "")), visible);
  gate(
    told >= Math.floor((LAXEST.basisCharacters * 2) / 3) &&
      length(trimmed(statement)) >= LAXEST.basisCharacters,
    "case-basis",
  );
  gate(said(words(basis.requested_by)), "case-requested");
  const by = kase.confirmed_by;
  gate((by === null) === (kase.confirmed_at === null), "case-confirmed");
  if (by !== null) {
    const own = samePerson(record(by), record(kase.opened_by));
    gate(!own && time(kase.confirmed_at) <= time(kase.opened_at) && confirmed(kase) !== "", "case-confirmed");
  }
  gate(basis.supervisor === (by === null ? "" : record(by).name), "case-confirmed");
  gate(kase.purpose !== "imminent-threat" || by !== null, "case-confirmed");
}

function imageGate(image: Record_): void {
  const declared = records(image.says ?? []).filter((one) => one.says === "declared");
  gate(!declared.some((one) => DECLARED.includes(words(one.kind))), "probe-kind");
}

export function probeGate(probe: Record_, kase: Record_ | null): void {
  imageGate(record(probe.image));
  gate(!REFUSED.includes(words(probe.source)), "probe-kind");
  for (const text of list([probe.obtained_by, probe.obtained_how, probe.legal_basis] as string[])) {
    gate(said(text) && trimmed(text) === text && length(text) <= MOST_FIELD, "probe-origin");
  }
  const captured = time(probe.captured_at);
  gate(captured <= time(probe.imported_at), "probe-captured");
  if (kase && probe.source !== "id-document" && ORDERED.includes(words(kase.purpose))) {
    gate(time(kase.event_at) <= captured, "probe-captured");
  }
  gate(count(probe.quality) >= LAXEST.qualityFloor, "probe-quality");
  for (const further of records(probe.further)) {
    imageGate(record(further.image));
    const why = words(further.same_person);
    gate(said(why) && trimmed(why) === why && count(further.quality) >= LAXEST.qualityFloor, "probe-further");
  }
  gate(
    probe.prepared === null || count(record(probe.prepared).quality) >= LAXEST.qualityFloor,
    "probe-quality",
  );
}

/** What no search is sent with. */
export function searchGate(search: Record_): void {
  const filters = record(search.filters);
  gate(
    list(filters.agencies).every((ori) => /^[A-Z0-9]{9}$/.test(ori)),
    "search",
  );
  const [from, until] = [filters.captured_from, filters.captured_until];
  gate(from === null || until === null || words(from) <= words(until), "search");
  const between = (value: unknown, least: number, most: number): boolean =>
    typeof value === "number" && value >= Math.fround(least) && value <= Math.fround(most);
  const steps = records(search.prepared);
  const fits = (step: Record_): boolean => {
    if (step.kind === "rotate") return between(step.degrees, -180, 180);
    if (step.kind === "crop") return count(step.width) >= 32 && count(step.height) >= 32;
    return between(step.brightness, -1, 1) && between(step.contrast, 0.1, 4) && between(step.gamma, 0.2, 5);
  };
  gate(steps.length <= 20 && steps.every(fits), "search");
  const encoding = search.encoding === undefined ? undefined : record(search.encoding);
  gate(!encoding || (count(encoding.photographs) > 0 && count(encoding.quality) <= 100), "search");
}
