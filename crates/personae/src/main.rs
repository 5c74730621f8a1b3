//! `personae render`: pictures of people who do not exist.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use personae::{Assets, Identity, Sex, View, render};

/// Renders people who do not exist, for demos, tests and training.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes DIR/<seed>/view-<j>.png and DIR/people.csv.
    Render {
        /// First seed.
        #[arg(long)]
        seed: u64,
        /// How many people: seeds N to N+K-1.
        #[arg(long, default_value_t = 1)]
        count: u64,
        /// Where to write.
        #[arg(long)]
        out: PathBuf,
        /// Views a person; view 0 is the booking pose.
        #[arg(long, default_value_t = 1)]
        views: u32,
        /// Width and height of a picture, in pixels.
        #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(32..=4096))]
        size: u32,
    },
}

fn main() -> ExitCode {
    let Command::Render { seed, count, out, views, size } = Arguments::parse().command;
    match write(seed, count, &out, views, size) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("personae: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(seed: u64, count: u64, out: &std::path::Path, views: u32, size: u32) -> anyhow::Result<()> {
    use anyhow::Context;
    let assets = Assets::shared()?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
    let table = out.join("people.csv");
    let mut csv = csv::Writer::from_path(&table).with_context(|| format!("cannot write {}", table.display()))?;
    csv.write_record(["seed", "sex", "age", "african", "asian", "caucasian", "views", "ancestry", "age_band"])?;
    let seeds: Vec<u64> = (seed..seed.saturating_add(count)).collect();
    for &seed in &seeds {
        let person = Identity::new(assets, seed);
        let sex = if person.sex == Sex::Female { "female" } else { "male" };
        let share = |s: f32| format!("{s:.2}");
        let a = person.ancestry;
        csv.write_record([
            seed.to_string(),
            sex.to_owned(),
            person.age.to_string(),
            share(a.african),
            share(a.asian),
            share(a.caucasian),
            views.to_string(),
            // By these two the results of a measurement are told apart.
            a.largest().to_owned(),
            if person.age < 40 { "under 40" } else { "40 and over" }.to_owned(),
        ])?;
    }
    csv.flush().with_context(|| format!("cannot write {}", table.display()))?;
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || -> anyhow::Result<()> {
        while let Some(&seed) = seeds.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let person = Identity::new(assets, seed);
            let folder = out.join(seed.to_string());
            std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
            for view in 0..views {
                let path = folder.join(format!("view-{view}.png"));
                render(assets, &person, &View::new(seed, view), size)
                    .save(&path)
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a renderer stopped"))))
    })
}
