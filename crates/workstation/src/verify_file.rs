//! Files that left, checked by whoever gets one: no vault, no person, no network.

use std::path::Path;

use catalogue::say;
use department::PublicKey;
use serde_json::{Value, json};

use vault::{CheckedDisclosure, Signer, Unproven};

/// The text of a file that somebody named on the command line.
///
/// # Errors
/// What a person can act on, when it cannot be read or is no text.
pub fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| say!("workstation-cannot-read", path = path.display(), e))
}

/// The text of a file that left. One that is longer than any may be is not read.
///
/// # Errors
/// What a person can act on.
pub fn read_file(path: &Path) -> Result<String, String> {
    let length = std::fs::metadata(path).map_or(0, |file| file.len());
    if length > vault::MOST_FILE as u64 + 1 {
        return Err(say!("workstation-file-too-long", path = path.display(), megabytes = vault::MOST_FILE >> 20));
    }
    read_text(path)
}

/// Checks an exported audit, and says of which workstation it is.
pub fn verify_audit(file: &Path, workstation: Option<&str>, json: bool) -> Result<(), String> {
    let checked = vault::verify_export(&read_text(file)?).map_err(|e| e.to_string())?;
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    if let Some(wanted) = workstation.map(plain)
        && wanted != checked.key
        && wanted != plain(&checked.fingerprint)
    {
        return Err(say!("workstation-audit-another", fingerprint = checked.fingerprint));
    }
    if json {
        println!("{}", serde_json::to_string(&checked).map_err(|e| e.to_string())?);
    } else {
        println!("{}", say!("workstation-events-chain-whole-last-hash", events = checked.events, head = checked.head));
        if checked.lost > 0 {
            println!("{}", say!("workstation-events-lost", lost = checked.lost));
        }
        println!(
            "{}",
            say!("workstation-signed-key", signed_at = checked.signed_at, fingerprint = checked.fingerprint)
        );
    }
    Ok(())
}

/// Checks the certificate of a purged case and says what went, by which rule, and who let it go.
///
/// # Errors
/// What does not hold.
pub fn verify_certificate(file: &Path, root: Option<&PublicKey>) -> Result<(), String> {
    let text = read_file(file)?;
    let checked = vault::verify_certificate(&text, root).map_err(|unproven| unproven.said)?;
    let content = &checked.content;
    let (number, law) = (content.number.as_str(), content.law.as_str());
    let (at, name) = (content.confirmed.at, content.confirmed.by.name.as_str());
    println!("{}", say!("workstation-certificate-holds", number, at, name));
    println!(
        "{}",
        say!("workstation-certificate-rule", days = content.days, law, due = content.due_since, told = content.told_at)
    );
    println!("{}", say!("workstation-certificate-gone", count = content.gone.len(), key = checked.signed_by));
    if !content.witnessed {
        println!("{}", say!("workstation-certificate-unwitnessed"));
    }
    for signer in &checked.signers {
        println!("{}", signed(signer));
    }
    checked.unsigned.iter().for_each(|line| println!("{line}"));
    match (&checked.department, root) {
        (Some(named), None) => println!("{}", say!("workstation-certificate-department", root = named)),
        (None, _) => println!("{}", say!("workstation-certificate-no-department")),
        (Some(_), Some(_)) => {}
    }
    Ok(())
}

/// Checks a disclosure and says what holds, who signed what by the roster of `root` and that day, and what could not be checked.
///
/// # Errors
/// What does not hold.
pub fn verify_disclosure(file: &Path, root: Option<&PublicKey>, json: bool) -> Result<(), String> {
    let checked = read_file(file).and_then(|text| {
        vault::verify_disclosure(&text, root).map_err(|unproven| {
            if json {
                println!("{}", refused(&unproven));
            }
            unproven.said
        })
    })?;
    let unchecked = unchecked(&checked, root);
    if json {
        println!("{}", told(&checked, &unchecked));
        return Ok(());
    }
    let made = &checked.disclosure;
    let case = made.case.as_ref().map_or("–", |case| case.number().as_str());
    println!("{}", say!("workstation-disclosure-holds", case, at = made.produced_at, name = made.produced_by.name));
    println!("{}", say!("workstation-disclosure-key", sha256 = checked.sha256, key = checked.made_by));
    println!(
        "{}",
        say!(
            "workstation-disclosure-counts",
            searches = made.searches.len(),
            notes = checked.notes.len(),
            events = made.audit.len()
        )
    );
    for signer in &checked.signers {
        println!("{}", signed(signer));
        for caveat in &signer.caveats {
            println!("  {caveat}");
        }
    }
    for line in checked.logged.in_words() {
        println!("{line}");
    }
    for missing in &unchecked {
        println!("{}", say!("workstation-disclosure-unchecked", missing));
    }
    Ok(())
}

/// A signature in a sentence.
pub fn signed(signer: &Signer) -> String {
    let (what, name, badge) = (signer.stated.in_words(), &signer.name, &signer.badge);
    say!("command-signed", what, name, badge, ori = signer.ori, at = signer.at, version = signer.version)
}

/// What was not checked, a sentence each.
fn unchecked(checked: &CheckedDisclosure, root: Option<&PublicKey>) -> Vec<String> {
    let department = match (&checked.department, root) {
        (None, _) => Some(say!("workstation-disclosure-nobody-signed").to_owned()),
        (Some(found), None) => Some(say!("workstation-disclosure-whose-department", root = found)),
        (Some(_), Some(_)) => None,
    };
    department.into_iter().chain(checked.unsigned.iter().cloned()).chain(checked.unchecked.iter().cloned()).collect()
}

fn refused(unproven: &Unproven) -> Value {
    json!({ "holds": false, "reason": unproven.reason, "said": unproven.said })
}

fn told(checked: &CheckedDisclosure, unchecked: &[String]) -> Value {
    let made = &checked.disclosure;
    let signed = checked.signers.iter().map(|signer| {
        json!({
            "what": signer.stated.name(), "name": signer.name, "badge": signer.badge, "agency": signer.ori,
            "at": signer.at, "version": signer.version, "caveats": signer.caveats,
        })
    });
    let notes = checked.notes.iter().zip(&made.notes).map(|(note, told)| {
        let decisions: Vec<_> = told.reviews.iter().map(|review| review.decision).collect();
        json!({ "id": note.id, "sealed_at": note.sealed_at, "disposition": note.disposition, "reviews": decisions })
    });
    json!({
        "holds": true,
        "case": made.case.as_ref().map(|case| case.number()),
        "produced_at": made.produced_at,
        "produced_by": made.produced_by,
        "sha256": checked.sha256,
        "workstation": checked.made_by,
        "department": checked.department.map(|root| root.to_string()),
        "signed": signed.collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "logged": checked.logged.in_words(),
        "unchecked": unchecked,
    })
}
