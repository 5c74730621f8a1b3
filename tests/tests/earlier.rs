//! What an earlier program wrote is opened by this one. `tests/earlier/make.sh` made it with the commit that its folder names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use casework::samples::{at, examiner, policy, uuid};
use casework::{CaseFile, Clock, Decision, Moment, NoteId, Step, StepState};
use serde_json::{Value, json};
use vault::{Due, Entrance, KeyStore, Second, SecretStoreError, VaultError};
use whole_product::service::Service;

fn earlier(what: &str) -> PathBuf {
    Path::new(env!("CORROBORATE_ROOT")).join("tests/earlier/0c807a1").join(what)
}

/// The secrets of a vault, whichever folder it lies in now.
struct Keys(Mutex<HashMap<String, String>>);

impl KeyStore for Keys {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        let (name, _) = name.rsplit_once('-').unwrap();
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        let (name, _) = name.rsplit_once('-').unwrap();
        self.0.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), SecretStoreError> {
        let (name, _) = name.rsplit_once('-').unwrap();
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

struct Now(Moment);

impl Clock for Now {
    fn now(&self) -> Moment {
        self.0
    }
}

#[test]
fn an_earlier_vault_opens_with_its_cases_people_and_settings() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(earlier("vault/vault.db"), folder.path().join("vault.db")).unwrap();
    let keys = std::fs::read_to_string(earlier("vault/keys.json")).unwrap();
    let keys = Keys(Mutex::new(serde_json::from_str(&keys).unwrap()));
    let by = examiner(1).reference();
    let rule = policy().session;
    let now = at("2026-03-03T09:00:00Z");
    let mut entrance = Entrance::open(folder.path(), &keys).unwrap();
    assert!(!keys.0.lock().unwrap().contains_key("vault"), "the machine alone opens it no more");
    let supervisor = entrance.people().unwrap().into_iter().find(|known| known.person.id != by.id).unwrap().person;
    // What somebody else chose opens one thing: to choose anew. Nobody's door is opened by another's passphrase.
    let given = "an orange kettle at noon";
    let entered = entrance.enter(supervisor.id, given, Second::Code(""), "signed-in", now, &rule).unwrap();
    assert_eq!(entered.due(), Some(Due::Passphrase));
    assert!(entrance.enter(by.id, given, Second::Code(""), "signed-in", now, &rule).is_err());
    let passphrase = "a blue bicycle at dawn";
    let entered = entrance.enter(by.id, passphrase, Second::Code(""), "signed-in", now, &rule).unwrap();
    assert_eq!(entered.due(), Some(Due::SecondFactor));
    let vault = entrance.vault(&entered, &keys).unwrap();
    let left: Vec<String> = keys.0.lock().unwrap().keys().cloned().collect();
    assert!(!left.iter().any(|name| name == "signing-vault" || name == "exchange-vault"), "{left:?}");
    // Everybody came in: the key lies nowhere but behind passphrases.
    let own = entrance.enter(supervisor.id, given, Second::Code(""), "signed-in", now, &rule).unwrap();
    entrance.choose(own, "three quiet owls sit", now).unwrap();
    assert!(entrance.enter(supervisor.id, given, Second::Code(""), "signed-in", now, &rule).is_err());
    vault.verify_audit().unwrap();
    assert_eq!(vault.settings().unwrap().gallery, "https://gallery.example");

    let (cases, unread) = vault.cases::<CaseFile>().unwrap();
    assert!(unread.is_empty(), "{unread:?}");
    let number = |file: &CaseFile| file.purpose.case_number.clone();
    let mut known: Vec<String> = cases.iter().map(|row| number(&row.content)).collect();
    known.sort();
    assert_eq!(known, ["", "26-000101", "26-000102", "26-000103", "26-000104"]);
    let of = |wanted: &str| cases.iter().map(|row| &row.content).find(|file| number(file) == wanted).unwrap();
    assert_eq!(of("26-000101").state(Step::Search), StepState::Done);
    assert_eq!(of("26-000102").examination.as_ref().unwrap().work().lead, Some(casework::samples::candidate(0)));
    for file in cases.iter().map(|row| &row.content).filter(|file| file.image.is_some()) {
        assert_eq!(vault.check_files(file.id, &file.files()).unwrap(), 1, "{}", number(file));
    }
    // What is sealed now is held to the rules of now.
    let missing = of("26-000103").gaps(&examiner(1), &Now(at("2026-03-03T09:30:00Z")), &policy());
    let of_now = |place: &str| place.ends_with(".attempts") || place == "note.narrative";
    assert!(!missing.is_empty() && missing.iter().all(|gap| of_now(&gap.place)), "{missing:?}");
    assert_eq!(of("26-000104").sealed, Some(NoteId(uuid(403))));
    assert_eq!(vault.decisions().unwrap()[&NoteId(uuid(403))], Decision::Approve);
    let refused = vault.note(NoteId(uuid(403))).unwrap_err();
    assert!(matches!(refused, VaultError::NotProven { what: "note", .. }), "{refused}");
    // It is opened a second time as it is, and works on.
    drop((vault, entrance));
    let mut entrance = Entrance::open(folder.path(), &keys).unwrap();
    let entered = entrance.enter(by.id, passphrase, Second::Code(""), "signed-in", now, &rule).unwrap();
    let mut vault = entrance.vault(&entered, &keys).unwrap();
    vault.put_case(of("26-000101").id, of("26-000101"), &by, at("2026-03-03T10:00:00Z"), None).unwrap();
    vault.verify_audit().unwrap();
}

#[tokio::test]
async fn an_earlier_gallery_is_served_and_lists_its_people() {
    let service = Service::of(earlier("gallery")).unwrap();
    let token = std::fs::read_to_string(earlier("gallery/token")).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = async |request: reqwest::RequestBuilder| -> Value {
        request.bearer_auth(token.trim()).send().await.unwrap().json().await.unwrap()
    };
    let info = answer(http.get(format!("{}/v1/info", service.url()))).await;
    assert_eq!((&info["subjects"], &info["templates"]), (&json!(3), &json!(3)), "{info}");
    let (model, dim) = (&info["models"][0]["id"], info["models"][0]["dim"].as_u64().unwrap() as usize);
    let request = json!({
        "template": { "model": model, "values": vec![1.0 / (dim as f32).sqrt(); dim] },
        "purpose": "felony", "case_number": "26-000101", "limit": 20,
        "basis": "211 PC Fixed camera shows a person taking cash from the register",
    });
    let list = answer(http.post(format!("{}/v1/searches", service.url())).json(&request)).await;
    let mut listed: Vec<&str> =
        list["candidates"].as_array().unwrap().iter().map(|c| c["subject_id"].as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(listed, ["DEMO-1000", "DEMO-1001", "DEMO-1002"], "{list}");
}
