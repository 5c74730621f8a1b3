//! `gallery`: the reference gallery service and its administration.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use faces::{Engine, Manifest, Task};
use gallery::desk::{self, Desk};
use gallery::server::listen::{self, Connections};
use gallery::server::{Gallery, Options, catch_up, router, tls};
use gallery::store::{
    AgencyRule, Allowance, Authority, CertificateFile, Order, Override, Reach, Scope, Store, verify_certificate,
};
use gallery::{authority, benchmark, booking, enrol};
use vector_index::Index;

/// The regional gallery: enrolled photographs, exact searches by template, audit of everything.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Where a gallery lies.
#[derive(Debug, Args)]
struct Place {
    /// Data folder: the index, and with SQLite everything else.
    #[arg(long)]
    data: PathBuf,
    /// Store of record.
    #[arg(long, value_enum, default_value_t = Kind::Sqlite)]
    store: Kind,
    /// PostgreSQL: where; several hosts may be named.
    #[arg(long, env = "GALLERY_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// PostgreSQL: authority (PEM) that signs the server's certificate; the system's where none is named.
    #[arg(long)]
    database_ca: Option<PathBuf>,
    /// PostgreSQL: connect without TLS beyond this machine. Keys, templates and the audit then pass in the clear.
    #[arg(long, conflicts_with = "database_ca")]
    database_plain: bool,
    /// PostgreSQL: folder of photographs that all nodes share (DATA/photos where none is named).
    #[arg(long)]
    photos: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Place {
    fn open(&self) -> anyhow::Result<Store> {
        std::fs::create_dir_all(&self.data).with_context(|| format!("cannot use {}", self.data.display()))?;
        Ok(match self.store {
            Kind::Sqlite => Store::sqlite(&self.data)?,
            Kind::Postgres => {
                let url = self.database_url.as_deref().context("--store postgres needs --database-url")?;
                let photos = self.photos.clone().unwrap_or_else(|| self.data.join("photos"));
                let reach = Reach { authority: self.database_ca.clone(), plain: self.database_plain };
                if self.database_plain {
                    eprintln!("gallery: --database-plain: the connection to the database is not encrypted");
                }
                Store::postgres(url, &reach, &photos)?
            }
        })
    }

    /// A gallery that should be there already.
    fn existing(&self) -> anyhow::Result<Store> {
        anyhow::ensure!(self.data.is_dir(), "there is no data folder {}; enrol into it first", self.data.display());
        self.open()
    }

    fn index(&self) -> PathBuf {
        self.data.join("index")
    }
}

#[derive(Debug, Subcommand)]
enum Command {
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
    /// Enrols booking systems' files (ANSI/NIST-ITL, traditional encoding).
    Import {
        #[command(flatten)]
        place: Place,
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
        /// Field of the Type-2 record that names the person, such as 15 for 2.015.
        #[arg(long)]
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
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// Address and port; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Certificate chain (PEM): speak TLS.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Authority (PEM) whose client certificates are admitted in place of tokens.
    #[arg(long, requires = "tls_cert")]
    client_ca: Option<PathBuf>,
    /// Listen beyond this machine without TLS, because a proxy in front has it.
    #[arg(long)]
    behind_tls_proxy: bool,
    /// Answer searches for training, and no others.
    #[arg(long)]
    training: bool,
    /// Keep case packages between workstations: in this folder, or at another service's address.
    #[arg(long)]
    desk: Option<String>,
    /// Threads of a scan; as many as the machine has where none is named.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    #[command(flatten)]
    limits: Limiting,
    /// Connections at a time.
    #[arg(long, default_value_t = Connections::default().most)]
    connections: usize,
    /// Connections at a time from one address; not counted behind a proxy, which does that.
    #[arg(long, default_value_t = Connections::default().of_one_address)]
    connections_of_an_address: usize,
}

/// What may be taken out in 24 hours; an agency's own rule (`gallery agency`) goes before.
#[derive(Debug, Args)]
struct Limiting {
    /// Searches of a person in 24 hours; a token may make twice as many.
    #[arg(long, default_value_t = Allowance::default().searches_a_day)]
    searches_a_day: u32,
    /// Searches of an agency in 24 hours.
    #[arg(long, default_value_t = Allowance::default().searches_together)]
    searches_together: u32,
    /// Photographs shown to a person in 24 hours; to a token twice as many.
    #[arg(long, default_value_t = Allowance::default().photographs_a_day)]
    photographs_a_day: u32,
    /// Photographs shown to an agency in 24 hours.
    #[arg(long, default_value_t = Allowance::default().photographs_together)]
    photographs_together: u32,
    /// Candidates that a person may open in 24 hours; a token twice as many.
    #[arg(long, default_value_t = Allowance::default().openings_a_day)]
    openings_a_day: u32,
    /// Searches of a token that need not wait for each other.
    #[arg(long, default_value_t = Allowance::default().burst)]
    burst: u32,
    /// Milliseconds between two searches of a token once its burst is used up.
    #[arg(long, default_value_t = Allowance::default().interval.as_millis() as u64)]
    minimum_milliseconds: u64,
    /// No limits and no alarms on patterns: for trials and measurements. The log and the audit say so.
    #[arg(long)]
    unlimited: bool,
}

impl Limiting {
    fn allowance(&self) -> Option<Allowance> {
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
enum ScopeName {
    Search,
    Enrol,
    Audit,
    Casework,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Search => Scope::Search,
            ScopeName::Enrol => Scope::Enrol,
            ScopeName::Audit => Scope::Audit,
            ScopeName::Casework => Scope::Casework,
        }
    }
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
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
enum CertCommand {
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
enum AuditCommand {
    /// Checks every link of the audit chain.
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

fn public_key(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    let named = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if named { Ok(text) } else { Err("a public key has 64 hexadecimal digits".to_owned()) }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gallery: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whoever works at the gallery's own machine.
const OPERATOR: Authority<'static> = Authority::Operator("administrator");

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run()?,
        Command::Enrol { place, source, json, model, agency, floor, override_expunged, by, second, threads } => {
            let despite = match (by, second) {
                (Some(by), Some(second)) if override_expunged => {
                    anyhow::ensure!(
                        !by.trim().is_empty() && !second.trim().is_empty() && by.trim() != second.trim(),
                        "--by and --second name two people"
                    );
                    Some(Override { by, second, agency: None })
                }
                _ => None,
            };
            let rules = enrol::Rules { agency: agency.as_deref(), floor, despite: despite.as_ref(), threads };
            return run_enrol(&place, (enrol::list(&source)?, Vec::new()), json, model.as_deref(), rules);
        }
        Command::Import { place, files, json, subject_field, floor } => {
            let rules = enrol::Rules { floor, ..enrol::Rules::default() };
            return run_enrol(&place, booking::list(&files, subject_field), json, None, rules);
        }
        Command::Export { place, subject, out, agency } => {
            let portraits = place.existing()?.portraits(&subject, "administrator")?;
            let number = uuid::Uuid::new_v4().simple().to_string();
            let file = booking::export(&subject, &portraits, &agency, &number);
            std::fs::write(&out, file).with_context(|| format!("cannot write {}", out.display()))?;
            println!("{}: {} photograph(s)", out.display(), portraits.len());
        }
        Command::Expunge { place, subject, order, authority } => {
            let order = Order { order_reference: order, authority };
            println!("{}", serde_json::to_string(&expunge(&place, &subject, &order)?)?);
        }
        Command::Suppress { place, subject, because } => {
            anyhow::ensure!(!because.trim().is_empty(), "say why: --because");
            let records = place.existing()?.suppress(&subject, Some(&because), OPERATOR)?;
            println!("{subject}: {records} record(s) suppressed");
        }
        Command::Restore { place, subject } => {
            let records = place.existing()?.suppress(&subject, None, OPERATOR)?;
            println!("{subject}: {records} record(s) restored");
        }
        Command::VerifyCertificate { file } => {
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let read: CertificateFile = serde_json::from_str(&text).context("this is no certificate")?;
            let certificate = verify_certificate(&read).map_err(|why| anyhow::anyhow!("not genuine: {why}"))?;
            println!(
                "certificate {}: {} record(s) removed {} by order {} of {}; index rewritten {}, key destroyed {}",
                certificate.certificate_id,
                certificate.records,
                certificate.deleted_at,
                certificate.order.order_reference,
                certificate.order.authority,
                certificate.index_rewritten_at,
                certificate.key_destroyed_at
            );
            println!("signed with the key {}", read.public_key);
        }
        Command::Stats { place, json } => {
            let stats = place.existing()?.stats()?;
            if json {
                println!("{}", serde_json::to_string(&stats)?);
            } else {
                println!(
                    "{} subjects ({} suppressed), {} templates, {} searches, {} audit rows",
                    stats.subjects, stats.suppressed, stats.templates, stats.searches, stats.audit_rows
                );
                for m in stats.models {
                    println!("  {}: {} templates of {} values", m.id, m.templates, m.dim);
                }
            }
        }
        Command::Agency {
            place,
            ori,
            purposes,
            searches_a_day,
            minimum_seconds,
            searches_together,
            photographs_a_day,
            photographs_together,
        } => {
            let known = gallery_api::wire::PURPOSES;
            if let Some(other) = purposes.iter().flatten().find(|p| !known.contains(&p.as_str())) {
                anyhow::bail!("{other:?} is no purpose; these are: {}", known.join(", "));
            }
            let rule = AgencyRule {
                purposes,
                searches_a_day,
                minimum_seconds,
                searches_together,
                photographs_a_day,
                photographs_together,
            };
            place.open()?.set_agency_rule(&ori, &rule)?;
            println!("{ori}: set");
        }
        Command::Token { command: TokenCommand::Issue { place, agency, user, scope, days, key } } => {
            let scopes: Vec<Scope> = scope.into_iter().map(Scope::from).collect();
            let mut store = place.open()?;
            let token = store.issue_token(&agency, &user, &scopes, Some(days))?;
            if let Some(key) = key {
                store.bind_token(&token.id, &key)?;
            }
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
            eprintln!(
                "token {} for {user} of {agency}: {}, {days} days; it is shown once:",
                token.id,
                scopes.join(", ")
            );
            println!("{}", token.secret);
        }
        Command::Token { command: TokenCommand::Resume { place, who, by } } => {
            place.existing()?.resume(&who, &by)?;
            println!("{who} may search again");
        }
        Command::Token { command: TokenCommand::Paused { place } } => {
            for (who, since, because) in place.existing()?.paused()? {
                println!("{who}\t{since}\t{because}");
            }
        }
        Command::Token { command: TokenCommand::Revoke { place, token } } => {
            place.existing()?.revoke_token(&token)?;
            println!("revoked");
        }
        Command::Cert { command: CertCommand::Authority { out, name } } => {
            authority::found(&out, &name)?;
            println!("{} and ca.key beside it; keep the key off the service", out.join("ca.pem").display());
        }
        Command::Cert { command: CertCommand::Server { authority, name, days } } => {
            let issued = authority::issue(&authority, &name, None, days)?;
            println!("{name}.pem and {name}.key in {}, good until {}", authority.display(), issued.expires);
        }
        Command::Cert { command: CertCommand::Client { place, authority, agency, user, scope, days } } => {
            let mut scopes: Vec<Scope> = scope.into_iter().map(Scope::from).collect();
            if scopes.is_empty() {
                scopes = vec![Scope::Search, Scope::Casework];
            }
            let mut store = place.open()?;
            let issued = authority::issue(&authority, &user, Some(&agency), days)?;
            store.admit_certificate(&issued.sha256, &agency, &user, &scopes, &issued.expires.to_string())?;
            println!("certificate:{} good until {}", issued.sha256, issued.expires);
        }
        Command::Audit { command: AuditCommand::Verify { place } } => {
            let (rows, hash) = place.existing()?.verify_audit()?;
            println!("{rows} rows, chain whole, last hash {hash}");
        }
        Command::Bench(bench) => bench.run()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Expunges beside a service that may be running: whoever has the index rewrites it.
fn expunge(place: &Place, subject: &str, order: &Order) -> anyhow::Result<CertificateFile> {
    let mut store = place.existing()?;
    let model = store.model()?;
    let id = store.expunge(subject, order, OPERATOR)?;
    let Some(model) = model else {
        return Ok(store.finish_expungement(id)?);
    };
    match Index::open(&place.index(), &model.id, model.dim as usize) {
        Ok(mut index) => {
            catch_up(&mut store, &mut index, &model.id)?;
            index.flush()?;
            Ok(store.finish_expungement(id)?)
        }
        Err(vector_index::IndexError::InUse(_)) => {
            // The service finishes it within a second or two.
            for _ in 0..300 {
                if let Some(certificate) = store.certificate(id)? {
                    return Ok(certificate);
                }
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            anyhow::bail!(
                "the person is out of every answer, but the running service has not finished within 30 seconds; \
                 its certificate {id} will be at /v1/certificates/{id}"
            )
        }
        Err(error) => Err(error.into()),
    }
}

/// A desk from what the command line names: an address, or else a folder.
fn desk_at(named: &str) -> anyhow::Result<Desk> {
    if named.starts_with("https://") || named.starts_with("http://") {
        return Ok(Desk::Elsewhere(named.parse().with_context(|| format!("{named} is no usable address"))?));
    }
    desk::sweep(Path::new(named)).with_context(|| format!("the desk's folder {named} cannot be used"))?;
    Ok(Desk::Folder(PathBuf::from(named)))
}

impl Serve {
    fn run(self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.listen.ip().is_loopback() || self.behind_tls_proxy || self.tls_cert.is_some(),
            "{} is reachable from other machines, and without --tls-cert this service speaks plain http; \
             name a certificate, or put a TLS proxy in front and say so with --behind-tls-proxy",
            self.listen
        );
        tracing_subscriber::fmt()
            .json()
            .with_writer(std::io::stderr)
            .with_env_filter(
                tracing_subscriber::EnvFilter::builder()
                    .with_default_directive(tracing_subscriber::filter::LevelFilter::INFO.into())
                    .from_env_lossy(),
            )
            .init();
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(tls::config(certificate, key, self.client_ca.as_deref()).map_err(anyhow::Error::msg)?)
            }
            _ => None,
        };
        let manifest = Manifest::locate()?;
        let default = manifest.model(Task::Embedding, None)?;
        let mut store = self.place.open()?;
        let swept = store.sweep()?;
        if swept > 0 {
            tracing::info!(swept, "photographs that no record names were removed");
        }
        let engine = store.model()?.map_or_else(|| default.id.clone(), |model| model.id);
        let options = Options {
            training: self.training,
            desk: self.desk.as_deref().map(desk_at).transpose()?,
            engine: Engine::load(&manifest, Some(&engine))
                .inspect_err(|error| tracing::warn!(%error, "no enrolment over HTTP"))
                .ok(),
            threads: self.threads,
            allowance: self.limits.allowance(),
            proxied: self.behind_tls_proxy,
        };
        let connections = Connections {
            most: self.connections.max(1),
            // Behind a proxy all come from its address.
            of_one_address: if self.behind_tls_proxy { self.connections } else { self.connections_of_an_address }
                .max(1),
        };
        let gallery = Gallery::open(store, &self.place.index(), (&default.id, default.dim), options)?;
        let app = router(std::sync::Arc::clone(&gallery));
        let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(self.listen)
                .await
                .with_context(|| format!("cannot listen on {}", self.listen))?;
            println!("listening on {}", listener.local_addr()?);
            std::io::stdout().flush()?;
            match tls {
                None => listen::serve(listener, app, connections, stop()).await,
                Some(config) => listen::serve(tls::Tls::new(listener, config)?, app, connections, stop()).await,
            }
            anyhow::Ok(())
        })?;
        gallery.close()?;
        Ok(())
    }
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(_) => return drop(interrupt.await),
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}

fn run_enrol(
    place: &Place,
    (jobs, refused): (Vec<enrol::Job>, Vec<enrol::RowError>),
    json: bool,
    model: Option<&str>,
    rules: enrol::Rules<'_>,
) -> anyhow::Result<ExitCode> {
    let engine = Engine::load(&Manifest::locate()?, model)?;
    let mut store = place.open()?;
    let bar = indicatif::ProgressBar::new(jobs.len() as u64);
    bar.set_style(
        indicatif::ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {per_sec} {eta} left")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()),
    );
    let path = place.data.join("enrol-report.csv");
    let mut table = csv::Writer::from_path(&path).with_context(|| format!("cannot write {}", path.display()))?;
    table.write_record(["subject_id", "path", "code", "message"])?;
    let mut unwritten = None;
    let mut tell = |row: &enrol::RowError| {
        let written = table.write_record([&row.subject_id, &row.path, &row.code, &row.message]);
        unwritten = unwritten.take().or(written.err());
        if json {
            println!(
                "{}",
                serde_json::json!({ "subject_id": row.subject_id, "path": row.path,
                    "error": { "code": row.code, "message": row.message } })
            );
        } else {
            bar.suspend(|| eprintln!("{}: {}", row.path, row.message));
        }
    };
    refused.iter().for_each(&mut tell);
    let report = enrol::enrol(
        &mut store,
        &engine,
        &jobs,
        rules,
        &mut |report| {
            bar.set_position(report.done());
            bar.set_message(format!("{} new, {} known, {} rejected", report.enrolled, report.known, report.rejected()));
        },
        &mut tell,
    )?;
    bar.finish_and_clear();
    if let Some(error) = unwritten {
        return Err(error).with_context(|| format!("cannot write {}", path.display()));
    }
    table.flush()?;
    let rejected = report.rejected() + refused.len() as u64;
    let summary = serde_json::json!({ "enrolled": report.enrolled, "known": report.known,
        "failed": rejected, "report": path.display().to_string() });
    if json {
        println!("{summary}");
    } else {
        println!(
            "{} enrolled, {} known already, {} rejected (report: {})",
            report.enrolled,
            report.known,
            rejected,
            path.display()
        );
    }
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
