//! Calls go only where they may.

use std::process::Command;

use tenure_notify::CallPolicy;

use crate::endpoint::{Endpoint, answer};
use crate::{call, local, permanent, plain, webhooks};

#[test]
fn nothing_is_sent_to_this_machine_unless_it_is_allowed() {
    let endpoint = Endpoint::saying(answer("200 OK", ""));
    let public = || webhooks(CallPolicy { allow_http: true, ..CallPolicy::default() });
    for host in
        ["127.0.0.1", "127.0.0.1.", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
    {
        let reason = permanent(public().call(&plain(&format!("http://{host}:{}/", endpoint.port))));
        let expected =
            "the endpoint cannot be called: calls may not go to 127.0.0.1, an address of this machine itself";
        assert_eq!(reason, expected, "{host}");
    }
    // A name is looked up first.
    let host = format!("localhost:{}", endpoint.port);
    let reason = permanent(public().call(&plain(&format!("http://{host}/"))));
    assert!(reason.starts_with(&format!("{host} cannot be called: calls may not go to ")), "{reason}");
    // Whether the system knows this spelling of the name or not.
    assert!(public().call(&plain(&format!("http://localhost.:{}/", endpoint.port))).is_err());
    endpoint.heard_nothing();

    for host in ["127.0.0.1", "2130706433", "localhost"] {
        call(&plain(&format!("http://{host}:{}/", endpoint.port))).unwrap();
        endpoint.next();
    }
}

#[test]
fn nothing_is_sent_unencrypted_unless_it_is_allowed() {
    let endpoint = Endpoint::saying(answer("200 OK", ""));
    let encrypted = webhooks(CallPolicy { allow_http: false, ..local() });
    let reason = permanent(encrypted.call(&plain(&endpoint.url("/?sig=s3cret-key"))));
    assert_eq!(
        reason,
        "the endpoint cannot be called: calls without encryption (http://) are not allowed: use https://"
    );
    endpoint.heard_nothing();
}

#[test]
fn what_is_no_address_is_not_called() {
    for url in [
        "",
        "nonsense",
        "http://",
        "ftp://127.0.0.1/",
        "http://u:s3cret@127.0.0.1/",
        "http://a b/",
        "http://a/#s3cret",
    ] {
        let reason = permanent(call(&plain(url)));
        assert!(reason.starts_with("the endpoint cannot be called: "), "{url}: {reason}");
        assert!(!reason.contains("s3cret"), "{url}: {reason}");
    }
}

/// A process reads its proxy from the environment, so calling is done in one of its own: this test, run again by itself.
const URL: &str = "TENURE_NOTIFY_TEST_URL";

#[test]
fn a_proxy_of_the_environment_is_not_used() {
    if let Ok(url) = std::env::var(URL) {
        println!("outcome: {:?}", call(&plain(&url)));
        return;
    }
    let (endpoint, proxy) =
        (Endpoint::saying(answer("200 OK", "")), Endpoint::saying(answer("502 Bad Gateway", "")));
    let this = "forbidden::a_proxy_of_the_environment_is_not_used";
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", this, "--nocapture"]).env(URL, endpoint.url("/")).env_remove("NO_PROXY");
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, proxy.url(""));
    }
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(output.contains("outcome: Ok(Answer { status: 200, body: None })"), "{output}");
    endpoint.next();
    proxy.heard_nothing();
}
