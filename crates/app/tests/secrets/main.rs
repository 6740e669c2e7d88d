//! No password, token, key or pass is found in the store, the audit, the log or an answer of the API, though everything
//! is used, and everybody who is sent one repeats it in what they answer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../extension/endpoint.rs"]
#[expect(dead_code, reason = "the tests of extensions use more of it")]
mod endpoint;
#[path = "../harness/mod.rs"]
mod harness;
#[path = "../extension/world.rs"]
#[expect(dead_code, reason = "the tests of extensions use more of it")]
mod world;

mod answers;
mod mailbox;
mod scene;
mod search;

use answers::every_answer;
use scene::Scene;
use search::{Secret, Secrets};

#[test]
fn no_secret_is_found_anywhere() {
    let scene = Scene::played();
    let secrets = scene.secrets();
    // What is not sent is not in danger of being found.
    scene.everything_was_sent(&secrets);

    let answers = every_answer(&scene.world);
    assert!(answers.len() > 1_000, "{} answers", answers.len());
    for (path, answer) in &answers {
        secrets.absent(path, answer.as_bytes());
    }
    for answer in scene.said() {
        secrets.absent("an answer of the scene", answer.as_bytes());
    }
    // What a process holds that is cut off, and what one leaves that ends by itself.
    let data = scene.world.server.data.clone();
    secrets.absent_in_files(&data);
    let scene = scene.killed_and_started();
    secrets.absent_in_files(&data);
    let (folder, status) = scene.stopped();
    assert!(status.success());
    secrets.absent_in_files(&data);
    let log = std::fs::read(folder.path().join("serve.log")).unwrap();
    assert!(log.len() > 10_000, "at this level much is logged: {} bytes", log.len());
    secrets.absent("serve.log", &log);
}

#[test]
fn what_is_there_is_found() {
    let secrets = Secrets::new(vec![Secret::new("a key", "c0rrecth0rsebattery")]);
    for text in [
        "the key is c0rrecth0rsebattery",
        "half of it is c0rrecth0 and no more",
        "Basic dGVudXJlOmMwcnJlY3RoMHJzZWJhdHRlcnk=",
        "Basic eDpjMHJyZWN0aDByc2ViYXR0ZXJ5",
        "63307272656374683072736562617474657279",
    ] {
        assert_eq!(secrets.found_in(text.as_bytes()), ["a key"], "{text}");
    }
    assert!(secrets.found_in(b"the horse is correct, the battery is full").is_empty());
}
