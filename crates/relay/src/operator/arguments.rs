//! The program's command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use relay::log::WitnessAt;
use relay::senders::Limits;
use service::serving::Serving;

/// The department's relay: its roster and policy, and mailboxes for case packages, which it cannot read.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant)] // One is made, once.
pub(crate) enum Command {
    /// Answers /v1 over HTTP until it is told to stop.
    Serve {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Address and port; port 0 picks a free one.
        #[arg(long, default_value = "127.0.0.1:8471")]
        listen: SocketAddr,
        #[command(flatten)]
        limits: Limits,
        /// A witness of the ledger, NAME=ADDRESS, by its name in the roster; may be repeated.
        #[arg(long = "witness")]
        witnesses: Vec<WitnessAt>,
        #[command(flatten)]
        serving: Serving,
    },
    /// Founds the department: its root key, the first administrator with a key, the first roster, and the recovery kit. Asks
    /// for what no flag says; the administrator's passphrase is typed, or read from the first line of stdin. Prints the root
    /// key on the last line.
    Init(Init),
    /// Takes up a department that was founded elsewhere, from the file that `department export` wrote.
    Adopt {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// The department's root key, as its people know it.
        #[arg(long)]
        root: String,
        /// The file.
        file: PathBuf,
    },
    /// Brings the department an administrator by its recovery kit: a new one, or one who lost their key. Asks for what no flag
    /// says; the kit's groups, if they are in no file, and the new passphrase are typed, or read from stdin, a line each.
    Recover(Recover),
    /// Keys of people who sign.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Who belongs to the department. A change is a new version of the roster, signed by one administrator where there is one
    /// and by two where there are more; their passphrases are typed, or read from stdin, a line a key.
    #[command(subcommand)]
    Roster(RosterCommand),
    /// The department's policy.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// The log that outsiders can check.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Watches logs as a witness, for somebody outside the department: cosigns only checkpoints that follow from those it saw.
    /// Prints its public key, which an administrator puts into the roster.
    Witness(WatchCommand),
    /// The department's documents as a file.
    #[command(subcommand)]
    Department(DepartmentCommand),
    /// Checks the chain of the audit.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Data folder.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// The department's name.
    #[arg(long)]
    pub(crate) department: Option<String>,
    /// The first administrator's full name.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Their badge.
    #[arg(long)]
    pub(crate) badge: Option<String>,
    /// Their agency's ORI.
    #[arg(long)]
    pub(crate) ori: Option<String>,
    /// Where their key is written, outside of the data folder.
    #[arg(long)]
    pub(crate) key: Option<PathBuf>,
    /// Where the recovery kit is written, outside of the data folder, to be printed and locked away.
    #[arg(long)]
    pub(crate) kit: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Data folder.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// A file with the recovery kit, or its groups.
    #[arg(long)]
    pub(crate) kit: Option<PathBuf>,
    /// Only says whether the kit is this department's; nothing is changed.
    #[arg(long)]
    pub(crate) drill: bool,
    /// The administrator's full name, where they are not in the roster.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Their badge.
    #[arg(long)]
    pub(crate) badge: Option<String>,
    /// Their agency's ORI.
    #[arg(long)]
    pub(crate) ori: Option<String>,
    /// Where their new key is written, outside of the data folder. Earlier keys of theirs end.
    #[arg(long)]
    pub(crate) key: Option<PathBuf>,
    /// Badge of somebody who is taken out of the roster; may be repeated.
    #[arg(long)]
    pub(crate) without: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Makes a key, wrapped by a passphrase, and prints its public half on the last line: an administrator puts it into the
    /// roster.
    Make {
        /// Where it is written.
        #[arg(long)]
        key: PathBuf,
    },
    /// Prints the public half.
    Show {
        /// The key file.
        #[arg(long)]
        key: PathBuf,
    },
}

/// Where a change is made, and who signs it.
#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Data folder.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// An administrator's key file; repeated for the second one.
    #[arg(long = "key", required = true)]
    pub(crate) keys: Vec<PathBuf>,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    Examiner,
    Supervisor,
    Auditor,
    Administrator,
}

/// What a key is for that is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// Auditors read by it.
    Auditors,
    /// Everything is encrypted to it besides, so that nothing is lost with a machine.
    Escrow,
    /// A witness cosigns the ledger by it.
    Witness,
}

/// A training record: all of it or nothing.
#[derive(Debug, Default, Args)]
pub(crate) struct Trained {
    /// Course in facial comparison that was passed.
    #[arg(long, requires = "trained_on", requires = "proficiency")]
    pub(crate) course: Option<String>,
    /// Day on which it was passed.
    #[arg(long, requires = "course")]
    pub(crate) trained_on: Option<String>,
    /// Result of the proficiency test, 0 to 100.
    #[arg(long, requires = "course")]
    pub(crate) proficiency: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RosterCommand {
    /// Prints the newest roster: people, workstations, their keys.
    Show {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// Adds a person.
    AddPerson {
        #[command(flatten)]
        change: Change,
        /// Full name.
        #[arg(long)]
        name: String,
        /// Badge.
        #[arg(long)]
        badge: String,
        /// The agency's ORI.
        #[arg(long)]
        ori: String,
        /// What they may do; may be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<RoleName>,
        #[command(flatten)]
        trained: Trained,
        /// Public key by which they sign; an administrator needs one.
        #[arg(long)]
        public: Option<String>,
    },
    /// Changes what somebody may do, their training, or their key, and leaves the rest.
    ChangePerson {
        #[command(flatten)]
        change: Change,
        /// Their badge, or their identity.
        person: String,
        /// What they may do from now on; may be repeated.
        #[arg(long = "role")]
        roles: Vec<RoleName>,
        #[command(flatten)]
        trained: Trained,
        /// Public key by which they sign from now on. Earlier ones end.
        #[arg(long)]
        public: Option<String>,
    },
    /// Removes a person. An administrator is removed by two others, or by the recovery kit.
    RemovePerson {
        #[command(flatten)]
        change: Change,
        /// Their badge, or their identity.
        person: String,
    },
    /// Adds the workstation of a card and prints the card's fingerprint: compare it by voice with the one in that
    /// workstation's Settings.
    AddWorkstation {
        #[command(flatten)]
        change: Change,
        /// The card, copied from the workstation's Settings.
        #[arg(long)]
        card: PathBuf,
    },
    /// Adds a key that something is encrypted to (an age recipient), or one by which a witness cosigns.
    AddKey {
        #[command(flatten)]
        change: Change,
        /// What it is for.
        #[arg(long = "for")]
        purpose: Purpose,
        /// Whose it is, or where it is kept.
        #[arg(long)]
        name: String,
        /// The age recipient, or the witness's public key.
        #[arg(long)]
        public: String,
    },
    /// Removes such a key.
    RemoveKey {
        #[command(flatten)]
        change: Change,
        /// What it is for.
        #[arg(long = "for")]
        purpose: Purpose,
        /// Whose it is.
        name: String,
    },
    /// Removes a workstation: it is answered nothing more from its next request on. What waits for it stays.
    RemoveWorkstation {
        #[command(flatten)]
        change: Change,
        /// Its name, or its key.
        workstation: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Prints the policy in force.
    Show {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// Makes a policy file the department's.
    Publish {
        #[command(flatten)]
        change: Change,
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Prints the number of its rows, and its key, which a witness is told with --for.
    Key {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// Puts its key into the roster, so that whoever has the root key can check the ledger.
    Publish {
        #[command(flatten)]
        change: Change,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WatchCommand {
    /// Key of a log that is watched, as `relay ledger key` prints it; may be repeated.
    #[arg(long = "for", required = true)]
    pub(crate) logs: Vec<String>,
    /// The name by which it cosigns: no blanks, no plus sign.
    #[arg(long)]
    pub(crate) name: String,
    /// Folder in which it keeps what it saw. It must not be lost, or put back from a backup.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// File with its secret key, made where there is none.
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// Address and port; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8472")]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    pub(crate) serving: Serving,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DepartmentCommand {
    /// Prints root key, newest version and its hash.
    Show {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// Writes all documents into a new file, one a line.
    Export {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// The file.
        file: PathBuf,
    },
    /// Takes what is new from such a file.
    Import {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// The file.
        file: PathBuf,
    },
    /// Prints forks that somebody brought: number, hash, who, when.
    Forks {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Writes their documents into this folder too.
        #[arg(long)]
        into: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Prints the number of rows and the last hash of a whole chain.
    Verify {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
}
