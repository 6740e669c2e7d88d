//! Microsoft's own Graph SDKs for Python as clients of the released binary; their story is in `sdk/`.

mod harness;

use std::path::Path;
use std::process::Command;

use harness::{Done, Server, python};

#[test]
fn the_sdk_for_v1_goes_through_the_life_of_workflows() {
    goes_through_the_life_of_workflows("msgraph", "v1.0");
}

#[test]
fn the_sdk_for_beta_goes_through_the_life_of_workflows() {
    goes_through_the_life_of_workflows("msgraph_beta", "beta");
}

fn goes_through_the_life_of_workflows(package: &str, version: &str) {
    let server = Server::start();
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/lifecycle_workflows.py");
    let mut client = Command::new(python());
    client.arg(story).args([package, &format!("{}/{version}", server.url)]);
    client.env("TENURE_TOKEN", server.token()).env("NO_PROXY", "*");
    // Compiled modules are kept, for the SDKs have thousands, but not among the sources.
    client.env("PYTHONPYCACHEPREFIX", Path::new(env!("CARGO_TARGET_TMPDIR")).join("python"));
    let done = Done::of(&mut client);
    assert!(done.code == 0 && done.out.is_empty(), "{package}: {}{}", done.out, done.err);
}
