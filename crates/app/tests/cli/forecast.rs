//! `tenure workflow forecast`

use serde_json::json;

use crate::harness::Server;
use crate::sample;

#[test]
fn who_becomes_due_is_told_by_day_and_by_person() {
    let server = Server::start_with(&["--now", "2026-03-01T08:00:00Z"]);
    assert_eq!(server.tenure(&["workflow", "forecast"]).out, "There is no workflow.\n");
    let group = sample::group(&server, "sales");
    sample::joiner(&server, "First day", &group, 0, true);
    for (name, department) in [("ann", "Sales"), ("bo", "Sales"), ("cy", "IT")] {
        let id = sample::user(&server, name, None);
        let change = json!({ "employeeHireDate": "2026-03-04T08:00:00Z", "department": department });
        assert_eq!(server.patch(&format!("/v1.0/users/{id}"), &change).0, 204);
    }
    let shown = server.tenure(&["workflow", "forecast", "First day", "--days", "14"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.out.starts_with(
            "First day: 2 people in the next 14 days\n  Wed 2026-03-04  2 people, 1 out of scope\n"
        ),
        "{shown:?}"
    );
    assert!(shown.out.contains("│ 2026-03-04 08:00:00Z ┆ First day ┆ bo "), "{shown:?}");
    assert!(shown.out.contains("┆ nothing: outOfScope │"), "{shown:?}");
    assert_eq!(server.tenure(&["workflow", "forecast", "--days", "14"]).out, shown.out, "of all workflows");
    let short = server.tenure(&["workflow", "forecast", "--days", "14", "--limit", "1"]);
    assert!(short.out.ends_with("There is more; --limit 10 shows more of it.\n"), "{short:?}");
    let document = server.tenure(&["workflow", "forecast", "--json"]).json();
    assert_eq!((&document["workflows"][0]["peopleCount"], &document["more"]), (&json!(2), &json!(false)));
    assert_eq!(document["people"][2]["reasons"][0]["code"], "outOfScope");
    for wrong in ["0", "3651", "x"] {
        assert_eq!(server.tenure(&["workflow", "forecast", "--days", wrong]).code, 2, "{wrong}");
    }
    let nothing = server.tenure(&["workflow", "forecast", "no such"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""), "{nothing:?}");
}

#[test]
fn what_keeps_a_workflow_back_is_told() {
    let server = Server::start_with(&["--now", "2026-03-01T08:00:00Z"]);
    let group = sample::group(&server, "sales");
    sample::joiner(&server, "First day", &group, 0, false);
    let shown = server.tenure(&["workflow", "forecast"]);
    assert_eq!(
        shown.out,
        "First day: nobody in the next 7 days. The workflow's schedule is off (isSchedulingEnabled).\n  \
         If it were not for that: 0 people\n"
    );
}
