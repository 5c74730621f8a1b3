//! `gallery`: the reference gallery service and its administration.

mod arguments;
mod memory;
mod serve;

use std::process::ExitCode;

use anyhow::Context;
use catalogue::say;
use clap::Parser;

use crate::arguments::{Arguments, AuditCommand, CertCommand, Command, Place, Serve, TokenCommand};
use faces::decoder::Decoder;
use faces::{Engine, Manifest, Task};
use gallery::enrol::booking;
use gallery::reembed::{Outcome, reembed};
use gallery::server::{Gallery, Logging, Options, catch_up, router};
use gallery::store::{AgencyRule, Authority, CertificateFile, Order, Override, Scope, verify_certificate};
use gallery::{audited, enrol, job};
use service::{authority, serving};
use vector_index::Index;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = memory::harden().context(say!("gallery-memory-cannot-be-protected"));
    match done.and_then(|()| run(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", say!("gallery-gallery", error = format!("{:#}", error)));
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
                        "{}",
                        say!("gallery-second-name-two-people")
                    );
                    Some(Override { by, second, agency: None })
                }
                _ => None,
            };
            let decoder = decoder()?;
            let (agency, despite, decoder) = (agency.as_deref(), despite.as_ref(), Some(&decoder));
            let rules = enrol::Rules { agency, floor, despite, threads, decoder };
            let found = booking::Found { jobs: enrol::list(&source)?, ..booking::Found::default() };
            return run_enrol(&place, &found, json, model.as_deref(), rules);
        }
        Command::Reembed { place, model, threads, leave_out } => {
            return run_reembed(&place, model.as_deref(), threads, leave_out);
        }
        Command::Import { place, files, json, subject, subject_field, floor } => {
            let fields = match subject_field {
                Some(field) => format!("2.{field:03}").parse().map_err(anyhow::Error::msg)?,
                None => subject,
            };
            let decoder = decoder()?;
            let rules = enrol::Rules { floor, decoder: Some(&decoder), ..enrol::Rules::default() };
            return run_enrol(&place, &booking::list(&files, &fields), json, None, rules);
        }
        Command::Decoder => faces::decoder::serve_pictures()?,
        Command::Export { place, subject, out, agency } => {
            let portraits = place.existing()?.portraits(&subject, "administrator")?;
            let number = uuid::Uuid::new_v4().simple().to_string();
            let file = booking::export(&subject, &portraits, &agency, &number);
            std::fs::write(&out, file).with_context(|| say!("gallery-cannot-write", out = out.display()))?;
            println!("{}", say!("gallery-photograph-s", out = out.display(), portraits = portraits.len()));
        }
        Command::Expunge { place, subject, order, authority } => {
            let order = Order { order_reference: order, authority };
            println!("{}", serde_json::to_string(&expunge(&place, &subject, &order)?)?);
        }
        Command::Suppress { place, subject, because } => {
            anyhow::ensure!(!because.trim().is_empty(), "{}", say!("gallery-say-why-because"));
            let records = place.existing()?.suppress(&subject, Some(&because), OPERATOR)?;
            println!("{}", say!("gallery-record-s-suppressed", subject, records));
        }
        Command::Restore { place, subject } => {
            let records = place.existing()?.suppress(&subject, None, OPERATOR)?;
            println!("{}", say!("gallery-record-s-restored", subject, records));
        }
        Command::VerifyCertificate { file } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| say!("gallery-cannot-read", file = file.display()))?;
            let read: CertificateFile = serde_json::from_str(&text).context(say!("gallery-no-certificate"))?;
            let certificate =
                verify_certificate(&read).map_err(|why| anyhow::anyhow!("{}", say!("gallery-not-genuine", why)))?;
            println!(
                "{}",
                say!(
                    "gallery-certificate-record-s-removed-order",
                    certificate_id = certificate.certificate_id,
                    records = certificate.records,
                    deleted_at = certificate.deleted_at,
                    order_reference = certificate.order.order_reference,
                    authority = certificate.order.authority,
                    index_rewritten_at = certificate.index_rewritten_at,
                    key_destroyed_at = certificate.key_destroyed_at
                )
            );
            println!("{}", say!("gallery-signed-key", public_key = read.public_key));
        }
        Command::Stats { place, json } => {
            let stats = place.existing()?.stats()?;
            if json {
                println!("{}", serde_json::to_string(&stats)?);
            } else {
                println!(
                    "{}",
                    say!(
                        "gallery-subjects-suppressed-templates-searches-audit",
                        subjects = stats.subjects,
                        suppressed = stats.suppressed,
                        templates = stats.templates,
                        searches = stats.searches,
                        audit_rows = stats.audit_rows
                    )
                );
                for m in stats.models {
                    println!("{}", say!("gallery-templates-values", id = m.id, templates = m.templates, dim = m.dim));
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
                anyhow::bail!(
                    "{}",
                    say!("gallery-no-purpose", other = format!("{:?}", other), known = known.join(", "))
                );
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
            println!("{}", say!("gallery-set", ori));
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
                "{}",
                say!("gallery-token-days-shown-once", id = token.id, user, agency, scopes = scopes.join(", "), days)
            );
            println!("{}", token.secret);
        }
        Command::Token { command: TokenCommand::Resume { place, who, by } } => {
            place.existing()?.resume(&who, &by)?;
            println!("{}", say!("gallery-may-search-again", who));
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
            println!("{}", say!("gallery-ca-key-beside-keep-key", out = out.join("ca.pem").display()));
        }
        Command::Cert { command: CertCommand::Server { authority, name, days } } => {
            let issued = authority::issue(&authority, &name, None, days)?;
            println!(
                "{}",
                say!("gallery-pem-key-good-until", name, authority = authority.display(), expires = issued.expires)
            );
        }
        Command::Cert { command: CertCommand::Client { place, authority, agency, user, scope, days } } => {
            let mut scopes: Vec<Scope> = scope.into_iter().map(Scope::from).collect();
            if scopes.is_empty() {
                scopes = vec![Scope::Search];
            }
            let mut store = place.open()?;
            let issued = authority::issue(&authority, &user, Some(&agency), days)?;
            store.admit_certificate(&issued.sha256, &agency, &user, &scopes, &issued.expires.to_string())?;
            println!("{}", say!("gallery-certificate-good-until", sha256 = issued.sha256, expires = issued.expires));
        }
        Command::Audit { command } => audit(command)?,
        Command::Bench(bench) => bench.run()?,
    }
    Ok(ExitCode::SUCCESS)
}

fn audit(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify { place, checkpoint, witness } => {
            let found = audited::verify(&mut place.existing()?, &place.ledger(), &checkpoint, &witness)?;
            println!("{}", say!("gallery-rows-chain-whole-last-hash", rows = found.rows, hash = found.head));
            match found.logged {
                Some(rows) => println!("{}", say!("gallery-audit-logged", rows, log = found.log)),
                None => println!("{}", say!("gallery-audit-not-logged")),
            }
            match found.cosigned {
                Some((rows, seen)) => {
                    for (witness, at) in seen {
                        let at = jiff::Timestamp::from_second(i64::try_from(at)?)?;
                        println!("{}", say!("gallery-audit-cosigned", rows, witness, at));
                    }
                }
                None => println!("{}", say!("gallery-audit-no-witness-asked")),
            }
        }
        AuditCommand::Export { place, out } => {
            let rows = audited::export(&mut place.existing()?, &place.ledger(), &out)?;
            println!("{}", say!("gallery-audit-exported", rows, out = out.display()));
        }
        AuditCommand::NewLog { place, because } => {
            anyhow::ensure!(!because.trim().is_empty(), "{}", say!("gallery-say-why-because"));
            let mut store = place.existing()?;
            audited::begin_anew(&mut store, &place.ledger(), because.trim())?;
            println!("{}", store.log_signer()?.key());
        }
        AuditCommand::Key { place } => println!("{}", place.open()?.log_signer()?.key()),
    }
    Ok(())
}

/// Expunges beside a service that may be running: whoever has the index rewrites it.
fn expunge(place: &Place, subject: &str, order: &Order) -> anyhow::Result<CertificateFile> {
    let mut store = place.existing()?;
    let model = store.model()?;
    let id = store.expunge(subject, order, OPERATOR)?;
    let Some(model) = model else {
        return Ok(store.finish_expungement(id)?);
    };
    match Index::open(&place.index(), &model.id, model.dim as usize, store.index_keys()?) {
        Ok(mut index) => {
            catch_up(&mut store, &mut index, &model.id)?;
            index.flush()?;
            store.destroy_other_index_keys(index.id())?;
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
            anyhow::bail!("{}", say!("gallery-person-out-every-answer-but", id))
        }
        Err(error) => Err(error.into()),
    }
}

/// Decodes photographs of unusual kinds in processes of this program.
fn decoder() -> anyhow::Result<Decoder> {
    Ok(Decoder::new(std::env::current_exe()?, &[arguments::DECODER]))
}

/// Whom a booking file was about, and how that is known.
fn in_words(booking: &booking::Booking) -> String {
    let profiles: Vec<String> = booking.sap.iter().flatten().map(u16::to_string).collect();
    let said = say!(
        "gallery-booking-subject",
        path = &booking.path,
        subject = &booking.subject_id,
        from = &booking.subject_from,
        faces = booking.sap.len()
    );
    if profiles.is_empty() { said } else { format!("{said}, SAP {}", profiles.join(" ")) }
}

fn run_reembed(place: &Place, model: Option<&str>, threads: usize, leave_out: bool) -> anyhow::Result<ExitCode> {
    let engine = Engine::load(&Manifest::locate()?, model)?;
    let mut store = place.existing()?;
    let bar = indicatif::ProgressBar::new(0);
    let outcome = reembed(&mut store, &engine, threads, leave_out, &mut |staged, records| {
        bar.set_length(records);
        bar.set_position(staged);
    })?;
    bar.finish_and_clear();
    let to = engine.model_id();
    let (stay, moved) = match &outcome {
        Outcome::Nothing => {
            println!("{}", say!("gallery-nothing-to-move", to));
            return Ok(ExitCode::SUCCESS);
        }
        Outcome::Refused(stay) => (stay, None),
        Outcome::Moved { moved, left_out } => (left_out, Some(*moved)),
    };
    for (record, why) in stay {
        eprintln!("{}", say!("gallery-record-cannot-be-moved", record, why));
    }
    let Some(moved) = moved else {
        anyhow::bail!("{}", say!("gallery-not-moved", to, records = stay.len()));
    };
    println!("{}", say!("gallery-moved", to, moved, left = stay.len()));
    Ok(ExitCode::SUCCESS)
}

fn run_enrol(
    place: &Place,
    booking::Found { jobs, refused, bookings }: &booking::Found,
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
    let mut table =
        csv::Writer::from_path(&path).with_context(|| say!("gallery-cannot-write-2", path = path.display()))?;
    table.write_record(["subject_id", "path", "code", "message"])?;
    for booking in bookings {
        let said = in_words(booking);
        let written = table.write_record([&booking.subject_id, &booking.path, "subject", &said]);
        written.with_context(|| say!("gallery-cannot-write-2", path = path.display()))?;
        if !json {
            println!("{said}");
        }
    }
    let mut unwritten = None;
    let mut tell = |row: &job::RowError| {
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
        jobs,
        rules,
        &mut |report| {
            bar.set_position(report.done());
            bar.set_message(say!(
                "gallery-new-known-rejected",
                enrolled = report.enrolled,
                known = report.known,
                rejected = report.rejected()
            ));
        },
        &mut tell,
    )?;
    bar.finish_and_clear();
    if let Some(error) = unwritten {
        return Err(error).with_context(|| say!("gallery-cannot-write-2", path = path.display()));
    }
    table.flush()?;
    let rejected = report.rejected() + refused.len() as u64;
    let mut summary = serde_json::json!({ "enrolled": report.enrolled, "known": report.known,
        "failed": rejected, "report": path.display().to_string() });
    if !bookings.is_empty() {
        summary["bookings"] = serde_json::to_value(bookings)?;
    }
    if json {
        println!("{summary}");
    } else {
        println!(
            "{}",
            say!(
                "gallery-enrolled-known-already-rejected-report",
                enrolled = report.enrolled,
                known = report.known,
                rejected,
                path = path.display()
            )
        );
    }
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
