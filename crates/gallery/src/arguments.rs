//! What the command line takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use catalogue::say;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gallery::benchmark;
use gallery::server::WitnessOf;
use gallery::store::{Allowance, Reach, Scope, Store};
use ledger::Key;
use nist::SubjectFields;
use service::serving::Serving;

/// The command of the process that decodes.
pub const DECODER: &str = "decoder";

/// The regional gallery: enrolled photographs, exact searches by template, audit of everything.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// Where a gallery lies.
#[derive(Debug, Args)]
pub struct Place {
    /// Data folder: the index, and with SQLite everything else.
    #[arg(long)]
    pub data: PathBuf,
    /// Store of record.
    #[arg(long, value_enum, default_value_t = Kind::Sqlite)]
    pub store: Kind,
    /// PostgreSQL: where; several hosts may be named.
    #[arg(long, env = "GALLERY_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// PostgreSQL: authority (PEM) that signs the server's certificate; the system's where none is named.
    #[arg(long)]
    pub database_ca: Option<PathBuf>,
    /// PostgreSQL: connect without TLS beyond this machine. Keys, templates and the audit then pass in the clear.
    #[arg(long, conflicts_with = "database_ca")]
    pub database_plain: bool,
    /// PostgreSQL: folder of photographs that all nodes share (DATA/photos where none is named).
    #[arg(long)]
    pub photos: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Place {
    pub fn open(&self) -> anyhow::Result<Store> {
        std::fs::create_dir_all(&self.data).with_context(|| say!("gallery-cannot-use", data = self.data.display()))?;
        Ok(match self.store {
            Kind::Sqlite => Store::sqlite(&self.data)?,
            Kind::Postgres => {
                let url = self.database_url.as_deref().context(say!("gallery-store-postgres-needs-database-url"))?;
                let photos = self.photos.clone().unwrap_or_else(|| self.data.join("photos"));
                let reach = Reach { authority: self.database_ca.clone(), plain: self.database_plain };
                if self.database_plain {
                    eprintln!("{}", say!("gallery-database-plain-connection-database-not"));
                }
                Store::postgres(url, &reach, &photos)?
            }
        })
    }

    /// A gallery that should be there already.
    pub fn existing(&self) -> anyhow::Result<Store> {
        anyhow::ensure!(
            self.data.is_dir(),
            "{}",
            say!("gallery-no-data-folder-enrol-into", data = self.data.display())
        );
        self.open()
    }

    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    /// Folder of the files of the audit's log.
    pub fn ledger(&self) -> PathBuf {
        self.data.join("ledger")
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answers /v1 over HTTP until it is told to stop.
    Serve(Serve),
    /// Enrols a table (.csv: subject_id,path[,captured_on,agency]), a file of one JSON object a line (.ndjson), or a
    /// folder of one folder a subject. What is enrolled already is passed over: run it again after a break.
    Enrol {
        #[command(flatten)]
        place: Place,
        /// Table, lines or folder.
        source: PathBuf,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
        /// Embedding model.
        #[arg(long)]
        model: Option<String>,
        /// Agency (ORI) of rows that name none.
        #[arg(long)]
        agency: Option<String>,
        /// Least quality of a photograph, 0 to 100.
        #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
        floor: Option<u8>,
        /// Enrol what was expunged by order or looks like it, because the order no longer holds. Needs --by and --second.
        #[arg(long, requires_all = ["by", "second"])]
        override_expunged: bool,
        /// With --override-expunged: who says so.
        #[arg(long)]
        by: Option<String>,
        /// With --override-expunged: the second person who says so.
        #[arg(long)]
        second: Option<String>,
        /// Threads that encode; as many as the machine has where none is named.
        #[arg(long, default_value_t = 0)]
        threads: usize,
    },
    /// Moves the gallery to another model, from its kept photographs, while the old one answers. Run it again after a break:
    /// it goes on where it was.
    Reembed {
        #[command(flatten)]
        place: Place,
        /// Embedding model to move to; the default where none is named.
        #[arg(long)]
        model: Option<String>,
        /// Threads that encode; as many as the machine has where none is named.
        #[arg(long, default_value_t = 0)]
        threads: usize,
        /// Switch although some records cannot be moved: no search finds them any more.
        #[arg(long)]
        leave_out: bool,
    },
    /// Enrols booking systems' files (ANSI/NIST-ITL in traditional encoding, ISO/IEC 19794-5 face records). Says of each
    /// file which field named the person.
    Import {
        #[command(flatten)]
        place: Place,
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
        /// Fields that name the person, best first, separated by commas; `agency+` puts the sender (1.008) before a number
        /// that is each agency's own.
        #[arg(long, value_name = "FIELDS", default_value_t = SubjectFields::default(), conflicts_with = "subject_field")]
        subject: SubjectFields,
        /// As --subject 2.N.
        #[arg(long, hide = true, value_name = "N")]
        subject_field: Option<u32>,
        /// Least quality of a photograph, 0 to 100.
        #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
        floor: Option<u8>,
    },
    /// Writes a person's photographs as a booking system's file (ANSI/NIST-ITL, traditional encoding).
    Export {
        #[command(flatten)]
        place: Place,
        /// The person.
        subject: String,
        /// The file.
        #[arg(long)]
        out: PathBuf,
        /// Agency (ORI) that sends it.
        #[arg(long, default_value = "LOCAL0000")]
        agency: String,
    },
    /// Removes a person by order: photographs, templates, records and key. Prints the signed certificate.
    Expunge {
        #[command(flatten)]
        place: Place,
        /// The person.
        subject: String,
        /// Number of the order.
        #[arg(long, default_value = "none")]
        order: String,
        /// Who gave it.
        #[arg(long, default_value = "the gallery's operator")]
        authority: String,
    },
    /// Takes a person out of every answer until `restore`.
    Suppress {
        #[command(flatten)]
        place: Place,
        /// The person.
        subject: String,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// Lifts a suppression.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The person.
        subject: String,
    },
    /// Checks a certificate of expungement.
    VerifyCertificate {
        /// The certificate as JSON.
        file: PathBuf,
    },
    /// What the gallery holds.
    Stats {
        #[command(flatten)]
        place: Place,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// What an agency may do. What is not named is as for the whole gallery (`serve`).
    Agency {
        #[command(flatten)]
        place: Place,
        /// Agency (ORI).
        ori: String,
        /// Purposes that it may search for, separated by commas.
        #[arg(long, value_delimiter = ',')]
        purposes: Option<Vec<String>>,
        /// Searches that each of its people may make in 24 hours.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        searches_a_day: Option<u32>,
        /// Seconds between two searches of a person.
        #[arg(long)]
        minimum_seconds: Option<u32>,
        /// Searches that all its people together may make in 24 hours.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        searches_together: Option<u32>,
        /// Photographs that each of its people may be shown in 24 hours.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        photographs_a_day: Option<u32>,
        /// Photographs that all its people together may be shown in 24 hours.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        photographs_together: Option<u32>,
    },
    /// Bearer tokens.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// A certificate authority for a small agency.
    Cert {
        #[command(subcommand)]
        command: CertCommand,
    },
    /// The audit.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Measures store and index with random templates.
    Bench(benchmark::Bench),
    /// Decodes photographs for this program's other processes.
    #[command(name = DECODER, hide = true)]
    Decoder,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Address and port; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8470")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub serving: Serving,
    /// Authority (PEM) whose client certificates are admitted in place of tokens.
    #[arg(long, requires = "tls_cert")]
    pub client_ca: Option<PathBuf>,
    /// Answer searches for training, and no others.
    #[arg(long)]
    pub training: bool,
    /// Gone: case packages are kept by `relay`.
    #[arg(long, hide = true)]
    pub desk: Option<String>,
    /// Threads of a scan; as many as the machine has where none is named.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    #[command(flatten)]
    pub limits: Limiting,
    /// A witness of the audit's log, KEY=ADDRESS, by its public key as `relay witness` prints it; may be repeated.
    #[arg(long = "witness")]
    pub witnesses: Vec<WitnessOf>,
}

/// What may be taken out in 24 hours; an agency's own rule (`gallery agency`) goes before.
#[derive(Debug, Args)]
pub struct Limiting {
    /// Searches of a person in 24 hours; a token may make twice as many.
    #[arg(long, default_value_t = Allowance::default().searches_a_day)]
    pub searches_a_day: u32,
    /// Searches of an agency in 24 hours.
    #[arg(long, default_value_t = Allowance::default().searches_together)]
    pub searches_together: u32,
    /// Photographs shown to a person in 24 hours; to a token twice as many.
    #[arg(long, default_value_t = Allowance::default().photographs_a_day)]
    pub photographs_a_day: u32,
    /// Photographs shown to an agency in 24 hours.
    #[arg(long, default_value_t = Allowance::default().photographs_together)]
    pub photographs_together: u32,
    /// Candidates that a person may open in 24 hours; a token twice as many.
    #[arg(long, default_value_t = Allowance::default().openings_a_day)]
    pub openings_a_day: u32,
    /// Searches of a token that need not wait for each other.
    #[arg(long, default_value_t = Allowance::default().burst)]
    pub burst: u32,
    /// Milliseconds between two searches of a token once its burst is used up.
    #[arg(long, default_value_t = Allowance::default().interval.as_millis() as u64)]
    pub minimum_milliseconds: u64,
    /// No limits and no alarms on patterns: for trials and measurements. The log and the audit say so.
    #[arg(long)]
    pub unlimited: bool,
}

impl Limiting {
    pub fn allowance(&self) -> Option<Allowance> {
        let allowance = Allowance {
            searches_a_day: self.searches_a_day,
            searches_together: self.searches_together,
            photographs_a_day: self.photographs_a_day,
            photographs_together: self.photographs_together,
            openings_a_day: self.openings_a_day,
            burst: self.burst.max(1),
            interval: std::time::Duration::from_millis(self.minimum_milliseconds),
        };
        Some(allowance).filter(|_| !self.unlimited)
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ScopeName {
    Search,
    Enrol,
    Audit,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Search => Scope::Search,
            ScopeName::Enrol => Scope::Enrol,
            ScopeName::Audit => Scope::Audit,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issues a token; the token alone stands on the last line. It is shown once.
    Issue {
        #[command(flatten)]
        place: Place,
        /// Agency (ORI).
        #[arg(long, default_value = "LOCAL0000")]
        agency: String,
        /// User.
        #[arg(long, default_value = "local")]
        user: String,
        /// What it allows; name it again for more.
        #[arg(long, value_enum, default_value = "search")]
        scope: Vec<ScopeName>,
        /// Days that it is good for.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
        /// The workstation's public key, 64 hexadecimal digits: the token takes searches signed by it and no others.
        #[arg(long, value_parser = public_key)]
        key: Option<String>,
    },
    /// Lets a token search again that an alarm paused, or a person, named as agency and person.
    Resume {
        #[command(flatten)]
        place: Place,
        /// The token's identity, the token, or "AGENCY PERSON".
        who: String,
        /// Who looked at it.
        #[arg(long, default_value = "administrator")]
        by: String,
    },
    /// Lists who is paused, since when and why.
    Paused {
        #[command(flatten)]
        place: Place,
    },
    /// Revokes a token by its identity or itself, or a certificate by `certificate:` and its SHA-256.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// Identity or token.
        token: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum CertCommand {
    /// Makes the authority: ca.pem and ca.key.
    Authority {
        /// Folder of the authority.
        #[arg(long)]
        out: PathBuf,
        /// Its name.
        #[arg(long, default_value = "Gallery authority")]
        name: String,
    },
    /// Issues the service's certificate for the host name or address that workstations reach it at.
    Server {
        /// Folder of the authority.
        #[arg(long)]
        authority: PathBuf,
        /// Host name or address.
        #[arg(long)]
        name: String,
        /// Days that it is good for.
        #[arg(long, default_value_t = 365)]
        days: u32,
    },
    /// Issues a person's certificate and admits it to the gallery.
    Client {
        #[command(flatten)]
        place: Place,
        /// Folder of the authority.
        #[arg(long)]
        authority: PathBuf,
        /// Agency (ORI).
        #[arg(long)]
        agency: String,
        /// User.
        #[arg(long)]
        user: String,
        /// What it allows; searches and case packages when none is named.
        #[arg(long, value_enum)]
        scope: Vec<ScopeName>,
        /// Days that it is good for.
        #[arg(long, default_value_t = 365)]
        days: u32,
    },
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Checks every link of the audit chain, and that the audit is the one that the log was signed for: nothing cut off, nothing
    /// put back, no other history.
    Verify {
        #[command(flatten)]
        place: Place,
        /// A checkpoint that somebody kept elsewhere, such as an auditor or a witness; may be repeated.
        #[arg(long)]
        checkpoint: Vec<PathBuf>,
        /// Public key of a witness that must have cosigned a checkpoint; may be repeated.
        #[arg(long, value_parser = witness_key)]
        witness: Vec<Key>,
    },
    /// Writes the audit, with the checkpoint of its log, as a file that an auditor reads without this gallery.
    Export {
        #[command(flatten)]
        place: Place,
        /// The file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Begins the log anew under another key, after the gallery was put back from an older copy. Not while it is served.
    NewLog {
        #[command(flatten)]
        place: Place,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// Prints the public key of the audit's log, which a witness is told with --for.
    Key {
        #[command(flatten)]
        place: Place,
    },
}

fn witness_key(text: &str) -> Result<Key, String> {
    let key = Key::read(text.trim()).map_err(|why| why.to_string())?;
    if key.kind() == ledger::Kind::Witness { Ok(key) } else { Err(ledger::Refusal::KeyMalformed.to_string()) }
}

pub fn public_key(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    let named = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if named { Ok(text) } else { Err(say!("gallery-public-key-64-hexadecimal-digits").to_owned()) }
}
