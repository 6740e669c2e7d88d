//! "Add user to groups", "Remove user from selected groups" and "Remove user from all groups".

use serde_json::{Value as Json, json};

use super::world::{NOBODY, task, workflow};
use crate::api::Api;
use crate::company::ADD_TO_GROUPS as ADD;

pub(super) const REMOVE: &str = "1953a66c-751c-45e5-8bfe-01462c70da3c";
pub(super) const REMOVE_ALL: &str = "b3a31406-2a15-4c9a-b25b-a658fa5f07fc";
const ADDED: &str = "Add member to group";
const REMOVED: &str = "Remove member from group";

/// A group's name, some of its properties, and what is said of it.
type Kind = (&'static str, Vec<(&'static str, Json)>, &'static str);

/// Kinds of groups that no task may change.
fn kinds() -> [Kind; 7] {
    let (yes, no) = (json!(true), json!(false));
    let dynamic = vec![
        ("groupTypes", json!(["DynamicMembership"])),
        ("membershipRule", json!("user.department -eq \"IT\"")),
    ];
    [
        ("Mail", vec![("mailEnabled", yes.clone())], "is mail-enabled"),
        ("List", vec![("mailEnabled", yes.clone()), ("securityEnabled", no)], "is mail-enabled"),
        ("Dynamic", dynamic, "has dynamic membership"),
        ("Room", vec![("groupTypes", json!(["Unified", "DynamicMembership"]))], "has dynamic membership"),
        ("Role", vec![("isAssignableToRole", yes.clone())], "is role-assignable"),
        ("Synced", vec![("onPremisesSyncEnabled", yes.clone())], "is synced from another directory"),
        ("Guarded", vec![("@tenure.protected", yes)], "is protected"),
    ]
}

/// A group of every kind that tasks may change.
fn usable(api: &Api) -> [String; 2] {
    let unified =
        [("mailEnabled", json!(true)), ("securityEnabled", json!(false)), ("groupTypes", json!(["Unified"]))];
    [api.group("Staff"), api.group_with("Crew", &unified)]
}

#[test]
fn somebody_is_put_into_groups_and_taken_out_of_them() {
    let api = Api::new();
    let (ann, [staff, crew]) = (api.somebody("ann", &[]), usable(&api));
    // Separated as examples of Graph have it; one that is named twice counts once.
    let both = format!("{staff}, {crew} ,{}", staff.to_uppercase());
    for category in ["joiner", "mover", "leaver"] {
        let add = api.workflow_of(category, ADD, &[("groupID", &both)]);
        let remove = api.workflow_of(category, REMOVE, &[("GROUPID", &both)]);
        api.process(&add, &ann)
            .was_foretold("would add the user to the group 'Staff', add the user to the group 'Crew'")
            .did(&[(ADDED, &[&ann, &staff]), (ADDED, &[&ann, &crew])]);
        assert_eq!(api.ids_below(&ann, "memberOf"), [staff.clone(), crew.clone()]);
        api.process(&add, &ann).had_nothing_to_do("the user is already a member");
        api.process(&remove, &ann)
            .was_foretold(
                "would remove the user from the group 'Staff', remove the user from the group 'Crew'",
            )
            .did(&[(REMOVED, &[&ann, &staff]), (REMOVED, &[&ann, &crew])]);
        assert!(api.ids_below(&ann, "memberOf").is_empty());
        api.process(&remove, &ann).had_nothing_to_do("the user is not a member");
    }
}

#[test]
fn only_what_is_missing_is_added_and_only_what_is_there_removed() {
    let api = Api::new();
    let (ann, [staff, crew]) = (api.somebody("ann", &[]), usable(&api));
    let both = format!("{staff},{crew}");
    let add = api.workflow_of("joiner", ADD, &[("groupID", &both)]);
    let remove = api.workflow_of("joiner", REMOVE, &[("groupID", &both)]);
    api.join(&crew, &ann);
    api.process(&add, &ann).did(&[(ADDED, &[&ann, &staff])]);
    api.delete(&format!("groups/{staff}/members/{ann}/$ref")).is(204);
    api.process(&remove, &ann).did(&[(REMOVED, &[&ann, &crew])]);
}

#[test]
fn groups_that_no_task_may_change_are_left_as_they_are() {
    let api = Api::new();
    let [staff, _] = usable(&api);
    for (name, properties, reason) in kinds() {
        let (out, within) =
            (api.somebody(&format!("out{name}"), &[]), api.somebody(&format!("in{name}"), &[]));
        let group = api.group_with(name, &properties);
        api.join(&group, &within);
        api.join(&staff, &within);
        // One of two is enough: nothing is done by half.
        let both = format!("{staff},{group}");
        let (add, remove) = (
            api.workflow_of("leaver", ADD, &[("groupID", &both)]),
            api.workflow_of("leaver", REMOVE, &[("groupID", &both)]),
        );
        let said = format!("the group '{name}' {reason}");
        api.process(&add, &out).was_refused(&said);
        api.process(&remove, &within).was_refused(&said);
        // As it would fail for everybody, that is known beforehand.
        for id in [&add, &remove] {
            let failures = api.ask("POST", &format!("@/workflows/{id}/previewTaskFailures")).send().is(200);
            assert_eq!(failures["value"][0]["failureReason"], said);
        }
    }
}

#[test]
fn a_group_that_is_gone_since_fails_the_task() {
    let api = Api::new();
    let (ann, [staff, _]) = (api.somebody("ann", &[]), usable(&api));
    api.join(&staff, &ann);
    let ids = [ADD, REMOVE].map(|definition| api.workflow_of("joiner", definition, &[("groupID", &staff)]));
    api.delete(&format!("groups/{staff}")).is(204);
    for id in ids {
        api.process(&id, &ann).was_refused(&format!("the group {staff} does not exist"));
    }
}

#[test]
fn somebody_leaves_every_group_that_can_be_left() {
    let api = Api::new();
    let (ann, [staff, crew]) = (api.somebody("ann", &[]), usable(&api));
    let id = api.workflow_of("leaver", REMOVE_ALL, &[]);
    api.process(&id, &ann).had_nothing_to_do("the user is in no group");
    api.join(&staff, &ann);
    api.join(&crew, &ann);
    api.process(&id, &ann)
        .was_foretold("would remove the user from the group 'Staff', remove the user from the group 'Crew'")
        .did(&[(REMOVED, &[&ann, &staff]), (REMOVED, &[&ann, &crew])]);
    assert!(api.ids_below(&ann, "memberOf").is_empty());
    api.process(&id, &ann).had_nothing_to_do("the user is in no group");
}

#[test]
fn groups_that_cannot_be_left_are_passed_over_and_told() {
    let api = Api::new();
    let (ann, [staff, _]) = (api.somebody("ann", &[]), usable(&api));
    let id = api.workflow_of("leaver", REMOVE_ALL, &[]);
    let mut told = vec![];
    let mut kept = vec![];
    for (name, properties, reason) in kinds() {
        if name != "Guarded" {
            let group = api.group_with(name, &properties);
            api.join(&group, &ann);
            kept.push(group);
            told.push(format!("'{name}' {reason}"));
        }
    }
    let passed_over = format!("passed over: {}", told.join("; "));
    api.process(&id, &ann).had_nothing_to_do(&passed_over);
    api.join(&staff, &ann);
    api.process(&id, &ann).did_saying(&[(REMOVED, &[&ann, &staff])], &json!(passed_over));
    assert_eq!(api.ids_below(&ann, "memberOf"), kept);
}

#[test]
fn who_stays_in_a_protected_group_has_not_left_all_groups() {
    let api = Api::new();
    let (ann, [staff, _]) = (api.somebody("ann", &[]), usable(&api));
    let guarded = api.group_with("Guarded", &[("@tenure.protected", json!(true))]);
    api.join(&guarded, &ann);
    api.join(&staff, &ann);
    let id = api.workflow_of("leaver", REMOVE_ALL, &[]);
    let came = api.run_for(&id, &ann).told(&[(REMOVED, &[&ann, &staff])]);
    assert_eq!(came.status, "failed");
    assert_eq!(came.tasks[0]["failureReason"], "the user is still in protected groups: Guarded");
    api.process(&id, &ann).was_refused("the user is still in protected groups: Guarded");
    assert_eq!(api.ids_below(&ann, "memberOf"), [guarded.as_str()]);
    // What was passed over is said beside it.
    let admins = api.group_with("Admins", &[("isAssignableToRole", json!(true))]);
    api.join(&admins, &ann);
    api.process(&id, &ann).was_refused(
        "the user is still in protected groups: Guarded; passed over: 'Admins' is role-assignable",
    );
}

#[test]
fn later_tasks_see_what_earlier_ones_did() {
    let api = Api::new();
    let (ann, [staff, crew]) = (api.somebody("ann", &[]), usable(&api));
    api.join(&crew, &ann);
    let groups = [("groupID", staff.as_str())];
    let tasks = vec![task(ADD, &groups), task(REMOVE_ALL, &[]), task(REMOVE, &groups)];
    let came = api.process(&api.workflow(&workflow("leaver", tasks)), &ann);
    assert_eq!(came.status, "completed");
    assert_eq!(came.tasks[2]["processingInfo"], "the user is not a member");
    came.told(&[(ADDED, &[&ann, &staff]), (REMOVED, &[&ann, &staff]), (REMOVED, &[&ann, &crew])]);
}

#[test]
fn groups_have_to_be_named_and_to_be_there() {
    let api = Api::new();
    let [staff, crew] = usable(&api);
    let person = api.somebody("ann", &[]);
    api.delete(&format!("groups/{crew}")).is(204);
    for definition in [ADD, REMOVE] {
        for (value, named) in [
            ("", "groupID"),
            (" , ,", "groupID"),
            ("Staff", "'Staff' is no id"),
            (&format!("{staff};{staff}"), "is no id"),
            (NOBODY, NOBODY),
            (&format!("{staff},{NOBODY}"), NOBODY),
            (&person, &person),
            (&crew, &crew),
        ] {
            api.arguments_refused("mover", definition, &[("groupID", value)], named);
        }
        api.arguments_refused("mover", definition, &[], "groupID");
        api.arguments_refused("mover", definition, &[("groupID", &staff), ("groupid", &staff)], "twice");
    }
    api.arguments_refused("leaver", REMOVE_ALL, &[("groupID", &staff)], "groupID");
}
