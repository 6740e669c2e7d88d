//! `/identityGovernance/entitlementManagement`: packages and policies, and what is refused

use serde_json::{Value as Json, json};

use crate::api::{Answer, Api, NOW};
use crate::dump::Dump;

pub(crate) const EM: &str = "identityGovernance/entitlementManagement";
pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

impl Api {
    /// Creates an access package with one policy and gives their ids.
    pub(crate) fn package(&self, name: &str, approval: bool) -> (String, String) {
        let package = self.post(&format!("{EM}/accessPackages"), &json!({ "displayName": name })).is(201);
        let package = package["id"].as_str().unwrap().to_owned();
        let policy = self.policy(&package, &json!({ "type": "noExpiration" }), approval);
        (package, policy)
    }

    /// Adds a policy to an access package and gives its id.
    pub(crate) fn policy(&self, package: &str, expiration: &Json, approval: bool) -> String {
        let body = json!({
            "displayName": "Policy", "accessPackage": { "id": package }, "expiration": expiration,
            "requestApprovalSettings": { "isApprovalRequiredForAdd": approval },
        });
        let policy = self.post(&format!("{EM}/assignmentPolicies"), &body).is(201);
        policy["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn request(&self, kind: &str, (package, policy): &(String, String), user: &str) -> Answer {
        let assignment =
            json!({ "targetId": user, "accessPackageId": package, "assignmentPolicyId": policy });
        let body = json!({ "requestType": kind, "assignment": assignment });
        self.post(&format!("{EM}/assignmentRequests"), &body)
    }

    /// Gives somebody a package.
    pub(crate) fn assign(&self, package: &(String, String), user: &str) -> Answer {
        self.request("adminAdd", package, user)
    }

    /// Asks for a package in somebody's name.
    pub(crate) fn ask_for(&self, package: &(String, String), user: &str) -> Answer {
        self.request("userAdd", package, user)
    }

    pub(crate) fn end(&self, kind: &str, assignment: &str) -> Answer {
        let body = json!({ "requestType": kind, "assignment": { "id": assignment } });
        self.post(&format!("{EM}/assignmentRequests"), &body)
    }

    /// The version of a person.
    pub(crate) fn version(&self, user: &str) -> i64 {
        self.system.user(user.parse().unwrap()).unwrap().version
    }

    /// What the audit says was done to something, newest first: what, by whom, to whom or what.
    pub(crate) fn told(&self, id: &str) -> Vec<(String, bool, Vec<String>)> {
        let filter = format!("targetResources/any(t:t/id eq '{id}')");
        let entries = self.all(&format!("auditLogs/directoryAudits?$filter={filter}"));
        let told = |entry: &Json| {
            let targets = entry["targetResources"].as_array().unwrap().iter();
            let by_tenure = entry["initiatedBy"]["app"]["displayName"] == "Tenure";
            (
                entry["activityDisplayName"].as_str().unwrap().to_owned(),
                by_tenure,
                targets.map(|target| target["id"].as_str().unwrap().to_owned()).collect(),
            )
        };
        entries.iter().map(told).collect()
    }
}

#[test]
fn a_package_is_created_got_changed_and_deleted() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        let list = format!("{base}/{EM}/accessPackages");
        let sent = json!({ "displayName": "Sales", "description": "d", "catalog": { "id": NOBODY } });
        let mut made = api.post(&list, &sent).is(201);
        let context = made.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
        assert!(context.as_str().unwrap().ends_with(&format!("#{EM}/accessPackages/$entity")));
        let id = made["id"].as_str().unwrap().to_owned();
        let expected = json!({
            "id": id, "displayName": "Sales", "description": "d", "isHidden": false, "createdDateTime": NOW,
            "modifiedDateTime": NOW,
        });
        assert_eq!(made, expected);
        assert_eq!(api.all(&list), [expected]);
        assert_eq!(api.get(&format!("{list}/$count?$filter=isHidden eq false")).is(200), "1");
        let path = format!("{list}/{id}");
        api.patch(&path, &json!({ "DisplayName": "Selling", "description": null, "isHidden": true })).is(204);
        let got = api.get(&format!("{path}?$select=displayName,description,isHidden")).is(200);
        assert_eq!(
            (&got["displayName"], &got["description"], &got["isHidden"]),
            (&json!("Selling"), &Json::Null, &json!(true))
        );
        assert!(got.get("id").is_none());
        let changed = api.told(&id);
        assert_eq!(changed[0].0, "Update access package");
        assert_eq!(changed[1].0, "Create access package");
        api.delete(&path).is(204);
        api.get(&path).refused(404, &id);
        api.delete(&path).refused(404, &id);
        assert!(api.all(&list).is_empty());
        assert_eq!(api.told(&id)[0].0, "Delete access package");
    }
}

#[test]
fn a_policy_says_how_long_and_whether_somebody_approves() {
    let api = Api::new();
    let (package, _) = api.package("Sales", false);
    let list = format!("{EM}/assignmentPolicies");
    let policy = api.policy(&package, &json!({ "type": "afterDuration", "duration": "P4W" }), true);
    let path = format!("{list}/{policy}");
    let got = api.get(&format!("{path}?$expand=accessPackage($select=id)")).is(200);
    assert_eq!(
        got["expiration"],
        json!({ "endDateTime": null, "duration": "P28D", "type": "afterDuration" })
    );
    assert_eq!(got["requestApprovalSettings"]["isApprovalRequiredForAdd"], true);
    assert_eq!(got["accessPackage"], json!({ "id": package }));
    let (other, _) = api.package("Other", false);
    for of_it in [
        format!("{list}?$filter=accessPackage/id eq '{package}'"),
        format!("{EM}/accessPackages/{package}/assignmentPolicies"),
        format!("{EM}/accessPackages/{package}/assignmentPolicies?$filter=displayName eq 'policy'&$top=1"),
    ] {
        assert_eq!(api.all(&of_it).len(), 2, "{of_it}");
    }
    assert_eq!(api.get(&format!("{EM}/accessPackages/{package}/assignmentPolicies/$count")).is(200), "2");
    let expanded = api.all(&format!(
        "{EM}/accessPackages?$expand=assignmentPolicies($select=id;$filter=id eq {policy})&$orderby=displayName"
    ));
    assert_eq!(expanded[0]["assignmentPolicies"], json!([]));
    assert_eq!(expanded[1]["assignmentPolicies"], json!([{ "id": policy }]));

    let patched = api.patch(&path, &json!({ "description": "d" })).is(200);
    assert_eq!((&patched["description"], &patched["expiration"]["duration"]), (&json!("d"), &json!("P28D")));
    let whole = json!({ "id": policy, "displayName": "For good", "accessPackage": { "id": package } });
    let put = api.ask("PUT", &path).json(&whole).send().is(200);
    assert_eq!((&put["displayName"], &put["description"]), (&json!("For good"), &Json::Null));
    assert_eq!(put["expiration"]["type"], "noExpiration");
    assert_eq!(put["requestApprovalSettings"]["isApprovalRequiredForAdd"], false);
    let told = api.told(&policy);
    assert_eq!(told[0].0, "Update access package assignment policy");
    assert_eq!(told[0].2, [package.clone(), policy.clone()]);

    let before = Dump::of(&api);
    for (body, named) in [
        (json!({}), "accessPackage/id"),
        (json!({ "accessPackage": { "id": package } }), "displayName"),
        (json!({ "displayName": "", "accessPackage": { "id": package } }), "displayName"),
        (json!({ "displayName": "x", "accessPackage": { "id": NOBODY } }), "accessPackage/id"),
        (json!({ "displayName": "x", "colour": 1 }), "colour"),
    ] {
        api.post(&list, &body).refused(400, named);
    }
    for (body, named) in [
        (json!({ "accessPackage": { "id": other } }), "accessPackage/id"),
        (json!({ "expiration": { "type": "afterDuration", "duration": "P4000D" } }), "expiration/duration"),
        (json!({ "expiration": { "type": "afterDuration", "duration": "P0D" } }), "expiration/duration"),
        (json!({ "expiration": { "type": "afterDuration", "duration": "P1M" } }), "expiration/duration"),
        (json!({ "expiration": { "type": "afterDateTime" } }), "expiration/type"),
        (json!({ "reviewSettings": { "isEnabled": true } }), "reviewSettings"),
    ] {
        api.patch(&path, &body).refused(400, named);
    }
    api.ask("PUT", &path).json(&json!({ "description": "x" })).send().refused(400, "displayName");
    api.get(&format!("{list}/nonsense")).refused(404, "nonsense");
    api.get(&format!("{EM}/accessPackages/{NOBODY}/assignmentPolicies")).refused(404, NOBODY);
    before.is_unchanged(&api, "a refused policy");
    api.delete(&path).is(204);
    api.get(&path).refused(404, &policy);
    api.delete(&format!("{EM}/accessPackages/{package}")).is(204);
    assert!(api.all(&format!("{list}?$filter=accessPackage/id eq '{package}'")).is_empty());
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let api = Api::new();
    let (ann, gone) = (api.person("ann", "IT", None, true), api.person("gone", "IT", None, true));
    let (sales, board) = (api.package("Sales", false), api.package("Board", false));
    api.assign(&sales, &ann).is(201);
    api.delete(&format!("users/{gone}")).is(204);
    let before = Dump::of(&api);
    let pair = |package: &str, policy: &str| (package.to_owned(), policy.to_owned());
    for (kind, package, user, named) in [
        ("adminAdd", &sales, ann.as_str(), "assignment/accessPackageId"),
        ("userAdd", &sales, &ann, "assignment/accessPackageId"),
        ("adminAdd", &sales, NOBODY, "assignment/targetId"),
        ("adminAdd", &sales, &gone, "assignment/targetId"),
        ("adminAdd", &sales, "nonsense", "assignment/targetId"),
        ("adminAdd", &pair(NOBODY, &sales.1), &ann, "assignment/accessPackageId"),
        ("adminAdd", &pair(&sales.0, NOBODY), &ann, "assignment/assignmentPolicyId"),
        ("adminAdd", &pair(&sales.0, &board.1), &ann, "assignment/assignmentPolicyId"),
        ("systemAdd", &sales, &ann, "requestType"),
    ] {
        api.request(kind, package, user).refused(400, named);
    }
    api.end("adminRemove", NOBODY).refused(400, "assignment/id");
    for (body, named) in [
        (json!({}), "displayName"),
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": "x", "description": "y".repeat(70_000) }), "description"),
        (json!({ "displayName": "x", "resourceRoleScopes": [] }), "resourceRoleScopes"),
    ] {
        api.post(&format!("{EM}/accessPackages"), &body).refused(400, named);
    }
    let package = format!("{EM}/accessPackages/{}", sales.0);
    api.patch(&package, &json!({ "displayName": "a\u{0}" })).refused(400, "displayName");
    api.patch(&package, &json!({ "displayName": "Sales" })).is(204);
    api.get(&format!("{EM}/assignments?$filter=colour eq 1")).refused(400, "colour");
    api.get(&format!("{EM}/assignments?$filter=state eq 'lost'")).refused(400, "state");
    api.get(&format!("{EM}/assignments?$expand=colour")).refused(400, "colour");
    api.get(&format!("{EM}/assignments/nonsense")).refused(404, "nonsense");
    api.delete(&format!("{EM}/assignments/{NOBODY}")).refused(405, "GET");
    before.is_unchanged(&api, "what was refused, or is as it was");
}
