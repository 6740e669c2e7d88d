//! The tasks about access packages: request one, remove one, remove all, cancel what waits.

use serde_json::{Value as Json, json};

use super::world::NOBODY;
use crate::access_packages::EM;
use crate::api::{Api, NOW};

pub(super) const REQUEST: &str = "c1ec1e76-f374-4375-aaa6-0bb6bd4c60be";
pub(super) const REMOVE: &str = "4a0b64f2-c7ec-46ba-b117-18f262946c50";
pub(super) const REMOVE_ALL: &str = "42ae2956-193d-4f39-be06-691b8ac4fa1d";
pub(super) const CANCEL: &str = "498770d9-bab7-4e4c-b73d-5ded82a1d0b3";
const ASSIGNED: &str = "Administrator directly assigns user to access package";
const ENDED: &str = "Remove user access package assignment";
const CANCELED: &str = "Cancel access package assignment request";

type Package = (String, String);

fn named((package, policy): &Package) -> [(&str, &str); 2] {
    [("assignmentPolicyId", policy), ("accessPackageId", package)]
}

/// The assignments that somebody has, or had.
fn assignments(api: &Api, user: &str, state: &str) -> Vec<Json> {
    api.all(&format!(
        "{EM}/assignments?$filter=target/objectId eq '{user}' and state eq '{state}'&$expand=accessPackage"
    ))
}

/// What somebody asked for, or was asked for them, oldest first.
fn requests(api: &Api, user: &str) -> Vec<(String, String)> {
    let all = api.all(&format!("{EM}/assignmentRequests?$filter=requestor/objectId eq '{user}'"));
    let text = |request: &Json, name: &str| request[name].as_str().unwrap().to_owned();
    all.iter().map(|request| (text(request, "requestType"), text(request, "state"))).collect()
}

fn request(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

#[test]
fn a_package_is_requested_and_removed() {
    let api = Api::new();
    let (ann, sales) = (api.somebody("ann", &[]), api.package("Sales", false));
    let requests_of = |category| api.workflow_of(category, REQUEST, &named(&sales));
    let removes = |category| api.workflow_of(category, REMOVE, &[("AccessPackageId", &sales.0)]);
    for (ask, remove) in
        [(requests_of("joiner"), removes("leaver")), (requests_of("mover"), removes("mover"))]
    {
        let before = assignments(&api, &ann, "expired").len();
        api.process(&remove, &ann).had_nothing_to_do("the user does not have the access package");
        api.process(&ask, &ann)
            .was_foretold("would assign the access package 'Sales'")
            .did(&[(ASSIGNED, &[&ann, &sales.0])]);
        let [delivered] = assignments(&api, &ann, "delivered").try_into().unwrap();
        assert_eq!(delivered["accessPackage"]["id"], json!(sales.0));
        assert_eq!(delivered["schedule"]["expiration"]["type"], "noExpiration");
        assert_eq!(requests(&api, &ann).last(), Some(&request("adminAdd", "delivered")));
        api.process(&ask, &ann).had_nothing_to_do("the user has the access package already");
        api.process(&remove, &ann)
            .was_foretold("would end the assignment of the access package 'Sales'")
            .did(&[(ENDED, &[&ann, &sales.0])]);
        assert!(assignments(&api, &ann, "delivered").is_empty());
        let expired = assignments(&api, &ann, "expired");
        assert_eq!((expired.len(), &expired[before]["expiredDateTime"]), (before + 1, &json!(NOW)));
        assert_eq!(requests(&api, &ann).last(), Some(&request("adminRemove", "delivered")));
        api.process(&remove, &ann).had_nothing_to_do("the user does not have the access package");
    }
}

#[test]
fn the_policy_says_how_long_and_nobody_is_asked() {
    let api = Api::new();
    let (ann, sales) = (api.somebody("ann", &[]), api.package("Sales", false));
    // An administrator's direct assignment waits for no approval.
    let month = api.policy(&sales.0, &json!({ "type": "afterDuration", "duration": "P30D" }), true);
    let id = api.workflow_of("joiner", REQUEST, &named(&(sales.0.clone(), month)));
    api.process(&id, &ann).did(&[(ASSIGNED, &[&ann, &sales.0])]);
    let [delivered] = assignments(&api, &ann, "delivered").try_into().unwrap();
    assert_eq!(delivered["schedule"]["expiration"]["endDateTime"], "2026-03-31T08:00:00Z");
    api.system.advance("2026-03-31T08:00:00Z").unwrap();
    assert_eq!(assignments(&api, &ann, "expired")[0]["expiredDateTime"], "2026-03-31T08:00:00Z");
    // It is over, so it is given anew.
    api.process(&id, &ann).did(&[(ASSIGNED, &[&ann, &sales.0])]);
}

#[test]
fn every_package_is_removed() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let (sales, board) = (api.package("Sales", false), api.package("Board", true));
    let workflows = ["leaver", "mover"].map(|category| api.workflow_of(category, REMOVE_ALL, &[]));
    let at_once = api.workflow_of("leaver", REMOVE_ALL, &[("daysUntilExpiration", "0")]);
    for id in workflows.iter().chain([&at_once]) {
        api.process(id, &ann).had_nothing_to_do("the user has no access package");
        api.assign(&sales, &ann).is(201);
        api.assign(&board, &ann).is(201);
        api.process(id, &ann)
            .was_foretold(
                "would end the assignment of the access package 'Sales', \
                 end the assignment of the access package 'Board'",
            )
            .did(&[(ENDED, &[&ann, &sales.0]), (ENDED, &[&ann, &board.0])]);
        assert!(assignments(&api, &ann, "delivered").is_empty());
    }
}

#[test]
fn packages_may_end_some_days_later() {
    let api = Api::new();
    let (ann, sales, board) =
        (api.somebody("ann", &[]), api.package("Sales", false), api.package("Board", false));
    let week = api.policy(&board.0, &json!({ "type": "afterDuration", "duration": "P7D" }), false);
    let board = (board.0, week);
    api.assign(&sales, &ann).is(201);
    api.assign(&board, &ann).is(201);
    let id = api.workflow_of("mover", REMOVE_ALL, &[("DaysUntilExpiration", "15")]);
    // One that ends earlier by itself is not prolonged.
    api.process(&id, &ann)
        .was_foretold("would let the assignment of the access package 'Sales' end at 2026-03-16T08:00:00Z")
        .did(&[(ENDED, &[&ann, &sales.0])]);
    let ends: Vec<Json> = assignments(&api, &ann, "delivered")
        .iter()
        .map(|one| one["schedule"]["expiration"]["endDateTime"].clone())
        .collect();
    assert_eq!(ends, ["2026-03-16T08:00:00Z", "2026-03-08T08:00:00Z"]);
    // The audit keeps the end that was set before.
    let shorter = api.workflow_of("mover", REMOVE_ALL, &[("DaysUntilExpiration", "10")]);
    api.process(&shorter, &ann).did(&[(ENDED, &[&ann, &sales.0])]);
    let entries =
        api.all(&format!("auditLogs/directoryAudits?$filter=activityDisplayName eq '{ENDED}'&$top=1"));
    assert_eq!(
        entries[0]["targetResources"][0]["modifiedProperties"],
        json!([{
            "displayName": "expiredDateTime", "oldValue": "\"2026-03-16T08:00:00Z\"",
            "newValue": "\"2026-03-11T08:00:00Z\"",
        }])
    );
    let nothing = "every access package of the user ends earlier by itself";
    api.process(&id, &ann).had_nothing_to_do(nothing);
    api.system.advance("2026-03-02T08:00:00Z").unwrap();
    api.process(&id, &ann).had_nothing_to_do(nothing);
    api.system.advance("2026-03-11T07:00:00Z").unwrap();
    assert_eq!(assignments(&api, &ann, "delivered").len(), 1);
    api.system.advance("2026-03-11T08:00:00Z").unwrap();
    assert!(assignments(&api, &ann, "delivered").is_empty());
}

#[test]
fn requests_that_wait_are_canceled() {
    let api = Api::new();
    let (ann, bob) = (api.somebody("ann", &[]), api.somebody("bob", &[]));
    let (sales, board, open) =
        (api.package("Sales", true), api.package("Board", true), api.package("Open", false));
    for id in ["leaver", "mover"].map(|category| api.workflow_of(category, CANCEL, &[])) {
        api.process(&id, &ann).had_nothing_to_do("no request of the user waits");
        for package in [&sales, &board] {
            assert_eq!(api.ask_for(package, &ann).is(201)["state"], "pendingApproval");
        }
        api.process(&id, &ann)
            .was_foretold(
                "would cancel the request for the access package 'Sales', \
                 cancel the request for the access package 'Board'",
            )
            .did(&[(CANCELED, &[&ann, &sales.0]), (CANCELED, &[&ann, &board.0])]);
        assert!(requests(&api, &ann).iter().all(|(_, state)| state == "canceled"));
        api.process(&id, &ann).had_nothing_to_do("no request of the user waits");
    }
    // What was delivered stays, and what others wait for.
    api.ask_for(&open, &ann).is(201);
    api.ask_for(&sales, &bob).is(201);
    api.process(&api.workflow_of("leaver", CANCEL, &[]), &ann)
        .had_nothing_to_do("no request of the user waits");
    assert_eq!(assignments(&api, &ann, "delivered").len(), 1);
    assert_eq!(requests(&api, &bob), [request("userAdd", "pendingApproval")]);
}

#[test]
fn who_waits_for_a_package_is_given_it() {
    let api = Api::new();
    let (ann, sales) = (api.somebody("ann", &[]), api.package("Sales", true));
    api.ask_for(&sales, &ann).is(201);
    let id = api.workflow_of("joiner", REQUEST, &named(&sales));
    api.process(&id, &ann).did(&[(ASSIGNED, &[&ann, &sales.0])]);
    assert_eq!(assignments(&api, &ann, "delivered").len(), 1);
}

#[test]
fn a_package_or_policy_that_is_gone_since_fails_the_task() {
    let api = Api::new();
    let (ann, sales, board) =
        (api.somebody("ann", &[]), api.package("Sales", false), api.package("Board", false));
    let second = api.policy(&sales.0, &json!({ "type": "noExpiration" }), false);
    let by_second = api.workflow_of("joiner", REQUEST, &named(&(sales.0.clone(), second.clone())));
    api.delete(&format!("{EM}/assignmentPolicies/{second}")).is(204);
    let ask = api.workflow_of("joiner", REQUEST, &named(&board));
    let remove = api.workflow_of("leaver", REMOVE, &[("accessPackageId", &board.0)]);
    api.delete(&format!("{EM}/accessPackages/{}", board.0)).is(204);
    for (id, said) in [
        (by_second, format!("the assignment policy {second} does not exist")),
        (ask, format!("the access package {} does not exist", board.0)),
        (remove, format!("the access package {} does not exist", board.0)),
    ] {
        api.process(&id, &ann).was_refused(&said);
        let failures = api.ask("POST", &format!("@/workflows/{id}/previewTaskFailures")).send().is(200);
        assert_eq!(failures["value"][0]["failureReason"], said);
    }
}

#[test]
fn a_policy_of_another_package_is_refused() {
    let api = Api::new();
    let (sales, board) = (api.package("Sales", false), api.package("Board", false));
    let mixed = (sales.0, board.1);
    let rule = "belongs to another access package than 'Sales'";
    api.arguments_refused("mover", REQUEST, &named(&mixed), rule);
}

#[test]
fn packages_have_to_be_named_and_to_be_there() {
    let api = Api::new();
    let (sales, board) = (api.package("Sales", false), api.package("Board", false));
    let (package, policy) = (sales.0.as_str(), sales.1.as_str());
    for (arguments, named) in [
        (vec![], "assignmentPolicyId"),
        (vec![("accessPackageId", package)], "assignmentPolicyId"),
        (vec![("assignmentPolicyId", policy)], "accessPackageId"),
        (vec![("assignmentPolicyId", policy), ("accessPackageId", "")], "accessPackageId"),
        (vec![("assignmentPolicyId", policy), ("accessPackageId", "Sales")], "'Sales' is none"),
        (vec![("assignmentPolicyId", policy), ("accessPackageId", NOBODY)], NOBODY),
        (vec![("assignmentPolicyId", NOBODY), ("accessPackageId", package)], NOBODY),
        (vec![("assignmentPolicyId", package), ("accessPackageId", package)], package),
    ] {
        api.arguments_refused("joiner", REQUEST, &arguments, named);
    }
    let two = format!("{package},{}", board.0);
    for (arguments, named) in [
        (vec![], "accessPackageId"),
        (vec![("accessPackageId", "x")], "'x' is none"),
        (vec![("accessPackageId", two.as_str())], "must be one access package"),
        (vec![("accessPackageId", NOBODY)], NOBODY),
        (vec![("assignmentPolicyId", policy), ("accessPackageId", package)], "assignmentPolicyId"),
    ] {
        api.arguments_refused("leaver", REMOVE, &arguments, named);
    }
    for days in ["x", "-1", "1.5", "3651", "99999999999999999999"] {
        api.arguments_refused("mover", REMOVE_ALL, &[("daysUntilExpiration", days)], "daysUntilExpiration");
    }
    api.workflow_of("leaver", REMOVE_ALL, &[("daysUntilExpiration", "")]);
    api.arguments_refused("leaver", REMOVE_ALL, &[("accessPackageId", package)], "accessPackageId");
    api.arguments_refused("leaver", CANCEL, &[("accessPackageId", package)], "accessPackageId");
}
