//! A workstation that is restored from before a move has an older copy: it learns of it, and one copy goes on.

use serde_json::json;

use super::by_hand::Opened;
use super::searched::{moved, photographs, put_searched, searched};
use super::*;
use casework::Examination;
use casework::samples::unveiled;

impl Place {
    /// Its files as they are now, to come back to.
    fn saved(&self) -> Vec<(std::ffi::OsString, Vec<u8>)> {
        beside(&self.vault).unwrap().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let entries = std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
        files.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect()
    }

    /// As it was, with what restoring puts on record.
    fn restored(self, saved: &[(std::ffi::OsString, Vec<u8>)]) -> Self {
        let Place { vault, folder, keys } = self;
        drop(vault);
        for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        for (name, bytes) in saved {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let mut vault = opened(folder.path(), &*keys).unwrap();
        vault.record(None, at(ARRIVED), "vault-restored", &json!({})).unwrap();
        vault.signs_with(Some(key(1)));
        Place { vault, folder, keys }
    }
}

#[test]
fn a_sender_restored_from_before_the_move_learns_where_the_case_lives() {
    let [mut here, mut there, third, _] = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut here.vault, &whole);
    let before = here.saved();
    let package = moved(&mut here, &mut there, &whole);
    take(&mut there.vault, &package, ARRIVED).unwrap();
    leaving(&mut there.vault, ARRIVED);

    let mut again = here.restored(&before);
    assert!(again.vault.case::<CaseFile>(case).is_ok(), "an older copy");
    // Moved once more to where the case lives it is refused.
    again.vault.move_case(case, &key_of(&there), &photographs(&whole), &somebody(1).reference(), at(MOVED)).unwrap();
    let packages = leaving(&mut again.vault, ARRIVED);
    let refused = |package: &Vec<u8>| {
        take(&mut there.vault, package, ARRIVED).is_err_and(|e| e.to_string().contains("lives here"))
    };
    assert!(packages.iter().any(refused));

    let mut here = again.restored(&before);
    // It says that it was restored, and is answered: what is here goes.
    let said = leaving(&mut here.vault, ARRIVED);
    assert_eq!(said.len(), 2, "to both other workstations");
    let told =
        said.iter().filter(|package| matches!(take(&mut there.vault, package, ARRIVED), Ok(Taken::Told))).count();
    assert_eq!(told, 1);
    let answers = leaving(&mut there.vault, ARRIVED);
    // Nobody else's word, and nothing that was not signed, takes a case away.
    let lives_here = |package: &[u8], at: &Vault| {
        let opened = Opened::of(package, at);
        (opened.manifest["content"]["kind"] == "case-lives-here").then_some(opened)
    };
    let answer = answers.iter().find(|package| lives_here(package, &here.vault).is_some()).unwrap();
    let forged = lives_here(answer, &here.vault).unwrap().again(&third.vault, &here.vault);
    assert!(matches!(take(&mut here.vault, &forged, ARRIVED), Ok(Taken::Void(_))));
    let mut unsigned = lives_here(answer, &here.vault).unwrap();
    unsigned.content()["statements"].as_array_mut().unwrap().pop();
    let unsigned = unsigned.again(&there.vault, &here.vault);
    assert!(matches!(take(&mut here.vault, &unsigned, ARRIVED), Ok(Taken::Void(_))));
    assert!(here.vault.case::<CaseFile>(case).is_ok());
    assert_eq!(take(&mut here.vault, answer, ARRIVED).unwrap(), Taken::Told);
    assert!(matches!(here.vault.case::<CaseFile>(case), Err(VaultError::Moved)));
    let left: i64 = beside(&here.vault)
        .unwrap()
        .query_row("SELECT (SELECT count(*) FROM case_part) + (SELECT count(*) FROM original)", [], |r| r.get(0))
        .unwrap();
    assert_eq!((left, here.vault.traces().unwrap().len()), (0, 1));
    assert!(there.vault.case::<CaseFile>(case).is_ok());
}

#[test]
fn a_recipient_restored_from_before_the_case_came_gets_it_once_more() {
    let [mut here, mut there, ..] = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut here.vault, &whole);
    let before = there.saved();
    let package = moved(&mut here, &mut there, &whole);
    take(&mut there.vault, &package, ARRIVED).unwrap();
    let arrived = leaving(&mut there.vault, ARRIVED).remove(0);
    take(&mut here.vault, &arrived, ARRIVED).unwrap();

    let mut there = there.restored(&before);
    assert!(there.vault.case::<CaseFile>(case).is_err());
    let taken: Vec<_> =
        leaving(&mut there.vault, ARRIVED).iter().map(|said| take(&mut here.vault, said, ARRIVED)).collect();
    assert!(taken.iter().any(|taken| matches!(taken, Ok(Taken::Told))));
    let again = leaving(&mut here.vault, ARRIVED);
    assert!(again.iter().any(|package| matches!(take(&mut there.vault, package, ARRIVED), Ok(Taken::Case(_)))));
    assert!(there.vault.case::<CaseFile>(case).is_ok() && here.vault.case::<CaseFile>(case).is_err());
    // A month later nothing of it is kept for that.
    leaving(&mut here.vault, "2026-04-20T09:00:00Z");
    let kept: i64 = beside(&here.vault)
        .unwrap()
        .query_row("SELECT coalesce(max(length(bytes)), 0) FROM outbox WHERE kind = 'case'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(kept, 0);
}

#[test]
fn a_case_comes_back_to_a_workstation_that_was_restored_and_has_an_older_copy() {
    let [mut here, mut there, ..] = places();
    let whole = searched(Examination::Unveiled(unveiled()));
    let case = put_searched(&mut here.vault, &whole);
    let before = here.saved();
    let package = moved(&mut here, &mut there, &whole);
    take(&mut there.vault, &package, ARRIVED).unwrap();
    there.vault.signs_with(Some(key(2)));
    let mut file: CaseFile = there.vault.case(case).unwrap();
    file.edit_note(casework::NoteForm { narrative: "Written at Homicide.".to_owned(), ..file.note.clone() }).unwrap();
    there.vault.put_case(case, &file, &somebody(2).reference(), at(ARRIVED), None).unwrap();
    there.vault.move_case(case, &key_of(&here), &none(), &somebody(2).reference(), at(ARRIVED)).unwrap();
    let back = leaving(&mut there.vault, ARRIVED);
    let mut here = here.restored(&before);
    assert!(back.iter().any(|package| matches!(take(&mut here.vault, package, ARRIVED), Ok(Taken::Case(_)))));
    assert_eq!(here.vault.case::<CaseFile>(case).unwrap().note.narrative, "Written at Homicide.");
    assert!(there.vault.case::<CaseFile>(case).is_err());
}

#[test]
fn what_came_and_went_since_the_backup_does_not_come_back_as_it_was() {
    for answer_first in [true, false] {
        let [mut here, mut there, mut third, _] = places();
        let whole = searched(Examination::Unveiled(unveiled()));
        let case = put_searched(&mut here.vault, &whole);
        let before = there.saved();
        let package = moved(&mut here, &mut there, &whole);
        take(&mut there.vault, &package, ARRIVED).unwrap();
        there.vault.signs_with(Some(key(2)));
        there.vault.move_case(case, &key_of(&third), &none(), &somebody(2).reference(), at(ARRIVED)).unwrap();
        let on = leaving(&mut there.vault, ARRIVED);
        assert!(on.iter().any(|package| matches!(take(&mut third.vault, package, ARRIVED), Ok(Taken::Case(_)))));
        leaving(&mut third.vault, ARRIVED);

        // Both the sender of the older copy and whoever has the case now hear of it, and answer in any order.
        let mut there = there.restored(&before);
        let said = leaving(&mut there.vault, ARRIVED);
        let mut answers: Vec<Vec<u8>> = Vec::new();
        for other in [&mut here, &mut third] {
            assert!(said.iter().any(|package| matches!(take(&mut other.vault, package, ARRIVED), Ok(Taken::Told))));
            answers.extend(leaving(&mut other.vault, ARRIVED));
        }
        if answer_first {
            answers.reverse();
        }
        for package in &answers {
            let _ = take(&mut there.vault, package, ARRIVED);
        }
        assert!(there.vault.case::<CaseFile>(case).is_err(), "answered first: {answer_first}");
        assert!(third.vault.case::<CaseFile>(case).is_ok());
    }
}
