//! `make run`: the program with the demo gallery. Where there is a display the window opens with a
//! case to walk through; where there is none, the whole flow is walked under Xvfb, each step is
//! printed, and screenshots are left in `target/demo`.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::json;
use whole_product::detective;
use whole_product::people::Renderer;
use whole_product::practised;
use whole_product::process::programs;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::{Effort, Window};
use xtask::demo::Demo;

/// People in the demo gallery.
const PEOPLE: u64 = 500;
/// Seed of the person on the demo probe; the gallery holds another view of them.
const PROBE: u64 = xtask::demo::FIRST_SEED + 123;

/// Seed of a person whom the demo gallery does not hold.
const UNKNOWN: u64 = xtask::demo::FIRST_SEED + 90_000;

fn main() -> ExitCode {
    let done = if ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|d| std::env::var_os(d).is_some_and(|v| !v.is_empty())) {
        open()
    } else {
        println!("No display here: the flow is walked in a real window under Xvfb.");
        tokio::runtime::Runtime::new().context("cannot start").and_then(|runtime| runtime.block_on(walk()))
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `target/demo` of the folder in which `make run` was called.
fn output() -> anyhow::Result<PathBuf> {
    let folder = std::env::current_dir().context("the current folder is gone")?.join("target/demo");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

fn open() -> anyhow::Result<()> {
    let (service, _) = Service::with_people(PEOPLE)?;
    // A workstation that has people is changed only with an administrator's passphrase, and a vault that is gone is missed:
    // each demo has a workstation of its own.
    let folder = xtask::cache()?.join("demo-workstations");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
        println!("The demo workstation begins anew; what was typed in an earlier demo is gone.");
    }
    std::fs::create_dir_all(&folder)?;
    let folder = tempfile::tempdir_in(&folder)?.keep();
    let probe = probe(&folder)?;
    let case = folder.join("case.json");
    std::fs::write(&case, case_json().to_string())?;
    let app = programs()?.join("corroborate");
    let mut provision = Command::new(&app);
    provision.arg("--data").arg(folder.join("vault")).arg("provision").args(["--gallery", &service.url()]);
    for (at, person) in people_json().into_iter().enumerate() {
        let file = folder.join(format!("person-{at}.json"));
        std::fs::write(&file, person.to_string())?;
        provision.arg("--person").arg(file);
    }
    provision.arg("--case").arg(&case).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut provisioning = provision.spawn().context("cannot start corroborate")?;
    std::io::Write::write_all(&mut provisioning.stdin.take().context("no input")?, service.token()?.as_bytes())?;
    let told = provisioning.wait_with_output()?;
    ensure!(told.status.success(), "the demo workstation could not be set up; the message stands above");
    println!("Corroborate opens with a demo case. On the probe screen, use {}.", detective::name(&probe));
    println!("Everybody signs in first with an enrolment code, and has an authenticator app at hand. Badge and code:");
    print!("{}", String::from_utf8_lossy(&told.stdout));
    println!(
        "{} is there as second examiner and {} as supervisor: lock the window to become them.",
        detective::SECOND.0,
        detective::SUPERVISOR.0
    );
    println!("The gallery at {} runs until the window is closed.", service.url());
    let closed = Command::new(app).arg("--data").arg(folder.join("vault")).arg("--offer").arg(&probe).status()?;
    ensure!(closed.success(), "the window ended with {closed}");
    Ok(())
}

fn probe(folder: &Path) -> anyhow::Result<PathBuf> {
    let renderer = Renderer::new()?;
    renderer.write(&renderer.picture(PROBE, 1, 640), folder, "camera-3.png")
}

fn people_json() -> [serde_json::Value; 3] {
    [
        named("6f1c2a4e-7d7b-4a53-9a57-0d6d3a0f4471", "R. Alvarez", "4471", &["examiner", "administrator"]),
        named("2b7a1f0c-95f2-4f0e-8c36-51b1f3ab5120", detective::SECOND.0, "5120", &["examiner"]),
        named("9c0d4b1e-3a8f-4d52-8f6b-7e2a90c31180", detective::SUPERVISOR.0, "1180", &["supervisor"]),
    ]
}

fn named(id: &str, name: &str, badge: &str, roles: &[&str]) -> serde_json::Value {
    let training = json!({
        "course": "Facial comparison, 40 hours", "completed_on": detective::month_ago(), "proficiency": 92,
    });
    json!({ "id": id, "name": name, "badge": badge, "ori": "CA0190000", "roles": roles, "training": training })
}

fn case_json() -> serde_json::Value {
    json!({
        "case_number": detective::CASE_NUMBER, "offence": "Robbery of a filling station",
        "event_at": "2026-03-02T05:40:00Z", "purpose": "felony",
        "basis": {
            "code": "211 PC", "requested_by": "Det. R. Alvarez", "supervisor": "",
            "statement": "Fixed camera shows a person taking cash from the register while holding a knife; witness \
                          confirms the act.",
        },
    })
}

/// The witness's statement, as a PDF to attach.
fn statement(folder: &Path) -> anyhow::Result<PathBuf> {
    let paper = documents::Paper {
        department: "Sample County Sheriff".to_owned(),
        title: "Statement of W-1".to_owned(),
        subtitle: "25-000123/4, taken at the scene".to_owned(),
        blocks: vec![documents::Block::Text {
            text: "A man of about thirty took the cash and ran to a white van. He has a scar on his left brow."
                .to_owned(),
        }],
        ..documents::Paper::default()
    };
    let path = folder.join("statement.pdf");
    std::fs::write(&path, documents::print(&paper, [2026, 3, 1, 22, 45, 0])?.pdf)?;
    Ok(path)
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or_default().to_owned()
}

/// Prints steps and takes pictures.
struct Walk {
    window: Window,
    station: Station,
    folder: PathBuf,
    step: usize,
    begun: Instant,
    /// Screens that were taken pictures of.
    pictures: Cell<usize>,
    /// Pictures that are written while the walk goes on.
    written: RefCell<Vec<JoinHandle<anyhow::Result<()>>>>,
    /// What the note that is written cost its author so far.
    effort: Effort,
}

/// What a note may cost its author: clicks and keys.
const NOTHING_FOUND: (usize, usize) = (16, 200);
const LEAD: (usize, usize) = (60, 700);

impl Walk {
    /// Says a step with what it cost by hand.
    fn say(&mut self, done: &str) {
        let effort = self.window.effort();
        self.effort = self.effort + effort;
        self.step += 1;
        println!("{:2}  {done}  [{effort}; {:.1} s]", self.step, self.begun.elapsed().as_secs_f32());
    }

    /// Says a step of somebody else, or of the walk itself; it is not counted for the note.
    fn say_aside(&mut self, done: &str) {
        let before = self.effort;
        self.say(done);
        self.effort = before;
    }

    /// What was done by hand until now is forgotten: pictures are looked for with clicks.
    fn aside(&self) {
        self.window.effort();
    }

    /// A note begins: from here its clicks and keys are counted.
    fn begin_note(&mut self) {
        self.aside();
        self.effort = Effort::default();
    }

    /// Says what the note cost its author, all steps together; a note that costs more than it may ends the walk.
    fn tell_note(&self, what: &str, (clicks, keys): (usize, usize)) -> anyhow::Result<()> {
        println!("    {what}: {} (at most {clicks} clicks and {keys} keys)", self.effort);
        ensure!(self.effort.clicks <= clicks && self.effort.keys <= keys, "{what} costs too much: {}", self.effort);
        Ok(())
    }

    /// A picture of the screen as it opens, or one at each size of `CORROBORATE_DEMO_SIZES`: `1920x1080 1280x800 640x400`.
    /// Half a size is that size at a zoom of 200 %.
    async fn picture(&self, name: &str) -> anyhow::Result<()> {
        let sizes = std::env::var("CORROBORATE_DEMO_SIZES").unwrap_or_else(|_| "1280x800".to_owned());
        let mut sizes: Vec<&str> = sizes.split_whitespace().collect();
        // Every other screen from the end, so that the window need not change between two.
        if self.pictures.replace(self.pictures.get() + 1) % 2 == 1 {
            sizes.reverse();
        }
        for size in sizes {
            let (width, height) = size.split_once('x').context("a size is written 1280x800")?;
            let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
            self.window.resize(&self.station, width, height).await?;
            let (taken, path) = (self.window.screenshot(&self.station).await?, format!("{name}-{width}x{height}.png"));
            let path = self.folder.join(path);
            self.written.borrow_mut().push(std::thread::spawn(move || taken.save(&path)));
        }
        Ok(())
    }
}

impl Walk {
    /// The first case of the workstation: nobody of the list is the person of the probe, and the note says so.
    async fn nothing_found(&mut self, name: &str) -> anyhow::Result<()> {
        self.window.click("[data-test=to-cases]").await?;
        self.begin_note();
        practised::state_purpose(&self.window, "25-000122").await?;
        self.say("a first case: purpose stated");
        practised::state_probe(&self.window, name).await?;
        detective::confirm_probe(&self.window).await?;
        practised::search(&self.window).await?;
        self.say("its probe is taken in and searched");
        practised::analyse(&self.window).await?;
        practised::exclude(&self.window, 4, None).await?;
        practised::none_of_these(&self.window).await?;
        self.say("four candidates opened and excluded, none of these is the person");
        self.picture("04-none-note").await?;
        let sealed = practised::save(&self.window).await?;
        self.say(&format!("a note of it sealed, SHA-256 {sealed}"));
        self.tell_note("a note of a search that gave nothing", NOTHING_FOUND)?;
        self.window.click("[data-test=to-cases]").await?;
        self.picture("04-cases").await
    }
}

async fn walk() -> anyhow::Result<()> {
    let folder = output()?;
    let (service, _) = Service::with_people(PEOPLE)?;
    let station = Station::start()?;
    std::fs::create_dir(station.home().join("exports"))?;
    let probe = probe(station.home())?;
    let unknown = {
        let renderer = Renderer::new()?;
        renderer.write(&renderer.picture(UNKNOWN, 1, 640), station.home(), "camera-1.png")?
    };
    let statement = statement(station.home())?;
    let window = Window::open(&station, &[&probe, &statement, &unknown]).await?;
    let mut walk = Walk {
        window,
        station,
        folder,
        step: 0,
        begun: Instant::now(),
        pictures: Cell::new(0),
        written: RefCell::default(),
        effort: Effort::default(),
    };
    let name = detective::name(&probe);
    let refused = |code: String| anyhow::anyhow!("refused with {code}");

    walk.picture("01-first-start").await?;
    detective::name_yourself(&walk.window).await?;
    walk.say("first start: the person who uses this workstation is named; the vault opens to them and to nobody else");
    walk.picture("02-cases").await?;
    let connected = detective::set_gallery(&walk.window, &service.url(), &service.token()?).await?.map_err(refused)?;
    walk.say(&format!("settings: {}", connected.lines().next().unwrap_or_default()));
    walk.picture("03-settings").await?;
    practised::accept_policy(&walk.window).await?;
    walk.say("the policy: read and accepted, on record");
    detective::add_second_examiner(&walk.window).await?;
    let (supervisor, _) = detective::SUPERVISOR;
    detective::add_person(&walk.window, supervisor, "1180", "supervisor").await?;
    walk.say("people: a second examiner and a supervisor are added, each with an enrolment code");
    walk.picture("03-people").await?;
    walk.nothing_found(&detective::name(&unknown)).await?;
    walk.begin_note();
    practised::state_purpose(&walk.window, detective::CASE_NUMBER).await?;
    walk.say("case and purpose: number, offence, purpose and basis accepted");
    walk.window.click("[data-step=purpose]").await?;
    walk.picture("04-purpose").await?;
    walk.window.click("[data-step=probe]").await?;
    walk.picture("05-probe-empty").await?;
    walk.aside();
    practised::state_probe(&walk.window, &name).await?;
    walk.picture("06-probe").await?;
    detective::confirm_probe(&walk.window).await?;
    walk.say(&format!("probe: {name} taken in, one face found; obtained as in the case before"));
    walk.picture("07-search").await?;
    practised::search(&walk.window).await?;
    walk.say("search: the template went out; candidates came back, shuffled and without scores");
    walk.picture("08-analysis").await?;
    let early = detective::save(&walk.window).await?.err().context("a note without a checklist was saved")?;
    let missing = detective::gaps(&walk.window).await?;
    ensure!(early == "gaps", "saving early was refused with {early}");
    walk.say_aside(&format!("saving too early: refused, {} things are missing", missing.len()));
    walk.picture("09-refused").await?;
    walk.window.click("[data-test=dismiss]").await?;
    walk.window.click("[data-step=examine]").await?;
    walk.aside();
    practised::analyse(&walk.window).await?;
    walk.say("analysis: what the probe shows by itself is recorded before any candidate is opened");
    walk.picture("10-list").await?;
    // The walk plays the examiner's eyes: it knows who the probe shows.
    let mated = Demo::subject(PROBE);
    let lead = service.listed()?.into_iter().find(|(_, subject)| *subject == mated);
    let (lead, _) = lead.context("the person on the probe is not among the candidates")?;
    practised::exclude(&walk.window, 4, Some(&lead)).await?;
    practised::keep(&walk.window, &lead).await?;
    walk.say("examination: four candidates excluded, one kept with limited support, all blind");
    for mode in ["swipe-vertical", "swipe-horizontal", "overlay", "flicker", "beside"] {
        walk.window.click(&format!("[data-mode={mode}]")).await?;
        walk.picture(&format!("11-compare-{mode}")).await?;
    }
    for aid in ["grid", "lines", "landmarks", "ratios"] {
        walk.window.click(&format!("[data-aid={aid}]")).await?;
    }
    walk.window.click("[data-test=adjust]").await?;
    walk.picture("11-compare-aids").await?;
    walk.window.click("[data-test=to-list]").await?;
    walk.picture("12-examined").await?;
    walk.aside();
    let unveiled = practised::unveil(&walk.window).await?;
    walk.say(&format!("unveiled: {}", unveiled.split_whitespace().collect::<Vec<_>>().join(" ")));
    walk.picture("13-unveiled").await?;
    walk.window.click("[data-test=go-on]").await?;
    walk.window.click("[data-test=ask-verification]").await?;
    walk.window.wait("[data-test=verification][data-state=asked]").await?;
    walk.say("verification: asked for");
    walk.picture("13-asked").await?;
    detective::lock(&walk.window).await?;
    walk.picture("14-sign-in").await?;
    detective::first_sign_in(&walk.window, detective::SECOND).await?;
    walk.picture("15-waiting").await?;
    detective::verify(&walk.window, &lead, true).await?;
    walk.say_aside("verification: a second examiner compared the lead and three others, blind, and handed in");
    walk.picture("15-handed-in").await?;
    detective::lock(&walk.window).await?;
    detective::sign_in(&walk.window, "R. Alvarez", detective::PASSPHRASE).await?;
    walk.picture("16-cases").await?;
    walk.aside();
    detective::open_case(&walk.window, detective::CASE_NUMBER).await?;
    walk.window.click("[data-step=verify]").await?;
    walk.window.wait("[data-test=agreement][data-agreement=agrees]").await?;
    walk.picture("16-verified").await?;
    walk.window.click("[data-test=go-on]").await?;
    practised::sought(
        &walk.window,
        "vehicle",
        [("Plate reader, white van", "County"), ("Registry search by partial plate", "State")],
    )
    .await?;
    walk.say("vehicle information: sought twice, not found");
    walk.picture("17-vehicle").await?;
    walk.window.click("[data-test=pick-day]").await?;
    walk.window.wait("[data-test=calendar]").await?;
    walk.picture("17-vehicle-calendar").await?;
    walk.window.press("\u{E00C}").await?;
    walk.aside();
    practised::witness_supports(&walk.window).await?;
    walk.window.click("[data-entry=witness] [data-attach='statement.pdf']").await?;
    walk.window.wait("[data-entry=witness] [data-attachment] img.loaded").await?;
    walk.say("witness statement: supports, counted as independent; its PDF attached, hashed and encrypted");
    walk.picture("18-witness").await?;
    practised::then_sought(
        &walk.window,
        "open-source-media",
        [("Public posts on the place and hour", "Public"), ("Local news pictures", "Archive")],
    )
    .await?;
    practised::answer_panel(&walk.window).await?;
    walk.say("open-source media sought; what could speak against the lead answered");
    walk.picture("19-panel").await?;
    let account = "One support counts, from a witness. Nothing may be done on it alone.";
    practised::write_note(&walk.window, "lead-not-corroborated", account).await?;
    walk.window.until("nothing to be missing", async || detective::gaps(&walk.window).await, Vec::is_empty).await?;
    walk.picture("20-note").await?;
    let sealed = practised::save(&walk.window).await?;
    walk.say(&format!("case note sealed, SHA-256 {sealed}"));
    walk.tell_note("a lead note, signing in apart", LEAD)?;
    walk.picture("21-sealed").await?;
    detective::lock(&walk.window).await?;
    detective::take_own_passphrase(&walk.window, detective::SUPERVISOR).await?;
    walk.picture("22-staff-news").await?;
    detective::read_staff_news(&walk.window).await?;
    walk.say_aside("supervisor: told first who may work here");
    walk.window.wait("[data-test=queue]").await?;
    walk.picture("22-queue").await?;
    detective::open_review(&walk.window, detective::CASE_NUMBER).await?;
    let missing = ("exculpatory-handled", "Custody records were asked for: say when, and of whom");
    detective::review(&walk.window, "return", Some(missing)).await?;
    walk.say_aside("supervisor: returned, with what is missing");
    walk.picture("23-returned").await?;
    detective::lock(&walk.window).await?;
    detective::sign_in(&walk.window, "R. Alvarez", detective::PASSPHRASE).await?;
    detective::open_case(&walk.window, detective::CASE_NUMBER).await?;
    let amended = format!("{account} Custody records were asked for from the county jail on the day of the search.");
    detective::write_note(&walk.window, "lead-not-corroborated", &amended).await?;
    walk.window
        .fill("textarea[name=answer-0]", "They were asked for on the day of the search; it stands in the account.")
        .await?;
    walk.window.until("nothing to be missing", async || detective::gaps(&walk.window).await, Vec::is_empty).await?;
    walk.picture("24-amended").await?;
    let sealed = detective::save(&walk.window).await?.map_err(refused)?;
    walk.say_aside(&format!("amended note sealed, SHA-256 {sealed}"));
    detective::lock(&walk.window).await?;
    let (name, passphrase) = detective::SUPERVISOR;
    detective::sign_in(&walk.window, name, passphrase).await?;
    detective::open_review(&walk.window, detective::CASE_NUMBER).await?;
    walk.picture("25-review").await?;
    detective::review(&walk.window, "approve", None).await?;
    walk.say_aside("supervisor: approved, signed");
    for kind in ["note", "disclosure"] {
        let file = detective::export(&walk.window, kind).await?;
        std::fs::copy(&file, walk.folder.join(format!("{kind}.json")))?;
    }
    for (kind, name) in [("report", "lead.pdf"), ("disclosure", "disclosure.pdf")] {
        let file = detective::print(&walk.window, kind, name).await?;
        std::fs::copy(&file, walk.folder.join(name))?;
        let pdf = std::fs::read(&file)?;
        let stem = name.trim_end_matches(".pdf");
        let (mut at, mut pages) = (0, 1);
        while at < pages {
            let (png, of) = documents::page(pdf.clone(), at, 1400)?;
            std::fs::write(walk.folder.join(format!("{stem}-page-{}.png", at + 1)), png)?;
            (at, pages) = (at + 1, of);
        }
    }
    walk.picture("26-approved").await?;
    let note = walk.folder.join("note.json");
    let checked = Command::new(programs()?.join("corroborate")).arg("verify-note").arg(&note).output()?;
    ensure!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    walk.say_aside(&format!(
        "exported: {}, lead.pdf and the disclosure as JSON and PDF; verify-note: {}",
        note.display(),
        first_line(&checked.stdout)
    ));
    let whole = std::fs::read(&note)?;
    for at in [whole.len() / 3, whole.len() / 2, whole.len() - 20] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        let path = walk.folder.join("changed-note.json");
        std::fs::write(&path, changed)?;
        let refused = Command::new(programs()?.join("corroborate")).arg("verify-note").arg(&path).output()?;
        ensure!(!refused.status.success(), "a note whose byte {at} was changed passed");
        std::fs::remove_file(&path)?;
    }
    walk.say_aside("three bytes of it changed, one at a time: verify-note refuses each");
    detective::choose_theme(&walk.window, "dark").await?;
    walk.window.click("[data-test=to-cases]").await?;
    walk.window.click(&format!("[data-test=open-case][data-number='{}']", detective::CASE_NUMBER)).await?;
    walk.window.wait("[data-test=sealed-note]").await?;
    walk.picture("27-approved-dark").await?;
    let Walk { window, folder, begun, written, .. } = walk;
    window.kill();
    for picture in written.into_inner() {
        picture.join().map_err(|_| anyhow::anyhow!("a picture could not be written"))??;
    }
    println!("Walked in {:.0} s. Pictures: {}", begun.elapsed().as_secs_f32(), folder.display());
    Ok(())
}
