//! `tenure workflow preview`

use serde_json::json;

use crate::harness::Server;
use crate::sample;

#[test]
fn what_would_be_different_is_shown_and_nothing_is_done() {
    let server = Server::start_with(&["--now", "2026-03-01T08:00:00Z"]);
    let group = sample::group(&server, "sales");
    sample::joiner(&server, "First day", &group, 1, true);
    for (name, mail) in [("ann", Some("ann@example.com")), ("bo", None)] {
        let id = sample::user(&server, name, mail);
        let change = json!({ "employeeHireDate": "2026-02-28T09:00:00Z" });
        assert_eq!(server.patch(&format!("/v1.0/users/{id}"), &change).0, 204);
    }
    let nobody = server.tenure(&["workflow", "preview", "First day"]);
    assert_eq!(nobody.out, "'First day' would process 0 people now.\n", "{nobody:?}");
    let shown =
        server.tenure(&["workflow", "preview", "First day", "--user", "bo@example.com", "ann@example.com"]);
    assert_eq!(
        shown.out,
        "'First day' would do this, if it were run now:\n\n\
         ann (ann@example.com)\n\
         \x20 1. Enable user account\n\
         \x20    ~ accountEnabled: false → true\n\
         \x20 2. Add user to groups\n\
         \x20    + group 'sales'\n\
         \x20 3. Send welcome email\n\
         \x20    > mail to ann@example.com: 'Welcome, ann'\n\n\
         bo (bo@example.com): completedWithErrors\n\
         \x20 1. Enable user account\n\
         \x20    ~ accountEnabled: false → true\n\
         \x20 2. Add user to groups\n\
         \x20    + group 'sales'\n\
         \x20 3. Send welcome email\n\
         \x20    FAILS: the user has no mail address\n",
        "{shown:?}"
    );
    let document =
        server.tenure(&["workflow", "preview", "First day", "--user", "ann@example.com", "--json"]).json();
    assert_eq!(document["value"][0]["tasks"][1]["changes"][0]["group"]["displayName"], "sales");
    // A workflow that waits for the interval has people who wait.
    let workflows = server.get("/v1.0/identityGovernance/lifecycleWorkflows/workflows").1;
    let path = format!(
        "/v1.0/identityGovernance/lifecycleWorkflows/workflows/{}",
        workflows["value"][0]["id"].as_str().unwrap()
    );
    assert_eq!(server.patch(&path, &json!({ "isSchedulingEnabled": false })).0, 204);
    assert_eq!(server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-01T10:00:00Z" })).0, 204);
    let shown = server.tenure(&["workflow", "preview", "First day", "--top", "1"]);
    assert!(
        shown.out.starts_with(
            "'First day' processes nobody now: the workflow's schedule is off (isSchedulingEnabled).\n\
             If it were not for that: more than 1 person\n\nann (ann@example.com), due 2026-03-01 09:00:00Z\n"
        ),
        "{shown:?}"
    );
    assert!(shown.out.ends_with("There is more; --top 10 shows more of it.\n"), "{shown:?}");
    let document = server.tenure(&["workflow", "preview", "First day", "--json"]).json();
    assert_eq!(
        (&document["reasons"][0]["code"], document["value"].as_array().map(Vec::len)),
        (&json!("schedulingDisabled"), Some(2))
    );
    let outbox = std::fs::read_dir(server.data.join("outbox")).map_or(0, Iterator::count);
    assert_eq!(outbox, 0);
    let unknown = server.tenure(&["workflow", "preview", "First day", "--user", "nobody@example.com"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""), "{unknown:?}");
    let both =
        server.tenure(&["workflow", "preview", "First day", "--user", "ann@example.com", "--top", "1"]);
    assert_eq!(both.code, 2, "{both:?}");
}
