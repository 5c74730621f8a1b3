//! How smoothly a pair of 24-megapixel photographs is dragged: frames a second of linked pan and of swipe, beside
//! what the same window reaches when it draws nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use image::RgbImage;
use image::imageops::{FilterType, overlay, resize};
use serde_json::{Value, json};
use whole_product::detective;
use whole_product::people::Renderer;
use whole_product::process::programs;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::FIRST_SEED;

/// Frames that are measured of each kind.
const FRAMES: usize = 300;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let gallery = enrolled(folder.path())?;
    let station = Station::start()?;
    let probe = large(1, &station.home().join("probe.jpg"))?;
    let service = Service::of(gallery)?;
    let w = Window::open(&station, &[&probe]).await?;
    let refused = |code: String| anyhow::anyhow!("refused with {code}");
    detective::name_yourself(&w).await?;
    detective::set_gallery(&w, &service.url(), &service.token()?).await?.map_err(refused)?;
    detective::case_with_probe(&w, "probe.jpg").await?;
    detective::search(&w).await?.map_err(refused)?;
    detective::analyse(&w).await?;
    let lead = service.listed()?.into_iter().find(|(_, subject)| subject == "large").context("no lead")?.0;
    detective::open_candidate(&w, &lead).await?;
    let case = w.invoke("cases", json!({})).await?["ok"][0]["id"].as_str().context("no case")?.to_owned();
    let shown = w.invoke("geometry", json!({ "picture": format!("candidate/{case}/{lead}/0") })).await?["ok"].clone();
    println!("probe 6000x4000 pixels, candidate {}x{} pixels", shown["width"], shown["height"]);
    for (width, height) in [(1280, 800), (1920, 1080)] {
        w.resize(&station, width, height).await?;
        let idle = measure(&w, "none").await?;
        println!("window {width}x{height}, {FRAMES} frames each");
        println!("  drawing nothing    {}", words(&idle, &idle));
        for (name, mode) in
            [("linked pan", "beside"), ("pan, toned", "toned"), ("swipe", "swipe-vertical"), ("overlay pan", "overlay")]
        {
            if mode == "toned" {
                // Contrast and grey on both sides: every pixel of the view is computed.
                for key in ["a", "c", ">", "q", "c", ">", "a"] {
                    w.press(key).await?;
                }
            } else {
                w.click(&format!("[data-mode={mode}]")).await?;
            }
            let found = measure(&w, if mode == "swipe-vertical" { "swipe" } else { "pan" }).await?;
            println!("  {name:<18} {}", words(&found, &idle));
            if mode == "toned" {
                for key in ["0"] {
                    w.press(key).await?;
                }
            }
        }
    }
    w.kill();
    Ok(())
}

/// Intervals between frames in milliseconds, sorted, and what drawing took.
async fn measure(w: &Window, what: &str) -> anyhow::Result<Vec<f64>> {
    let script = "const [what, frames, done] = arguments; const canvas = document.querySelector('[data-test=canvas]');\
        const box = canvas.getBoundingClientRect(); const at = [box.left + box.width / 2, box.top + box.height / 2];\
        const send = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: y, button: 0,\
            buttons: 1, pointerId: 1, bubbles: true })); canvas.setPointerCapture = () => {};\
        if (what !== 'none') send('pointerdown', ...at); const times = []; let n = 0;\
        const step = now => { times.push(now); if (n > frames) { send('pointerup', ...at); done(times); return; } n += 1;\
            const t = n / 12; if (what === 'pan') send('pointermove', at[0] + 90 * Math.sin(t), at[1] + 60 * Math.cos(t) - 60);\
            if (what === 'swipe') send('pointermove', at[0] + box.width * 0.4 * Math.sin(t), at[1]);\
            requestAnimationFrame(step); }; requestAnimationFrame(step);";
    let found: Value = w.script_async(script, vec![json!(what), json!(FRAMES)]).await?;
    let times: Vec<f64> = serde_json::from_value(found)?;
    let mut intervals: Vec<f64> = times.windows(2).map(|t| t[1] - t[0]).collect();
    intervals.sort_by(f64::total_cmp);
    ensure!(intervals.len() >= FRAMES, "only {} frames", intervals.len());
    Ok(intervals)
}

fn words(intervals: &[f64], idle: &[f64]) -> String {
    let at = |share: f64| intervals[((intervals.len() - 1) as f64 * share) as usize];
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    format!(
        "median {:5.1} fps, mean {:5.1} fps, slowest in 20 frames {:5.1} fps; {:.2} of the frames of the idle window",
        1000.0 / at(0.5),
        1000.0 / mean(intervals),
        1000.0 / at(0.95),
        mean(idle) / mean(intervals)
    )
}

/// A photograph of 6000 by 4000 pixels with one person in view `view`.
fn large(view: u32, path: &Path) -> anyhow::Result<PathBuf> {
    let renderer = Renderer::new()?;
    let person = resize(&renderer.picture(FIRST_SEED, view, 1024), 3800, 3800, FilterType::CatmullRom);
    let mut wide =
        RgbImage::from_fn(6000, 4000, |x, y| image::Rgb([(x / 40) as u8, (y / 30) as u8, ((x ^ y) & 63) as u8]));
    overlay(&mut wide, &person, 1100, 100);
    wide.save(path)?;
    Ok(path.to_owned())
}

/// A gallery of thirty people, one of them with a photograph of 24 megapixels.
fn enrolled(folder: &Path) -> anyhow::Result<PathBuf> {
    let (people, data) = (folder.join("people"), folder.join("gallery"));
    let renderer = Renderer::new()?;
    for n in 1..30 {
        let person = people.join(format!("p{n:02}"));
        std::fs::create_dir_all(&person)?;
        renderer.write(&renderer.picture(FIRST_SEED + n, 0, 512), &person, "a.jpg")?;
    }
    std::fs::create_dir_all(people.join("large"))?;
    large(0, &people.join("large/a.jpg"))?;
    let done = Command::new(programs()?.join("gallery")).arg("enrol").arg("--data").arg(&data).arg(&people).output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // Enrolment keeps photographs smaller; here both sides are to be as large as they can be.
    let whole = std::fs::read(people.join("large/a.jpg"))?;
    let db = rusqlite::Connection::open(data.join("gallery.sqlite"))?;
    let changed = db.execute("UPDATE record SET photo = ?1 WHERE subject_id = 'large'", [whole])?;
    ensure!(changed == 1, "the large photograph was not enrolled");
    Ok(data)
}
