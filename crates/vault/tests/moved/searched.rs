//! A case that was searched moves whole, in every state in which it can.

use casework::samples::{candidate, case, examination, probe_draft, search_with, unveiled, uuid, verified};
use casework::{Conclusion, Examination, ProbeId};

use super::*;

pub const PROBE: &[u8] = b"the probe";

/// The sample's case as it was searched, with a probe that is at hand, and how far its examination is.
pub fn searched(examination: Examination) -> CaseFile {
    let sha256 = by_hand::sha256(PROBE);
    let mut draft = probe_draft();
    draft.image.sha256.clone_from(&sha256);
    let probe =
        draft.accept(ProbeId(uuid(20)), &case(), examiner(1).reference(), at("2026-03-02T09:10:00Z"), &policy());
    forged(file(), |kept| {
        kept.image.as_mut().unwrap().facts.sha256.clone_from(&sha256);
        kept.probe = Some(probe.unwrap());
        kept.searches = vec![search_with(20, |s| s.probe_sha256.clone_from(&sha256))];
        kept.examination = Some(examination);
    })
}

/// Each state in which a searched case moves, by name.
pub fn states() -> Vec<(&'static str, CaseFile)> {
    let concluded =
        examination().conclude(&casework::samples::search(20), at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    let supported = verified(3, Conclusion::Support, Conclusion::Exclusion).unwrap();
    vec![
        ("begun", searched(Examination::Blind(casework::samples::bench()))),
        ("half examined", searched(Examination::Blind(examination()))),
        ("concluded", searched(Examination::Concluded(concluded))),
        ("unveiled", searched(Examination::Unveiled(unveiled()))),
        ("verified", searched(Examination::Verified(supported))),
    ]
}

/// Puts a searched case into `vault`, with all that was signed of it.
pub fn put_searched(vault: &mut Vault, whole: &CaseFile) -> CaseId {
    let me = somebody(1).reference();
    vault.put_case(whole.id, whole, &me, at(HANDED), None).unwrap();
    vault.put_original(whole.id, "probe", "camera-3.jpg", PROBE, &me, at(HANDED)).unwrap();
    vault.signs_with(Some(key(1)));
    let [concluded, second] = vault::decided_at(whole);
    vault.state_changes([None, second], whole).unwrap();
    if second.is_some() {
        vault.signs_with(Some(key(3)));
        vault.state_changes([concluded, None], whole).unwrap();
        vault.signs_with(Some(key(1)));
    }
    whole.id
}

/// What the gallery gives of a list.
pub fn photographs(whole: &CaseFile) -> ListPhotographs {
    let each = whole.photographs_that_move().into_iter();
    let each = each.flat_map(|(id, count)| (0..count).map(move |n| (id, u8::try_from(n).unwrap())));
    each.map(|(id, n)| ((id, n), format!("face {id} {n}").into_bytes())).collect()
}

/// Hands the case over to examiner 2, has it moved to `to` and takes it in there.
pub fn moved(here: &mut Place, there: &mut Place, whole: &CaseFile) -> Vec<u8> {
    let me = somebody(1);
    let mut handed = whole.clone();
    handed.hand_over(&me, &somebody(2), "Transferred to Homicide", 5, at(HANDED), &policy()).unwrap();
    here.vault.put_case(whole.id, &handed, &me.reference(), at(HANDED), None).unwrap();
    here.vault.state_handovers(0, &handed).unwrap();
    here.vault.move_case(whole.id, &key_of(there), &photographs(whole), &me.reference(), at(MOVED)).unwrap();
    leaving(&mut here.vault, MOVED).remove(0)
}

#[test]
fn a_searched_case_moves_whole_in_every_state() {
    for (state, whole) in states() {
        let [mut here, mut there, mut third, _] = places();
        let case = put_searched(&mut here.vault, &whole);
        // Not without its list's photographs: nothing changes then.
        let me = somebody(1).reference();
        let refused = here.vault.move_case(case, &key_of(&there), &none(), &me, at(MOVED)).unwrap_err();
        assert!(refused.to_string().contains("photograph"), "{state}: {refused}");
        let package = moved(&mut here, &mut there, &whole);
        assert!(matches!(here.vault.case::<CaseFile>(case), Err(VaultError::Moved)), "{state}");
        assert_eq!(take(&mut there.vault, &package, ARRIVED).unwrap(), Taken::Case(case), "{state}");
        let came: CaseFile = there.vault.case(case).unwrap();
        assert_eq!(came.searches, whole.searches, "{state}");
        let blind = matches!(whole.examination, Some(Examination::Blind(_)));
        assert_eq!(came.examination == whole.examination, !blind, "{state}: what was not concluded is begun afresh");
        assert_eq!(came.history.set_aside.len(), usize::from(blind), "{state}");
        for ((id, n), bytes) in photographs(&whole) {
            assert_eq!(there.vault.list_photograph(case, id, n).unwrap(), Some(bytes), "{state}");
        }
        assert_eq!(there.vault.original(case, &by_hand::sha256(PROBE)).unwrap(), PROBE);
        // Its search, by whom it was made, is on the audit here; that it went and came, on both.
        let said = |vault: &Vault, action: &str| vault.audit().unwrap().iter().any(|event| event.action == action);
        assert!(said(&here.vault, "case-moved") && said(&there.vault, "case-came"), "{state}");
        let back = leaving(&mut there.vault, ARRIVED).remove(0);
        take(&mut here.vault, &back, ARRIVED).unwrap();
        let by_hand = beside(&here.vault).unwrap();
        for table in ["case_part", "original", "list_photograph", "case_file", "verification_asked"] {
            let left: i64 = by_hand.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap();
            assert_eq!(left, 0, "{state}: {table}");
        }

        // On to a third, whose gallery never saw the list; what was signed goes with it, and the photographs are those that came.
        there.vault.signs_with(Some(key(2)));
        there.vault.move_case(case, &key_of(&third), &none(), &somebody(2).reference(), at(ARRIVED)).unwrap();
        let package = leaving(&mut there.vault, ARRIVED).remove(0);
        assert_eq!(take(&mut third.vault, &package, ARRIVED).unwrap(), Taken::Case(case), "{state}");
        assert_eq!(
            third.vault.list_photograph(case, candidate(3), 0).unwrap(),
            there.vault.list_photograph(case, candidate(3), 0).unwrap()
        );
    }
}
