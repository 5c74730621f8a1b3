// What is typed, form by form, and how it is joined with what the workstation answers.
import type { CaseDraft, Checklist, Comparison, NoteForm, ProbeAnalysis, ProbeOrigin } from "../api/bindings";
import type { Form, Forms } from "./forms";
import { marked, merged, same } from "./merge";

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

  /** The forms as they stood when the action that runs began; none while none runs. */
  #before: Forms | null = null;
  /** What was typed since: each form as it stood after each change. */
  #since: { form: Form; value: unknown }[] = [];
  /** Whether what was answered last may be older than what was sent before it. */
  protected stale = false;

  /** An action begins. */
  protected begins(): void {
    this.#before = this.forms();
    this.#since = [];
  }

  /** None runs any more. */
  protected ends(): void {
    this.#before = null;
    this.#since = [];
  }

  /** A form was changed. */
  protected typed(form: Form): void {
    if (this.#before) this.#since.push({ form, value: $state.snapshot(this[form]) });
  }

  /** Fills forms with what they are about from now on: nothing that was typed in them before belongs there. */
  protected refill(forms: Form[], fill: () => void): void {
    const before = this.#before;
    this.#before = null;
    fill();
    this.#since = this.#since.filter(({ form }) => !forms.includes(form));
    const now = this.forms();
    if (before) this.#before = forms.reduce((all, form) => ({ ...all, [form]: now[form] }), before);
  }

  /** Takes over what was answered to a form, but for what was typed since the action began, or all of the answer where none runs.
      Whether the form is to be sent once more. */
  protected join<F extends Form>(form: F, answered: Forms[F]): boolean {
    const given: unknown = $state.snapshot(answered);
    const since = this.#since.filter((one) => one.form === form).map((one) => one.value);
    const before = this.#before && marked(this.#before[form], since);
    const kept = this.#before ? merged(before, $state.snapshot(this[form]), given) : given;
    Object.assign(this, { [form]: kept });
    this.stale ||= form === "checklist" && since.length > 0;
    return since.length > 0 || !same(kept, given);
  }
}
