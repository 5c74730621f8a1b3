// How the codes of retention read.
import type { Ended, KeepingWord, Retention, StillOpen } from "../../api/bindings";
import { say } from "../../text/catalogue";
import { told } from "../../text/words";

export const endings: Record<Ended, string> = {
  lead: say("retain-ended-lead"),
  nothing: say("retain-ended-nothing"),
  draft: say("retain-ended-draft"),
  referred: say("retain-ended-referred"),
};

export const opens: Record<StillOpen, string> = {
  "under-review": say("retain-open-under-review"),
  returned: say("retain-open-returned"),
  referred: say("retain-open-referred"),
  waits: say("retain-open-waits"),
  moved: say("retain-open-moved"),
  "no-time": say("retain-open-no-time"),
  unread: say("retain-open-unread"),
  untold: say("retain-open-untold"),
};

const kinds: Record<string, string> = {
  note: say("retain-kind-note"),
  review: say("retain-kind-review"),
  result: say("retain-kind-result"),
  operation: say("retain-kind-operation"),
  addendum: say("retain-kind-addendum"),
  statement: say("retain-kind-statement"),
  keeping: say("retain-kind-keeping"),
  part: say("retain-kind-part"),
  probe: say("retain-kind-probe"),
  attachment: say("retain-kind-attachment"),
  candidate: say("retain-kind-candidate"),
  package: say("retain-kind-package"),
  "verification-request": say("retain-kind-verification-request"),
  "verification-reply": say("retain-kind-verification-reply"),
};

/** What a kind of thing is called; by its code where a newer program named it. */
export const kindOf = (kind: string): string => kinds[kind] ?? kind;

/** Why a case is held or kept, in a sentence. */
export function heldBecause(retention: Retention): string {
  if (retention.kind === "held") {
    const { at, by, reason } = retention;
    return say("retain-held-by", { at: told(at), name: by.name, reason });
  }
  if (retention.kind !== "disclosure-duty") return "";
  const { duty } = retention;
  if (duty.kind === "asked") {
    return say("retain-duty-asked", { at: told(duty.since), name: duty.by.name, reason: duty.reason });
  }
  if (duty.kind === "beside") return say("retain-duty-beside");
  const at = told(duty.since);
  return duty.kind === "running" ? say("retain-duty-running", { at }) : say("retain-duty-disclosed", { at });
}

/** The title over a supervisor's word on the case with this number. */
export function titleOf(word: KeepingWord, number: string): string {
  if (word === "hold-set") return say("retain-word-title-hold-set", { number });
  if (word === "hold-lifted") return say("retain-word-title-hold-lifted", { number });
  if (word === "duty-begun") return say("retain-word-title-duty-begun", { number });
  return say("retain-word-title-duty-ended", { number });
}
