// What is typed, and which call stores each form of it.
import { api } from "../api/api";
import type {
  Answer,
  BenchView,
  CandidateId,
  CaseDraft,
  CaseId,
  CaseView,
  Checklist,
  Comparison,
  NoteForm,
  ProbeAnalysis,
  ProbeOrigin,
} from "../api/bindings";
import { changedOf } from "./changes";

/** What is typed. */
export interface Forms {
  purpose: CaseDraft | null;
  origin: ProbeOrigin | null;
  /** Why each further photograph shows the same person. */
  further: string[];
  analysis: ProbeAnalysis | null;
  comparison: Comparison | null;
  /** The examiner's own words on the candidate. */
  reason: string;
  checklist: Checklist | null;
  note: NoteForm | null;
}
export type Form = keyof Forms;

/** Where a form was typed. */
export interface Typed {
  id: CaseId;
  forms: Forms;
  candidate: CandidateId | null;
  /** The action that ran then, done or not. */
  acting: Promise<unknown>;
  /** What is stored, once it is this form's turn. */
  stored: () => { view: CaseView | null; bench: BenchView | null };
}

/** Stores a form as it stood then, whatever is opened until its turn comes. */
export function storing(form: Form, typed: Typed): () => Promise<CaseView | Answer> {
  const { id, forms, candidate } = typed;
  switch (form) {
    case "analysis":
      return () => api.editAnalysis(id, forms.analysis as ProbeAnalysis);
    case "comparison":
      return () => api.compare(id, candidate as CandidateId, forms.comparison as Comparison);
    case "purpose":
      return () => api.editPurpose(id, forms.purpose as CaseDraft);
    case "origin":
      return () => api.editOrigin(id, forms.origin as ProbeOrigin);
    case "further":
      return () => api.editFurther(id, forms.further);
    case "reason":
      return () => storeReason(typed);
    case "checklist":
      return () => storeChecklist(id, forms.checklist as Checklist, typed.stored().view?.checklist);
    case "note":
      return () => api.editNote(id, forms.note as NoteForm);
  }
}

async function storeReason({ id, forms, candidate, acting, stored }: Typed): Promise<Answer> {
  // It may be the conclusion that these words explain.
  await acting;
  const { view, bench } = stored();
  const concluded = bench?.candidates.find((c) => c.id === candidate)?.conclusion;
  // Without a conclusion there is nothing yet that they explain; they go along with it.
  return candidate && concluded
    ? api.concludeOn(id, candidate, concluded.conclusion, forms.reason)
    : { case: view, bench };
}

/** Sends what was changed of the checklist: one entry, the panel, or all of it where more did. */
function storeChecklist(id: CaseId, typed: Checklist, stored: Checklist | undefined): Promise<CaseView> {
  const changed = changedOf(stored, typed);
  if (changed.kind === "entry") return api.editEntry(id, changed.entry);
  if (changed.kind === "panel") return api.editPanel(id, changed.panel);
  return api.editChecklist(id, typed);
}
