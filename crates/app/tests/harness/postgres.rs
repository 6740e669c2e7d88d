//! A real PostgreSQL in a folder of its own, on a free port.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Whom it runs as, if the tests are root's: PostgreSQL refuses to be.
const NOBODY: u32 = 65_534;

/// A server.
pub(crate) struct Postgres {
    folder: TempDir,
    /// Where it listens.
    pub(crate) port: u16,
    settings: Vec<String>,
}

impl Postgres {
    /// A new one, which keeps what it is told like any other, with further settings such as `fsync=off`.
    pub(crate) fn start(settings: &[&str]) -> Self {
        let mut new = Self::folder();
        new.settings.extend(settings.iter().map(|setting| (*setting).to_owned()));
        let data = new.data();
        done(
            as_nobody(&program("initdb"))
                .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D"])
                .arg(data),
        );
        new.run();
        new
    }

    /// A standby that follows another.
    pub(crate) fn standby_of(primary: &Self, name: &str) -> Self {
        let new = Self::folder();
        let from = format!("host=127.0.0.1 port={} user=postgres application_name={name}", primary.port);
        done(
            as_nobody(&program("pg_basebackup"))
                .args(["-R", "-X", "stream", "-d", &from, "-D"])
                .arg(new.data()),
        );
        new.run();
        new
    }

    fn folder() -> Self {
        let folder = tempfile::Builder::new().prefix("postgres").tempdir().expect("a folder can be made");
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("it is ours");
        if is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("root may");
        }
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = taken.local_addr().expect("it is bound").port();
        Self { folder, port, settings: vec![] }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts it, again.
    pub(crate) fn run(&self) {
        let mut options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=200 -c wal_level=replica \
             -c max_locks_per_transaction=256",
            self.port,
            self.folder.path().display()
        );
        for setting in &self.settings {
            options.push_str(&format!(" -c {setting}"));
        }
        self.control(&["-w", "-o", &options, "start"]);
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
    }

    /// Makes a standby the primary.
    pub(crate) fn promote(&self) {
        self.control(&["-w", "promote"]);
    }

    fn control(&self, arguments: &[&str]) {
        let log = self.folder.path().join("log");
        done(as_nobody(&program("pg_ctl")).arg("-D").arg(self.data()).arg("-l").arg(log).args(arguments));
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It may be down already.
        let mut stop = as_nobody(&program("pg_ctl"));
        stop.arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]);
        drop(stop.output());
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn as_nobody(program: &Path) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/");
    command
}

fn done(command: &mut Command) {
    // Its files get what it says: a server that stays would keep the pipe of an output open.
    let said = tempfile::tempfile().expect("a file can be made");
    let status = command
        .stdout(said.try_clone().expect("it is open"))
        .stderr(said.try_clone().expect("it is open"))
        .status()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    if !status.success() {
        let mut text = String::new();
        let mut said = said;
        drop(std::io::Seek::rewind(&mut said));
        drop(std::io::Read::read_to_string(&mut said, &mut text));
        panic!("{command:?}: {text}");
    }
}

/// A program of PostgreSQL, where Debian has the newest.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}
