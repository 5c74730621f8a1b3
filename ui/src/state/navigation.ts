// Where a gap is answered.
import type { Category, Step } from "../api/bindings";
import { furtherKinds } from "../text/words";

const order: Step[] = ["purpose", "probe", "search", "examine", "verify", "corroborate", "note"];

const stepOf: Record<string, Step> = {
  purpose: "purpose",
  probe: "probe",
  further: "probe",
  search: "search",
  preparation: "probe",
  analysis: "examine",
  examination: "examine",
  verification: "verify",
  vehicle: "corroborate",
  witness: "corroborate",
  "open-source-media": "corroborate",
  phone: "corroborate",
  location: "corroborate",
  "physical-evidence": "corroborate",
  alibi: "corroborate",
  panel: "corroborate",
  disposition: "note",
  note: "note",
};

export interface Destination {
  step: Step | null;
  /** Tab of the corroboration, where it lies there. */
  tab: string | null;
  /** Id of the candidate whom it concerns, if it concerns one. */
  candidate: string | null;
}

/** Where the answer to a gap at `place` belongs: a dotted path such as `witness.<entry>.finding`. */
export function destination(place: string): Destination {
  const [first = "", named = ""] = place.split(".");
  const step = stepOf[first] ?? null;
  const further = furtherKinds.includes(first as Category);
  return {
    step,
    tab: step === "corroborate" ? (further ? "further" : first) : null,
    candidate: first === "examination" && named ? named : null,
  };
}

/** The place itself and those around it, the nearest first. */
export function placesUp(place: string): string[] {
  const parts = place.split(".");
  return parts.map((_, at) => parts.slice(0, parts.length - at).join(".")).filter(Boolean);
}

/** Gaps by the step in which they are answered, in the order of the steps; none that is empty. */
export function byStep<G extends { place: string }>(gaps: G[]): [Step, G[]][] {
  const all = new Map<Step, G[]>();
  for (const gap of gaps) {
    const step = destination(gap.place).step ?? "note";
    all.set(step, [...(all.get(step) ?? []), gap]);
  }
  return order.filter((step) => all.has(step)).map((step) => [step, all.get(step) ?? []]);
}

/** Whether the screen has a field or a choice for this very place. */
export function shows(place: string): boolean {
  const found = document.querySelector(`[data-place="${CSS.escape(place)}"]`);
  return found?.matches("label, .choice") ?? false;
}

/** Shows whoever reads where `place` is and puts the cursor there. */
export function pointAt(place: string): void {
  const around = placesUp(place).map((p) =>
    document.querySelector<HTMLElement>(`[data-place="${CSS.escape(p)}"]`),
  );
  const found = around.find((element) => element !== null);
  if (!found) return;
  found.scrollIntoView({ block: "center" });
  found.classList.add("flash");
  setTimeout(() => {
    found.classList.remove("flash");
  }, 1600);
  const fields = "input,textarea,select,button";
  const inside = found.matches(fields) ? found : found.querySelector<HTMLElement>(fields);
  inside?.focus();
}
