//! A data directory whose clock is moved calls nobody: its calls are written down, and the deadline comes by the clock.

use serde_json::{Value as Json, json};

use crate::endpoint::Endpoint;
use crate::world::{LOCAL, World, plain, waiting};

const NOW: &str = "2026-03-02T09:00:00Z";

fn simulated() -> World {
    World::with(LOCAL, &["--now", NOW])
}

impl World {
    /// The calls in the outbox, by the names of their files.
    fn outbox(&self) -> Vec<(String, Json)> {
        let mut calls: Vec<(String, Json)> = std::fs::read_dir(self.server.data.join("outbox"))
            .into_iter()
            .flatten()
            .map(|entry| {
                let path = entry.unwrap().path();
                let body = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                (path.file_name().unwrap().to_string_lossy().into_owned(), body)
            })
            .collect();
        calls.sort_by(|(one, _), (other, _)| one.cmp(other));
        calls
    }

    fn advance(&self, to: &str) {
        let (status, answer) = self.server.post("/v1.0/tenure.advanceClock", &json!({ "to": to }));
        assert_eq!(status, 204, "{answer}");
    }
}

#[test]
fn a_call_is_written_down_and_nobody_is_called() {
    let world = simulated();
    let endpoint = Endpoint::saying("500 Internal Server Error");
    for (place, mode) in ["none", "response"].into_iter().enumerate() {
        let mut extension = plain(&endpoint.url("/"));
        extension["replyMode"] = json!(mode);
        let workflow = world.workflow(&world.extension(&extension));
        world.activate(&workflow, &[&world.person(&format!("p{place}"))]);
        let task = world.call_result(&workflow);
        assert_eq!(task["processingStatus"], "completed", "{task}");
        let outbox = world.outbox();
        assert_eq!(outbox.len(), place + 1, "{outbox:?}");
        let id = task["id"].as_str().unwrap();
        let (file, body) = outbox.into_iter().find(|(file, _)| file.starts_with(id)).unwrap();
        assert_eq!(file, format!("{id}-0.json"));
        assert_eq!(body["data"]["taskProcessingResult"]["id"], id);
    }
    assert!(endpoint.calls().is_empty());
}

#[test]
fn nobody_calls_back_in_time() {
    let world = simulated();
    let endpoint = Endpoint::saying("202 Accepted");
    let mut extension = waiting(&endpoint);
    extension["callbackConfiguration"]["timeoutDuration"] = json!("PT5M");
    let workflow = world.workflow(&world.extension(&extension));
    let people = ["ann", "ben"].map(|name| world.person(name));
    world.activate(&workflow, &people.each_ref().map(String::as_str));
    world.parked(&workflow, 2);
    let callbacks: Vec<String> = world
        .outbox()
        .iter()
        .map(|(_, body)| format!("/v1.0{}", body["data"]["callbackUriPath"].as_str().unwrap()))
        .collect();
    assert_eq!(callbacks.len(), 2);
    world.advance("2026-03-02T09:04:59Z");
    assert_eq!(world.newest_run(&workflow)["processingStatus"], "inProgress");
    world.resumed(&callbacks[0], "Completed");
    world.advance("2026-03-02T09:05:00Z");
    assert_eq!(world.resume(&callbacks[1], "Completed").0, 409, "too late");
    let run = world.finished(&workflow);
    assert_eq!((&run["successfulUsersCount"], &run["failedUsersCount"]), (&json!(1), &json!(1)), "{run}");
    let failed: Vec<Json> = world
        .results(&workflow)
        .iter()
        .map(|result| result["taskProcessingResults"][0]["failureReason"].clone())
        .filter(|reason| !reason.is_null())
        .collect();
    assert_eq!(failed, ["nobody called back until 2026-03-02T09:05:00Z"]);
}
