//! `replyMode` `response`: the answer to the call says what became of it.

use serde_json::{Value as Json, json};

use crate::endpoint::{Endpoint, answer};
use crate::world::{World, plain};

fn responding(endpoint: &Endpoint) -> Json {
    let mut extension = plain(&endpoint.url("/"));
    extension["replyMode"] = json!("response");
    extension
}

#[test]
fn the_answer_says_what_became_of_it() {
    let says = |status| json!({ "data": { "operationStatus": status } }).to_string();
    let long =
        format!("{{\"data\":{{\"operationStatus\":\"Completed\"}},\"x\":\"{}\"}}", "x".repeat(100_000));
    let cases: [(String, Result<(), &str>); 9] = [
        (answer("200 OK", &says("Completed")), Ok(())),
        (answer("202 Accepted", "{\"OperationStatus\":\"COMPLETED\"}"), Ok(())),
        (answer("200 OK", &says("failed")), Err("the endpoint's answer says that it failed")),
        (answer("200 OK", &says("later")), Err("does not say operationStatus: completed or failed")),
        (answer("200 OK", "{\"data\":{}}"), Err("does not say operationStatus: completed or failed")),
        (answer("200 OK", "<html>fine</html>"), Err("is no JSON")),
        (answer("200 OK", ""), Err("is empty")),
        (answer("204 No Content", ""), Err("is empty")),
        (answer("200 OK", &long), Err("is longer than 65536 bytes")),
    ];
    let world = World::new();
    for (place, (said, wanted)) in cases.into_iter().enumerate() {
        let endpoint = Endpoint::answering({
            let said = said.clone();
            move |_, _| said.clone()
        });
        let workflow = world.workflow(&world.extension(&responding(&endpoint)));
        world.activate(&workflow, &[&world.person(&format!("p{place}"))]);
        let task = world.call_result(&workflow);
        match wanted {
            Ok(()) => assert_eq!(task["processingStatus"], "completed", "{said}: {task}"),
            Err(reason) => {
                assert_eq!(task["processingStatus"], "failed", "{said}: {task}");
                let failure = task["failureReason"].as_str().unwrap();
                assert!(failure.contains(reason), "{said}: {failure}");
            }
        }
        assert_eq!(endpoint.calls().len(), 1, "{said}");
        assert_eq!(world.resume(&endpoint.first().callback(), "Completed").0, 409);
    }
}

#[test]
fn an_answer_may_be_as_long_as_is_configured() {
    let configuration = format!("{}mostAnswerBytes = 200_000\n", crate::world::LOCAL);
    let world = World::with(&configuration, &[]);
    let padded = json!({ "operationStatus": "completed", "padding": "x".repeat(150_000) }).to_string();
    let endpoint = Endpoint::answering(move |_, _| answer("200 OK", &padded));
    let workflow = world.run(&responding(&endpoint));
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
}
