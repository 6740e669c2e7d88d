//! "Enable", "Disable" and "Delete user account".

use serde_json::{Value as Json, json};

use super::world::{link, task, workflow};
use crate::api::{Api, ids};
use crate::company::ENABLE;

pub(super) const DISABLE: &str = "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950";
pub(super) const DELETE: &str = "8d18588d-9ad3-4c0f-99d0-ec215f0e3dff";

/// The tasks, the argument that extends each to a synced account, and the categories it fits.
const ALL: [(&str, &str, &[&str]); 3] = [
    (ENABLE, "enableOnPremisesAccount", &["joiner", "leaver"]),
    (DISABLE, "disableOnPremisesAccount", &["joiner", "leaver"]),
    (DELETE, "deleteOnPremisesAccount", &["leaver"]),
];

#[test]
fn an_account_is_enabled_and_disabled() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let is_enabled = || api.property(&ann, "accountEnabled");
    for category in ["joiner", "leaver"] {
        let enable = api.workflow_of(category, ENABLE, &[]);
        let disable = api.workflow_of(category, DISABLE, &[]);
        assert_eq!(is_enabled(), false);
        api.process(&enable, &ann).was_foretold("would enable the account").did(&[("Update user", &[&ann])]);
        assert_eq!(is_enabled(), true);
        api.process(&enable, &ann).had_nothing_to_do("the account is already enabled");
        api.process(&disable, &ann)
            .was_foretold("would disable the account")
            .did(&[("Update user", &[&ann])]);
        assert_eq!(is_enabled(), false);
        api.process(&disable, &ann).had_nothing_to_do("the account is already disabled");
    }
    let entry = api.all("auditLogs/directoryAudits?$filter=activityDisplayName eq 'Update user'").remove(0);
    assert_eq!(
        entry["targetResources"][0]["modifiedProperties"],
        json!([{ "displayName": "accountEnabled", "oldValue": "true", "newValue": "false" }])
    );
}

#[test]
fn an_account_of_which_nobody_said_whether_it_is_enabled_is_enabled() {
    let api = Api::new();
    let ann = api.somebody("ann", &[("accountEnabled", Json::Null)]);
    for (definition, enabled) in [(ENABLE, true), (DISABLE, false)] {
        api.set(&ann, &[("accountEnabled", Json::Null)]);
        api.process(&api.workflow_of("leaver", definition, &[]), &ann).did(&[("Update user", &[&ann])]);
        assert_eq!(api.property(&ann, "accountEnabled"), enabled);
    }
}

#[test]
fn an_account_is_deleted_and_can_be_restored() {
    let api = Api::new();
    let (ann, boss) = (api.somebody("ann", &[]), api.somebody("boss", &[]));
    let staff = api.group("Staff");
    api.manages(&boss, &ann);
    api.join(&staff, &ann);
    let delete = api.workflow_of("leaver", DELETE, &[]);
    let told: [(&str, &[&str]); 2] =
        [("Remove member from group", &[&ann, &staff]), ("Delete user", &[&ann])];
    api.process(&delete, &ann).was_foretold("would delete the user").did(&told);
    api.get(&format!("users/{ann}")).refused(404, &ann);
    assert_eq!(ids(&api.all("users")), [&boss]);
    assert!(api.all(&format!("groups/{staff}/members")).is_empty());
    let deleted = api.get(&format!("directory/deletedItems/{ann}?$select=id,deletedDateTime")).is(200);
    assert_eq!(deleted["deletedDateTime"], crate::api::NOW);
    let subjects = json!({ "subjects": [{ "id": ann }] });
    api.post(&format!("@/workflows/{delete}/activate"), &subjects).refused(400, &ann);
    api.ask("POST", &format!("directory/deletedItems/{ann}/restore")).send().is(200);
    assert_eq!(api.ids_below(&ann, "memberOf"), std::slice::from_ref(&staff));
    assert_eq!(api.get(&format!("users/{ann}/manager")).is(200)["id"], json!(boss));
    // Nobody is there to restore after 30 days.
    api.run_for(&delete, &ann).did(&told);
    api.system.advance("2026-03-31T07:59:59Z").unwrap();
    api.get(&format!("directory/deletedItems/{ann}")).is(200);
    api.system.advance("2026-03-31T09:00:00Z").unwrap();
    api.get(&format!("directory/deletedItems/{ann}")).refused(404, &ann);
}

#[test]
fn nothing_is_done_to_somebody_whom_an_earlier_task_deleted() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let mut tasks = vec![task(DELETE, &[]), task(DISABLE, &[]), task(DELETE, &[])];
    tasks[1]["continueOnError"] = json!(true);
    let came = api.process(&api.workflow(&workflow("leaver", tasks)), &ann);
    assert_eq!(came.status, "failed");
    let said: Vec<&Json> = came.tasks.iter().map(|task| &task["failureReason"]).collect();
    let gone = json!("the user was deleted by an earlier task");
    assert_eq!(said, [&Json::Null, &gone, &gone]);
    came.told(&[("Delete user", &[&ann])]);
}

#[test]
fn an_account_that_is_for_administrators_to_handle_is_left_alone() {
    let api = Api::new();
    let admins = api.group_with("Admins", &[("isAssignableToRole", json!(true))]);
    let role = json!({
        "roleDefinitionId": "fe930be7-5e62-47db-91af-98c3a49a38b1", "directoryScopeId": "/",
    });
    for (place, (definition, _, categories)) in ALL.into_iter().enumerate() {
        let id = api.workflow_of(categories[0], definition, &[]);
        let enabled = json!(definition != ENABLE);
        let someone =
            |name: &str| api.somebody(&format!("{name}{place}"), &[("accountEnabled", enabled.clone())]);
        let (holder, member) = (someone("holder"), someone("member"));
        let held = api
            .post(
                "roleManagement/directory/roleAssignments",
                &crate::company::with(role.clone(), "principalId", json!(holder)),
            )
            .is(201);
        api.join(&admins, &member);
        api.process(&id, &holder).was_refused("the user holds a directory role");
        api.process(&id, &member).was_refused("the user is a member of the role-assignable group 'Admins'");
        assert_eq!(api.property(&holder, "accountEnabled"), enabled);
        // They are like everybody else once that is over.
        api.delete(&format!("roleManagement/directory/roleAssignments/{}", held["id"].as_str().unwrap()))
            .is(204);
        api.delete(&format!("groups/{admins}/members/{member}/$ref")).is(204);
        for user in [&holder, &member] {
            let what = if definition == DELETE { "Delete user" } else { "Update user" };
            api.process(&id, user).did(&[(what, &[user])]);
        }
    }
}

#[test]
fn an_account_of_another_directory_is_left_alone() {
    let api = Api::new();
    for (definition, flag, categories) in ALL {
        let name = &flag[..6];
        let synced =
            [("onPremisesSyncEnabled", json!(true)), ("accountEnabled", json!(definition != ENABLE))];
        let user = api.somebody(name, &synced);
        for (arguments, reason) in [
            (
                vec![],
                format!(
                    "the account is synced from another directory; set {flag} to true to change it there"
                ),
            ),
            (
                vec![(flag, "false")],
                format!(
                    "the account is synced from another directory; set {flag} to true to change it there"
                ),
            ),
            (
                vec![(flag, "True")],
                "the account is synced from another directory, and no connection to that directory is set up"
                    .to_owned(),
            ),
        ] {
            let id = api.workflow_of(categories[0], definition, &arguments);
            api.process(&id, &user).was_refused(&reason);
        }
        // The argument is about synced accounts only.
        api.set(&user, &[("onPremisesSyncEnabled", json!(false))]);
        let id = api.workflow_of(categories[0], definition, &[(flag, "true")]);
        let what = if definition == DELETE { "Delete user" } else { "Update user" };
        api.process(&id, &user).did(&[(what, &[&user])]);
    }
}

#[test]
fn the_argument_is_true_or_false() {
    let api = Api::new();
    for (definition, flag, categories) in ALL {
        api.arguments_refused(categories[0], definition, &[(flag, "maybe")], flag);
        api.arguments_refused(categories[0], definition, &[(flag, "true"), (flag, "true")], "twice");
        api.workflow_of(categories[0], definition, &[(&flag.to_uppercase(), "")]);
    }
}

#[test]
fn a_manager_is_written_to_about_somebody_who_was_deleted() {
    let api = Api::new();
    let (ann, boss) = (api.somebody("ann", &[]), api.somebody("boss", &[]));
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&link(&boss)).send().is(204);
    let tasks = vec![task(DELETE, &[]), task("6f22ddd4-b3a5-47a4-a846-0d7c201a49ce", &[])];
    let came = api.process(&api.workflow(&workflow("leaver", tasks)), &ann);
    assert_eq!(came.status, "completed");
    came.told(&[("Delete user", &[&ann]), ("Send mail", &[&ann])]);
    assert_eq!(api.system.deliveries.mails()[0].to.address, "boss@example.com");
}
