//! What a practised detective does: by keys where the screens offer keys, and by the answers that they offer.

use anyhow::{Context, ensure};

use crate::detective::{self, answer_components};
use crate::window::Window;

const ENTER: &str = "\u{E007}";
const TAB: &str = "\u{E004}";
const RIGHT: &str = "\u{E014}";

/// Reads the policy and accepts it, from the list of cases.
///
/// # Errors
/// When a step is refused.
pub async fn accept_policy(w: &Window) -> anyhow::Result<()> {
    w.click("[data-test=to-cases]").await?;
    w.click("[data-test=step-policy]").await?;
    w.click("[data-test=accept-policy]").await?;
    w.wait("[data-test=policy-accepted]").await.map(drop)
}

/// Opens a case and states its purpose; the offence is offered with its code.
///
/// # Errors
/// When a step is refused.
pub async fn state_purpose(w: &Window, number: &str) -> anyhow::Result<()> {
    w.click("[data-test=new-case]").await?;
    w.fill("input[name=case_number]", number).await?;
    w.take_offer("input[name=code]", "211").await?;
    w.fill("[data-place='purpose.event_at'] input", "3/1 21:40").await?;
    w.click("[data-place='purpose.purpose'] [data-choice=felony]").await?;
    w.take_offer("input[name=requested_by]", "").await?;
    w.fill(
        "textarea[name=statement]",
        "Fixed camera shows a person taking cash from the register while holding a knife; witness confirms the act.",
    )
    .await?;
    w.click("[data-test=confirm-purpose]").await?;
    w.wait("[data-test=choose-file]").await.map(drop)
}

/// Takes the offered file `name` as probe and says where it comes from: as in the last case, where there was one.
///
/// # Errors
/// When a step is refused, or the file does not show one face.
pub async fn state_probe(w: &Window, name: &str) -> anyhow::Result<()> {
    let faces = detective::bring(w, name).await?;
    ensure!(faces == Ok("One face found".to_owned()), "{name}: {faces:?}");
    w.choose("select[name=source]", "fixed-camera-still").await?;
    w.fill("[data-place='probe.captured_at'] input", "21:41").await?;
    if w.has("[data-test=as-before]").await? {
        w.click("[data-test=as-before]").await?;
    } else {
        w.fill("input[name=obtained_by]", "Ofc. T. Lund, badge 2210").await?;
        w.take_offer("input[name=obtained_how]", "").await?;
        w.take_offer("input[name=legal_basis]", "").await?;
    }
    Ok(())
}

/// Searches from where confirming the probe leads.
///
/// # Errors
/// When it is refused.
pub async fn search(w: &Window) -> anyhow::Result<()> {
    w.click("[data-test=search]").await?;
    w.wait("[data-test=record-analysis]").await.map(drop)
}

/// Records the analysis by keys alone.
///
/// # Errors
/// When a step is refused.
pub async fn analyse(w: &Window) -> anyhow::Result<()> {
    w.wait("[data-test=canvas][data-ready=true]").await?;
    answer_components(w, &["1"; 16]).await?;
    w.press("7").await?;
    w.wait("[data-place='analysis.suitability'] [data-choice=suitable][data-state=checked]").await?;
    w.finish().await?;
    w.wait("[data-candidate]").await.map(drop)
}

/// Opens and excludes `count` candidates that are not `lead`, by keys alone: the list goes on to the next by itself.
///
/// # Errors
/// When a step is refused.
pub async fn exclude(w: &Window, count: usize, lead: Option<&str>) -> anyhow::Result<()> {
    for _ in 0..count {
        w.wait("[data-candidate]:focus").await?;
        let all = w.attributes("[data-candidate]", "data-candidate").await?;
        let concluded = w.attributes("[data-candidate][data-concluded]", "data-candidate").await?;
        let mut open = all.iter().filter(|one| !concluded.contains(*one) && Some(one.as_str()) != lead);
        let candidate = open.next().context("every candidate is concluded on")?;
        // The cursor stands on the first without a conclusion; whom the list is about is passed over.
        while w.attributes("[data-candidate]:focus", "data-candidate").await?.first() != Some(candidate) {
            let before = w.attributes("[data-candidate]:focus", "data-candidate").await?;
            w.press(RIGHT).await?;
            let now = async || w.attributes("[data-candidate]:focus", "data-candidate").await;
            w.until("the cursor to move", now, |now| *now != before).await?;
        }
        w.press(ENTER).await?;
        w.wait("[data-test=position]").await?;
        w.wait("[data-test=canvas][data-ready=true]").await?;
        w.idle().await?;
        w.press("x").await?;
        w.wait(&format!("[data-candidate='{candidate}'][data-concluded=exclusion]")).await?;
        w.idle().await?;
    }
    Ok(())
}

/// Answers "none of these", and begins the note with the sentence that is offered for it.
///
/// # Errors
/// When a step is refused.
pub async fn none_of_these(w: &Window) -> anyhow::Result<()> {
    w.press("n").await?;
    w.wait("[data-test=none][aria-pressed=true]").await?;
    w.wait("main[aria-busy=false]").await?;
    w.finish().await?;
    w.wait("[data-choice=no-candidate][data-state=checked]").await?;
    w.click("[data-test=outline]").await?;
    w.wait("main[aria-busy=false]").await.map(drop)
}

/// Compares `lead` whole by keys and keeps it with limited support.
///
/// # Errors
/// When a step is refused.
pub async fn keep(w: &Window, lead: &str) -> anyhow::Result<()> {
    detective::open_candidate(w, lead).await?;
    let keys: Vec<&str> = (0..16).map(|at| if at < 9 { "1" } else { "3" }).collect();
    answer_components(w, &keys).await?;
    w.press("m").await?;
    w.wait("[data-place='examination.conclusion'] [data-choice=limited-support][data-state=checked]").await?;
    w.press("k").await?;
    w.wait("[data-test=keep][aria-pressed=true]").await?;
    w.idle().await
}

/// Concludes, unveils, and asks for a second examination; gives what the table says of the lead.
///
/// # Errors
/// When it is refused.
pub async fn unveil(w: &Window) -> anyhow::Result<String> {
    w.wait("main[aria-busy=false]").await?;
    w.finish().await?;
    w.wait("[data-test=unveil]").await?;
    w.finish().await?;
    w.wait("[data-test=unveiled]").await?;
    w.idle().await?;
    Ok(w.text("[data-test=unveiled] tr.lead").await.unwrap_or_default())
}

/// Goes on to the next part where this one is answered.
async fn go_on(w: &Window) -> anyhow::Result<()> {
    w.wait("main[aria-busy=false]").await?;
    w.click(".content[data-state=active] [data-test=go-on]").await
}

/// Records that a category was sought and nothing found; where is taken from what is offered.
///
/// # Errors
/// When a step is refused.
pub async fn sought(w: &Window, category: &str, attempts: [(&str, &str); 2]) -> anyhow::Result<()> {
    w.wait(&format!("[data-tab='{category}'][data-state=active]")).await?;
    w.click(&format!("[data-place='{category}.new'] [data-choice='sought-not-found']")).await?;
    let form = format!("[data-entry='{category}']");
    w.wait(&form).await?;
    w.idle().await?;
    for (at, (what, place)) in attempts.into_iter().enumerate() {
        let attempt = format!("{form} .attempt:nth-child({})", at + 1);
        w.fill(&format!("{attempt} input[name=what]"), what).await?;
        w.take_offer(&format!("{attempt} input[name=place]"), place).await?;
        w.fill(&format!("{attempt} input[inputmode=numeric]"), &format!("3/{} 10:15", at + 2)).await?;
    }
    detective::answered(w, category).await
}

/// Records a witness who saw the event and was shown nothing: the nine questions by keys.
///
/// # Errors
/// When a step is refused.
pub async fn witness_supports(w: &Window) -> anyhow::Result<()> {
    go_on(w).await?;
    w.wait("[data-tab=witness][data-state=active]").await?;
    w.click("[data-place='witness.new'] [data-choice=supports]").await?;
    w.wait("[data-entry=witness]").await?;
    w.idle().await?;
    let field = |name: &str| format!("[data-entry=witness] [data-place$='.{name}'] :is(input, textarea)");
    w.fill(&field("witness"), "W-1, statement 25-000123/4").await?;
    w.fill(&field("stated_at"), "22:30").await?;
    w.fill(&field("shows"), "Saw a man of about thirty run to a parked van and describes the scar on his left brow")
        .await?;
    w.take_offer(&field("source"), "").await?;
    w.fill(&field("obtained_at"), "22:45").await?;
    w.take_offer(&field("obtained_by"), "Ofc").await?;
    w.fill(&field("link_to_crime"), "Places the person at the register and at the van at 21:40").await?;
    // The questions follow upon how it was obtained.
    w.take_offer(&field("obtained_how"), "").await?;
    w.press(TAB).await?;
    for _ in 0..9 {
        w.press("n").await?;
    }
    w.click("[data-entry=witness] input[name=fixes_place]").await?;
    w.click("[data-entry=witness] input[name=fixes_time]").await?;
    w.choose("[data-entry=witness] select[name=root]", "own").await?;
    detective::answered(w, "witness").await
}

/// Goes on to the next category and records that it was sought.
///
/// # Errors
/// When a step is refused.
pub async fn then_sought(w: &Window, category: &str, attempts: [(&str, &str); 2]) -> anyhow::Result<()> {
    go_on(w).await?;
    sought(w, category, attempts).await
}

/// Answers what could speak against the lead: nothing is known of any item, by keys.
///
/// # Errors
/// When a step is refused.
pub async fn answer_panel(w: &Window) -> anyhow::Result<()> {
    go_on(w).await?;
    w.wait("[data-place='panel.height'] [role=radio]:focus").await?;
    for _ in 0..7 {
        w.press("3").await?;
    }
    w.fill("textarea[name=speaks_for_the_person]", "Nothing is known yet; custody records were asked for.").await?;
    detective::answered(w, "panel").await
}

/// Goes on to the note, chooses its disposition and writes the account.
///
/// # Errors
/// When a step is refused.
pub async fn write_note(w: &Window, disposition: &str, account: &str) -> anyhow::Result<()> {
    go_on(w).await?;
    w.click(&format!("[data-place=disposition] [data-choice='{disposition}']")).await?;
    w.wait(&format!("[data-place=disposition] [data-choice='{disposition}'][data-state=checked]")).await?;
    w.fill("textarea[name=narrative]", account).await
}

/// Saves the note from its own step; gives its SHA-256.
///
/// # Errors
/// When it is refused.
pub async fn save(w: &Window) -> anyhow::Result<String> {
    w.until("nothing to be missing", async || detective::gaps(w).await, Vec::is_empty).await?;
    w.wait("main[aria-busy=false]").await?;
    w.click("[data-test=save-note]").await?;
    w.wait("[data-test=sealed-note], [data-test=error]").await?;
    ensure!(!w.has("[data-test=error]").await?, "the note was refused");
    Ok(w.attributes("[data-test=sealed-note]", "data-sha256").await?.concat())
}
