//! Right arguments for every command, as the screens would send them, from what is known of one case.

use anyhow::bail;
use casework::samples::{analysis, checklist, comparison, support, uuid};
use casework::{Category, Observation, Seen};
use serde_json::{Value, json};

use super::door::Who;

/// What is known of a case when a call is made for it.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The case.
    pub case: String,
    /// Its number, as it is typed.
    pub number: String,
    /// A word that is in everything that is typed for it.
    pub typed: String,
    /// A word that is in everything that whoever calls says at the bench.
    pub said: String,
    /// A candidate.
    pub candidate: String,
    /// What is concluded on it.
    pub supports: bool,
    /// An entry of the checklist.
    pub entry: String,
    /// A note.
    pub note: String,
    /// A file of the case: a probe or an attachment.
    pub sha256: String,
    /// Which offered file.
    pub offered: usize,
    /// How many answers a returned note asks for.
    pub asked: usize,
    /// Identity of whoever the call is about.
    pub person: String,
    /// Whether the note is approved.
    pub approves: bool,
}

/// What is typed about case and purpose.
pub fn purpose(facts: &Facts) -> Value {
    json!({
        "case_number": facts.number, "offence": format!("Robbery {}", facts.typed), "event_at": "2026-03-02T05:40:00Z",
        "purpose": "felony", "further_case": false,
        "basis": {
            "code": "211 PC", "requested_by": format!("Det. {}", facts.typed), "supervisor": "",
            "statement": format!("Fixed camera shows a person taking cash from the register with a knife, {}", facts.typed),
        },
    })
}

fn origin(facts: &Facts) -> Value {
    json!({
        "source": "fixed-camera-still", "captured_at": "2026-03-02T05:41:00Z",
        "obtained_by": format!("Ofc. {}", facts.typed), "obtained_how": "Exported from the recorder, on a stick",
        "legal_basis": "Consent of the owner",
    })
}

fn analysed(facts: &Facts) -> Value {
    let mut analysis = analysis();
    analysis.note = format!("Light from the left, {}", facts.said);
    analysis
        .components
        .entry(casework::Component::Nose)
        .and_modify(|seen: &mut Seen| seen.note.clone_from(&facts.said));
    json!(analysis)
}

fn compared(facts: &Facts) -> Value {
    let mut comparison = comparison(if facts.supports { 9 } else { 0 });
    let noted = |seen: &mut Observation| seen.note.clone_from(&facts.said);
    comparison.observations.entry(casework::Component::Nose).and_modify(noted);
    json!(comparison)
}

/// A whole checklist: everything was sought, and one witness supports.
pub fn whole_checklist(facts: &Facts) -> Value {
    let mut list = checklist();
    let mut witness = support(300, Category::Witness);
    witness.shows = format!("Saw somebody run to a parked van, {}", facts.typed);
    list.entries.push(witness);
    list.panel.speaks_for_the_person = format!("Nothing is known yet, {}", facts.typed);
    json!(list)
}

/// The entry of [`whole_checklist`] to which a file may be attached.
pub fn witness() -> String {
    uuid(300).to_string()
}

fn note(facts: &Facts) -> Value {
    let answers: Vec<String> = (0..facts.asked).map(|at| format!("Asked for and entered, point {at}")).collect();
    json!({
        "disposition": if facts.supports { "lead-not-corroborated" } else { "no-candidate" }, "reason": "",
        "narrative": format!("One person was compared blind and nothing independent found, {} {}", facts.typed, facts.asked),
        "answers": answers,
    })
}

/// A review that decides.
pub fn review(approves: bool) -> Value {
    let judged = casework::Judgement::ALL.into_iter().map(|judgement| {
        let holds = approves || judgement != casework::Judgement::ExculpatoryHandled;
        json!({ "judgement": judgement, "holds": holds, "remark": if holds { "" } else { "Custody is not known" } })
    });
    json!({
        "judged": judged.collect::<Vec<_>>(), "decision": if approves { "approve" } else { "return" }, "reason": "",
        "remarks": [],
    })
}

/// Arguments with which `command` does what it is for, where the case is ready for it.
///
/// # Errors
/// For a command that is not known here: whoever adds one says how it is called.
pub fn arguments(command: &str, f: &Facts) -> anyhow::Result<Value> {
    let id = &f.case;
    let supervisor = Who::Supervisor;
    Ok(match command {
        "start"
        | "vault_state"
        | "sign_out"
        | "still_here"
        | "staff"
        | "settings"
        | "test_gallery"
        | "cases"
        | "waiting"
        | "holders"
        | "backup"
        | "back_up"
        | "conferences"
        | "remembered"
        | "new_case"
        | "offered"
        | "cancel"
        | "queue"
        | "export_audit"
        | "go_on_joining"
        | "give_up_joining"
        | "export_department"
        | "exchange_settings"
        | "write_reviews"
        | "open_package"
        | "envelope"
        | "validity"
        | "choose_groups"
        | "retention"
        | "oversight"
        | "oversight_commit"
        | "oversight_key"
        | "oversight_gallery_file" => {
            json!({})
        }
        "oversight_events" => json!({ "form": {
            "text": f.number, "action": "", "person": "", "workstation": "", "from": "", "until": "", "matter": "",
            "before": null,
        } }),
        "oversight_gallery" => json!({ "token": "" }),
        "oversight_close" => {
            json!({ "key": "ab", "closedAs": "false-alarm", "reason": "Talked through with all of them" })
        }
        "oversight_open" => json!({ "id": id, "reason": "Drawn in the sample of March" }),
        "oversight_draw" => json!({ "sha256": "ab".repeat(32), "wanted": 3 }),
        "print_validity" => json!({ "calibration": f.sha256, "groups": null }),
        "read_day" => json!({ "text": "10/28/2026" }),
        "sign_in" => json!({ "person": f.person, "passphrase": "not what it is", "shown": "" }),
        "continue_in_browser" => json!({ "person": f.person }),
        "second_factor" | "recovery_kit" | "first_steps" | "read_policy" => json!({}),
        "accept_policy" => json!({ "sha256": "00".repeat(32) }),
        "recovery_kit_kept" => json!({ "kit": "qqqqqqqq" }),
        "sign_policy" => json!({ "second": null }),
        "set_second_factor" => json!({ "shown": "000000", "passphrase": "not what it is" }),
        // Of nobody: a code of somebody's ends what opened their door before.
        "issue_code" => json!({ "id": uuid::Uuid::nil(), "second": null }),
        "change_passphrase" => json!({ "known": "not what it is", "chosen": "short" }),
        "name_person" => json!({ "form": person(&[]) }),
        "save_person" => json!({ "id": null, "form": person(&[]), "second": null }),
        "staff_read" => json!({ "upTo": 1 }),
        "save_settings" => json!({ "form": { "gallery": "https://elsewhere.example", "token": "", "theme": "dark" } }),
        "open_case"
        | "refresh_case"
        | "confirm_purpose"
        | "confirm_probe"
        | "record_analysis"
        | "conclude"
        | "unveil"
        | "ask_verification"
        | "withdraw_verification"
        | "verifiers"
        | "successors"
        | "send_again"
        | "begin_verification"
        | "hand_in"
        | "turn_probe"
        | "save_note" => {
            json!({ "id": id })
        }
        "edit_purpose" => json!({ "id": id, "draft": purpose(f) }),
        "confirm_account" | "confirm_search" | "confirm_flags" => {
            json!({ "id": id, "by": { "person": supervisor.id(), "passphrase": supervisor.passphrase(), "shown": "" } })
        }
        "take_offered" => json!({ "id": id, "index": f.offered, "further": false }),
        "choose_file" => json!({ "id": id, "further": false }),
        "edit_origin" => json!({ "id": id, "origin": origin(f) }),
        "pick_face" => json!({ "id": id, "face": 0 }),
        "pick_further" => json!({ "id": id, "at": 0, "face": 0 }),
        "edit_further" => json!({ "id": id, "reasons": [] }),
        "remove_further" => json!({ "id": id, "at": 0 }),
        "prepare" => json!({ "id": id, "steps": [{ "kind": "rotate", "degrees": 5.0 }] }),
        "choose_prepared" => json!({ "id": id, "used": false }),
        "search" => json!({ "id": id, "thorough": false, "filters": {} }),
        "geometry" => json!({ "picture": format!("candidate/{id}/{}/0", f.candidate) }),
        "edit_analysis" => json!({ "id": id, "analysis": analysed(f) }),
        "look_at" => json!({ "id": id, "candidate": f.candidate }),
        "compare" => json!({ "id": id, "candidate": f.candidate, "comparison": compared(f) }),
        "log_view" => json!({ "id": id, "candidate": f.candidate, "view": { "mode": "overlay", "opacity": 0.5 } }),
        "conclude_on" | "change_conclusion" => json!({
            "id": id, "candidate": f.candidate, "conclusion": if f.supports { "limited-support" } else { "exclusion" },
            "reason": format!("Ears and brow line, {}", f.said),
        }),
        "keep" => json!({ "id": id, "candidate": f.candidate }),
        "none_of_these" => json!({ "id": id, "none": true }),
        "confer" => json!({
            "id": id, "account": "Both looked at the ears again", "agreed": "limited-support",
            "passphrase": Who::Second.passphrase(),
            "shown": "",
        }),
        "ask_elsewhere" => json!({ "id": id, "of": uuid::Uuid::nil(), "place": "ab".repeat(32) }),
        "hand_over" => {
            json!({ "id": id, "to": uuid::Uuid::nil(), "place": "", "reason": format!("On leave, {}", f.said) })
        }
        "hand_over_all" => {
            json!({ "from": uuid::Uuid::nil(), "to": uuid::Uuid::nil(), "reason": format!("On leave, {}", f.said) })
        }
        "save_backup" => json!({ "folder": "", "atRelay": false }),
        "decline_verification" => json!({ "id": id, "reason": format!("On leave, {}", f.said) }),
        "propose_conference" => {
            json!({ "id": id, "account": "Both looked at the ears again", "agreed": "limited-support" })
        }
        "answer_conference" => json!({ "conference": uuid::Uuid::nil(), "no": null }),
        "add_entry" => json!({ "id": id, "category": "vehicle" }),
        "edit_checklist" => json!({ "id": id, "checklist": whole_checklist(f) }),
        "edit_entry" => {
            json!({ "id": id, "entry": whole_checklist(f)["entries"].as_array().and_then(|all| all.last()) })
        }
        "edit_panel" => json!({ "id": id, "panel": whole_checklist(f)["panel"] }),
        "edit_note" => json!({ "id": id, "form": note(f) }),
        "attach_offered" => json!({ "id": id, "entry": f.entry, "index": f.offered }),
        "choose_attachment" => json!({ "id": id, "entry": f.entry }),
        "detach" => json!({ "id": id, "entry": f.entry, "sha256": f.sha256 }),
        "read_note" | "export_note" | "print_report" => json!({ "id": f.note }),
        "add_addendum" => json!({ "id": f.note, "text": format!("The van was found, {}", f.typed) }),
        "record_result" => json!({ "id": f.note, "form": result(f) }),
        "name_operation" => json!({ "id": f.note, "name": "Task force 9" }),
        "result_figures" => json!({ "span": { "from": "2026-01-01", "to": "2026-12-31" }, "operation": null }),
        "reports" => json!({}),
        "make_report" => {
            json!({ "pack": "transparency", "span": { "from": "2026-01-01", "to": "2026-01-31" } })
        }
        "review_note" => json!({ "id": f.note, "form": review(f.approves) }),
        "export_disclosure" | "export_case_graph" | "export_kit" | "print_disclosure" => json!({ "case": id }),
        "say_keeping" => {
            json!({ "case": null, "number": "26-000123", "word": "hold-set", "reason": format!("A suit names it, {}", f.said) })
        }
        "purge_preview" | "export_certificate" => json!({ "case": id }),
        "purge" => json!({ "case": id, "sha256": f.sha256 }),
        "save_exchange" => json!({ "name": "Desk 2", "reviewAt": "", "relay": "" }),
        "add_workstation" => json!({ "card": "no card" }),
        "let_in_workstation" => json!({ "card": "no card", "second": null }),
        "take_out_workstation" => json!({ "key": "ab", "second": null }),
        "take_out_person" => json!({ "id": uuid::Uuid::nil(), "second": null }),
        "join" => json!({ "invitation": "none", "name": "Desk 2" }),
        "write_package" => json!({ "id": f.note, "to": "" }),
        "open_offered_package" => json!({ "index": f.offered }),
        other => bail!("nobody said here how {other} is called"),
    })
}

/// A form that names a person, with these roles; without any it is refused.
pub fn person(roles: &[&str]) -> Value {
    json!({
        "name": "N. Newcomer", "badge": "9001", "ori": "CA0190000", "course": "", "completed_on": "", "proficiency": "",
        "roles": roles, "passphrase": "some other words here",
    })
}

/// An arrest that rests on nothing beside the lead.
fn result(f: &Facts) -> Value {
    json!({
        "kind": "arrest", "on": "2026-03-05", "authority": "Police", "account": format!("He was arrested, {}", f.typed),
        "rested_on": [], "of": null, "corrects": null,
        "described": { "race": null, "gender": null, "age": null, "from": null },
    })
}
