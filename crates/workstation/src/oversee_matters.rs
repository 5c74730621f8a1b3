//! A matter of the auditor's desk as its line shows it.

use catalogue::say;

use casework::oversight::{Matter, Party};

use crate::oversee_desk::{Desk, On};
use crate::views::{ClosedLine, MatterLine};

/// The line of a matter, as whoever is signed in (`me`) may close it or not.
pub(crate) fn matter_line(desk: &Desk, matter: &Matter, on: &On<'_>, me: &Party) -> MatterLine {
    let closing = desk.closings.get(&matter.key);
    let closed = closing.filter(|closing| matter.is_closed_by(closing)).map(|closing| ClosedLine {
        closed_as: closing.closed_as,
        reason: closing.reason.clone(),
        by: (&closing.by).into(),
        at: closing.at,
    });
    let mut line = MatterLine {
        key: matter.key.clone(),
        kind: matter.kind,
        pattern: None,
        title: String::new(),
        why: String::new(),
        usual: String::new(),
        about: matter.about.clone(),
        at: None,
        who: String::new(),
        agency: String::new(),
        number: String::new(),
        purpose: String::new(),
        basis: String::new(),
        refused: None,
        cases: on.cases().into_iter().map(|case| desk.line(case)).collect(),
        events: on.events().len(),
        waits: false,
        reopened: closing.is_some() && closed.is_none(),
        closed,
        own: matter.about.contains(me),
    };
    match on {
        On::Alone(alone) => {
            alone.grounds.in_words().clone_into(&mut line.why);
            say!("workstation-oversight-alone").clone_into(&mut line.title);
            line.at = Some(alone.at);
            line.who.clone_from(&alone.who);
            line.agency.clone_from(&alone.agency);
            line.number.clone_from(&alone.number);
            line.purpose.clone_from(&alone.purpose);
            line.basis.clone_from(&alone.basis);
            line.refused.clone_from(&alone.refused);
            line.waits = alone.grounds.waits();
        }
        On::Referral(referral) => {
            say!("workstation-oversight-referral").clone_into(&mut line.title);
            line.why = referral.reasons.join(" ");
            line.at = Some(referral.at);
        }
        On::Topic(topic) => {
            topic.pattern.in_words().clone_into(&mut line.title);
            line.pattern = Some(topic.pattern);
            line.why.clone_from(&topic.why);
            line.usual.clone_from(&topic.usual);
        }
    }
    line
}
