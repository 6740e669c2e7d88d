//! Endpoints are believed only with a certificate that this machine trusts.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tenure_notify::{Secret, WebhookCall};

use crate::endpoint::serve;
use crate::{call, certificates, plain, python, retryable};

/// An HTTPS endpoint in Python; it ends with the value.
struct Encrypted(Child, u16);

impl Encrypted {
    fn start(folder: &Path) -> Self {
        let mut child = python()
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webhook/encrypted.py"))
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self(child, line.trim().parse().expect("the endpoint ended; its error output says why"))
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process reads its trusted certificates from `SSL_CERT_FILE`, so calling is done in one of its own: this test,
/// run again by itself.
const URL: &str = "TENURE_NOTIFY_TEST_URL";

#[test]
fn an_endpoint_is_believed_only_with_a_certificate_we_trust() {
    if let Ok(url) = std::env::var(URL) {
        let token = Secret::new("open-sesame");
        let proof = tenure_notify::Proof::Bearer(&token);
        println!("outcome: {:?}", call(&WebhookCall { proof, wants_answer: true, ..plain(&url) }));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    certificates::issue(folder.path());
    let server = Encrypted::start(folder.path());
    let port = server.1;
    let send = |trusted: &str, host: &str| {
        let this = "encrypted::an_endpoint_is_believed_only_with_a_certificate_we_trust";
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", this, "--nocapture"])
            .env(URL, format!("https://{host}:{port}/hook"))
            .env("SSL_CERT_FILE", folder.path().join(trusted))
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let unknown = send("other.pem", "127.0.0.1");
    let reason = format!(
        "outcome: Err(Permanent(\"the certificate of 127.0.0.1:{port} is not valid: invalid peer certificate: UnknownIssuer\"))"
    );
    assert!(unknown.contains(&reason), "{unknown}");
    let misnamed = send("ca.pem", "localhost");
    let reason = format!("outcome: Err(Permanent(\"the certificate of localhost:{port} is not valid: ");
    assert!(misnamed.contains(&reason), "{misnamed}");
    let believed = send("ca.pem", "127.0.0.1");
    assert!(
        believed.contains(
            "outcome: Ok(Answer { status: 200, body: Some(\"POST /hook Bearer open-sesame {}\") })"
        ),
        "{believed}"
    );
}

#[test]
fn an_endpoint_that_does_not_speak_tls_may_do_so_later() {
    let port =
        serve(|mut stream| drop(std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")));
    let reason = retryable(call(&plain(&format!("https://127.0.0.1:{port}/"))));
    assert!(reason.starts_with(&format!("no encrypted connection to 127.0.0.1:{port}: ")), "{reason}");
}
