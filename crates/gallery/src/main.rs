//! `gallery`: the reference gallery service and its administration.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};
use faces::{Engine, Manifest, Task};
use gallery::desk::{self, Desk};
use gallery::enrol;
use gallery::server::{Gallery, router};
use gallery::store::{Scope, Sqlite};

/// The regional gallery: enrolled photographs, exact searches by template, audit of everything.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers /v1 over HTTP until it is told to stop.
    Serve {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Address and port; port 0 picks a free one.
        #[arg(long, default_value = "127.0.0.1:8470")]
        listen: SocketAddr,
        /// Store of record.
        #[arg(long, value_enum, default_value_t = Store::Sqlite)]
        store: Store,
        /// Listen beyond this machine without TLS, because a proxy in front has it.
        #[arg(long)]
        behind_tls_proxy: bool,
        /// Answer searches for training, and no others.
        #[arg(long)]
        training: bool,
        /// Keep case packages between workstations: in this folder, or at another service's address.
        #[arg(long)]
        desk: Option<String>,
    },
    /// Enrols a CSV table (subject_id,path[,captured_on,agency]) or a folder of one folder a subject.
    Enrol {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Table or folder.
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
    },
    /// Removes a person: photographs, templates and record. The audit keeps the proof.
    Expunge {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// The person.
        subject: String,
    },
    /// What the gallery holds.
    Stats {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Bearer tokens.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// The audit.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Store {
    Sqlite,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScopeName {
    Search,
    Enrol,
    Audit,
    Casework,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Issues a token; the token alone stands on the last line. It is shown once.
    Issue {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Agency (ORI).
        #[arg(long, default_value = "LOCAL0000")]
        agency: String,
        /// User.
        #[arg(long, default_value = "local")]
        user: String,
        /// What it allows; all when none is named.
        #[arg(long, value_enum)]
        scope: Vec<ScopeName>,
    },
    /// Revokes a token by its identity or itself.
    Revoke {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Identity or token.
        token: String,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Checks every link of the audit chain.
    Verify {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
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

/// Opens a data folder that should be there already.
fn existing(data: &Path) -> anyhow::Result<Sqlite> {
    anyhow::ensure!(data.is_dir(), "there is no data folder {}; enrol into it first", data.display());
    Ok(Sqlite::open(data)?)
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { data, listen, store: Store::Sqlite, behind_tls_proxy, training, desk } => {
            anyhow::ensure!(
                listen.ip().is_loopback() || behind_tls_proxy,
                "{listen} is reachable from other machines, and this service speaks plain http; \
                 put a TLS proxy in front and say so with --behind-tls-proxy"
            );
            serve(&data, listen, training, desk.as_deref())?;
        }
        Command::Enrol { data, source, json, model, agency } => {
            return run_enrol(&data, &source, json, model.as_deref(), agency.as_deref());
        }
        Command::Expunge { data, subject } => {
            let done = existing(&data)?.expunge(&subject, "administrator", "")?;
            println!("{subject}: {} record(s) removed with photographs and templates", done.records);
        }
        Command::Stats { data, json } => {
            let stats = existing(&data)?.stats()?;
            if json {
                println!("{}", serde_json::to_string(&stats)?);
            } else {
                println!(
                    "{} subjects, {} templates, {} searches, {} audit rows",
                    stats.subjects, stats.templates, stats.searches, stats.audit_rows
                );
                for m in stats.models {
                    println!("  {}: {} templates of {} values", m.id, m.templates, m.dim);
                }
            }
        }
        Command::Token { command: TokenCommand::Issue { data, agency, user, scope } } => {
            let scopes: Vec<Scope> = scope
                .into_iter()
                .map(|s| match s {
                    ScopeName::Search => Scope::Search,
                    ScopeName::Enrol => Scope::Enrol,
                    ScopeName::Audit => Scope::Audit,
                    ScopeName::Casework => Scope::Casework,
                })
                .collect();
            let token = Sqlite::open(&data)?.issue_token(
                &agency,
                &user,
                if scopes.is_empty() { &Scope::ALL } else { &scopes },
            )?;
            eprintln!("token {} for {user} of {agency}; it is shown once:", token.id);
            println!("{}", token.secret);
        }
        Command::Token { command: TokenCommand::Revoke { data, token } } => {
            existing(&data)?.revoke_token(&token)?;
            println!("revoked");
        }
        Command::Audit { command: AuditCommand::Verify { data } } => {
            let (rows, hash) = existing(&data)?.verify_audit()?;
            println!("{rows} rows, chain whole, last hash {hash}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A desk from what the command line names: an address, or else a folder.
fn desk_at(named: &str) -> anyhow::Result<Desk> {
    if named.starts_with("https://") || named.starts_with("http://") {
        return Ok(Desk::Elsewhere(named.parse().with_context(|| format!("{named} is no usable address"))?));
    }
    desk::sweep(Path::new(named)).with_context(|| format!("the desk's folder {named} cannot be used"))?;
    Ok(Desk::Folder(PathBuf::from(named)))
}

fn serve(data: &Path, listen: SocketAddr, training: bool, desk: Option<&str>) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing_subscriber::filter::LevelFilter::INFO.into())
                .from_env_lossy(),
        )
        .init();
    let manifest = Manifest::locate()?;
    let default = manifest.model(Task::Embedding, None)?;
    let gallery = Gallery::open(Sqlite::open(data)?, &default.id, default.dim)?;
    let gallery = gallery.with_desk(desk.map(desk_at).transpose()?);
    let app = router(if training { gallery.for_training() } else { gallery });
    let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        println!("listening on {}", listener.local_addr()?);
        std::io::stdout().flush()?;
        let stop = async {
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
        };
        axum::serve(listener, app).with_graceful_shutdown(stop).await.context("the service stopped")
    })
}

fn run_enrol(
    data: &Path,
    source: &Path,
    json: bool,
    model: Option<&str>,
    agency: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let jobs = enrol::list(source)?;
    let engine = Engine::load(&Manifest::locate()?, model)?;
    let mut store = Sqlite::open(data)?;
    let bar = indicatif::ProgressBar::new(jobs.len() as u64);
    bar.set_style(
        indicatif::ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {eta}")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()),
    );
    let report = enrol::enrol(&mut store, &engine, &jobs, agency, &|report| {
        bar.inc(0);
        bar.set_position(report.enrolled + report.known + report.failed.len() as u64);
        bar.set_message(format!("{} new, {} known, {} failed", report.enrolled, report.known, report.failed.len()));
    })?;
    bar.finish_and_clear();
    let path = data.join("enrol-report.csv");
    let mut table = csv::Writer::from_path(&path).with_context(|| format!("cannot write {}", path.display()))?;
    table.write_record(["subject_id", "path", "code", "message"])?;
    for row in &report.failed {
        table.write_record([&row.subject_id, &row.path, &row.code, &row.message])?;
        if json {
            println!(
                "{}",
                serde_json::json!({ "subject_id": row.subject_id, "path": row.path,
                "error": { "code": row.code, "message": row.message } })
            );
        } else {
            eprintln!("{}: {}", row.path, row.message);
        }
    }
    table.flush()?;
    let summary = serde_json::json!({ "enrolled": report.enrolled, "known": report.known,
        "failed": report.failed.len(), "report": path.display().to_string() });
    if json {
        println!("{summary}");
    } else {
        println!(
            "{} enrolled, {} known already, {} failed (report: {})",
            report.enrolled,
            report.known,
            report.failed.len(),
            path.display()
        );
    }
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
