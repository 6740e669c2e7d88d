//! `tenure workflow explain`

use serde_json::json;

use crate::harness::Server;
use crate::sample;

#[test]
fn why_somebody_is_processed_or_not_is_said_in_words() {
    let server = Server::start_with(&["--now", "2026-03-01T08:00:00Z"]);
    let group = sample::group(&server, "sales");
    sample::joiner(&server, "First day", &group, 0, true);
    let bo = sample::user(&server, "bo", Some("bo@example.com"));
    let change = json!({ "employeeHireDate": "2026-03-04T08:00:00Z", "department": "IT" });
    assert_eq!(server.patch(&format!("/v1.0/users/{bo}"), &change).0, 204);
    let explain = |more: &[&str]| {
        let shown = server.tenure(&[&["workflow", "explain", "First day", "bo@example.com"], more].concat());
        assert_eq!(shown.code, 0, "{shown:?}");
        shown
    };
    assert_eq!(
        explain(&[]).out,
        "The workflow is not run for bo:\n- the person is not due yet\n- the person is not in scope\n\n\
         due  2026-03-04 08:00:00Z\n\nScope\n  no   department eq 'Sales'  (is \"IT\")\n"
    );
    assert_eq!(server.patch(&format!("/v1.0/users/{bo}"), &json!({ "department": "Sales" })).0, 204);
    assert!(
        explain(&[]).out.starts_with(
            "The workflow will be run for bo if nothing changes:\n- the person is not due yet\n"
        )
    );
    assert_eq!(server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-05T00:00:00Z" })).0, 204);
    let shown = explain(&[]).out;
    assert!(shown.starts_with("The workflow is not run for bo:\n- the workflow was run"), "{shown}");
    assert!(shown.contains("scheduled ┆ completed"), "{shown}");
    assert_eq!(explain(&["--json"]).json()["reasons"][0]["code"], "occasionUsed");
    let nobody = server.tenure(&["workflow", "explain", "First day", "nobody@example.com"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""), "{nobody:?}");
    assert!(nobody.err.contains("nobody@example.com"), "{nobody:?}");
}
