//! `faces calibrate`: what a score is worth, measured on an agency's own labelled photographs.

use std::path::PathBuf;
use std::process::ExitCode;

use catalogue::say;
use clap::Args;
use faces::calibrate::{Calibration, Doubtful, Enrolled, Probe, TooFew};
use faces::{Engine, Manifest};

use crate::evaluating::{Encoded, Reading, encoded, photographs};
use crate::files::{alike_folders, draw, today, written};
use crate::refused::Failure;

#[derive(Debug, Args)]
pub struct Calibrating {
    /// A folder that holds one folder per person with that person's photographs.
    #[arg(long)]
    folders: PathBuf,
    /// What photographs these are, in a few words that stand wherever a figure is shown.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
    #[command(flatten)]
    reading: Reading,
    /// Write the calibration there, for a workstation.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write the plots into this folder, as SVG.
    #[arg(long)]
    plots: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Calibrating) -> Result<ExitCode, Failure> {
    let engine = Engine::load(&Manifest::locate()?, arguments.reading.model.as_deref())?;
    let labelled = photographs(&arguments.folders)?;
    let (subjects, files): (Vec<_>, Vec<_>) = labelled.into_iter().unzip();
    let Encoded { shown, .. } = encoded(&engine, &files, &arguments.reading);
    let failed = shown.iter().filter(|t| t.is_none()).count();
    let names = subjects.clone();
    let (mut enrolled, mut probes, mut paths) = (Vec::new(), Vec::new(), Vec::new());
    for ((subject, path), shown) in subjects.into_iter().zip(files).zip(shown) {
        let Some(shown) = shown else { continue };
        let of = enrolled.len();
        probes.extend(shown.probes.into_iter().map(|(template, quality)| Probe { of, template, quality }));
        enrolled.push(Enrolled { subject, template: shown.enrolled });
        paths.push(path);
    }
    let what = (engine.model_id(), arguments.reading.thorough, arguments.name.as_str());
    let (mut calibration, doubtful) = Calibration::fit(what, &enrolled, &probes).map_err(|few| Failure::Labels {
        path: arguments.folders.display().to_string(),
        message: match few {
            TooFew::People(people) => say!("faces-calibrate-too-few-people", people),
            TooFew::Pairs => say!("faces-calibrate-too-few-pairs").to_owned(),
        },
    })?;
    calibration.made_on = Some(today());
    if let Some(out) = &arguments.out {
        let failure =
            |e: serde_json::Error| Failure::Labels { path: out.display().to_string(), message: e.to_string() };
        written(out, &(serde_json::to_string_pretty(&calibration).map_err(failure)? + "\n"))?;
    }
    if let Some(folder) = &arguments.plots {
        draw(folder, &calibration.drawings())?;
    }
    let alike = alike_folders(&names);
    let named = |d: &Doubtful| (paths[d.a].display().to_string(), paths[d.b].display().to_string());
    if arguments.json {
        let mut json = serde_json::json!(calibration);
        json["failed"] = failed.into();
        let named = doubtful.iter().map(|d| {
            let (a, b) = named(d);
            serde_json::json!({ "a": a, "b": b, "score": d.score, "labelled_same": d.same })
        });
        json["doubtful"] = named.collect();
        json["alike_names"] = serde_json::json!(alike);
        println!("{json}");
        return Ok(ExitCode::SUCCESS);
    }
    print!("{}", in_words(&calibration));
    for d in &doubtful {
        let ((a, b), score) = (named(d), format!("{:.3}", d.score));
        match d.same {
            true => println!("{}", say!("faces-calibrate-unlike", a, b, score)),
            false => println!("{}", say!("faces-calibrate-alike", a, b, score)),
        }
    }
    for (a, b) in alike {
        println!("{}", say!("faces-alike-names", a, b));
    }
    println!("{}", say!("faces-photographs-gave-no-template-they", failed));
    Ok(ExitCode::SUCCESS)
}

fn in_words(c: &Calibration) -> String {
    let mut lines = vec![say!(
        "faces-calibrate-of",
        model = c.model,
        photographs = c.photographs,
        people = c.people,
        measured_on = c.measured_on
    )];
    let three = |value: f64| format!("{value:.3}");
    for b in &c.bins {
        let at = (0.0 - b.offset) / b.slope;
        lines.push(say!(
            "faces-calibrate-bin",
            from = b.from,
            to = b.to,
            people = b.people,
            mated = b.mated,
            non_mated = b.non_mated,
            even = three(at),
            tenfold = three(std::f64::consts::LN_10 / b.slope),
            most = format!("{:.0}", b.most.exp())
        ));
    }
    let v = &c.validity;
    let [low, high] = v.cllr_interval.map(three);
    lines.push(say!("faces-calibrate-cllr", cllr = three(v.cllr), low, high, least = three(v.cllr_min)));
    lines.push(match v.presence_error {
        Some(error) => say!("faces-calibrate-presence", searches = v.searches, error = three(error)),
        None => say!("faces-calibrate-no-presence").to_owned(),
    });
    lines.push(say!("faces-figures-describe-photographs-model-no").to_owned());
    lines.join("\n") + "\n"
}
