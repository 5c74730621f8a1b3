//! Whether the records of an exported file are in a log, and which witnesses saw them there: by the file alone, and by keys that the
//! department's roster names.

use std::collections::HashSet;

use catalogue::say;
use department::{Chain, KeySpan};
use ledger::{Key, Kind, Leaf, Proof, Refusal, Signed, is_gallery, origin};

use casework::Moment;

use super::file::CheckedNote;
use super::in_log::{InLog, Whose, Witnessed};
use crate::log_row::{LoggedRow, RECORDS, bytes_of, key_of, named_by};
use crate::signed::Signed as Sealed;

impl CheckedNote {
    /// What its log says of it, or that it is in none, a sentence each.
    pub fn log_in_words(&self) -> Vec<String> {
        let mut all: Vec<String> = self.logged.iter().flat_map(InLog::sentences).collect();
        let is = |event: &str| self.logged.iter().any(|logged| logged.event == event);
        if !is("note-sealed") {
            all.push(say!("vault-logged-never").to_owned());
        }
        if self.review.is_some() && !is("note-reviewed") {
            all.push(say!("vault-logged-review-never").to_owned());
        }
        all
    }
}

/// The witnesses that the rosters of a chain name, each key once with its days as they were said last.
fn of_chain(chain: &Chain) -> Vec<(&str, &KeySpan)> {
    let mut all: Vec<(&str, &KeySpan)> = Vec::new();
    for version in (1..=chain.newest().number()).rev().filter_map(|number| chain.version(number)) {
        for witness in &version.roster().content().witnesses {
            if !all.iter().any(|(_, known)| known.key() == witness.signs.key()) {
                all.push((&witness.name, &witness.signs));
            }
        }
    }
    all
}

/// The records of a note, and who may have put them into an audit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfNote<'a> {
    pub(crate) note: &'a Sealed,
    pub(crate) reviews: &'a [Sealed],
    pub(crate) addenda: &'a [Sealed],
}

impl OfNote<'_> {
    /// The SHA-256 of the record that a row is of, by its event and its writer.
    pub(crate) fn record_of(self, row: &LoggedRow) -> Option<String> {
        let sha256 = named_by(&row.row.event)?;
        let made = |record: &Sealed| sha256 == record.sha256 && row.writer == record.public_key;
        let is = match row.row.event.action.as_str() {
            "note-sealed" => made(self.note),
            "note-reviewed" => self.reviews.iter().any(|review| {
                sha256 == review.sha256 && [&review.public_key, &self.note.public_key].contains(&&row.writer)
            }),
            action => action == RECORDS[2] && self.addenda.iter().any(made),
        };
        is.then_some(sha256)
    }
}

/// What a file shows of a log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The rows with their proofs.
    pub(crate) rows: &'a [LoggedRow],
    /// The log's key, where the roster does not name it.
    pub(crate) log: Option<&'a str>,
    /// The department's root key.
    pub(crate) root: Option<&'a str>,
}

/// The log of a proof, by the key that counts for it.
fn log_of(
    proof: &Proof,
    row: &LoggedRow,
    file: Shown<'_>,
    known: &[(&str, &KeySpan)],
) -> Result<(Key, Whose), Refusal> {
    let name = proof.checkpoint().origin();
    let other = || Refusal::OtherLog { wanted: file.root.map(origin).unwrap_or_default(), found: name.to_owned() };
    if name == origin(&row.writer) {
        let bytes = bytes_of(&row.writer).ok_or(Refusal::KeyMalformed)?;
        return Ok((Key::new(Kind::Log, name, &bytes)?, Whose::Workstation));
    }
    if file.root.is_none_or(|root| name != origin(root)) {
        return Err(other());
    }
    let mut named = known.iter().filter(|(known, _)| *known == name).peekable();
    if named.peek().is_none() {
        let said = file.log.ok_or_else(other).and_then(Key::read)?;
        return if said.name() == name { Ok((said, Whose::Unnamed)) } else { Err(other()) };
    }
    let keys = named.map(|(_, span)| key_of(Kind::Log, name, span.key()));
    let signed =
        |key: &Result<Key, Refusal>| key.as_ref().is_ok_and(|key| proof.checkpoint().clone().signed(key).is_ok());
    let key = keys.into_iter().find(signed).ok_or_else(|| Refusal::NotSigned { name: name.to_owned() })??;
    Ok((key, Whose::Department))
}

/// Which witnesses of the roster saw a checkpoint, and which of the newest did not.
fn seen_by(
    signed: &Signed,
    chain: &Chain,
    known: &[(&str, &KeySpan)],
) -> Result<(Vec<Witnessed>, Vec<String>), Refusal> {
    let (mut seen, mut missing) = (Vec::new(), Vec::new());
    for (name, span) in known.iter().filter(|(name, _)| *name != signed.log().name() && !is_gallery(name)) {
        let time = match signed.seen_by(&key_of(Kind::Witness, name, span.key())?) {
            Ok(time) => i64::try_from(time).ok().and_then(|time| jiff::Timestamp::from_second(time).ok()).map(Moment),
            Err(Refusal::NotSigned { .. }) => None,
            Err(wrong) => return Err(wrong),
        };
        let newest = || chain.newest().roster().content().witnesses.iter().any(|w| w.signs.key() == span.key());
        match time.filter(|at| span.counts_on(at.day())) {
            Some(at) => seen.push(Witnessed { name: (*name).to_owned(), at }),
            None if newest() => missing.push((*name).to_owned()),
            None => {}
        }
    }
    Ok((seen, missing))
}

/// What the log says of the rows of a file, in their order. `is_of` says whether a row is of what the file holds.
///
/// # Errors
/// What of it does not hold, in words.
pub(crate) fn in_log(
    file: Shown<'_>,
    chain: Option<&Chain>,
    is_of: impl Fn(&LoggedRow) -> bool,
) -> Result<Vec<InLog>, String> {
    let known = chain.map(of_chain).unwrap_or_default();
    let mut all: Vec<InLog> = Vec::new();
    let mut places: HashSet<(&str, i64)> = HashSet::new();
    for row in file.rows {
        let event = &row.row.event;
        let wrong = |why: String| say!("vault-logged-does-not-hold", seq = event.seq, why);
        // One workstation's position has one row: a second one is the same again, or of another history.
        if !row.row.holds() || !is_of(row) || !places.insert((&row.writer, event.seq)) {
            return Err(wrong(say!("vault-logged-another-row").to_owned()));
        }
        let read = || {
            let leaf = bytes_of(&row.writer).zip(bytes_of(&event.hash)).ok_or(Refusal::Malformed { what: "row" })?;
            let leaf = Leaf::new(leaf.0, u64::try_from(event.seq).unwrap_or_default(), leaf.1)?;
            let proof = Proof::read(&row.proof)?;
            let (log, whose) = log_of(&proof, row, file, &known)?;
            let included = proof.of(leaf, &log)?;
            let checkpoint = included.checkpoint();
            let (seen, missing) = match chain {
                Some(chain) => seen_by(checkpoint, chain, &known)?,
                None => Default::default(),
            };
            let (index, size) = (included.index(), checkpoint.size());
            Ok(InLog { event: event.action.clone(), index, size, whose, seen, missing })
        };
        all.push(read().map_err(|why: Refusal| wrong(why.to_string()))?);
    }
    // A key that nobody vouches for stands there only where it is needed.
    if file.log.is_some() && !all.iter().any(|logged| logged.whose == Whose::Unnamed) {
        return Err(say!("vault-logged-another-key").to_owned());
    }
    Ok(all)
}
