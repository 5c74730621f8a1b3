//! Honest cases. Every rate differs a little from person to person, as it does among people.

use casework::{Agreement, CaseId, Decision, Disposition, Moment, Purpose};

use super::{CASES, EXAMINERS, FLOOR, SUPERVISORS, YearCase, YearExamination, YearSearch, identity, moment, share};
use crate::adversary::draw::Dice;

const OFFENCES: [(&str, &str); 6] = [
    ("Robbery", "211 PC"),
    ("Burglary", "459 PC"),
    ("Assault with a deadly weapon", "245(a)(1) PC"),
    ("Carjacking", "215 PC"),
    ("Grand theft", "487 PC"),
    ("Battery with injury", "243(d) PC"),
];
const WHO: [&str; 8] = [
    "a person in a grey hood",
    "somebody with a red cap",
    "a tall person in work clothes",
    "a person with a backpack",
    "two people of whom one",
    "somebody in a long coat",
    "a person on a bicycle",
    "a person with a covered arm",
];
const DOES: [&str; 10] = [
    "takes cash from the open register",
    "forces the rear door with a bar",
    "strikes the clerk with a bottle",
    "drives the stopped van away",
    "cuts the lock of a parcel room",
    "pulls a bag from a woman at the stop",
    "breaks the window of a parked car",
    "threatens the driver with a knife",
    "carries tools from the shed",
    "pushes a guard down the stairs",
];
const SEEN: [&str; 8] = [
    "and leaves towards the river",
    "and is seen again at the station",
    "and drops a receipt at the corner",
    "and runs to the underpass",
    "and enters a blue sedan",
    "and comes back after ten minutes",
    "and speaks to a witness outside",
    "and hides behind the loading dock",
];
const SHOWS: [&str; 6] = [
    "The reader at the crossing has the sedan heading north",
    "The clerk saw the person step out of the white van",
    "A post of that night shows the jacket in the same street",
    "The registry names the trailer at that address",
    "The neighbour saw somebody carry tools across the yard",
    "The recording of the bus shows the bag at the stop",
];

/// A sentence that no other case has.
pub(super) fn statement(dice: &mut Dice, n: usize) -> String {
    let pick = |dice: &mut Dice, of: &[&str]| dice.of(of).copied().unwrap_or_default().to_owned();
    let (who, does, seen) = (pick(dice, &WHO), pick(dice, &DOES), pick(dice, &SEEN));
    let (street, camera) = (dice.below(900), dice.below(40));
    format!(
        "Camera {camera} of lot {n} at {street} Mission Street shows that {who} {does} {seen}, report item {}",
        n * 7 + 13
    )
}

/// What an entry shows that no other case has.
pub(super) fn entry(dice: &mut Dice, n: usize) -> String {
    let shows = dice.of(&SHOWS).copied().unwrap_or_default();
    format!(
        "{shows} at {}:{:02} beside number {} in sector {n} of district {}",
        dice.below(24),
        dice.below(60),
        dice.below(900),
        dice.below(30)
    )
}

/// How much somebody differs from the others: by up to three times from the least to the most.
fn habits(dice: &mut Dice) -> [f64; 6] {
    std::array::from_fn(|_| 0.5 + share(dice))
}

pub(super) fn drawn(dice: &mut Dice, span: (Moment, Moment)) -> Vec<YearCase> {
    let habits: Vec<[f64; 6]> = (0..EXAMINERS).map(|_| habits(dice)).collect();
    let start = span.0.0.as_second();
    let mut cases: Vec<YearCase> = (0..CASES)
        .map(|n| {
            let holder = dice.below(EXAMINERS);
            let of = habits[holder];
            let day = dice.below(364) as i64;
            // Hours of work, from seven in the morning to seven in the evening; now and then a night.
            let night = share(dice) < 0.04 * of[5];
            let hour = if night { dice.below(5) as i64 } else { 7 + dice.below(12) as i64 };
            let opened = start + day * 86_400 + hour * 3_600 + dice.below(3_000) as i64;
            case(dice, n, holder, opened, of)
        })
        .collect();
    cases.sort_by_key(|case| case.opened_at);
    cases
}

fn case(dice: &mut Dice, n: usize, holder: usize, opened: i64, of: [f64; 6]) -> YearCase {
    let purpose = match dice.below(100) {
        0..=79 => Purpose::Felony,
        80..=91 => Purpose::MisdemeanorWithInjury,
        92..=94 => Purpose::MissingPerson,
        95..=97 => Purpose::DeceasedIdentification,
        98 => Purpose::UnableToIdentifySelf,
        _ => Purpose::ImminentThreat,
    };
    let flagged = purpose == Purpose::ImminentThreat || share(dice) < 0.02 * of[0];
    let quality = if share(dice) < 0.05 * of[1] {
        FLOOR + dice.below(6) as u8
    } else {
        FLOOR + 8 + (dice.below(30) + dice.below(30)) as u8
    };
    let searched = match dice.below(100) {
        0..=79 => 1,
        80..=94 => 2,
        _ => 3,
    };
    let mut at = opened;
    let searches: Vec<YearSearch> = (0..searched)
        .map(|_| {
            at += 300 + dice.below(2_400) as i64;
            YearSearch { id: identity(dice), at: moment(at), answered: share(dice) > 0.01 }
        })
        .collect();
    let concluded = 4 + dice.below(17);
    let hurried = share(dice) < 0.02 * of[2];
    let each = if hurried { 5 } else { 18 + dice.below(70) as i64 };
    let lead = share(dice) < 0.4;
    let rank = if share(dice) < 0.72 { 1 } else { 2 + dice.below(18) };
    let changed = usize::from(share(dice) < 0.04 * of[3]);
    let disposition = match (lead, dice.below(10)) {
        (false, 0..=1) => Disposition::Excluded,
        (false, _) => Disposition::NoCandidate,
        (true, 0..=3) => Disposition::LeadCorroborated,
        (true, _) => Disposition::LeadNotCorroborated,
    };
    let sealed_at = at + 86_400 + dice.below(12 * 86_400) as i64;
    let sealed = (share(dice) > 0.02 * of[4]).then(|| (moment(sealed_at), disposition));
    let decision = match dice.below(100) {
        0..=84 => Decision::Approve,
        85..=96 => Decision::Return,
        _ => Decision::Refer,
    };
    let reviewer = EXAMINERS + dice.below(SUPERVISORS);
    let review =
        sealed.map(|(at, _)| (reviewer, moment(at.0.as_second() + 3_600 + dice.below(200_000) as i64), decision));
    let verifier = (holder + 1 + dice.below(EXAMINERS - 1)) % EXAMINERS;
    YearCase {
        id: CaseId(identity(dice)),
        number: format!("25-{n:06}"),
        purpose,
        offence: OFFENCES[dice.below(OFFENCES.len())],
        basis: statement(dice, n),
        referrals: if flagged { vec!["The purpose or statement is flagged.".to_owned()] } else { Vec::new() },
        holder,
        verifier: lead.then_some(verifier),
        agreement: if dice.one_in(12) { Agreement::DisagreesOnLead } else { Agreement::Agrees },
        opened_at: moment(opened),
        quality,
        searches,
        examination: YearExamination {
            seconds: each * concluded as i64,
            concluded,
            lead_rank: lead.then_some(rank),
            changed,
        },
        entries: (0..if lead { 3 } else { 0 }).map(|at| entry(dice, n * 4 + at)).collect(),
        sealed,
        review,
    }
}
