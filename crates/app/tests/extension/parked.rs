//! Two thousand people who wait, a server that is killed twice, and nobody who is lost.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::endpoint::Endpoint;
use crate::world::{World, waiting};

const PEOPLE: usize = 2_000;
/// Callers who answer at once.
const CALLERS: usize = 8;

const MAP: &str = "feed = \"hr\"\n\
    [columns]\n\
    employeeId = \"Id\"\n\
    displayName = \"Name\"\n\
    userPrincipalName = \"p{Id}@example.com\"\n\
    accountEnabled = \"Active\"\n";

impl World {
    fn import(&self) {
        let mut rows = String::from("Id,Name,Active\n");
        for number in 1..=PEOPLE {
            rows.push_str(&format!("{number},Person {number},no\n"));
        }
        std::fs::write(self.folder.path().join("people.csv"), rows).unwrap();
        std::fs::write(self.folder.path().join("people.toml"), MAP).unwrap();
        let done = self
            .server
            .tenure(&["directory", "import", "people.csv", "--map", "people.toml", "--json"])
            .json();
        assert_eq!(done["created"], PEOPLE, "{done}");
    }

    /// Everybody's id.
    fn everybody(&self) -> Vec<String> {
        let mut people = Vec::new();
        let mut next = Some("/v1.0/users?$select=id&$top=999".to_owned());
        while let Some(path) = next {
            let page = self.get(&path);
            let ids = page["value"].as_array().unwrap().iter();
            people.extend(ids.map(|user| user["id"].as_str().unwrap().to_owned()));
            next = page["@odata.nextLink"]
                .as_str()
                .map(|link| link.strip_prefix(&self.server.url).unwrap().to_owned());
        }
        people
    }

    fn wait_until_parked(&self, people: usize) {
        let end = Instant::now() + Duration::from_mins(2);
        while self.count("SELECT count(*) FROM pending WHERE waits_until IS NOT NULL") != people as i64 {
            assert!(Instant::now() < end, "{}", self.server.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn resume_each(&self, callbacks: &[String]) {
        std::thread::scope(|scope| {
            for part in 0..CALLERS {
                scope.spawn(move || {
                    for callback in callbacks.iter().skip(part).step_by(CALLERS) {
                        self.resumed(callback, "Completed");
                    }
                });
            }
        });
    }
}

#[test]
fn nobody_who_waits_is_lost_when_the_server_is_killed() {
    let world = World::new();
    world.import();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.workflow(&world.extension(&waiting(&endpoint)));
    let people = world.everybody();
    world.activate(&workflow, &people.iter().map(String::as_str).collect::<Vec<_>>());
    endpoint.wait_for(PEOPLE);
    world.wait_until_parked(PEOPLE);
    let callbacks: Vec<String> = endpoint.calls().iter().map(crate::endpoint::Heard::callback).collect();
    assert_eq!(callbacks.iter().collect::<BTreeSet<_>>().len(), PEOPLE, "each is called about once");

    let (first, second) = callbacks.split_at(PEOPLE / 2);
    let world = world.killed_and_started();
    world.resume_each(first);
    // What was acknowledged is on disk, whether it is settled by now or not.
    let world = world.killed_and_started();
    world.resume_each(second);
    let run = world.finished(&workflow);
    assert_eq!(
        (&run["processingStatus"], &run["successfulUsersCount"], &run["totalUsersCount"]),
        (&json!("completed"), &json!(PEOPLE), &json!(PEOPLE)),
        "{run}"
    );
    assert_eq!(world.count("SELECT count(*) FROM users WHERE account_enabled = 1"), PEOPLE as i64);
    assert_eq!(world.count("SELECT count(*) FROM task_results WHERE status = 2"), 2 * PEOPLE as i64);
    assert_eq!(world.count("SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM requeued)"), 0);
    assert_eq!(endpoint.calls().len(), PEOPLE, "nobody is called about again");
    assert!(world.peak_mib() < 500, "{} MiB", world.peak_mib());
}
