// How codes read on the screens.
import type {
  Agreement,
  Category,
  Conclusion,
  ContradictionAnswer,
  ContradictionItem,
  Decision,
  Details,
  Disposition,
  Finding,
  ProbeSource,
  PreparationStep,
  Purpose,
  QualityVerdict,
  Role,
  Similarity,
  Standing,
  Step,
  Suitability,
  Visibility,
} from "../api/bindings";
import { say } from "./catalogue";

export const purposes: Record<Purpose, string> = {
  felony: say("purpose-felony"),
  "misdemeanor-with-injury": say("purpose-misdemeanor-with-injury"),
  "missing-person": say("purpose-missing-person"),
  "deceased-identification": say("purpose-deceased-identification"),
  "unable-to-identify-self": say("purpose-unable-to-identify-self"),
  "imminent-threat": say("purpose-imminent-threat"),
  training: say("purpose-training"),
};

export const sources: Record<ProbeSource, string> = {
  "fixed-camera-still": say("source-fixed-camera-still"),
  "witness-photo": say("source-witness-photo"),
  "social-media-post": say("source-social-media-post"),
  "id-document": say("source-id-document"),
  deceased: say("source-deceased"),
  "other-still": say("source-other-still"),
  "live-video": say("source-live-video"),
  "body-worn-video": say("source-body-worn-video"),
  sketch: say("source-sketch"),
  composite: say("source-composite"),
  "look-alike": say("source-look-alike"),
  "generated-or-edited": say("source-generated-or-edited"),
};

export const verdicts: Record<QualityVerdict, string> = {
  good: say("verdict-good"),
  fair: say("verdict-fair"),
  poor: say("verdict-poor"),
};

export const steps: Record<Step, string> = {
  purpose: say("step-purpose"),
  probe: say("step-probe"),
  search: say("step-search"),
  examine: say("step-examine"),
  verify: say("step-verify"),
  corroborate: say("step-corroborate"),
  note: say("step-note"),
};

export const conclusions: Record<Conclusion, string> = {
  support: say("conclusion-support"),
  "limited-support": say("conclusion-limited-support"),
  inconclusive: say("conclusion-inconclusive"),
  exclusion: say("conclusion-exclusion"),
};

export const visibilities: Record<Visibility, string> = {
  clear: say("visibility-clear"),
  partly: say("visibility-partly"),
  "not-visible": say("visibility-not-visible"),
};

export const suitabilities: Record<Suitability, string> = {
  suitable: say("suitability-suitable"),
  limited: say("suitability-limited"),
  unsuitable: say("suitability-unsuitable"),
};

export const similarities: Record<Similarity, string> = {
  similar: say("similarity-similar"),
  different: say("similarity-different"),
  "cannot-tell": say("similarity-cannot-tell"),
};

export const decisions: Record<Decision, { name: string; done: string; means: string }> = {
  approve: {
    name: say("decision-approve-name"),
    done: say("decision-approve-done"),
    means: say("decision-approve-means"),
  },
  return: {
    name: say("decision-return-name"),
    done: say("decision-return-done"),
    means: say("decision-return-means"),
  },
  refer: {
    name: say("decision-refer-name"),
    done: say("decision-refer-done"),
    means: say("decision-refer-means"),
  },
};

export const agreements: Record<Agreement, string> = {
  agrees: say("agreement-agrees"),
  "disagrees-on-lead": say("agreement-disagrees-on-lead"),
  "supports-another": say("agreement-supports-another"),
};

export const roles: Record<Role, { name: string; means: string }> = {
  examiner: {
    name: say("role-examiner-name"),
    means: say("role-examiner-means"),
  },
  supervisor: { name: say("role-supervisor-name"), means: say("role-supervisor-means") },
  auditor: { name: say("role-auditor-name"), means: say("role-auditor-means") },
  administrator: { name: say("role-administrator-name"), means: say("role-administrator-means") },
};

export const categories: Record<Category, string> = {
  vehicle: say("category-vehicle"),
  witness: say("category-witness"),
  "open-source-media": say("category-open-source-media"),
  phone: say("category-phone"),
  location: say("category-location"),
  "physical-evidence": say("category-physical-evidence"),
  alibi: say("category-alibi"),
};

export const mandatory: Category[] = ["vehicle", "witness", "open-source-media"];
export const furtherKinds: Category[] = ["phone", "location", "physical-evidence", "alibi"];

/** The category that an entry answers. */
export function categoryOf(details: Details): Category {
  return details.category === "media" ? "open-source-media" : details.category;
}

export const findings: Record<Finding, string> = {
  supports: say("finding-supports"),
  contradicts: say("finding-contradicts"),
  inconclusive: say("finding-inconclusive"),
  "sought-not-found": say("finding-sought-not-found"),
};

export const items: Record<ContradictionItem, string> = {
  height: say("item-height"),
  weight: say("item-weight"),
  age: say("item-age"),
  marks: say("item-marks"),
  "physical-condition": say("item-physical-condition"),
  custody: say("item-custody"),
  "known-location": say("item-known-location"),
};

export const answers: Record<ContradictionAnswer, string> = {
  consistent: say("answer-consistent"),
  contradicts: say("answer-contradicts"),
  "not-known": say("answer-not-known"),
};

export const dispositions: Record<Disposition, { name: string; means: string }> = {
  "no-candidate": {
    name: say("disposition-no-candidate-name"),
    means: say("disposition-no-candidate-means"),
  },
  excluded: { name: say("disposition-excluded-name"), means: say("disposition-excluded-means") },
  "lead-not-corroborated": {
    name: say("disposition-lead-not-corroborated-name"),
    means: say("disposition-lead-not-corroborated-means"),
  },
  "lead-corroborated": {
    name: say("disposition-lead-corroborated-name"),
    means: say("disposition-lead-corroborated-means"),
  },
};

export function standingWords(standing: Standing): string {
  switch (standing.kind) {
    case "independent":
      return say("standing-independent");
    case "open":
      return say("standing-open");
    case "not-counted":
      return say("standing-not-counted");
    case "contaminated":
      return say("standing-contaminated");
    case "against":
      return say("standing-against");
    case "neutral":
      return say("standing-neutral");
  }
}

export function stepWords(step: PreparationStep): string {
  switch (step.kind) {
    case "rotate":
      return say("preparation-rotate", { degrees: step.degrees.toFixed(1) });
    case "crop":
      return say("preparation-crop", { width: step.width, height: step.height });
    case "tone":
      return say("preparation-tone", {
        brightness: step.brightness.toFixed(2),
        contrast: step.contrast.toFixed(2),
        gamma: step.gamma.toFixed(2),
      });
  }
}

export function entriesOf<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

const two = (n: number): string => String(n).padStart(2, "0");

/** An RFC 3339 instant as local time, `2026-03-01 21:40`; empty for none. */
export function localTime(moment: string | null): string {
  if (!moment) return "";
  const d = new Date(moment);
  if (Number.isNaN(d.getTime())) return "";
  const day = `${String(d.getFullYear())}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What writes moments in a zone; it is dear to make, and every list of records writes many. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const made =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    });
  formats.set(timeZone, made);
  return made;
}

let zone = "UTC";

/** Sets the zone in which times are told: the department's, as its policy names it. */
export function tellIn(name: string): void {
  zone = name;
}

/**
 * A moment as records and papers tell it (`Moment::in_zone`): the local time with its zone, UTC in brackets,
 * `2026-10-28 10:05 PDT (17:05 UTC)`.
 */
export function told(moment: string | null): string {
  if (!moment) return "";
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const parts = (timeZone: string): Record<string, string> =>
    Object.fromEntries(
      formatIn(timeZone)
        .formatToParts(at)
        .map((p) => [p.type, p.value]),
    );
  const written = (p: Record<string, string>): [string, string] => [
    `${p["year"] ?? ""}-${p["month"] ?? ""}-${p["day"] ?? ""}`,
    `${p["hour"] ?? ""}:${p["minute"] ?? ""}`,
  ];
  const local = parts(zone);
  const [day, time] = written(local);
  const [utcDay, utcTime] = written(parts("UTC"));
  if (local["timeZoneName"] === "UTC") return `${day} ${time} UTC`;
  return `${day} ${time} ${local["timeZoneName"] ?? ""} (${utcDay === day ? "" : `${utcDay} `}${utcTime} UTC)`;
}

/**
 * What was typed as local time, with the year where it was left out: of `3/1 21:40` the last such day that is past, of
 * `21:40` the day of `near`.
 */
function whole(text: string, near: string | null, now: Date): string {
  const alone = /^(\d{1,2}:\d{2})$/.exec(text);
  if (alone) return near ? `${localTime(near).slice(0, 10)} ${alone[1] ?? ""}` : "";
  const short = /^(\d{1,2})[-/](\d{1,2})[ T]+(\d{1,2}:\d{2})$/.exec(text);
  if (!short) return text;
  const [, month, day, time] = short as unknown as [string, string, string, string];
  const past = new Date(now.getFullYear(), Number(month) - 1, Number(day)) <= now;
  return `${String(now.getFullYear() - (past ? 0 : 1))}-${month}-${day} ${time}`;
}

/** What was typed as local time, as RFC 3339 in UTC; null when it is no time. `near` is the day that is meant without one. */
export function fromLocal(text: string, near: string | null = null, now = new Date()): string | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})$/.exec(whole(text.trim(), near, now));
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const d = new Date(year, month - 1, day, hour, minute);
  const same = d.getMonth() === month - 1 && d.getDate() === day && d.getHours() === hour;
  return same && minute < 60 ? d.toISOString().replace(/\.\d+Z$/, "Z") : null;
}

/** A part of plain structured text: a heading after `# `, list items after `- `, paragraphs between empty lines. */
export type TypedPart = { kind: "heading" | "text"; text: string } | { kind: "list"; items: string[] };

export function typedParts(text: string): TypedPart[] {
  const parts: TypedPart[] = [];
  let fresh = true;
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    const last = parts.at(-1);
    if (line.trim() === "") {
      fresh = true;
    } else if (line.startsWith("# ")) {
      parts.push({ kind: "heading", text: line.slice(2) });
      fresh = true;
    } else if (line.startsWith("- ")) {
      if (!fresh && last?.kind === "list") last.items.push(line.slice(2));
      else parts.push({ kind: "list", items: [line.slice(2)] });
      fresh = false;
    } else {
      if (!fresh && last?.kind === "text") last.text += `\n${line}`;
      else parts.push({ kind: "text", text: line });
      fresh = false;
    }
  }
  return parts;
}

/** A size for people. */
export function size(bytes: number): string {
  if (bytes < 1000) return say("size-bytes", { count: bytes });
  return bytes < 1_000_000
    ? say("size-kilobytes", { count: (bytes / 1000).toFixed(0) })
    : say("size-megabytes", { count: (bytes / 1_000_000).toFixed(1) });
}

/** Whether a file of this name can be shown as a picture. */
export const hasPreview = (name: string): boolean =>
  /\.(jpe?g|png|webp|gif|bmp|tiff?|heic|avif|pdf)$/i.test(name);
