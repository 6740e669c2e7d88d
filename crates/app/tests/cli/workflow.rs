//! `tenure workflow`, `tenure run`, `tenure result`: from a run to its results.

use serde_json::Value as Json;

use crate::harness::Server;
use crate::sample;

fn values(document: &Json) -> &[Json] {
    document["value"].as_array().unwrap()
}

#[test]
fn a_workflow_is_run_by_name_and_its_results_are_found_again() {
    let server = Server::start();
    let group = sample::group(&server, "sales");
    let workflow = sample::joiner(&server, "First day", &group, 0, false);
    let ada = sample::user(&server, "ada", Some("ada@example.com"));
    sample::user(&server, "bo", None);

    let listed = server.tenure(&["workflow", "list"]);
    assert!(listed.out.contains("First day") && listed.out.contains(&workflow), "{listed:?}");
    let shown = server.tenure(&["workflow", "show", "First day"]);
    assert!(
        shown.out.contains("on employeeHireDate") && shown.out.contains("Add user to groups"),
        "{shown:?}"
    );

    let run = server.tenure(&["workflow", "run", "First day", "--user", &ada, "bo@example.com"]);
    assert_eq!(run.code, 0, "{run:?}");
    let path = format!("/v1.0/identityGovernance/lifecycleWorkflows/workflows/{workflow}/runs");
    let runs = server.wait_for(&path, |runs| runs["value"][0]["completedDateTime"].is_string());
    let run = runs["value"][0]["id"].as_str().unwrap();

    let listed = server.tenure(&["run", "list", "First day", "--json"]).json();
    assert_eq!(values(&listed).len(), 1);
    assert_eq!(listed["value"][0]["totalUsersCount"], 2);
    for arguments in [&["run", "show", run][..], &["run", "show", "First day", run]] {
        let shown = server.tenure(arguments);
        assert_eq!(shown.code, 0, "{shown:?}");
        for text in ["onDemand", "Send welcome email", "bo@example.com", "no mail address"] {
            assert!(shown.out.contains(text), "{text}: {}", shown.out);
        }
    }

    let all = server.tenure(&["result", "list", "--json"]).json();
    assert_eq!(values(&all).len(), 2);
    let of_ada = server.tenure(&["result", "list", "--user", "ada@example.com", "--json"]).json();
    assert_eq!(values(&of_ada).len(), 1);
    assert_eq!(of_ada["value"][0]["processingStatus"], "completed");
    let wrong =
        server.tenure(&["result", "list", "--run", run, "--status", "completedWithErrors", "--json"]).json();
    assert_eq!(values(&wrong).len(), 1);
    assert_eq!(wrong["value"][0]["subject"]["userPrincipalName"], "bo@example.com");
    assert_eq!(wrong["value"][0]["failures"][0]["task"], "Send welcome email");
    assert!(wrong["value"][0]["failures"][0]["reason"].as_str().unwrap().contains("no mail address"));
    let failed =
        server.tenure(&["result", "list", "--workflow", "First day", "--status", "failed", "--json"]).json();
    assert!(values(&failed).is_empty());
    let one = server.tenure(&["result", "list", "--limit", "1", "--json"]).json();
    assert_eq!((values(&one).len(), &one["more"]), (1, &true.into()));
    let people = server.tenure(&["result", "list"]);
    assert!(people.out.contains("ada@example.com") && people.out.contains("1/3"), "{people:?}");
}

#[test]
fn names_that_fit_nothing_or_too_much_are_refused() {
    let server = Server::start();
    let group = sample::group(&server, "sales");
    let ids = ["one", "two"].map(|_| sample::joiner(&server, "O'Twin", &group, 0, false));
    let ada = sample::user(&server, "ada", None);

    let ambiguous = server.tenure(&["workflow", "show", "O'Twin"]);
    assert_eq!(ambiguous.code, 1, "{ambiguous:?}");
    assert!(ids.iter().all(|id| ambiguous.err.contains(id)), "{ambiguous:?}");
    assert_eq!(server.tenure(&["workflow", "show", &ids[0]]).code, 0);

    for arguments in [
        &["workflow", "show", "Nothing"][..],
        &["workflow", "show", "00000000-0000-7000-8000-000000000000"],
        &["run", "show", "00000000-0000-7000-8000-000000000000"],
        &["run", "show", &ids[0], "not-an-id"],
        &["result", "list", "--user", "nobody@example.com"],
    ] {
        let refused = server.tenure(arguments);
        assert_eq!(refused.code, 1, "{arguments:?}: {refused:?}");
        assert!(refused.err.starts_with("tenure: "), "{refused:?}");
    }
    let nobody = server.tenure(&["workflow", "run", &ids[0], "--user", &ada, "nobody@example.com"]);
    assert_eq!(nobody.code, 1, "{nobody:?}");
    assert!(nobody.err.contains("nobody@example.com"), "{nobody:?}");
    assert!(values(&server.tenure(&["run", "list", &ids[0], "--json"]).json()).is_empty(), "nothing was run");
}
