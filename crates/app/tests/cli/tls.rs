//! `tenure serve` with TLS of its own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use crate::harness::{Done, Server, certificates, tenure_in};
use crate::sample;

fn configured(folder: &Path) {
    std::fs::write(folder.join("tenure.toml"), certificates::make_in(folder)).unwrap();
}

#[test]
fn links_are_encrypted_and_the_command_line_believes_what_the_machine_trusts() {
    let folder = tempfile::tempdir().unwrap();
    configured(folder.path());
    let server = Server::start_in(folder.path(), &[]);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    for name in ["ada", "bo"] {
        sample::user(&server, name, None);
    }
    let (status, page) = server.get("/v1.0/users?$top=1");
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert!(status == 200 && next.starts_with(&server.url), "{next}");

    let command = |trusted: &Path| {
        let mut command = server.command(&["directory", "status", "--json"]);
        Done::of(command.env("SSL_CERT_FILE", trusted))
    };
    assert_eq!(command(&certificates::authority_in(folder.path())).json()["population"], 2);
    let stranger = tempfile::tempdir().unwrap();
    certificates::make_in(stranger.path());
    let refused = command(&certificates::authority_in(stranger.path()));
    assert!(refused.code == 1 && refused.out.is_empty(), "{refused:?}");
    assert!(server.stop().success());
}

#[test]
fn an_address_that_others_reach_needs_no_proxy() {
    let folder = tempfile::tempdir().unwrap();
    configured(folder.path());
    // It does not get as far as listening, for others would reach it.
    let done =
        Done::of(&mut tenure_in(folder.path(), &["serve", "--listen", "0.0.0.0:0", "--data", "/dev/null"]));
    assert_eq!(done.code, 1, "the address is fine, the data directory is not: {done:?}");
    assert!(done.err.contains("/dev/null"), "{done:?}");
}

#[test]
fn a_client_that_does_not_speak_tls_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    configured(folder.path());
    let server = Server::start_in(folder.path(), &[]);
    let address = server.url.strip_prefix("https://").unwrap().to_owned();
    let silent: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(&address).unwrap()).collect();
    assert_eq!(server.get("/v1.0/users").0, 200);

    let mut plain = TcpStream::connect(&address).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // Whatever comes, a reset included: no answer in clear text.
    drop(plain.read_to_end(&mut answer));
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    assert!(server.stop().success(), "it stops though clients hang");
    drop(silent);
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    configured(folder.path());
    let stranger = tempfile::tempdir().unwrap();
    certificates::make_in(stranger.path());
    std::fs::copy(stranger.path().join("tls/server.key"), folder.path().join("tls/other.key")).unwrap();
    std::fs::write(folder.path().join("tls/empty.pem"), "").unwrap();
    for (certificate, key, named, said) in [
        ("tls/none.pem", "tls/server.key", "tls/none.pem", "No such file"),
        ("tls/server.pem", "tls/none.key", "tls/none.key", "No such file"),
        ("tls/empty.pem", "tls/server.key", "tls/empty.pem", "no certificate"),
        ("tls/server.key", "tls/server.key", "tls/server.key", "no certificate"),
        ("tls/server.pem", "tls/server.pem", "tls/server.pem", "no private key"),
        ("tls/server.pem", "tls/other.key", "tls/other.key", "cannot be used with the certificate"),
    ] {
        let text = format!("[tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\"\n");
        std::fs::write(folder.path().join("tenure.toml"), text).unwrap();
        let refused = Done::of(&mut tenure_in(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains(named) && refused.err.contains(said), "{refused:?}");
        assert!(!refused.err.contains("PRIVATE KEY"), "{refused:?}");
    }
    assert!(!folder.path().join("tenure-data").exists(), "nothing is made");
}
