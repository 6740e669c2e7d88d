//! A server that is asked to stop while an endpoint hangs.

use std::io::{Read as _, Write as _};

use serde_json::json;

use crate::endpoint::{Endpoint, answer};
use crate::world::{World, plain};

#[test]
fn it_does_not_wait_for_an_endpoint_that_hangs_and_the_next_start_goes_on() {
    let world = World::new();
    let endpoint = Endpoint::doing(|number, _, mut stream| {
        if number == 1 {
            drop(stream.read(&mut [0]));
        } else {
            drop(stream.write_all(answer("200 OK", "").as_bytes()));
        }
    });
    let mut extension = plain(&endpoint.url("/"));
    extension["clientConfiguration"]["timeoutInMilliseconds"] = json!(12_000);
    let workflow = world.run(&extension);
    let first = endpoint.first();
    let world = world.stopped_and_started();
    let run = world.finished(&workflow);
    assert_eq!((&run["processingStatus"], &run["successfulUsersCount"]), (&json!("completed"), &json!(1)));
    let calls = endpoint.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].header("idempotency-key"), first.header("idempotency-key"));
    assert!(!first.header("idempotency-key").is_empty());
    // It was gone before the call had lasted for so long.
    assert_eq!(world.audit("Attempt of a task failed").len(), 0);
}
