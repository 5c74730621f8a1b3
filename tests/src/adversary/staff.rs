//! One human, one account: who makes accounts for whom, and who is told.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{Attack, Found};
use crate::detective::{self, PASSPHRASE};
use crate::station::Station;
use crate::window::Window;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[Attack {
    promise: 9,
    name: "makes a second account, or gives oneself a role, without the other administrator",
    play,
}];

const OTHER: (&str, &str) = ("B. Okoro", "two green lamps burn");

fn form(name: &str, badge: &str, roles: Value) -> Value {
    json!({
        "name": name, "badge": badge, "ori": "CA0190000", "course": "", "completed_on": "", "proficiency": "",
        "roles": roles, "passphrase": "",
    })
}

fn play() -> anyhow::Result<Found> {
    tokio::runtime::Runtime::new()?.block_on(makes_accounts())
}

async fn makes_accounts() -> anyhow::Result<Found> {
    let station = Station::start()?;
    let w = Window::open(&station, &[]).await?;
    detective::name_yourself(&w).await?;
    let coded = async |id: Value, form: Value, second: Value, passphrase: &str, code: &str| {
        let by = json!({ "person": second, "passphrase": passphrase, "shown": code });
        let second = if second.is_null() { second } else { by };
        w.invoke("save_person", json!({ "id": id, "form": form, "second": second })).await
    };
    let save = async |id, form, second, passphrase: &str| coded(id, form, second, passphrase, "").await;
    // Alone, and yet not free: the badge is one person's.
    let again = save(Value::Null, form("R. Alvarez", "44-71", json!(["supervisor"])), Value::Null, "").await?;
    let mut broken = Vec::new();
    let mut refused = 0;
    let mut judge = |what: &str, answer: &Value| match answer.get("refused") {
        Some(_) => refused += 1,
        None => broken.push(what.to_owned()),
    };
    judge("a second account with the own badge, written otherwise", &again);
    for added in [form(OTHER.0, "2210", json!(["administrator"])), form("S. Visor", "1180", json!(["supervisor"]))] {
        let supervisor = added["badge"] == "1180";
        if supervisor {
            // Whoever made the other's account knows the code: it stands for no second administrator.
            let code = detective::enrolment_code(&w, OTHER.0)?;
            let staff = w.invoke("staff", json!({})).await?;
            let sign = json!({ "second": { "person": staff["ok"][1]["id"], "passphrase": code, "shown": "" } });
            judge("the policy, with the other's enrolment code", &w.invoke("sign_policy", sign).await?);
            detective::lock(&w).await?;
            detective::first_sign_in(&w, OTHER).await?;
            detective::lock(&w).await?;
            detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await?;
        }
        let staff = w.invoke("staff", json!({})).await?;
        let other = staff["ok"].as_array().context("no staff")?.get(1).map_or(Value::Null, |p| p["id"].clone());
        let own = staff["ok"][0]["id"].clone();
        if supervisor {
            judge("alone", &save(Value::Null, added.clone(), Value::Null, "").await?);
            judge("confirmed by oneself", &save(Value::Null, added.clone(), own.clone(), PASSPHRASE).await?);
            judge(
                "with the own passphrase for the other's",
                &save(Value::Null, added.clone(), other.clone(), PASSPHRASE).await?,
            );
            let code = detective::enrolment_code(&w, OTHER.0)?;
            judge("with the enrolment code", &save(Value::Null, added.clone(), other.clone(), &code).await?);
            judge(
                "with the other's passphrase, watched",
                &save(Value::Null, added.clone(), other.clone(), OTHER.1).await?,
            );
            let guessed = coded(Value::Null, added.clone(), other.clone(), OTHER.1, "000000").await?;
            judge("with the other's passphrase and a code that is none", &guessed);
            let used = w.pocket(OTHER.0, |kept| {
                let (secret, step) = (kept["second"].as_str().unwrap_or_default().to_owned(), kept["used"].as_u64());
                detective::code_at(&secret, step.unwrap_or_default())
            })??;
            let again = coded(Value::Null, added.clone(), other.clone(), OTHER.1, &used).await?;
            judge("with the other's passphrase and the code that they signed in with", &again);
            let issue = json!({ "id": other, "second": null });
            judge("a new code of the other's", &w.invoke("issue_code", issue).await?);
            let raised = form("R. Alvarez", "4471", json!(["examiner", "administrator", "supervisor"]));
            judge("the own role", &save(own.clone(), raised, Value::Null, "").await?);
            let trained = json!({ "name": "R. Alvarez", "badge": "4471", "ori": "CA0190000", "course": "Course",
                "completed_on": detective::month_ago(), "proficiency": "100", "roles": ["examiner", "administrator"],
                "passphrase": "" });
            judge("the own training", &save(own, trained, Value::Null, "").await?);
            let outvoted = form(OTHER.0, "2210", json!(["examiner"]));
            judge("the other's role taken away", &save(other.clone(), outvoted, Value::Null, "").await?);
        }
        let done = if supervisor {
            let code = detective::code_of(&w, OTHER.0).await?;
            coded(Value::Null, added, other, OTHER.1, &code).await?
        } else {
            save(Value::Null, added, Value::Null, "").await?
        };
        ensure!(done.get("ok").is_some(), "what two administrators decide is done: {done}");
        let name = if supervisor { "S. Visor" } else { OTHER.0 };
        w.pocket(name, |kept| kept["code"] = done["ok"]["code"].clone())?;
    }
    detective::lock(&w).await?;
    // The supervisor is told before anything else, and again of nothing.
    detective::take_own_passphrase(&w, ("S. Visor", "seven tin boats float")).await?;
    let told = w.text("[data-test=staff-news]").await?;
    for wanted in
        ["R. Alvarez, badge 4471", "B. Okoro, badge 2210", "Nobody else confirmed it.", "Confirmed by B. Okoro"]
    {
        if !told.contains(wanted) {
            broken.push(format!("the supervisor is not told: {wanted}"));
        }
    }
    detective::read_staff_news(&w).await?;
    detective::lock(&w).await?;
    w.kill();
    Ok(match broken.as_slice() {
        [] => Found::Held(format!("{refused} ways alone are refused, and the supervisor was told of three people")),
        broken => Found::Broken(broken.join("; ")),
    })
}
