//! A real `tenure serve` in a folder of its own, and the command line that talks to it.
//!
//! ```no_run
//! let server = Server::start();
//! let (status, users) = server.get("/v1.0/users");
//! let done = server.tenure(&["workflow", "list", "--json"]);
//! ```
//!
//! Dropping a server stops it; its log is printed if the test failed.

#![allow(clippy::allow_attributes, dead_code, reason = "every test binary uses a part of this")]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

pub(crate) mod certificates;
pub(crate) mod node;
pub(crate) mod postgres;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// The binary under test: the released one if `cargo xtask test` says where it is, else the one built with the tests.
pub(crate) fn tenure_binary() -> PathBuf {
    std::env::var_os("TENURE_BIN").map_or_else(|| env!("CARGO_BIN_EXE_tenure").into(), PathBuf::from)
}

/// Python with the packages that tests need, as `cargo xtask test` sets it up.
pub(crate) fn python() -> PathBuf {
    let of_xtask = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-venv/bin/python");
    let python = std::env::var_os("TENURE_TEST_PYTHON").map_or(of_xtask, PathBuf::from);
    assert!(
        python.exists(),
        "{} does not exist: run the tests with `cargo xtask test`, which sets it up with the packages that tests need, or \
         name one in TENURE_TEST_PYTHON",
        python.display()
    );
    python
}

/// Longest wait for a process to get ready or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// `tenure` with these arguments, in that folder, untouched by the environment of the test.
pub(crate) fn tenure_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(tenure_binary());
    command.args(arguments).current_dir(folder);
    untouched(command)
}

/// How a server is started.
const SERVE: &[&str] = &["serve", "--json", "--listen", "127.0.0.1:0"];

/// The command, untouched by the environment of the test.
fn untouched(mut command: Command) -> Command {
    for variable in [
        "TENURE_URL",
        "TENURE_TOKEN",
        "TENURE_SMTP_PASSWORD",
        "TENURE_DATABASE",
        "RUST_LOG",
        "HTTP_PROXY",
        "http_proxy",
        "SSL_CERT_FILE",
    ] {
        command.env_remove(variable);
    }
    command
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// Runs the command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let done = command.stdin(Stdio::null()).output().expect("tenure can be started");
        Self {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8(done.stdout).expect("output is text"),
            err: String::from_utf8(done.stderr).expect("output is text"),
        }
    }

    /// The JSON document that was printed; the command has to have been done.
    pub(crate) fn json(&self) -> Json {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A server that is running.
pub(crate) struct Server {
    process: Child,
    /// Its address, such as `http://127.0.0.1:40123`.
    pub(crate) url: String,
    /// Its data directory.
    pub(crate) data: PathBuf,
    /// The folder it was started in.
    pub(crate) folder: PathBuf,
    own: Option<TempDir>,
}

impl Server {
    /// A server with an empty data directory.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// A server with an empty data directory and these arguments of `serve`.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let own = TempDir::new().expect("a folder can be made");
        let mut server = Self::start_in(own.path(), arguments);
        server.own = Some(own);
        server
    }

    /// A server on the data directory `tenure-data` of that folder, which stays when the server is gone.
    pub(crate) fn start_in(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_as(tenure_in(folder, SERVE), folder, arguments)
    }

    /// The same; a file that may not grow any more is an error that it is told of, and not its end.
    pub(crate) fn start_with_bounded_files(folder: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(tenure_binary()).args(SERVE);
        shell.current_dir(folder);
        Self::start_as(untouched(shell), folder, &[])
    }

    fn start_as(mut command: Command, folder: &Path, arguments: &[&str]) -> Self {
        let data = folder.join("tenure-data");
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("serve.log"))
            .expect("the log can be written");
        let mut process = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("tenure can be started");
        let mut said = String::new();
        BufReader::new(process.stdout.take().expect("its output is ours"))
            .read_line(&mut said)
            .expect("it says where");
        let said: Json = serde_json::from_str(&said).unwrap_or_else(|_| {
            panic!("it did not start: {:?}", std::fs::read_to_string(folder.join("serve.log")))
        });
        let url = said["url"].as_str().expect("it says where").to_owned();
        let server = Self { process, url, data, folder: folder.to_owned(), own: None };
        server.wait_until_healthy();
        server
    }

    fn wait_until_healthy(&self) {
        let begun = Instant::now();
        while !matches!(self.agent().get(format!("{}/healthz", self.url)).call(), Ok(answer) if answer.status() == 200)
        {
            assert!(begun.elapsed() < PATIENCE, "it is not healthy: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks; believes the authority that a test made in the server's folder.
    fn agent(&self) -> ureq::Agent {
        let mut config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
        if self.url.starts_with("https:") {
            let authority = std::fs::read(certificates::authority_in(&self.folder)).expect("it is there");
            let authority = Certificate::from_pem(&authority).expect("it is a certificate");
            let roots = RootCerts::new_with_certs(&[authority]);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        config.build().new_agent()
    }

    /// Its id among the processes.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// What it logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("serve.log")).unwrap_or_default()
    }

    /// The administrator's token.
    pub(crate) fn token(&self) -> String {
        std::fs::read_to_string(self.data.join("admin-token")).expect("the token is there").trim().to_owned()
    }

    /// `tenure` with these arguments, talking to this server as the administrator.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = tenure_in(&self.folder, arguments);
        command.env("TENURE_URL", &self.url).env("TENURE_TOKEN", self.token());
        command
    }

    /// Runs `tenure` with these arguments against this server.
    pub(crate) fn tenure(&self, arguments: &[&str]) -> Done {
        Done::of(&mut self.command(arguments))
    }

    /// Asks the API; status and document (`Null` if the answer is empty).
    pub(crate) fn get(&self, path: &str) -> (u16, Json) {
        let request = self.agent().get(format!("{}{path}", self.url));
        answer(request.header("authorization", format!("Bearer {}", self.token())).call())
    }

    /// Sends a document to the API.
    pub(crate) fn post(&self, path: &str, document: &Json) -> (u16, Json) {
        let request =
            self.agent().post(format!("{}{path}", self.url)).header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {}", self.token()));
        answer(request.send(document.to_string()))
    }

    /// Deletes something through the API; the status.
    pub(crate) fn delete(&self, path: &str) -> u16 {
        let request = self.agent().delete(format!("{}{path}", self.url));
        answer(request.header("authorization", format!("Bearer {}", self.token())).call()).0
    }

    /// Changes something through the API.
    pub(crate) fn patch(&self, path: &str, document: &Json) -> (u16, Json) {
        self.send("PATCH", path, &self.token(), document)
    }

    /// Puts something in the place of another through the API.
    pub(crate) fn put(&self, path: &str, document: &Json) -> (u16, Json) {
        self.send("PUT", path, &self.token(), document)
    }

    /// Sends a document to the API with a token of somebody else's.
    pub(crate) fn send(&self, method: &str, path: &str, token: &str, document: &Json) -> (u16, Json) {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        let request = request.header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {token}")).body(document.to_string());
        answer(self.agent().run(request.expect("the request can be written")))
    }

    /// Creates something through the API and gives its id.
    pub(crate) fn create(&self, path: &str, document: &Json) -> String {
        let (status, created) = self.post(path, document);
        assert_eq!(status, 201, "{path}: {created}");
        created["id"].as_str().expect("it has an id").to_owned()
    }

    /// Asks again and again until the answer is as wanted.
    pub(crate) fn wait_for(&self, path: &str, wanted: impl Fn(&Json) -> bool) -> Json {
        let begun = Instant::now();
        loop {
            let (_, document) = self.get(path);
            if wanted(&document) {
                return document;
            }
            assert!(begun.elapsed() < PATIENCE, "{path} stays {document}; {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} can be sent");
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.wait().expect("it stops in time")
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is ours");
    }

    fn wait(&mut self) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().expect("it is ours") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- log of {}\n{}---", self.url, self.log());
        }
        if matches!(self.process.try_wait(), Ok(None)) {
            self.signal("TERM");
            if self.wait().is_none() {
                drop(self.process.kill());
            }
        }
        drop(self.process.wait());
    }
}

fn answer(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, Json) {
    let mut answer = answer.expect("the server answers");
    let text = answer.body_mut().read_to_string().expect("the answer is text");
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
}
