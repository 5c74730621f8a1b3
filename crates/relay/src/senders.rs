//! What one workstation may ask and leave here, so that nobody fills the relay for the others.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use catalogue::say;
use clap::Args;
use service::refusal::Refusal;

use crate::store::Package;

/// Packages that one workstation may send at a time: whoever sends slowly takes its own places alone.
const AT_A_TIME: usize = 8;
/// Documents of the department that one workstation may bring a minute. To read one costs more than to send it.
const DOCUMENTS: u32 = 30;
const MINUTE: Duration = Duration::from_secs(60);

/// What is allowed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Limits {
    /// Packages of one sender that may wait.
    #[arg(long, default_value_t = 200)]
    pub packages_of_a_sender: usize,
    /// Bytes of one sender that may wait.
    #[arg(long, default_value_t = 20_000_000_000)]
    pub bytes_of_a_sender: u64,
    /// Bytes that may wait for one recipient.
    #[arg(long, default_value_t = 50_000_000_000)]
    pub bytes_of_a_mailbox: u64,
    /// Bytes of one workstation's backups.
    #[arg(long, default_value_t = 50_000_000_000)]
    pub bytes_of_a_backup: u64,
    /// Requests of one workstation a minute.
    #[arg(long, default_value_t = 600)]
    pub requests_a_minute: u32,
    /// Files of the log that one address may read a minute.
    #[arg(long, default_value_t = service::log::FILES_A_MINUTE)]
    pub files_a_minute: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    packages: usize,
    bytes: u64,
}

/// What was asked since the minute began.
#[derive(Debug)]
struct Asked {
    since: Instant,
    requests: u32,
    documents: u32,
}

#[derive(Debug, Default)]
struct State {
    /// By sender and mailbox, packages on their way included.
    waiting: HashMap<String, HashMap<String, Count>>,
    mailboxes: HashMap<String, u64>,
    under_way: HashMap<String, usize>,
    bringing: HashSet<String>,
    /// Who moves a piece of a backup, and bytes of backups as far as they were counted.
    keeping: HashSet<String>,
    backups: HashMap<String, u64>,
    asked: HashMap<String, Asked>,
}

/// Counts of all senders.
#[derive(Debug)]
pub(crate) struct Senders {
    limits: Limits,
    state: Mutex<State>,
}

/// A package on its way. It counts until it is dropped, or for good once it was [`Sending::stored`].
#[derive(Debug)]
pub(crate) struct Sending {
    senders: Arc<Senders>,
    sender: String,
    mailbox: String,
    bytes: u64,
    /// Bytes that others cannot fetch any more: they do not count against the sender.
    aside: u64,
    stored: bool,
}

/// A document that a workstation brings, until it is dropped: one at a time.
#[derive(Debug)]
pub(crate) struct Bringing(Arc<Senders>, String);

/// A piece of a backup that a workstation moves, until it is dropped: one at a time.
#[derive(Debug)]
pub(crate) struct Keeping(Arc<Senders>, String);

fn full(title: &'static str, detail: String) -> Refusal {
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, "sender-limit", title, detail)
}

impl State {
    fn less(&mut self, sender: &str, mailbox: &str, packages: usize, bytes: u64) {
        if let Some(left) = self.mailboxes.get_mut(mailbox) {
            *left = left.saturating_sub(bytes);
            if *left == 0 {
                self.mailboxes.remove(mailbox);
            }
        }
        let Some(of_sender) = self.waiting.get_mut(sender) else { return };
        if let Some(count) = of_sender.get_mut(mailbox) {
            count.packages = count.packages.saturating_sub(packages);
            count.bytes = count.bytes.saturating_sub(bytes);
            if count.packages == 0 {
                of_sender.remove(mailbox);
            }
        }
        if of_sender.is_empty() {
            self.waiting.remove(sender);
        }
    }

    /// What was asked in this minute by `who`.
    fn asked(&mut self, who: &str) -> &mut Asked {
        self.asked.retain(|_, asked| asked.since.elapsed() < MINUTE);
        let now = || Asked { since: Instant::now(), requests: 0, documents: 0 };
        self.asked.entry(who.to_owned()).or_insert_with(now)
    }
}

impl Asked {
    /// Seconds until the minute is over.
    fn left(&self) -> u64 {
        MINUTE.saturating_sub(self.since.elapsed()).as_secs().max(1)
    }
}

impl Senders {
    /// Counts from what waits already.
    pub(crate) fn new(limits: Limits, waiting: &[Package]) -> Arc<Self> {
        let mut state = State::default();
        for Package { mailbox, sender, bytes, .. } in waiting {
            let count = state.waiting.entry(sender.clone()).or_default().entry(mailbox.clone()).or_default();
            *count = Count { packages: count.packages + 1, bytes: count.bytes + bytes };
            *state.mailboxes.entry(mailbox.clone()).or_default() += bytes;
        }
        Arc::new(Self { limits, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request.
    ///
    /// # Errors
    /// 429 where there were too many in this minute.
    pub(crate) fn asks(&self, who: &str) -> Result<(), Refusal> {
        let most = self.limits.requests_a_minute;
        let mut state = self.state();
        let asked = state.asked(who);
        asked.requests = asked.requests.saturating_add(1);
        if asked.requests <= most {
            return Ok(());
        }
        Err(Refusal::limited(say!("relay-too-many-requests", most), asked.left()))
    }

    /// Counts a document that `who` is about to bring.
    ///
    /// # Errors
    /// 429 where one is on its way, or there were too many in this minute.
    pub(crate) fn brings(self: &Arc<Self>, who: &str) -> Result<Bringing, Refusal> {
        let mut state = self.state();
        let asked = state.asked(who);
        asked.documents = asked.documents.saturating_add(1);
        if asked.documents > DOCUMENTS {
            return Err(Refusal::limited(say!("relay-too-many-documents", most = DOCUMENTS), asked.left()));
        }
        if !state.bringing.insert(who.to_owned()) {
            return Err(Refusal::limited(say!("relay-document-under-way"), 5));
        }
        Ok(Bringing(Arc::clone(self), who.to_owned()))
    }

    /// A piece of a backup that `who` is about to move.
    ///
    /// # Errors
    /// 429 where one is on its way.
    pub(crate) fn keeps(self: &Arc<Self>, who: &str) -> Result<Keeping, Refusal> {
        match self.state().keeping.insert(who.to_owned()) {
            true => Ok(Keeping(Arc::clone(self), who.to_owned())),
            false => Err(Refusal::limited(say!("relay-backup-under-way"), 1)),
        }
    }

    /// So many bytes `more` in the backups of `who`, which are counted once by `count`.
    ///
    /// # Errors
    /// 507 where that is too much; those of `count`.
    pub(crate) fn room_for_backup(
        &self,
        who: &str,
        more: u64,
        count: impl FnOnce() -> Result<u64, Refusal>,
    ) -> Result<(), Refusal> {
        let known = self.state().backups.get(who).copied();
        let bytes = known.map_or_else(count, Ok)?.saturating_add(more);
        let most = self.limits.bytes_of_a_backup;
        if bytes > most {
            return Err(full(say!("relay-sender-limit"), say!("relay-bytes-of-a-backup", most)));
        }
        self.state().backups.insert(who.to_owned(), bytes);
        Ok(())
    }

    /// A backup of `who` is gone: what is left is counted anew.
    pub(crate) fn backup_dropped(&self, who: &str) {
        self.state().backups.remove(who);
    }

    /// A place for a package from `sender` into `mailbox`. What waits for those who do not `stand` in the roster any more does
    /// not count against its sender.
    ///
    /// # Errors
    /// 429 where too many are on their way, 507 where too many wait.
    pub(crate) fn sending(
        self: &Arc<Self>,
        sender: &str,
        mailbox: &str,
        stand: impl Fn(&str) -> bool,
    ) -> Result<Sending, Refusal> {
        let mut state = self.state();
        let under_way = state.under_way.get(sender).copied().unwrap_or(0);
        if under_way >= AT_A_TIME {
            return Err(Refusal::limited(say!("relay-too-many-at-a-time", most = AT_A_TIME), 5));
        }
        let (mut waits, mut aside) = (Count::default(), 0);
        for (of, count) in state.waiting.get(sender).into_iter().flatten() {
            if stand(of) {
                waits = Count { packages: waits.packages + count.packages, bytes: waits.bytes + count.bytes };
            } else {
                aside += count.bytes;
            }
        }
        if waits.packages >= self.limits.packages_of_a_sender {
            let most = self.limits.packages_of_a_sender;
            return Err(full(say!("relay-sender-limit"), say!("relay-packages-of-sender-wait", most)));
        }
        state.under_way.insert(sender.to_owned(), under_way + 1);
        let count = state.waiting.entry(sender.to_owned()).or_default().entry(mailbox.to_owned()).or_default();
        count.packages += 1;
        drop(state);
        let (sender, mailbox) = (sender.to_owned(), mailbox.to_owned());
        Ok(Sending { senders: Arc::clone(self), sender, mailbox, bytes: 0, aside, stored: false })
    }

    /// A package is gone.
    pub(crate) fn taken(&self, package: &Package) {
        self.state().less(&package.sender, &package.mailbox, 1, package.bytes);
    }
}

impl Sending {
    /// So many bytes more.
    ///
    /// # Errors
    /// 507 where that is too much of one sender, or for one recipient.
    pub(crate) fn grow(&mut self, more: u64) -> Result<(), Refusal> {
        let limits = self.senders.limits;
        let mut state = self.senders.state();
        let of_sender: u64 = state.waiting.get(&self.sender).into_iter().flatten().map(|(_, count)| count.bytes).sum();
        if of_sender.saturating_sub(self.aside).saturating_add(more) > limits.bytes_of_a_sender {
            let most = limits.bytes_of_a_sender;
            return Err(full(say!("relay-sender-limit"), say!("relay-bytes-of-sender-wait", most)));
        }
        let of_mailbox = state.mailboxes.get(&self.mailbox).copied().unwrap_or(0);
        if of_mailbox.saturating_add(more) > limits.bytes_of_a_mailbox {
            let most = limits.bytes_of_a_mailbox;
            return Err(Refusal::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "mailbox-full",
                say!("relay-mailbox-full"),
                say!("relay-bytes-wait-mailbox", most),
            ));
        }
        *state.mailboxes.entry(self.mailbox.clone()).or_default() += more;
        if let Some(count) = state.waiting.get_mut(&self.sender).and_then(|all| all.get_mut(&self.mailbox)) {
            count.bytes += more;
        }
        self.bytes += more;
        Ok(())
    }

    /// It lies in its mailbox and counts until it is taken.
    pub(crate) fn stored(mut self) {
        self.stored = true;
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let mut state = self.senders.state();
        match state.under_way.get_mut(&self.sender) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(state.under_way.remove(&self.sender)),
        }
        if !self.stored {
            state.less(&self.sender, &self.mailbox, 1, self.bytes);
        }
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.0.state().keeping.remove(&self.1);
    }
}

impl Drop for Bringing {
    fn drop(&mut self) {
        self.0.state().bringing.remove(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        packages_of_a_sender: 3,
        bytes_of_a_sender: 100,
        bytes_of_a_mailbox: 150,
        bytes_of_a_backup: 1000,
        requests_a_minute: 5,
        files_a_minute: 5,
    };

    fn code(refused: Result<impl Sized, Refusal>) -> Option<(u16, &'static str)> {
        refused.err().map(|refusal| (refusal.status.as_u16(), refusal.code))
    }

    fn package(sender: &str, mailbox: &str, bytes: u64) -> Package {
        Package { mailbox: mailbox.to_owned(), id: uuid::Uuid::new_v4(), sender: sender.to_owned(), bytes }
    }

    #[test]
    fn a_sender_is_limited_and_nobody_else_with_it() {
        let senders = Senders::new(LIMITS, &[package("a", "x", 40), package("", "y", 140)]);
        let put = |from: &str, to: &str, bytes: u64| {
            let mut sending = senders.sending(from, to, |_| true)?;
            sending.grow(bytes)?;
            sending.stored();
            Ok::<(), Refusal>(())
        };
        assert_eq!(code(put("a", "x", 61)), Some((507, "sender-limit")));
        assert_eq!(code(put("a", "x", 60)), None);
        assert_eq!(code(put("a", "z", 1)), Some((507, "sender-limit")), "the same bytes elsewhere");
        assert_eq!(code(put("b", "x", 51)), Some((507, "mailbox-full")), "what is there counts for the recipient");
        assert_eq!(code(put("b", "x", 50)), None);
        assert_eq!(code(put("b", "y", 11)), Some((507, "mailbox-full")), "what nobody is known to have sent too");
        senders.taken(&package("a", "x", 60));
        assert_eq!(code(put("a", "z", 1)), None);
        assert_eq!(code(put("a", "z", 1)), None);
        assert_eq!(code(put("a", "z", 1)), Some((507, "sender-limit")), "a fourth package");
        // What the recipient cannot fetch any more does not lock the sender out.
        assert_eq!(code(senders.sending("a", "x", |of| of != "z")), None);
    }

    #[test]
    fn what_breaks_off_leaves_no_trace() {
        let senders = Senders::new(LIMITS, &[]);
        for _ in 0..20 {
            let mut sending = senders.sending("a", "x", |_| true).expect("a place");
            sending.grow(100).expect("room");
        }
        let state = senders.state();
        assert!(state.waiting.is_empty() && state.mailboxes.is_empty() && state.under_way.is_empty());
    }

    #[test]
    fn slow_packages_take_the_places_of_their_own_sender() {
        let senders = Senders::new(Limits { packages_of_a_sender: 100, ..LIMITS }, &[]);
        let slow: Vec<Sending> =
            (0..AT_A_TIME).map(|_| senders.sending("a", "x", |_| true).expect("a place")).collect();
        assert_eq!(code(senders.sending("a", "x", |_| true)), Some((429, "rate-limited")));
        assert_eq!(code(senders.sending("b", "x", |_| true)), None);
        drop(slow);
        assert_eq!(code(senders.sending("a", "x", |_| true)), None);
    }

    #[test]
    fn requests_are_counted_by_who_asks() {
        let senders = Senders::new(LIMITS, &[]);
        for _ in 0..5 {
            senders.asks("a").expect("allowed");
        }
        let refused = senders.asks("a").expect_err("too many");
        assert!(refused.status == 429 && refused.retry.is_some_and(|seconds| (1..=60).contains(&seconds)));
        senders.asks("b").expect("another");
        let one = senders.brings("a").expect("one");
        assert_eq!(code(senders.brings("a")), Some((429, "rate-limited")));
        drop(one);
        senders.brings("a").expect("another");
    }
}
