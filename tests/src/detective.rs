//! What a detective does in the window, screen by screen.

use std::path::Path;

use anyhow::{Context, ensure};

use crate::window::Window;

/// The case that is walked through.
pub const CASE_NUMBER: &str = "25-000123";

/// The first person's passphrase.
pub const PASSPHRASE: &str = "quiet harbour at noon";
/// The second examiner's name, and the passphrase of their own.
pub const SECOND: (&str, &str) = ("M. Okafor", "seven grey herons wait");

/// Signs in as the person chosen by `name`, with their telephone; everything before is already there.
///
/// # Errors
/// When a step is refused.
pub async fn sign_in(w: &Window, name: &str, passphrase: &str) -> anyhow::Result<()> {
    come_in(w, name, passphrase).await?;
    read_staff_news(w).await
}

/// Signs in, and reads nothing yet.
///
/// # Errors
/// When the window does not go on.
pub async fn come_in(w: &Window, name: &str, passphrase: &str) -> anyhow::Result<()> {
    w.wait("select[name=person]").await?;
    let choose = "const s = document.querySelector('select[name=person]'); \
                  return [...s.options].find(o => o.text.startsWith(arguments[0]))?.value";
    let id = w.script(choose, vec![name.into()]).await?;
    w.choose("select[name=person]", id.as_str().context("nobody of that name")?).await?;
    w.fill("input[name=passphrase]", passphrase).await?;
    if w.has("input[name=code]").await? {
        let code = code_of(w, name).await?;
        w.fill("input[name=code]", &code).await?;
    }
    w.click("[data-test=sign-in]").await?;
    w.wait("[data-test=signed-in], [data-test=error], input[name=fresh], [data-test=second-factor]").await.map(drop)
}

/// The code that the telephone of `name` shows, or the next one where that was used: the workstation takes one that is half a
/// minute early.
///
/// # Errors
/// When they have no second factor.
pub async fn code_of(w: &Window, name: &str) -> anyhow::Result<String> {
    loop {
        let now = u64::try_from(jiff::Timestamp::now().as_second())?;
        let step = now / 30;
        let code = w.pocket(name, |kept| {
            let secret = kept["second"].as_str().context("no second factor")?.to_owned();
            let next = step.max(kept["used"].as_u64().unwrap_or(0) + 1);
            if next > step + 1 {
                return anyhow::Ok(None);
            }
            kept["used"] = next.into();
            Ok(Some(code_at(&secret, next)?))
        })??;
        match code {
            Some(code) => return Ok(code),
            // Codes follow the clock; nothing else tells of the next one.
            None => tokio::time::sleep(std::time::Duration::from_secs(30 - now % 30)).await,
        }
    }
}

/// The code of a secret, as it is typed into an app, at a step of 30 seconds.
///
/// # Errors
/// When it is no secret.
pub fn code_at(secret: &str, step: u64) -> anyhow::Result<String> {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).map_err(|e| anyhow::anyhow!("{e}"))?;
    let totp = totp_rs::Builder::new().with_secret(secret).build().map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(totp.generate(step * 30).to_string())
}

/// Sets up the second factor of `name`, who was just asked for it, and keeps the recovery codes.
///
/// # Errors
/// When a step is refused.
pub async fn set_up_second(w: &Window, name: &str) -> anyhow::Result<()> {
    w.wait("[data-test=second-typed]").await?;
    let typed = w.text("[data-test=second-typed]").await?;
    w.pocket(name, |kept| {
        kept["second"] = typed.into();
        kept["used"] = 0.into();
    })?;
    let code = code_of(w, name).await?;
    w.fill("input[name=code]", &code).await?;
    w.click("[data-test=set-second]").await?;
    w.click("[data-test=recovery-kept]").await?;
    w.wait("[data-test=signed-in], [data-test=kit]").await?;
    if w.has("[data-test=kit]").await? {
        put_kit_away(w, name).await?;
    }
    w.wait("[data-test=signed-in]").await.map(drop)
}

/// Whoever founded the department keeps its recovery kit, and types back how it ends.
async fn put_kit_away(w: &Window, name: &str) -> anyhow::Result<()> {
    let kit = w.wait_text("[data-test=kit]", "root1").await?;
    let (_, key) = kit.split_once("root1").context("no key")?;
    let key: String = key.chars().filter(|c| !c.is_whitespace()).take(58).collect();
    w.pocket(name, |kept| kept["kit"] = kit.as_str().into())?;
    w.click("[data-test=kit-put]").await?;
    w.fill("input[name=kit]", &key[50..]).await?;
    w.click("[data-test=kit-kept]").await
}

/// A supervisor reads what happened to people's records, where anything did.
///
/// # Errors
/// When it stays.
pub async fn read_staff_news(w: &Window) -> anyhow::Result<()> {
    let read = async || {
        // More may come while it is read.
        if w.has("[data-test=staff-read]:enabled").await? {
            w.click("[data-test=staff-read]").await?;
        }
        w.has("[data-test=staff-news]").await
    };
    w.until("the news to be read", read, |there| !there).await.map(drop)
}

/// Locks the window.
///
/// # Errors
/// When it does not lock.
pub async fn lock(w: &Window) -> anyhow::Result<()> {
    w.click("[data-test=lock]").await?;
    w.wait("select[name=person]").await.map(drop)
}

/// The supervisor's name, and the passphrase of their own.
pub const SUPERVISOR: (&str, &str) = ("L. Marchetti", "an old copper kettle");

/// Adds the second examiner.
///
/// # Errors
/// When a step is refused.
pub async fn add_second_examiner(w: &Window) -> anyhow::Result<()> {
    add_person(w, SECOND.0, "5120", "examiner").await
}

/// Adds a person with one role, who gets an enrolment code.
///
/// # Errors
/// When a step is refused.
pub async fn add_person(w: &Window, name: &str, badge: &str, role: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-settings]").await?;
    w.click("[data-test=to-people]").await?;
    w.wait("[data-test=edit-person]").await?;
    let before = w.count("[data-test=edit-person]").await?;
    w.click("[data-test=add-person]").await?;
    w.fill("input[name=name]", name).await?;
    w.fill("input[name=badge]", badge).await?;
    if role != "examiner" {
        w.click("input[name=role-examiner]").await?;
        w.click(&format!("input[name=role-{role}]")).await?;
    }
    w.fill("input[name=ori]", "CA0190000").await?;
    w.fill("input[name=course]", "Facial comparison, 40 hours").await?;
    w.fill("input[name=completed_on]", &month_ago()).await?;
    w.fill("input[name=proficiency]", "88").await?;
    w.click("[data-test=save-person]").await?;
    w.until("the person to be added", async || w.count("[data-test=edit-person]").await, |n| *n == before + 1).await?;
    let code = w.text("[data-test=enrolment-code]").await?;
    w.pocket(name, |kept| kept["code"] = code.into())
}

/// The enrolment code that `name` was given.
///
/// # Errors
/// When they were given none.
pub fn enrolment_code(w: &Window, name: &str) -> anyhow::Result<String> {
    w.pocket(name, |kept| kept["code"].as_str().map(str::to_owned))?.context("no enrolment code")
}

/// The first sign-in of somebody who was added: with their enrolment code, to a passphrase of their own and a second factor.
///
/// # Errors
/// When a step is refused.
pub async fn first_sign_in(w: &Window, person: (&str, &str)) -> anyhow::Result<()> {
    take_own_passphrase(w, person).await?;
    read_staff_news(w).await
}

/// The same, up to what is shown first.
///
/// # Errors
/// When a step is refused.
pub async fn take_own_passphrase(w: &Window, (name, own): (&str, &str)) -> anyhow::Result<()> {
    sign_in(w, name, &enrolment_code(w, name)?).await?;
    w.wait("input[name=fresh]").await?;
    w.fill("input[name=fresh]", own).await?;
    w.fill("input[name=again]", own).await?;
    w.click("[data-test=sign-in]").await?;
    set_up_second(w, name).await
}

/// Names the person on the first-start screen; the training is one month old.
///
/// # Errors
/// When a step is refused.
pub async fn name_yourself(w: &Window) -> anyhow::Result<()> {
    name_as(w, "R. Alvarez", "4471").await
}

/// The same with another name and badge.
///
/// # Errors
/// When a step is refused.
pub async fn name_as(w: &Window, name: &str, badge: &str) -> anyhow::Result<()> {
    let passed = month_ago();
    w.fill("input[name=name]", name).await?;
    w.fill("input[name=badge]", badge).await?;
    w.fill("input[name=ori]", "CA0190000").await?;
    w.fill("input[name=course]", "Facial comparison, 40 hours").await?;
    w.fill("input[name=completed_on]", &passed).await?;
    w.fill("input[name=proficiency]", "92").await?;
    w.fill("input[name=passphrase]", PASSPHRASE).await?;
    w.fill("input[name=again]", PASSPHRASE).await?;
    w.click("[data-test=name-person]").await?;
    set_up_second(w, name).await?;
    w.wait("[data-test=new-case]").await.map(drop)
}

/// Names this workstation and gives its card.
///
/// # Errors
/// When a step is refused.
pub async fn own_card(w: &Window, name: &str) -> anyhow::Result<String> {
    w.click("[data-test=to-settings]").await?;
    w.wait("[data-test=exchange]").await?;
    w.fill("input[name=workstation]", name).await?;
    w.click("[data-test=save-exchange]").await?;
    w.wait_text("[data-test=exchange-done]", "Saved").await?;
    let card = w.script("return document.querySelector('textarea[name=own-card]').value", vec![]).await?;
    card.as_str().map(str::to_owned).context("there is no card")
}

/// Adds a workstation of another department by its card.
///
/// # Errors
/// When a step is refused.
pub async fn add_workstation(w: &Window, card: &str, name: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-settings]").await?;
    w.fill("textarea[name=card]", card).await?;
    w.click("input[name=foreign]").await?;
    w.click("[data-test=add-workstation]").await?;
    w.wait(&format!("[data-workstation='{name}']")).await.map(drop)
}

/// Lets a workstation into the department by its card; `second` is the administrator who confirms it, with passphrase and code.
///
/// # Errors
/// When a step is refused.
pub async fn let_in(w: &Window, card: &str, name: &str, second: Option<(&str, &str)>) -> anyhow::Result<()> {
    w.click("[data-test=to-settings]").await?;
    w.fill("textarea[name=card]", card).await?;
    if let Some((who, passphrase)) = second {
        let css = "select[name=workstation_second]";
        let find = "return [...document.querySelector(arguments[0]).options].find(o => o.text.startsWith(arguments[1]))?.value";
        let id = w.script(find, vec![css.into(), who.into()]).await?;
        w.choose(css, id.as_str().context("nobody of that name confirms")?).await?;
        w.fill("input[name=workstation_second_passphrase]", passphrase).await?;
        let code = code_of(w, who).await?;
        w.fill("input[name=workstation_second_code]", &code).await?;
    }
    w.click("[data-test=add-workstation]").await?;
    w.wait(&format!("[data-workstation='{name}']")).await.map(drop)
}

/// Begins to join the department of an invitation; gives the card that waits to be let in.
///
/// # Errors
/// When a step is refused.
pub async fn join(w: &Window, invitation: &str, name: &str) -> anyhow::Result<String> {
    w.click("[data-test=way-join]").await?;
    w.fill("textarea[name=invitation]", invitation).await?;
    w.fill("input[name=workstation]", name).await?;
    w.click("[data-test=join]").await?;
    w.wait("[data-test=joining]").await?;
    w.value("textarea[name=own-card]").await
}

/// Names the department's relay.
///
/// # Errors
/// When a step is refused.
pub async fn set_relay(w: &Window, address: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-settings]").await?;
    w.fill("input[name=relay]", address).await?;
    w.click("[data-test=save-exchange]").await?;
    w.wait_text("[data-test=exchange-done]", "Saved").await.map(drop)
}

/// Sends notes to another workstation for review.
///
/// # Errors
/// When a step is refused.
pub async fn review_at(w: &Window, name: &str) -> anyhow::Result<()> {
    let find = "const s = document.querySelector('select[name=review_at]'); \
                return [...s.options].find(o => o.text.endsWith(arguments[0]))?.value";
    let key = w.script(find, vec![name.into()]).await?;
    w.choose("select[name=review_at]", key.as_str().context("no workstation of that name")?).await?;
    w.click("[data-test=save-exchange]").await?;
    w.wait_text("[data-test=exchange-done]", "Saved").await.map(drop)
}

/// Sets the gallery and waits for its answer: `Ok` text of the connection, or the error's code.
///
/// # Errors
/// When the screen does not answer.
pub async fn set_gallery(w: &Window, address: &str, token: &str) -> anyhow::Result<Result<String, String>> {
    w.click("[data-test=to-settings]").await?;
    w.fill("input[name=gallery]", address).await?;
    w.fill("input[name=token]", token).await?;
    w.click("[data-test=save-settings]").await?;
    w.wait("[data-test=save-settings]:not(:disabled)").await?;
    w.wait("[data-test=gallery-ok], [data-test=error]").await?;
    match w.text("[data-test=gallery-ok]").await {
        Ok(text) => Ok(Ok(text)),
        Err(_) => Ok(Err(w.attributes("[data-test=error]", "data-code").await?.concat())),
    }
}

/// Chooses the theme in the settings: `system`, `light` or `dark`.
///
/// # Errors
/// When a step is refused.
pub async fn choose_theme(w: &Window, theme: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-settings]").await?;
    w.click(&format!("[data-place='settings.theme'] [data-choice={theme}]")).await?;
    w.click("[data-test=save-settings]").await?;
    w.wait("[data-test=gallery-ok], [data-test=error]").await.map(drop)
}

/// Opens a new case from any screen.
///
/// # Errors
/// When a step is refused.
pub async fn new_case(w: &Window) -> anyhow::Result<()> {
    w.click("[data-test=to-cases]").await?;
    w.click("[data-test=new-case]").await?;
    w.wait("[data-test=confirm-purpose]").await.map(drop)
}

/// Fills in case and purpose, and confirms.
///
/// # Errors
/// When a step is refused.
pub async fn state_purpose(w: &Window, number: &str) -> anyhow::Result<()> {
    w.fill("input[name=case_number]", number).await?;
    w.fill("input[name=offence]", "Robbery of a filling station").await?;
    w.fill("[data-place='purpose.event_at'] input", "2026-03-01 21:40").await?;
    w.click("[data-place='purpose.purpose'] [data-choice=felony]").await?;
    w.fill("input[name=code]", "211 PC").await?;
    w.fill("input[name=requested_by]", "Det. R. Alvarez").await?;
    w.fill(
        "textarea[name=statement]",
        "Fixed camera shows a person taking cash from the register while holding a knife; witness confirms the act.",
    )
    .await?;
    w.click("[data-test=confirm-purpose]").await?;
    w.wait("[data-step=purpose][data-state=done], input[name=further_case]").await?;
    if w.has("input[name=further_case]").await? {
        // There is a case with this number: this is a further one, on purpose.
        w.click("input[name=further_case]").await?;
        w.wait("main[aria-busy=false]").await?;
        w.click("[data-test=confirm-purpose]").await?;
    }
    w.wait("[data-step=purpose][data-state=done]").await?;
    w.wait("[data-test=choose-file]").await.map(drop)
}

/// Takes an offered file in as the probe; gives the sentence on faces, or the error's code.
///
/// # Errors
/// When the screen does not answer.
pub async fn bring(w: &Window, name: &str) -> anyhow::Result<Result<String, String>> {
    let before = w.text("[data-test=file-facts]").await.unwrap_or_default();
    if w.has("[data-test=dismiss]").await? {
        w.click("[data-test=dismiss]").await?;
    }
    w.click(&format!("[data-offer='{name}']")).await?;
    let came = async || {
        let after = w.text("[data-test=file-facts]").await.unwrap_or_default();
        Ok(w.has("[data-test=error]").await? || (after != before && w.has("[data-test=faces-found]").await?))
    };
    w.until("the file to be taken or refused", came, |done| *done).await?;
    w.idle().await?;
    if w.has("[data-test=error]").await? {
        return Ok(Err(w.attributes("[data-test=error]", "data-code").await?.concat()));
    }
    Ok(Ok(w.text("[data-test=faces-found]").await?))
}

/// Says where the probe comes from, and confirms it.
///
/// # Errors
/// When a step is refused.
pub async fn state_origin(w: &Window) -> anyhow::Result<()> {
    w.choose("select[name=source]", "fixed-camera-still").await?;
    w.fill("[data-place='probe.captured_at'] input", "2026-03-01 21:41").await?;
    w.fill("input[name=obtained_by]", "Ofc. T. Lund, badge 2210").await?;
    w.fill("input[name=obtained_how]", "Exported from the station's recorder, on a stick").await?;
    w.fill("input[name=legal_basis]", "Consent of the owner").await
}

/// Confirms the probe and goes on.
///
/// # Errors
/// When it is refused.
pub async fn confirm_probe(w: &Window) -> anyhow::Result<()> {
    w.click("[data-test=confirm-probe]").await?;
    w.wait("[data-step=probe][data-state=done]").await.map(drop)
}

/// A new case with purpose and the offered file `name` as its confirmed probe: all that a search needs.
///
/// # Errors
/// When a step is refused, or the file does not show one face.
pub async fn case_with_probe(w: &Window, name: &str) -> anyhow::Result<()> {
    new_case(w).await?;
    state_purpose(w, CASE_NUMBER).await?;
    let faces = bring(w, name).await?;
    ensure!(faces == Ok("One face found".to_owned()), "{name}: {faces:?}");
    state_origin(w).await?;
    confirm_probe(w).await
}

/// Searches; gives the number of candidates, or the error's code.
///
/// # Errors
/// When the screen does not answer.
pub async fn search(w: &Window) -> anyhow::Result<Result<usize, String>> {
    w.click("[data-step=search]").await?;
    w.click("[data-test=search]").await?;
    w.wait("[data-test=record-analysis], [data-test=error]").await?;
    if w.has("[data-test=error]").await? {
        return Ok(Err(w.attributes("[data-test=error]", "data-code").await?.concat()));
    }
    let found = w.wait_text("[data-test=searched-count]", "candidates").await?;
    Ok(Ok(found.split(' ').next().unwrap_or_default().parse()?))
}

/// Records the analysis of the probe alone, by keys: everything is seen clearly.
///
/// # Errors
/// When a step is refused.
pub async fn analyse(w: &Window) -> anyhow::Result<()> {
    w.wait("[data-test=canvas][data-ready=true]").await?;
    answer_components(w, &["1"; 16]).await?;
    w.click("[data-place='analysis.suitability'] [data-choice=suitable]").await?;
    w.wait("[data-place='analysis.suitability'] [data-choice=suitable][data-state=checked]").await?;
    w.click("[data-test=record-analysis]").await?;
    w.wait("[data-candidate]").await.map(drop)
}

/// Presses one key a component, top to bottom.
///
/// # Errors
/// When not all are taken.
pub async fn answer_components(w: &Window, keys: &[&str]) -> anyhow::Result<()> {
    for key in keys {
        w.press(key).await?;
    }
    w.wait_text("[data-test=components-done]", &format!("{} of 16 answered", keys.len())).await.map(drop)
}

/// Opens a candidate of the list in the comparison.
///
/// # Errors
/// When it does not open.
pub async fn open_candidate(w: &Window, candidate: &str) -> anyhow::Result<()> {
    w.click(&format!("[data-candidate='{candidate}']")).await?;
    w.wait("[data-test=position]").await?;
    w.wait("[data-test=canvas][data-ready=true]").await?;
    w.idle().await
}

/// Compares `candidate` whole and records limited support: nine components similar, of the others nothing can
/// be told.
///
/// # Errors
/// When a step is refused.
pub async fn support(w: &Window, candidate: &str) -> anyhow::Result<()> {
    open_candidate(w, candidate).await?;
    let keys: Vec<&str> = (0..16).map(|at| if at < 9 { "1" } else { "3" }).collect();
    answer_components(w, &keys).await?;
    w.click("[data-place='examination.conclusion'] [data-choice=limited-support]").await?;
    w.wait("[data-place='examination.conclusion'] [data-choice=limited-support][data-state=checked]").await?;
    w.fill("input[name=reason]", "Ears, brow line and nose bridge agree; hair differs, which time explains.").await
}

/// Opens a candidate and excludes it.
///
/// # Errors
/// When a step is refused.
pub async fn exclude(w: &Window, candidate: &str) -> anyhow::Result<()> {
    open_candidate(w, candidate).await?;
    w.click("[data-test=exclude]").await?;
    w.wait(&format!("[data-candidate='{candidate}'][data-concluded=exclusion]")).await?;
    w.idle().await
}

/// Examines: excludes `others` candidates that are not `lead`, supports and keeps `lead`.
///
/// # Errors
/// When a step is refused.
pub async fn examine(w: &Window, lead: &str, others: usize) -> anyhow::Result<()> {
    let listed = w.attributes("[data-candidate]", "data-candidate").await?;
    ensure!(listed.iter().any(|c| c == lead), "the lead is not on the list");
    for candidate in listed.iter().filter(|c| *c != lead).take(others) {
        exclude(w, candidate).await?;
    }
    support(w, lead).await?;
    w.click("[data-test=keep]").await?;
    w.wait("[data-test=keep][aria-pressed=true]").await?;
    w.idle().await
}

/// Compares blind as second examiner: supports `lead`, excludes the others, hands in.
///
/// # Errors
/// When a step is refused.
pub async fn verify(w: &Window, lead: &str, agree: bool) -> anyhow::Result<()> {
    w.click("[data-test=begin-verification]").await?;
    analyse(w).await?;
    for candidate in w.attributes("[data-candidate]", "data-candidate").await? {
        if candidate == lead && agree {
            support(w, &candidate).await?;
            w.click("[data-test=to-list]").await?;
        } else {
            exclude(w, &candidate).await?;
        }
    }
    w.wait("main[aria-busy=false]").await?;
    w.click("[data-test=conclude]").await?;
    w.wait("[data-test=to-cases]").await?;
    w.until("the bench to be left", async || w.has("[data-candidate]").await, |there| !there).await.map(drop)
}

/// Concludes the examination and unveils; gives what the table says of the lead.
///
/// # Errors
/// When it is refused.
pub async fn conclude(w: &Window) -> anyhow::Result<String> {
    w.wait("main[aria-busy=false]").await?;
    w.click("[data-test=conclude]").await?;
    w.click("[data-test=unveil]").await?;
    w.wait("[data-test=unveiled]").await?;
    Ok(w.text("[data-test=unveiled] tr.lead").await.unwrap_or_default())
}

/// Places of the gaps that the window lists.
///
/// # Errors
/// When the window does not answer.
pub async fn gaps(w: &Window) -> anyhow::Result<Vec<String>> {
    w.attributes("[data-gap]", "data-gap").await
}

async fn tab(w: &Window, name: &str) -> anyhow::Result<()> {
    w.click("[data-step=corroborate]").await?;
    w.click(&format!("[data-tab='{name}']")).await?;
    w.wait(&format!("[data-tab='{name}'][data-state=active]")).await.map(drop)
}

/// Adds an entry to a category and says what it found; gives the selector of its form.
async fn entry(w: &Window, category: &str, finding: &str) -> anyhow::Result<String> {
    tab(w, category).await?;
    w.click(&format!("[data-place='{category}.new'] [data-choice='{finding}']")).await?;
    w.wait(&format!("[data-entry='{category}']")).await?;
    w.idle().await?;
    let form = format!("[data-entry='{category}']");
    w.wait(&format!("{form} [data-choice='{finding}'][data-state=checked]")).await?;
    Ok(form)
}

/// Records that a category was sought and nothing found: two attempts.
///
/// # Errors
/// When a step is refused.
pub async fn sought(w: &Window, category: &str, attempts: [(&str, &str); 2]) -> anyhow::Result<()> {
    let form = entry(w, category, "sought-not-found").await?;
    for (at, (what, place)) in attempts.into_iter().enumerate() {
        let attempt = format!("{form} .attempt:nth-child({})", at + 1);
        // The same words in two categories are said once.
        w.fill(&format!("{attempt} input[name=what]"), &format!("{what}, for {category}")).await?;
        w.fill(&format!("{attempt} input[name=place]"), place).await?;
        w.fill(&format!("{attempt} input[inputmode=numeric]"), &format!("2026-03-0{} 10:15", at + 2)).await?;
    }
    answered(w, category).await
}

/// Waits until nothing is missing of a category.
///
/// # Errors
/// When something stays missing.
pub async fn answered(w: &Window, category: &str) -> anyhow::Result<()> {
    let open = async || {
        let places = gaps(w).await?;
        Ok(places.into_iter().filter(|p| p.split('.').next() == Some(category)).collect::<Vec<_>>())
    };
    w.until(&format!("{category} to be answered"), open, Vec::is_empty).await.map(drop)
}

/// Records a witness who saw the event and was shown nothing.
///
/// # Errors
/// When a step is refused.
pub async fn witness_supports(w: &Window) -> anyhow::Result<()> {
    let form = entry(w, "witness", "supports").await?;
    let field = |name: &str| format!("{form} [data-place$='.{name}'] :is(input, textarea)");
    for (name, text) in [
        ("witness", "W-1, statement 25-000123/4"),
        ("stated_at", "2026-03-01 22:30"),
        ("shows", "Saw a man of about thirty run to a parked van and describes the scar on his left brow"),
        ("source", "Statement of W-1, taken at the scene"),
        ("obtained_at", "2026-03-01 22:45"),
        ("obtained_by", "Ofc. T. Lund"),
        ("obtained_how", "Recorded interview before any search was made"),
        ("link_to_crime", "Places the person at the register and at the van at 21:40"),
    ] {
        w.fill(&field(name), text).await?;
    }
    // Each yes would weaken the entry.
    for (name, answer) in [
        ("photo_shown_before", "no"),
        ("name_told_before", "no"),
        ("lineup_from_lead", "no"),
        ("only_saw_video", "no"),
        ("source_knew_result", "no"),
        ("recorded_before_search", "no"),
        ("compares_faces", "no"),
        ("about_event", "no"),
        ("found_by_name", "no"),
    ] {
        w.click(&format!("{form} [data-place$='.{name}'] [data-choice={answer}]")).await?;
    }
    w.click(&format!("{form} input[name=fixes_place]")).await?;
    w.click(&format!("{form} input[name=fixes_time]")).await?;
    w.choose(&format!("{form} select[name=root]"), "own").await?;
    answered(w, "witness").await
}

/// Answers what could speak against the lead.
///
/// # Errors
/// When a step is refused.
pub async fn answer_panel(w: &Window) -> anyhow::Result<()> {
    tab(w, "panel").await?;
    for item in ["height", "weight", "age", "marks", "physical-condition", "custody", "known-location"] {
        w.click(&format!("[data-place='panel.{item}'] [data-choice=not-known]")).await?;
    }
    w.fill("textarea[name=speaks_for_the_person]", "Nothing is known yet; custody records were asked for.").await?;
    answered(w, "panel").await
}

/// Chooses the disposition and writes the account.
///
/// # Errors
/// When a step is refused.
pub async fn write_note(w: &Window, disposition: &str, account: &str) -> anyhow::Result<()> {
    w.click("[data-step=note]").await?;
    w.click(&format!("[data-place=disposition] [data-choice='{disposition}']")).await?;
    w.wait(&format!("[data-place=disposition] [data-choice='{disposition}'][data-state=checked]")).await?;
    w.fill("textarea[name=narrative]", account).await
}

/// Presses save; gives the sealed note's SHA-256, or the error's code.
///
/// # Errors
/// When the screen does not answer.
pub async fn save(w: &Window) -> anyhow::Result<Result<String, String>> {
    w.click("[data-step=note]").await?;
    // The list of what is missing follows what was typed and moves the button while it does.
    w.wait("main[aria-busy=false]").await?;
    w.click("[data-test=save-note]").await?;
    w.wait("[data-test=sealed-note], [data-test=error]").await?;
    if w.has("[data-test=error]").await? {
        return Ok(Err(w.attributes("[data-test=error]", "data-code").await?.concat()));
    }
    Ok(Ok(w.attributes("[data-test=sealed-note]", "data-sha256").await?.concat()))
}

/// Opens the note of `number` from the supervisor's queue.
///
/// # Errors
/// When it is not there.
pub async fn open_review(w: &Window, number: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-cases]").await?;
    w.click(&format!("[data-test=review-note][data-number='{number}']")).await?;
    w.wait("[data-test=decide]").await.map(drop)
}

/// As [`open_review`], once the note has come.
///
/// # Errors
/// When it does not come.
pub async fn open_review_when_there(w: &Window, number: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-cases]").await?;
    w.wait(&format!("[data-test=review-note][data-number='{number}']")).await?;
    open_review(w, number).await
}

/// Remarks on a field of the note under review.
///
/// # Errors
/// When a step is refused.
pub async fn remark(w: &Window, place: &str, text: &str) -> anyhow::Result<()> {
    w.click("[data-test=add-remark]").await?;
    w.choose("select[name=remark-place]", place).await?;
    w.fill("input[name=remark-text]", text).await
}

/// Presses a print button and gives the PDF that was written.
///
/// # Errors
/// When it is refused.
pub async fn print(w: &Window, kind: &str, file: &str) -> anyhow::Result<std::path::PathBuf> {
    w.click(&format!("[data-test=print-{kind}]")).await?;
    let said = w.wait_text("[data-test=written]", file).await?;
    Ok(said.trim_start_matches("Written: ").into())
}

/// Answers every question of a review and signs; `wrong` names the one that does not hold, and why.
///
/// # Errors
/// When a step is refused.
pub async fn review(w: &Window, decision: &str, wrong: Option<(&str, &str)>) -> anyhow::Result<()> {
    for judgement in
        ["purpose-fits", "probe-acceptable", "examination-reasoned", "corroboration-independent", "exculpatory-handled"]
    {
        let answer = if wrong.is_some_and(|(which, _)| which == judgement) { "no" } else { "yes" };
        w.click(&format!("[data-place='review.{judgement}'] [data-choice={answer}]")).await?;
    }
    if let Some((which, remark)) = wrong {
        w.fill(&format!("input[name=remark-{which}]"), remark).await?;
    }
    w.click(&format!("[data-place='review.decision'] [data-choice={decision}]")).await?;
    w.click("[data-test=decide]").await?;
    w.wait(&format!("[data-test=review][data-decision={decision}]")).await.map(drop)
}

/// Presses an export and gives the file it was written to.
///
/// # Errors
/// When it is refused.
pub async fn export(w: &Window, kind: &str) -> anyhow::Result<std::path::PathBuf> {
    w.click(&format!("[data-test=export-{kind}]")).await?;
    let said = w.wait_text("[data-test=written]", &format!("{kind}.json")).await?;
    Ok(said.trim_start_matches("Written: ").into())
}

/// Opens a case from the list of cases.
///
/// # Errors
/// When it is not there.
pub async fn open_case(w: &Window, number: &str) -> anyhow::Result<()> {
    w.click("[data-test=to-cases]").await?;
    w.click(&format!("[data-test=open-case][data-number='{number}']")).await
}

/// The day thirty days ago, `YYYY-MM-DD`: a current training.
pub fn month_ago() -> String {
    let then = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() - 30 * 86_400).unwrap_or_default();
    then.to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Today, where the department is: a day that is over elsewhere is none there yet.
///
/// # Errors
/// When this machine knows no time zones.
pub fn today() -> anyhow::Result<String> {
    Ok(jiff::Timestamp::now().in_tz("America/Los_Angeles")?.date().to_string())
}

/// The name under which a file is offered.
pub fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}
