//! Entries at the bounds of what is asked: old dates, long fields, doubtful numbers, answers that change.

use casework::samples::*;
use casework::*;

use super::SEALED;

fn gaps_with(change: impl FnOnce(&mut Entry)) -> Vec<String> {
    let mut list = checklist();
    let mut entry = support(201, Category::Vehicle);
    change(&mut entry);
    list.entries.push(entry);
    let gaps = list.complete(&policy(), &around(SEALED)).err().unwrap_or_default();
    gaps.into_iter().map(|gap| gap.place.rsplit('.').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_date_years_before_the_event_is_asked_about() {
    // The event was on 1 March 2026 at 21:40.
    let recorded = |when: &str| gaps_with(|entry| entry.independence.recorded_at = Some(at(when)));
    assert_eq!(recorded("2025-01-01T00:00:00Z"), [""; 0]);
    assert_eq!(recorded("2024-03-01T21:40:00Z"), [""; 0], "two years");
    assert_eq!(recorded("2024-02-29T21:40:00Z"), ["dates_explained"], "and a day");
}

#[test]
fn no_field_is_longer_than_somebody_reads() {
    let long = |characters: usize| "Presence of the car at the till. ".repeat(200)[..characters].to_owned();
    type Field = fn(&mut Entry) -> &mut String;
    let fields: [(&str, Field); 6] = [
        ("shows", |e| &mut e.shows),
        ("source", |e| &mut e.source),
        ("obtained_by", |e| &mut e.obtained_by),
        ("obtained_how", |e| &mut e.obtained_how),
        ("link_to_crime", |e| &mut e.link_to_crime),
        ("resolution", |e| &mut e.resolution),
    ];
    for (name, field) in fields {
        assert_eq!(gaps_with(|entry| *field(entry) = long(4_000)), [""; 0], "{name}");
        assert_eq!(gaps_with(|entry| *field(entry) = long(4_001)), [name]);
    }
    let mut list = checklist();
    list.panel.speaks_for_the_person = long(4_000);
    assert!(list.complete(&policy(), &around(SEALED)).is_ok());
    list.panel.speaks_for_the_person = long(4_001);
    assert_eq!(list.complete(&policy(), &around(SEALED)).unwrap_err()[0].place, "panel.speaks_for_the_person");
}

fn of_vehicle(change: impl FnOnce(&mut VehicleDetails)) -> Vec<String> {
    gaps_with(|entry| {
        if let Details::Vehicle(vehicle) = &mut entry.details {
            change(vehicle);
        }
    })
}

#[test]
fn a_plate_may_be_read_in_part_and_not_at_all_is_none() {
    for plate in ["7ABC123", "7A? ??3", "B-XY 12", "1", "ABCDEFGHIJ"] {
        assert_eq!(of_vehicle(|v| v.plate = plate.to_owned()), [""; 0], "{plate}");
    }
    for plate in ["7ABC123; DROP", "ABCDEFGHIJK", "A_1", "A???????????"] {
        assert_eq!(of_vehicle(|v| v.plate = plate.to_owned()), ["plate"], "{plate}");
    }
    let marks = |vehicle: &str| of_vehicle(|v| (v.plate, v.vehicle) = ("???".to_owned(), vehicle.to_owned()));
    assert_eq!(marks("White panel van"), ["plate"], "marks alone are no plate");
    assert_eq!(marks(""), ["vehicle", "plate"]);
}

#[test]
fn a_vin_has_its_form() {
    for vin in ["1M8GDM9AXKP042788", "1HGCM82633A004352", "11111111111111111", " 1hgcm82633a004352 "] {
        assert_eq!(of_vehicle(|v| v.vin = vin.to_owned()), [""; 0], "{vin}");
    }
    for vin in
        ["1M8GDM9AXKPO42788", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427880", "1M8GDM9AXKP04278-", "1M8GDM9AXKP04278\u{e9}"]
    {
        assert_eq!(of_vehicle(|v| v.vin = vin.to_owned()), ["vin"], "{vin}");
    }
}

#[test]
fn a_vin_that_does_not_add_up_is_doubted_and_nothing_else() {
    let doubts = |vin: &str| {
        let mut entry = support(201, Category::Vehicle);
        if let Details::Vehicle(vehicle) = &mut entry.details {
            vehicle.vin = vin.to_owned();
        }
        entry.doubts()
    };
    for vin in ["1M8GDM9AXKP042788", "1HGCM82633A004352", "11111111111111111", "1FTFW1ET9DFC10312"] {
        assert_eq!(doubts(vin), [""; 0], "{vin}");
    }
    assert_eq!(doubts("1M8GDM9AXKP042789").len(), 1, "one digit misread");
    assert_eq!(doubts(""), [""; 0]);
    assert_eq!(doubts("1M8GDM9AXKP04278"), [""; 0], "one that is none is refused, not doubted");
    let found = doubts("1M8GDM9A1KP042788");
    assert!(found.len() == 1 && found[0].contains("check digit"), "{found:?}");
    assert_eq!(support(202, Category::Witness).doubts(), [""; 0]);
}

#[test]
fn an_answer_that_changes_is_a_change_of_a_returned_note() {
    let with = |change: fn(&mut Entry)| {
        let mut file = file();
        file.edit_checklist(|list| list.entries.push(support(201, Category::Witness))).unwrap();
        let note = file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
        file.mark_sealed(&note);
        let mut form = ReviewForm { decision: Some(Decision::Return), ..ReviewForm::default() };
        form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
        form.remarks = vec![Remark { place: "disposition".to_owned(), text: "Look at the witness again".to_owned() }];
        let now = at("2026-03-02T13:00:00Z");
        let review = Review::decide(note.content(), "", &form, &super::supervisor(9), now).unwrap();
        file.reopen(review.content()).unwrap();
        let answers = vec!["The witness was asked again.".to_owned()];
        file.edit_note(NoteForm { answers, ..file.note.clone() }).unwrap();
        file.edit_checklist(|list| list.entries.iter_mut().rev().take(1).for_each(change)).unwrap();
        let gaps = file.gaps(&examiner(1), &StandingClock(at("2026-03-02T14:00:00Z")), &policy());
        gaps.iter().all(|gap| !gap.missing.contains("Nothing was changed"))
    };
    assert!(!with(|_| {}));
    assert!(with(|entry| entry.independence.about_event = Some(false)));
    assert!(with(|entry| entry.fixes.time = false));
    assert!(with(|entry| entry.obtained_at = Some(at("2026-03-02T11:10:00Z"))));
    assert!(with(|entry| entry.finding = Some(Finding::Inconclusive)));
    assert!(with(|entry| {
        if let Details::Witness(witness) = &mut entry.details {
            witness.only_saw_video = Some(true);
        }
    }));
    assert!(!with(|entry| entry.shows = entry.shows.to_uppercase()), "other letters are no other words");
}

#[test]
fn an_attempt_counts_once_and_whole() {
    let gaps = |change: fn(&mut Vec<Attempt>)| {
        let mut list = checklist();
        change(&mut list.entries[0].attempts);
        list.complete(&policy(), &around(SEALED)).err().unwrap_or_default().len()
    };
    assert_eq!(gaps(|_| {}), 0);
    assert_eq!(gaps(|attempts| attempts[1] = attempts[0].clone()), 1, "the same twice");
    assert_eq!(gaps(|attempts| attempts.push(Attempt { at: None, ..attempts[0].clone() })), 1, "half a third one");
    assert_eq!(gaps(|attempts| attempts.push(attempts[0].clone())), 0, "a third one, told before");
}
