//! How often the gallery lists the person first who is on the probe: rendered people, one view
//! enrolled, another as probe. `make bench` prints it.

use std::time::Instant;

use anyhow::{Context, ensure};
use faces::{Engine, Manifest, Photo};
use gallery_api::client::Client;
use gallery_api::wire::{Filters, SearchRequest, Template};
use whole_product::people::Renderer;
use whole_product::service::Service;
use xtask::demo::Demo;

const ENROLLED: u64 = 500;
const PROBES: u64 = 200;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (service, demo) = Service::for_measuring(ENROLLED)?;
    let client = Client::new(&service.url(), &service.token()?)?;
    let engine = Engine::load(&Manifest::locate()?, None)?;
    let renderer = Renderer::new()?;
    let begun = Instant::now();
    let (mut first, mut listed, mut mated_scores, mut other_scores) = (0u64, 0u64, Vec::new(), Vec::new());
    for seed in demo.seeds.take(PROBES as usize) {
        // Through a file's bytes, as a probe comes in.
        let mut file = std::io::Cursor::new(Vec::new());
        renderer.picture(seed, 1, 512).write_to(&mut file, image::ImageFormat::Jpeg)?;
        let photo = Photo::decode(file.get_ref())?;
        let face = engine.detect(&photo)?.into_iter().next();
        let Some(face) = face else { continue };
        let (template, _) = engine.encode(&photo, &face)?;
        let request = SearchRequest {
            template: Template { model: template.model, values: template.values },
            purpose: "training".to_owned(),
            case_number: "25-000000".to_owned(),
            basis: "Measurement with rendered people".to_owned(),
            examiner: None,
            limit: 20,
            filters: Filters::default(),
            signature: None,
        };
        let answer = client.search(&request, &uuid::Uuid::new_v4().to_string()).await?;
        ensure!(answer.completeness.exact, "the answer is not exact");
        let mated = Demo::subject(seed);
        let best = answer.candidates.first().context("an empty list")?;
        first += u64::from(best.subject_id == mated);
        listed += u64::from(answer.candidates.iter().any(|c| c.subject_id == mated));
        for c in &answer.candidates {
            if c.subject_id == mated { &mut mated_scores } else { &mut other_scores }.push(c.score);
        }
    }
    let share = |n: u64| 100.0 * n as f64 / PROBES as f64;
    println!("{ENROLLED} rendered people enrolled (view 0), {PROBES} other views as probes (view 1), exact search");
    println!("  mated person first   {first}/{PROBES} = {:.1} % (goal 95 %)", share(first));
    println!("  mated person listed  {listed}/{PROBES} = {:.1} % (among 20)", share(listed));
    println!("  mated scores         median {:.3}, lowest {:.3}", median(&mut mated_scores), lowest(&mated_scores));
    println!("  other listed scores  median {:.3}", median(&mut other_scores));
    println!("  rendering, encoding, searching {:.0} s", begun.elapsed().as_secs_f32());
    ensure!(share(first) >= 95.0, "below the goal");
    Ok(())
}

fn median(values: &mut [f32]) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f32::NAN)
}

fn lowest(values: &[f32]) -> f32 {
    values.iter().copied().fold(f32::INFINITY, f32::min)
}
