// What is typed, form by form, and how it is joined with what the workstation answers.
import type { CaseDraft, Checklist, Comparison, NoteForm, ProbeAnalysis, ProbeOrigin } from "../api/bindings";
import type { Form, Forms } from "./forms";
import { merged, same } from "./merge";

export class Typing implements Forms {
  purpose = $state<CaseDraft | null>(null);
  origin = $state<ProbeOrigin | null>(null);
  further = $state<string[]>([]);
  analysis = $state<ProbeAnalysis | null>(null);
  comparison = $state<Comparison | null>(null);
  reason = $state("");
  checklist = $state<Checklist | null>(null);
  note = $state<NoteForm | null>(null);

  /** All of it as it stands now. */
  protected forms(): Forms {
    const { purpose, origin, further, analysis, comparison, reason, checklist, note } = this;
    return $state.snapshot({
      purpose,
      origin,
      further,
      analysis,
      comparison,
      reason,
      checklist,
      note,
    }) as Forms;
  }

  /** Takes over what was answered to a form that stood as `before`, or all of the answer where nothing did. Whether something
      else is typed there now. */
  protected join<F extends Form>(form: F, answered: Forms[F], before: Forms[F] | undefined): boolean {
    const given: unknown = $state.snapshot(answered);
    const kept = before === undefined ? given : merged(before, $state.snapshot(this[form]), given);
    Object.assign(this, { [form]: kept });
    return !same(kept, given);
  }
}
