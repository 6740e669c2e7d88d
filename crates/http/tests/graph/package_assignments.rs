//! `/identityGovernance/entitlementManagement`: who has which package, who waits for one, and when it ends

use serde_json::{Value as Json, json};

use crate::access_packages::{EM, NOBODY};
use crate::api::{Api, NOW, ids};
use crate::dump::Dump;

/// The one assignment that a filter leaves.
fn only(api: &Api, filter: &str) -> Json {
    let found = api.all(&format!("{EM}/assignments?$filter={filter}"));
    assert_eq!(found.len(), 1, "{filter}: {found:?}");
    found[0].clone()
}

#[test]
fn an_administrator_gives_a_package_and_takes_it_away() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let (sales, board) = (api.package("Sales", true), api.package("Board", false));
    let version = api.version(&ann);
    let made = api.assign(&sales, &ann).is(201);
    assert_eq!(
        (&made["requestType"], &made["state"], &made["status"], &made["completedDateTime"]),
        (&json!("adminAdd"), &json!("delivered"), &json!("Delivered"), &json!(NOW))
    );
    assert_eq!(api.version(&ann), version + 1);
    api.assign(&board, &ann).is(201);
    api.assign(&sales, &bob).is(201);

    let of_ann = format!("target/objectId eq '{ann}' and accessPackage/id eq '{}'", sales.0);
    let mut assignment = only(&api, &of_ann);
    let id = assignment["id"].as_str().unwrap().to_owned();
    assert_eq!(
        assignment.as_object_mut().unwrap().clone(),
        json!({
            "id": id, "state": "delivered", "status": "Delivered", "expiredDateTime": null, "schedule": {
                "startDateTime": NOW, "expiration": { "endDateTime": null, "duration": null, "type": "noExpiration" },
            },
        })
        .as_object()
        .unwrap()
        .clone()
    );
    for (filter, expected) in [
        (format!("accessPackage/id eq '{}'", sales.0), 2),
        (format!("target/objectId eq '{ann}'"), 2),
        (format!("target/objectid eq '{ann}' and state eq 'Delivered'"), 2),
        (format!("target/objectId eq '{NOBODY}'"), 0),
        (format!("accessPackage/id eq '{NOBODY}'"), 0),
        (format!("target/objectId ne '{ann}'"), 1),
        (format!("assignmentPolicy/id eq '{}' or target/id eq '{bob}'", board.1), 2),
        ("state eq 'delivered'".to_owned(), 3),
        ("state eq 'expired'".to_owned(), 0),
    ] {
        let found = api.all(&format!("{EM}/assignments?$filter={filter}&$top=1"));
        assert_eq!(found.len(), expected, "{filter}");
        let count = api.get(&format!("{EM}/assignments/$count?$filter={filter}")).is(200);
        assert_eq!(count, expected.to_string(), "{filter}");
    }
    let expand = "$expand=target($select=objectId,displayName),accessPackage($select=id),assignmentPolicy";
    for path in
        [format!("{EM}/assignments?$filter={of_ann}&{expand}"), format!("{EM}/assignments/{id}?{expand}")]
    {
        let got = api.get(&path).is(200);
        let got = if got["value"].is_array() { &got["value"][0] } else { &got };
        assert_eq!(got["target"], json!({ "objectId": ann, "displayName": "ann" }), "{path}");
        assert_eq!(got["accessPackage"], json!({ "id": sales.0 }));
        assert_eq!(got["assignmentPolicy"]["id"], json!(sales.1));
    }

    let full = api.get(&format!("{EM}/assignments/{id}?{expand}&$format=json;odata.metadata=full")).is(200);
    assert_eq!(full["@odata.type"], "#microsoft.graph.accessPackageAssignment");
    assert_eq!(full["@odata.id"], format!("http://localhost/v1.0/{EM}/assignments('{id}')"));
    assert_eq!(full["accessPackage"]["@odata.type"], "#microsoft.graph.accessPackage");

    api.delete(&format!("{EM}/accessPackages/{}", sales.0)).refused(409, "somebody has an assignment");
    api.delete(&format!("{EM}/assignmentPolicies/{}", sales.1)).refused(409, "somebody has an assignment");
    let version = api.version(&ann);
    let removed = api.end("adminRemove", &id).is(201);
    assert_eq!((&removed["requestType"], &removed["state"]), (&json!("adminRemove"), &json!("delivered")));
    assert_eq!(api.version(&ann), version + 1);
    let ended = api.get(&format!("{EM}/assignments/{id}")).is(200);
    assert_eq!(
        (&ended["state"], &ended["status"], &ended["expiredDateTime"]),
        (&json!("expired"), &json!("Expired"), &json!(NOW))
    );
    let of_bob = only(&api, &format!("target/objectId eq '{bob}'"));
    assert_eq!(api.end("userRemove", of_bob["id"].as_str().unwrap()).is(201)["requestType"], "userRemove");
    api.end("adminRemove", &id).refused(400, "assignment/id");
    // Nobody has it any more, so it can be given again, and then it cannot be deleted.
    api.assign(&sales, &ann).is(201);
    api.delete(&format!("{EM}/accessPackages/{}", sales.0)).refused(409, "somebody has an assignment");
    let told = api.told(&ann);
    let names: Vec<&str> = told.iter().map(|(name, ..)| name.as_str()).take(3).collect();
    let given = "Administrator directly assigns user to access package";
    assert_eq!(names, [given, "Remove user access package assignment", given]);
    assert_eq!(told[0].2, [ann.clone(), sales.0.clone()]);
    assert!(!told[1].1, "somebody with a token");
}

#[test]
fn who_asks_may_have_to_wait_and_may_think_better_of_it() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let (open, guarded) = (api.package("Open", false), api.package("Guarded", true));
    assert_eq!(api.ask_for(&open, &ann).is(201)["state"], "delivered");
    let version = api.version(&ann);
    let asked = api.ask_for(&guarded, &ann).is(201);
    assert_eq!(
        (&asked["state"], &asked["status"], &asked["completedDateTime"]),
        (&json!("pendingApproval"), &json!("PendingApproval"), &Json::Null)
    );
    assert_eq!(api.version(&ann), version + 1);
    let id = asked["id"].as_str().unwrap();
    let path = format!("{EM}/assignmentRequests/{id}");
    assert!(api.all(&format!("{EM}/assignments?$filter=accessPackage/id eq '{}'", guarded.0)).is_empty());
    api.ask_for(&guarded, &ann).refused(400, "assignment/accessPackageId");
    api.delete(&format!("{EM}/accessPackages/{}", guarded.0)).refused(409, "waits for approval");
    api.delete(&format!("{EM}/assignmentPolicies/{}", guarded.1)).refused(409, "waits for approval");
    api.ask_for(&guarded, &bob).is(201);

    let waiting = format!(
        "{EM}/assignmentRequests?$filter=state eq 'pendingApproval' and requestor/objectId eq '{ann}'"
    );
    assert_eq!(ids(&api.all(&waiting)), [id]);
    let expand =
        "$expand=requestor,accessPackage($select=displayName),assignment($expand=target($select=id))";
    let got = api.get(&format!("{path}?{expand}")).is(200);
    assert_eq!(got["requestor"]["principalName"], "ann@example.com");
    assert_eq!(got["accessPackage"], json!({ "displayName": "Guarded" }));
    assert_eq!(got["assignment"], Json::Null);
    let all = api.all(&format!("{EM}/assignmentRequests?{expand}&$filter=requestType eq 'userAdd'"));
    assert_eq!(all.len(), 3);
    assert_eq!(all[0]["assignment"]["target"], json!({ "id": ann }));
    for (filter, expected) in [
        (format!("accessPackage/id eq '{}'", guarded.0), "2"),
        ("state eq 'submitted'".to_owned(), "0"),
        ("requestType eq 'systemRemove' or state eq 'delivered'".to_owned(), "1"),
    ] {
        assert_eq!(
            api.get(&format!("{EM}/assignmentRequests/$count?$filter={filter}")).is(200),
            expected,
            "{filter}"
        );
    }

    let version = api.version(&ann);
    api.ask("POST", &format!("{path}/cancel")).send().is(204);
    assert_eq!(api.version(&ann), version + 1);
    let canceled = api.get(&path).is(200);
    assert_eq!((&canceled["state"], &canceled["completedDateTime"]), (&json!("canceled"), &json!(NOW)));
    let before = Dump::of(&api);
    api.ask("POST", &format!("{path}/cancel")).send().refused(409, id);
    api.ask("POST", &format!("{EM}/assignmentRequests/{NOBODY}/cancel")).send().refused(404, NOBODY);
    before.is_unchanged(&api, "a refused cancel");
    let told = api.told(&ann);
    assert_eq!(told[0].0, "Cancel access package assignment request");
    assert_eq!(told[1].0, "User requests access package assignment");
    assert_eq!(told[1].2, [ann.clone(), guarded.0.clone()]);
    // An administrator need not wait.
    api.assign(&guarded, &ann).is(201);
    api.ask_for(&guarded, &ann).refused(400, "assignment/accessPackageId");
}

#[test]
fn an_assignment_ends_by_itself_when_its_time_comes() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let (package, policy) = api.package("Sales", false);
    let month = api.policy(&package, &json!({ "type": "afterDuration", "duration": "P30D" }), false);
    api.assign(&(package.clone(), month.clone()), &ann).is(201);
    let filter = format!("target/objectId eq '{ann}'");
    let assignment = only(&api, &filter);
    assert_eq!(
        assignment["schedule"]["expiration"],
        json!({ "endDateTime": "2026-03-31T08:00:00Z", "duration": null, "type": "afterDateTime" })
    );
    // Another rule holds for what is assigned from now on, not for what is.
    api.patch(
        &format!("{EM}/assignmentPolicies/{month}"),
        &json!({ "expiration": { "type": "noExpiration" } }),
    )
    .is(200);
    let version = api.version(&ann);
    api.system.advance("2026-03-31T07:59:59Z").unwrap();
    assert_eq!(only(&api, &filter)["state"], "delivered");
    assert_eq!(api.version(&ann), version);
    // Far beyond: it ends at its own time, and the audit says so.
    api.system.advance("2026-06-01T00:00:00Z").unwrap();
    let ended = only(&api, &filter);
    assert_eq!(
        (&ended["state"], &ended["expiredDateTime"]),
        (&json!("expired"), &json!("2026-03-31T08:00:00Z"))
    );
    assert_eq!(api.version(&ann), version + 1);
    let entries =
        api.all(&format!("auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '{package}')"));
    assert_eq!(entries[0]["activityDisplayName"], "Remove user access package assignment");
    assert_eq!(entries[0]["activityDateTime"], "2026-03-31T08:00:00Z");
    assert_eq!(entries[0]["initiatedBy"]["app"]["displayName"], "Tenure");
    assert_eq!(entries[0]["targetResources"][0]["id"], json!(ann));
    api.assign(&(package, policy), &ann).is(201);
}

#[test]
fn many_assignments_end_in_bounded_steps() {
    let api = Api::new();
    let (package, _) = api.package("Sales", false);
    let day = api.policy(&package, &json!({ "type": "afterDuration", "duration": "P1D" }), false);
    let people = api.system.people(1_101).unwrap();
    for person in &people {
        let body = json!({ "requestType": "adminAdd", "assignment": {
            "targetId": person.to_string(), "accessPackageId": package, "assignmentPolicyId": day,
        } });
        api.ask("POST", &format!("{EM}/assignmentRequests")).json(&body).send().is(201);
    }
    api.system.advance("2026-03-02T08:00:00Z").unwrap();
    assert_eq!(api.get(&format!("{EM}/assignments/$count?$filter=state eq 'expired'")).is(200), "1101");
}

#[test]
fn who_is_deleted_for_good_has_nothing_and_waits_for_nothing() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let (sales, board) = (api.package("Sales", false), api.package("Board", true));
    api.assign(&sales, &ann).is(201);
    let asked = api.ask_for(&board, &ann).is(201)["id"].as_str().unwrap().to_owned();
    let filter = format!("target/objectId eq '{ann}'");
    api.delete(&format!("users/{ann}")).is(204);
    // Whoever may come back has what they had.
    assert_eq!(only(&api, &filter)["state"], "delivered");
    api.delete(&format!("directory/deletedItems/{ann}")).is(204);
    let ended = only(&api, &format!("{filter}&$expand=target"));
    assert_eq!(ended["state"], "expired");
    assert_eq!((&ended["target"]["id"], &ended["target"]["displayName"]), (&json!(ann), &Json::Null));
    let request = api.get(&format!("{EM}/assignmentRequests/{asked}")).is(200);
    assert_eq!(request["state"], "canceled");
    for (package, _) in [&sales, &board] {
        api.delete(&format!("{EM}/accessPackages/{package}")).is(204);
    }
    let names: Vec<String> = api.told(&ann).into_iter().take(3).map(|(name, ..)| name).collect();
    assert_eq!(
        names,
        [
            "Hard Delete user",
            "Cancel access package assignment request",
            "Remove user access package assignment"
        ]
    );
}
