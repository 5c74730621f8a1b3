//! What a workstation has besides the program: a session bus, an unlocked Secret Service, a
//! display, and a home folder of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::process::Running;

/// A workstation without a user.
#[derive(Debug)]
pub struct Station {
    bus: String,
    display: String,
    home: tempfile::TempDir,
    _keyring: Option<Running>,
    _display: Running,
    _bus: Running,
}

/// Starts a display with a number that no other program of tests tries: two servers that take over the lock of a third, which was
/// killed, believe both that it is theirs.
fn start_display(folder: &Path) -> anyhow::Result<(Running, String)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    for _ in 0..10 {
        let display = format!(":{}", 100 + std::process::id() % 400 * 100 + NEXT.fetch_add(1, Relaxed) % 100);
        let started = Running::start_until(
            Command::new("Xvfb")
                .arg(&display)
                .args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-fbdir"])
                .arg(folder)
                .stderr(Stdio::null()),
            |line| line.trim().parse::<u16>().ok(),
        );
        if let Ok((running, _)) = started {
            return Ok((running, display));
        }
    }
    anyhow::bail!("Xvfb does not start; `make setup` installs it")
}

impl Station {
    /// Starts bus, Secret Service and display.
    ///
    /// # Errors
    /// When one of them cannot be started.
    pub fn start() -> anyhow::Result<Self> {
        Self::new(true)
    }

    /// A workstation on which no Secret Service answers.
    ///
    /// # Errors
    /// When bus or display cannot be started.
    pub fn without_secret_service() -> anyhow::Result<Self> {
        Self::new(false)
    }

    fn new(secrets: bool) -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        std::fs::create_dir(home.path().join("run"))?;
        // A bus of its own configuration: nothing is started by activation, so what answers is what
        // this test started.
        let config = home.path().join("bus.conf");
        std::fs::write(
            &config,
            format!(
                "<busconfig><type>session</type><listen>unix:tmpdir={}</listen><auth>EXTERNAL</auth>\
                 <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
                 <allow own=\"*\"/></policy></busconfig>",
                home.path().display()
            ),
        )?;
        let (bus_process, bus) = Running::start_until(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--nofork", "--print-address=1"]),
            |line| Some(line.to_owned()),
        )?;
        std::fs::create_dir(home.path().join("display"))?;
        let (display_process, display) = start_display(&home.path().join("display"))?;
        let mut station = Self { bus, display, home, _keyring: None, _display: display_process, _bus: bus_process };
        if secrets {
            station._keyring = Some(station.unlock_keyring()?);
        }
        Ok(station)
    }

    fn unlock_keyring(&self) -> anyhow::Result<Running> {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut keyring = Running::start(command.stderr(Stdio::null()))?;
        keyring.input().context("no input")?.write_all(b"a passphrase of this test")?;
        let end = Instant::now() + Duration::from_secs(20);
        while !self.secrets_answer()? {
            ensure!(Instant::now() < end, "the Secret Service did not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(keyring)
    }

    fn secrets_answer(&self) -> anyhow::Result<bool> {
        let asked = self
            .command("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
            .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
            .output()?;
        Ok(String::from_utf8_lossy(&asked.stdout).contains("boolean true"))
    }

    /// A command in this workstation's session.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let home = self.home.path();
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DISPLAY", &self.display)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("TZ", "America/Los_Angeles")
            .env("LC_ALL", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .envs(self.own_path().map(|path| ("PATH", path)))
            .envs(self.policy().is_file().then(|| ("CORROBORATE_POLICY", self.policy())))
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    /// Programs of this workstation alone come before the system's, where it has some.
    fn own_path(&self) -> Option<std::ffi::OsString> {
        let own = Some(self.programs()).filter(|folder| folder.is_dir())?;
        let system = std::env::var_os("PATH").unwrap_or_default();
        std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&system))).ok()
    }

    /// Folder of programs of this workstation alone, once it was made.
    pub fn programs(&self) -> PathBuf {
        self.home().join("bin")
    }

    /// Where this workstation keeps files.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the display shows, as it keeps it.
    ///
    /// # Errors
    /// When the display is gone.
    pub fn screen(&self) -> anyhow::Result<Vec<u8>> {
        std::fs::read(self.home().join("display/Xvfb_screen0")).context("the display is gone")
    }

    /// Folder of exports, once it was made; the program asks for a place otherwise.
    pub fn exports(&self) -> Option<PathBuf> {
        Some(self.home().join("exports")).filter(|folder| folder.is_dir())
    }

    /// Where a department's own policy file lies, if this workstation has one.
    pub fn policy(&self) -> PathBuf {
        self.home().join("policy.toml")
    }

    /// Folder of the vault.
    pub fn vault(&self) -> PathBuf {
        self.home().join("vault")
    }
}

/// The upper left corner of what a display shows.
#[derive(Debug)]
pub struct Screenshot {
    pub(crate) screen: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Screenshot {
    /// Writes it as PNG.
    ///
    /// # Errors
    /// When the display keeps it in a form that is not expected, or it cannot be written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let picture = picture(&self.screen, self.width, self.height)?;
        picture.save(path).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn picture(screen: &[u8], width: u32, height: u32) -> anyhow::Result<image::RgbImage> {
    // The X window dump that Xvfb maps (X11/XWDFile.h): numbers of 32 bits, the highest byte first.
    let number = |at: usize| screen.get(at * 4..at * 4 + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
    let [header, across, down, pixel, line, colours] =
        [0, 4, 5, 11, 12, 19].map(|at| number(at).unwrap_or_default() as usize);
    ensure!(pixel == 32 && width as usize <= across && height as usize <= down, "the display has another form");
    let rows = screen.get(header + colours * 12..).filter(|rows| rows.len() >= line * down).context("it is cut off")?;
    let row =
        |row: &'_ [u8]| row.chunks_exact(4).take(width as usize).flat_map(|p| [p[2], p[1], p[0]]).collect::<Vec<_>>();
    let pixels = rows.chunks(line).take(height as usize).flat_map(row).collect();
    image::RgbImage::from_raw(width, height, pixels).context("it is cut off")
}
