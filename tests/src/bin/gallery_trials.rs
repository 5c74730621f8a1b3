//! The gallery's trials, whole: `gallery_trials kills 100`, `gallery_trials resume 400`, `gallery_trials stress 1000`, `county
//! stress-postgres 1000`, `gallery_trials failover`, `gallery_trials contract`. Each prints its counts; what may not happen makes it fail.

use anyhow::ensure;
use whole_product::gallery_trials::{Place, bulk, contract, failover, kills, load, resume, stress};
use whole_product::postgres::Cluster;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let trial = arguments.next().unwrap_or_default();
    let mut number = |or: u64| arguments.next().map_or(Ok(or), |n| n.parse::<u64>());
    let folder = tempfile::tempdir()?;
    match trial.as_str() {
        "kills" => {
            let count = kills(&folder.path().join("data"), number(100)?).await?;
            println!(
                "{} kills while enrolling: {} acknowledged, {} lost, {} halves, {} doubles; {} records, {} of them indexed",
                count.kills, count.acknowledged, count.lost, count.halves, count.doubles, count.records, count.indexed
            );
            ensure!(count.lost + count.halves + count.doubles == 0 && count.records == count.indexed, "not whole");
        }
        "resume" => {
            let count = resume(folder.path(), number(400)?)?;
            println!(
                "{} kills of gallery enrol: {} photographs, {} records; the last run had {} left",
                count.kills, count.photographs, count.records, count.last_run
            );
            ensure!(count.photographs == count.records, "not each once");
        }
        "stress" | "stress-postgres" => {
            let cluster = if trial == "stress" { None } else { Some(Cluster::single()?) };
            let postgres = cluster.as_ref().map(|cluster| (cluster.url(), folder.path().join("photos")));
            let place = Place { data: folder.path().join("data"), postgres };
            let subjects = number(1000)?;
            let count = stress(&place, subjects * 5, subjects, 8).await?;
            println!(
                "{} expunged in {:.0} s under {} searches by 8 clients ({} found whom they looked for, {} refused): {} sightings after return",
                count.expunged, count.seconds, count.searches, count.found, count.refused, count.sightings
            );
            ensure!(count.sightings == 0 && count.found > 0 && count.refused == 0, "seen, or nothing was tried");
        }
        "failover" => {
            let count = failover(folder.path(), number(2000)?).await?;
            println!(
                "two nodes and SQLite: {} lists the same, {} different; pgvector the same on {} of 5; standby down: writes waited and came through: {}",
                count.same, count.different, count.pgvector, count.waited_for_standby
            );
            println!(
                "primary killed under load: {} searches right, {} wrong, {} refused; writes again {:.1} s after the \
                 promotion; {} acknowledged enrolments, {} lost",
                count.right, count.wrong, count.refused, count.writes_after, count.acknowledged, count.lost
            );
            ensure!(
                count.different + count.wrong + count.lost == 0 && count.pgvector == 5,
                "not the same, wrong or lost"
            );
            ensure!(count.waited_for_standby && count.writes_after <= 10.0, "not as documented");
        }
        "load" => {
            let people = number(1_000_000)?;
            for clients in [1, 8, 32] {
                let own = folder.path().join(clients.to_string());
                let m = load(&own, people, clients, 20).await?;
                println!(
                    "{} templates, {clients} client(s) over HTTP: {:.1} searches a second, p50 {:.0} ms, p99 {:.0} ms; {:.0} resident bytes a template; ready {:.1} s after the start",
                    m.templates, m.per_second, m.milliseconds[0], m.milliseconds[1], m.resident, m.start
                );
                std::fs::remove_dir_all(own)?;
            }
        }
        "bulk" => {
            let photographs = number(400)?;
            let count = bulk(folder.path(), photographs)?;
            println!(
                "{photographs} photographs of a megapixel: gallery enrol {:.1} a second, faces embed alone {:.1}: ratio {:.2}",
                count.enrolled,
                count.encoded,
                count.enrolled / count.encoded
            );
        }
        "contract" => println!("{}", contract(folder.path(), number(50)?)?),
        other => {
            anyhow::bail!(
                "{other:?} is no trial: kills, resume, stress, stress-postgres, failover, contract, bulk, load"
            )
        }
    }
    Ok(())
}
