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
use search::Secret;

#[test]
fn no_secret_is_found_anywhere() {
    let scene = Scene::played();
    let secrets = scene.secrets();
    assert!(secrets.len() >= 14, "{secrets:?}");

    let answers = every_answer(&scene.world);
    assert!(answers.len() > 1_000, "{} answers", answers.len());
    for (path, answer) in &answers {
        search::absent(&secrets, path, answer.as_bytes());
    }
    for (path, answer) in scene.said() {
        search::absent(&secrets, path, answer.as_bytes());
    }
    // What a process holds that is cut off, and what one leaves that ends by itself.
    let data = scene.world.server.data.clone();
    search::absent_in_files(&secrets, &data);
    let scene = scene.killed_and_started();
    search::absent_in_files(&secrets, &data);
    let (folder, status) = scene.stopped();
    assert!(status.success());
    search::absent_in_files(&secrets, &data);
    let log = std::fs::read(folder.path().join("serve.log")).unwrap();
    assert!(log.len() > 10_000, "at this level much is logged: {} bytes", log.len());
    search::absent(&secrets, "serve.log", &log);
}

#[test]
fn what_is_there_is_found() {
    let secret = Secret::new("a key", "c0rrecth0rsebattery");
    for text in [
        "the key is c0rrecth0rsebattery",
        "half of it is c0rrecth0 and no more",
        "Basic dGVudXJlOmMwcnJlY3RoMHJzZWJhdHRlcnk=",
        "Basic eDpjMHJyZWN0aDByc2ViYXR0ZXJ5",
        "633072726563746830727365626174746572 79".replace(' ', "").as_str(),
    ] {
        assert!(secret.is_in(text.as_bytes()), "{text}");
    }
    assert!(!secret.is_in(b"the horse is correct, the battery is full"));
}
