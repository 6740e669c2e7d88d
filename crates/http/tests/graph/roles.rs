//! `/roleManagement/directory`: who holds which role

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::dump::Dump;

const LIST: &str = "roleManagement/directory/roleAssignments";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const USERS: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const UNNAMED: &str = "c2cf284d-6c41-4e6b-afac-4b80928c9034";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

fn body(principal: &str, role: &str) -> Json {
    json!({
        "@odata.type": "#microsoft.graph.unifiedRoleAssignment", "principalId": principal, "roleDefinitionId": role,
        "directoryScopeId": "/",
    })
}

fn version(api: &Api, user: &str) -> i64 {
    api.system.user(user.parse().unwrap()).unwrap().version
}

#[test]
fn a_role_is_given_found_and_taken() {
    let api = Api::new();
    for (base, place) in [("/v1.0", 1), ("/beta", 2)] {
        let ann = api.person(&format!("ann{place}"), "IT", None, true);
        let bob = api.person(&format!("bob{place}"), "IT", None, true);
        let list = format!("{base}/{LIST}");
        let before = version(&api, &ann);
        let mut made = api.post(&list, &body(&ann, GLOBAL)).is(201);
        let context = made.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
        assert!(context.as_str().unwrap().ends_with(&format!("#{LIST}/$entity")));
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!(
            made,
            json!({
                "id": id, "principalId": ann, "roleDefinitionId": GLOBAL, "directoryScopeId": "/", "appScopeId": null,
            })
        );
        assert_eq!(version(&api, &ann), before + 1);
        let second = api.post(&list, &body(&ann, UNNAMED)).is(201)["id"].as_str().unwrap().to_owned();
        let third = api.post(&list, &body(&bob, GLOBAL)).is(201)["id"].as_str().unwrap().to_owned();
        for (filter, expected) in [
            (format!("principalId eq '{ann}'"), vec![&id, &second]),
            (format!("roleDefinitionId eq '{GLOBAL}'"), vec![&id, &third]),
            (format!("principalId eq '{bob}' and roleDefinitionId eq '{GLOBAL}'"), vec![&third]),
            (format!("principalId eq '{NOBODY}'"), vec![]),
            ("directoryScopeId eq '/'".to_owned(), vec![&id, &second, &third]),
        ] {
            let found = api.all(&format!("{list}?$filter={filter}&$top=1"));
            assert_eq!(ids(&found), expected, "{filter}");
            let count = api.get(&format!("{list}/$count?$filter={filter}")).is(200);
            assert_eq!(count, expected.len().to_string(), "{filter}");
        }
        api.delete(&format!("{list}/{id}")).is(204);
        assert_eq!(version(&api, &ann), before + 3);
        api.get(&format!("{list}/{id}")).refused(404, &id);
        api.delete(&format!("{list}/{id}")).refused(404, &id);
        let entries =
            api.all(&format!("auditLogs/directoryAudits?$filter=category eq 'RoleManagement' and targetResources/any(t:t/id eq '{ann}')"));
        let names: Vec<&str> =
            entries.iter().map(|entry| entry["activityDisplayName"].as_str().unwrap()).collect();
        assert_eq!(names, ["Remove member from role", "Add member to role", "Add member to role"]);
        assert_eq!(
            entries[0]["targetResources"][0]["modifiedProperties"],
            json!([{ "displayName": "Role.TemplateId", "oldValue": format!("\"{GLOBAL}\""), "newValue": null }])
        );
        api.delete(&format!("{list}/{second}")).is(204);
        api.delete(&format!("{list}/{third}")).is(204);
    }
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let api = Api::new();
    let (ann, gone) = (api.person("ann", "IT", None, true), api.person("gone", "IT", None, true));
    api.post(LIST, &body(&ann, USERS)).is(201);
    api.delete(&format!("users/{gone}")).is(204);
    let before = Dump::of(&api);
    let with = |name: &str, value: Json| {
        let mut body = body(&ann, GLOBAL);
        body[name] = value;
        body
    };
    for (body, named) in [
        (body(&ann, USERS), "roleDefinitionId"),
        (body(&ann, "nonsense"), "roleDefinitionId"),
        (body(NOBODY, GLOBAL), "principalId"),
        (body(&gone, GLOBAL), "principalId"),
        (json!({ "roleDefinitionId": GLOBAL, "directoryScopeId": "/" }), "principalId"),
        (json!({ "principalId": ann, "directoryScopeId": "/" }), "roleDefinitionId"),
        (json!({ "principalId": ann, "roleDefinitionId": GLOBAL }), "directoryScopeId"),
        (with("directoryScopeId", json!("/administrativeUnits/x")), "directoryScopeId"),
        (with("appScopeId", json!("/")), "appScopeId"),
        (with("condition", json!("x")), "condition"),
        (with("colour", json!(1)), "colour"),
    ] {
        api.post(LIST, &body).refused(400, named);
    }
    api.get(&format!("{LIST}/nonsense")).refused(404, "nonsense");
    api.get(&format!("{LIST}?$filter=colour eq 1")).refused(400, "colour");
    api.patch(&format!("{LIST}/{NOBODY}"), &json!({})).refused(405, "DELETE");
    before.is_unchanged(&api, "a refused role");
}

#[test]
fn roles_are_known_by_name() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        let list = format!("{base}/roleManagement/directory/roleDefinitions");
        let all = api.all(&list);
        assert_eq!(all.len(), 6);
        assert_eq!(api.get(&format!("{list}/$count")).is(200), "6");
        let found = api.all(&format!("{list}?$filter=displayName eq 'Helpdesk Administrator'"));
        assert_eq!(ids(&found), ["729827e3-9c14-49f7-bb1b-9608f156bbb8"]);
        let one = api.get(&format!("{list}/{GLOBAL}")).is(200);
        assert_eq!(
            (&one["displayName"], &one["templateId"], &one["isBuiltIn"]),
            (&json!("Global Administrator"), &json!(GLOBAL), &json!(true))
        );
        api.get(&format!("{list}/{UNNAMED}")).refused(404, UNNAMED);
    }
}

#[test]
fn who_is_deleted_holds_no_role_and_who_comes_back_does() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let id = api.post(LIST, &body(&ann, GLOBAL)).is(201)["id"].as_str().unwrap().to_owned();
    api.delete(&format!("users/{ann}")).is(204);
    assert!(api.all(LIST).is_empty());
    assert!(api.all(&format!("{LIST}?$filter=principalId eq '{ann}'")).is_empty());
    api.get(&format!("{LIST}/{id}")).refused(404, &id);
    api.delete(&format!("{LIST}/{id}")).refused(404, &id);
    api.post(&format!("directory/deletedItems/{ann}/restore"), &json!({})).is(200);
    assert_eq!(ids(&api.all(LIST)), [&id]);
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("directory/deletedItems/{ann}")).is(204);
    assert_eq!(Dump::of(&api).rows("role_assignments"), 0);
}
