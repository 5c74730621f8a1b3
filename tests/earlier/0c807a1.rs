//! Makes a vault as commit 0c807a1 made one: `make.sh` builds this there. The argument is the folder.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;

use casework::samples::*;
use casework::*;
use serde_json::json;
use vault::{KeyStore, SecretStoreError, Settings, Vault};

#[derive(Default)]
struct Keys(Mutex<HashMap<String, String>>);

impl KeyStore for Keys {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }
}

const ME: fn() -> PersonId = || examiner(1).id;

fn supervisor() -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(9) }
}

fn opened(id: u128, number: &str) -> CaseFile {
    let mut file = CaseFile::begin(CaseId(uuid(id)), examiner(1).reference());
    file.edit_purpose(CaseDraft { case_number: number.to_owned(), ..case_draft() }).unwrap();
    file
}

fn searched(id: u128, number: &str, probe: &str) -> CaseFile {
    let by = examiner(1).reference();
    let mut file = opened(id, number);
    file.confirm_purpose(by.clone(), at("2026-03-02T09:00:00Z"), &policy()).unwrap();
    let draft = probe_draft();
    let face = SeenFace { bounds: draft.face.unwrap(), quality: draft.quality.unwrap(), findings: Vec::new() };
    let image = ImageFacts { sha256: probe.to_owned(), ..draft.image };
    file.bring_image(image, vec![face], draft.imported_at).unwrap();
    file.edit_origin(ProbeOrigin {
        source: draft.source,
        captured_at: draft.captured_at,
        obtained_by: draft.obtained_by,
        obtained_how: draft.obtained_how,
        legal_basis: draft.legal_basis,
    })
    .unwrap();
    file.confirm_probe(ProbeId(uuid(id + 1)), by, at("2026-03-02T09:10:00Z"), &policy()).unwrap();
    file.permit(&examiner(1), SearchFilters::default(), at("2026-03-02T09:11:00Z"), &policy()).unwrap();
    let search = SearchRecord { id: SearchId(uuid(id + 2)), probe_sha256: probe.to_owned(), ..search(20) };
    file.add_search(search, 7).unwrap();
    file
}

fn examined(id: u128, number: &str, probe: &str) -> CaseFile {
    let mut file = searched(id, number, probe);
    let mut bench = |act: &mut dyn FnMut(&mut Blind, &SearchRecord) -> Result<(), Vec<Gap>>| {
        file.at_bench(ME(), |blind, search| act(blind, search)).unwrap();
    };
    bench(&mut |b, _| b.edit_analysis(analysis()));
    bench(&mut |b, _| b.record_analysis(at("2026-03-02T09:15:00Z")));
    let now = at("2026-03-02T09:20:00Z");
    for rank in 1..4 {
        bench(&mut |b, s| b.conclude_on(s, candidate(rank), Some(Conclusion::Exclusion), "", now));
    }
    bench(&mut |b, s| b.compare(s, candidate(0), comparison(9), now));
    bench(&mut |b, s| b.conclude_on(s, candidate(0), Some(Conclusion::LimitedSupport), "", now));
    bench(&mut |b, _| {
        b.keep(Some(candidate(0)));
        Ok(())
    });
    file
}

fn written(id: u128, number: &str, probe: &str) -> CaseFile {
    let mut file = examined(id, number, probe);
    file.conclude(ME(), at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    file.unveil(ME(), at("2026-03-02T09:41:00Z")).unwrap();
    file.edit_checklist(|list| *list = checklist()).unwrap();
    file.edit_note(NoteForm {
        disposition: Some(Disposition::LeadNotCorroborated),
        reason: String::new(),
        narrative: "Nothing found.".to_owned(),
    })
    .unwrap();
    file
}

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let keys = Keys::default();
    let mut vault = Vault::open(&folder, &keys).unwrap();
    let by = examiner(1).reference();
    let at_nine = at("2026-03-02T09:00:00Z");
    vault.put_person(&examiner(1), &by, at_nine).unwrap();
    vault.set_passphrase(&by, "a blue bicycle at dawn", at_nine).unwrap();
    vault.add_person(&supervisor(), "an orange kettle at noon", &by, at_nine).unwrap();
    let mut settings = Settings::default();
    settings.gallery = "https://gallery.example".to_owned();
    vault.set_settings(&settings, &by, at_nine).unwrap();

    let probes: Vec<(u128, Vec<u8>)> = (1..5).map(|n| (n, format!("photograph {n}").into_bytes())).collect();
    let mut put = |id: u128, number: &str, make: &dyn Fn(u128, &str, &str) -> CaseFile| {
        let bytes = &probes[(id / 100 - 1) as usize].1;
        vault.put_case(CaseId(uuid(id)), &opened(id, number), &by, at_nine, Some(("case-begun", json!({})))).unwrap();
        let hash = vault.put_original(CaseId(uuid(id)), "probe", "camera-3.jpg", bytes, &by, at_nine).unwrap();
        let file = make(id, number, &hash);
        vault.put_case(CaseId(uuid(id)), &file, &by, at("2026-03-02T10:00:00Z"), None).unwrap();
        file
    };
    let begun = CaseId(uuid(600));
    put(100, "26-000101", &|id, number, probe| searched(id, number, probe));
    put(200, "26-000102", &|id, number, probe| examined(id, number, probe));
    put(300, "26-000103", &|id, number, probe| written(id, number, probe));
    let mut sealed = put(400, "26-000104", &|id, number, probe| written(id, number, probe));
    vault.put_case(begun, &CaseFile::begin(begun, by.clone()), &by, at_nine, None).unwrap();

    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    let note = sealed.seal(NoteId(uuid(403)), &examiner(1), &clock, &policy()).unwrap();
    sealed.mark_sealed(&note);
    let stored = vault.seal(&note, &sealed).unwrap();
    let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
    form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
    let review =
        Review::decide(&stored.content, &stored.signed.sha256, &form, &supervisor(), at("2026-03-02T13:00:00Z")).unwrap();
    vault.put_review(&review, sealed.id, &sealed).unwrap();
    drop(vault);
    // The names end with a mark of the folder.
    let kept = keys.0.lock().unwrap();
    let named: HashMap<&str, &String> = kept.iter().map(|(name, key)| (name.rsplit_once('-').unwrap().0, key)).collect();
    std::fs::write(folder.join("keys.json"), serde_json::to_string(&named).unwrap()).unwrap();
}
