//! The log of the gallery's audit in words: whose key it has, who saw it, and what it showed that does not fit.

use catalogue::say;
use ledger::Signed;
use vault::{GalleryFault, Vault};

use casework::Moment;

use crate::error::Outcome;
use crate::views::GalleryLogLine;

/// What was seen of the log of the gallery at `address`.
pub(crate) fn gallery_log(v: &Vault, address: &str, now: Moment) -> Outcome<Option<GalleryLogLine>> {
    let Some(log) = v.gallery_log(address)? else { return Ok(None) };
    let wanted = v.witnesses(now)?;
    let seen = log.cosigned().into_iter().flat_map(|cosigned| {
        wanted.iter().filter_map(move |witness| {
            let at = i64::try_from(cosigned.seen_by(witness).ok()?).ok()?;
            let at = Moment(jiff::Timestamp::from_second(at).ok()?);
            Some(say!("workstation-gallery-log-seen-by", witness = witness.name(), rows = Signed::size(cosigned), at))
        })
    });
    Ok(Some(GalleryLogLine {
        key: log.key().to_string(),
        named: v.gallery_keys(now)?.contains(log.key()),
        since: log.since(),
        rows: log.newest().size(),
        seen_at: log.seen_at(),
        witnesses: seen.collect(),
    }))
}

/// What the gallery at `address` showed that does not fit, the newest first.
pub(crate) fn gallery_faults(v: &Vault, address: &str) -> Outcome<Vec<String>> {
    let faults = v.gallery_faults(address)?;
    let words = faults.iter().map(|fault| {
        let (at, seen, shown) = (fault.at, fault.seen.unwrap_or(0), fault.shown.unwrap_or(0));
        let row = fault.seq.unwrap_or(0);
        match fault.what {
            GalleryFault::Missing => say!("workstation-gallery-log-missing", at),
            GalleryFault::OtherKey => say!("workstation-gallery-log-other-key", at),
            GalleryFault::Unsigned => say!("workstation-gallery-log-unsigned", at),
            GalleryFault::RolledBack => say!("workstation-gallery-log-rolled-back", at, seen, shown),
            GalleryFault::Fork => say!("workstation-gallery-log-fork", at, seen, shown),
            GalleryFault::Row => say!("workstation-gallery-log-row", at, row),
            GalleryFault::Withheld => say!("workstation-gallery-log-withheld", at, row, shown),
        }
    });
    Ok(words.collect())
}
