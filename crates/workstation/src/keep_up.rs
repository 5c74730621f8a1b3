//! Keeping up with the department: sessions with its relay, and the versions of roster and policy that go over them. What is signed
//! here reaches the relay before it counts here.

use std::sync::Arc;

use catalogue::say;
use relay::client::{AskError, Client, DepartmentError, Mailer};

use casework::Clock;
use vault::SecretService;

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::workstation::{Blocking, Workstation};

/// What the relay answers where a session has ended.
pub(crate) const SESSION_ENDED: &str = "relay-token";

/// Sessions with a relay for one piece of work: the one that was begun before, and once another where that has ended.
pub(crate) struct Sessions<'a> {
    station: &'a Workstation,
    relay: &'a str,
    known: bool,
}

impl Sessions<'_> {
    /// The session in which the work is done, or begun anew.
    pub(crate) async fn next(&self) -> Outcome<Mailer> {
        self.station.mailer(self.relay, self.known).await
    }

    /// Whether the work failed because its session has ended, and is to be begun anew in the next one.
    pub(crate) fn goes_on_after(&mut self, error: &CommandError) -> bool {
        error.code == SESSION_ENDED && std::mem::replace(&mut self.known, false)
    }
}

impl Workstation {
    pub(crate) fn sessions<'a>(&'a self, relay: &'a str) -> Sessions<'a> {
        Sessions { station: self, relay, known: true }
    }

    /// A session with the relay: the one that was begun before where it may be, else another.
    async fn mailer(&self, relay: &str, known: bool) -> Outcome<Mailer> {
        let client = Client::new(relay)?;
        let begun = self.0.mailer.lock().map(|slot| slot.clone()).unwrap_or_default();
        if let Some(mailer) = begun.filter(|mailer| known && mailer.address() == client.address()) {
            return Ok(mailer);
        }
        let own = self.run(|s| s.with(|v| Ok(v.card("").signs))).await?;
        let sign = async |text: String| -> Outcome<String> {
            self.run(move |s| s.with(|v| Ok(v.sign_request(&text).1))).await
        };
        let mailer = client.begin(&own, sign).await?;
        if let Ok(mut slot) = self.0.mailer.lock() {
            *slot = Some(mailer.clone());
        }
        Ok(mailer)
    }

    /// Takes in what the department signed since, from a relay that serves it; gives how many versions. A relay that was put back
    /// from a backup is brought what it lost.
    pub(crate) async fn keep_up(&self, mailer: &Mailer) -> Outcome<usize> {
        let Some(chain) = self.run(|s| s.with(|v| Ok(v.department().cloned()))).await? else { return Ok(0) };
        match mailer.department_with_documents(&chain.root().clone(), Some(&chain), None).await {
            Ok((_, documents)) if documents.is_empty() => Ok(0),
            Ok((_, documents)) => {
                let count = documents.len();
                self.run(move |s| s.take_versions(&documents)).await?;
                Ok(count)
            }
            Err(DepartmentError::Rollback { found, .. }) => {
                let documents = self.run(|s| s.with(|v| Ok(v.documents()?))).await?;
                for document in documents.iter().skip(found as usize) {
                    mailer.bring(document).await?;
                }
                Ok(0)
            }
            // A relay of mailboxes alone: nothing of this department is there.
            Err(DepartmentError::Other { .. }) => Ok(0),
            Err(DepartmentError::Ask(error)) if no_department(&error) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Address of the relay that serves this department; none where there is no relay, or one of mailboxes alone.
    ///
    /// # Errors
    /// When it is not reached.
    async fn relay_that_serves(&self) -> Outcome<Option<String>> {
        let Some((relay, root)) = self.run(|s| s.relay_of_department()).await? else { return Ok(None) };
        match Client::new(&relay)?.newest().await {
            Ok(newest) if newest.department == root => Ok(Some(relay)),
            Ok(_) => Ok(None),
            Err(error) if no_department(&error) => Ok(None),
            Err(error) => {
                let away = CommandError::from(error);
                Err(CommandError::new(&away.code, say!("workstation-roster-needs-relay", why = away.message)))
            }
        }
    }
}

/// Whether a relay says that no department was founded there.
fn no_department(error: &AskError) -> bool {
    error.problem().is_some_and(|problem| problem.code == "no-department")
}

impl Blocking<'_> {
    /// Address of the relay, and the department's root key, where there are both.
    fn relay_of_department(&self) -> Outcome<Option<(String, String)>> {
        self.with(|v| {
            let relay = v.settings()?.relay;
            let root = v.department().map(|chain| chain.root().to_string());
            Ok(root.filter(|_| !relay.is_empty()).map(|root| (relay, root)))
        })
    }

    /// Takes in versions of the department that came, with what follows from them.
    fn take_versions(&self, documents: &[String]) -> Outcome<()> {
        self.with(|v| {
            for document in documents {
                v.extend(document, None, SystemClock.now())?;
            }
            Ok(v.keep_highest_seen(&SecretService)?)
        })?;
        self.work_by_the_departments()?;
        if let Ok(by) = self.in_session(|session| Ok(session.entered.person().clone())) {
            self.hold_provider(&by)?;
        }
        self.dismiss_gone()
    }

    /// Brings a version that was signed here to the department's relay, before it is taken in: of two that are made at once at two
    /// workstations one is the next, and the other is refused. Where no relay serves this department there is nobody to bring it to.
    pub(crate) fn publish(&self, document: &str) -> Outcome<()> {
        self.with_the_departments_relay(async |_, mailer| Ok(mailer.bring(document).await.map(drop)?))
    }

    /// Knows all that the department signed before something is added to it.
    ///
    /// # Errors
    /// When its relay is not reached.
    pub(crate) fn catch_up(&self) -> Outcome<()> {
        self.with_the_departments_relay(async |station, mailer| station.keep_up(&mailer).await.map(drop))
    }

    fn with_the_departments_relay(
        &self,
        mut work: impl AsyncFnMut(&Workstation, Mailer) -> Outcome<()>,
    ) -> Outcome<()> {
        let station = Workstation(Arc::clone(self.0));
        tokio::runtime::Handle::current().block_on(async {
            let Some(relay) = station.relay_that_serves().await? else { return Ok(()) };
            let mut sessions = station.sessions(&relay);
            loop {
                match work(&station, sessions.next().await?).await {
                    Err(error) if sessions.goes_on_after(&error) => {}
                    done => return done,
                }
            }
        })
    }
}
