//! Microsoft's Graph client for JavaScript against the released binary, over HTTPS; its story is in `node/`.

#![expect(clippy::expect_used, reason = "tests")]

mod harness;

use harness::node::node;
use harness::{Done, Server, certificates};

#[test]
fn the_client_goes_through_the_life_of_a_workflow_in_v1() {
    goes_through_the_life_of_a_workflow("v1.0");
}

#[test]
fn the_client_goes_through_the_life_of_a_workflow_in_beta() {
    goes_through_the_life_of_a_workflow("beta");
}

fn goes_through_the_life_of_a_workflow(version: &str) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join("tenure.toml"), certificates::make_in(folder.path()))
        .expect("a file can be written");
    let server = Server::start_in(folder.path(), &[]);
    // The client knows hosts by their names only.
    let url = server.url.replace("127.0.0.1", "localhost");
    let mut client = node("lifecycle_workflows.mjs");
    client.args([&format!("{url}/"), version]);
    client.env("TENURE_TOKEN", server.token());
    client.env("NODE_EXTRA_CA_CERTS", certificates::authority_in(folder.path()));
    let done = Done::of(&mut client);
    assert!(done.code == 0 && done.out.is_empty(), "{version}: {}{}", done.out, done.err);
}
