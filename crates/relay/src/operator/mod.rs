//! What the relay's operator and the department's administrators do at its command line.

mod arguments;
mod ask;
mod changing;
mod founding;
mod logging;
mod publishing;

use std::path::Path;

use anyhow::Context;
use catalogue::say;
use department::{Chain, Moment};
use relay::running::Relay;
use relay::server::router;
use relay::store::Store;
use service::serving;

pub(crate) use arguments::Arguments;
use arguments::{AuditCommand, Command};
use ask::Asking;

/// The present instant.
fn now() -> Moment {
    Moment(jiff::Timestamp::now())
}

/// A relay that should be there already.
fn existing(data: &Path) -> anyhow::Result<Store> {
    anyhow::ensure!(data.join("relay.sqlite").is_file(), "{}", say!("relay-no-init-makes-one", data = data.display()));
    Ok(Store::open(data)?)
}

/// The department's documents of a relay that has them.
fn department(store: &mut Store) -> anyhow::Result<std::sync::Arc<Chain>> {
    store.chain()?.context(say!("relay-no-department"))
}

/// Makes a folder that is its owner's alone, where there is none.
fn made(data: &Path) -> anyhow::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(data).with_context(|| say!("relay-cannot-use-folder", data = data.display()))
}

/// What a file says.
fn text_of(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| say!("relay-cannot-read", path = path.display()))
}

/// Does what was asked.
///
/// # Errors
/// A sentence that says what was not done.
pub(crate) fn run(command: Command) -> anyhow::Result<()> {
    let mut asking = Asking::new();
    match command {
        Command::Serve { data, listen, limits, witnesses, serving } => {
            let tls = serving.checked(listen, None)?;
            serving::log();
            made(&data)?;
            let relay = Relay::open(&data, limits, witnesses, serving.behind_tls_proxy)?;
            serving.run(listen, tls, router(relay))?;
        }
        Command::Init(init) => founding::init(init, &mut asking)?,
        Command::Adopt { data, root, file } => founding::adopt(&data, &root, &file)?,
        Command::Recover(recover) => founding::recover(recover, &mut asking)?,
        Command::Key(command) => founding::key(command, &mut asking)?,
        Command::Roster(command) => changing::roster(command, &mut asking)?,
        Command::Policy(command) => changing::policy(command, &mut asking)?,
        Command::Ledger(command) => logging::ledger(command, &asking)?,
        Command::Witness(command) => logging::watch(command)?,
        Command::Department(command) => publishing::department(command)?,
        Command::Audit { command: AuditCommand::Verify { data } } => {
            let (rows, hash) = existing(&data)?.verify_audit()?;
            println!("{}", say!("gallery-rows-chain-whole-last-hash", rows, hash));
        }
    }
    Ok(())
}
