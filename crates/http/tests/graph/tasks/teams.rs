//! "Add user to Teams", "Remove user from selected Teams" and "Remove user from all Teams".

use serde_json::json;

use super::world::NOBODY;
use crate::api::Api;

pub(super) const ADD: &str = "e440ed8d-25a1-4618-84ce-091ed5be5594";
pub(super) const REMOVE: &str = "06aa7acb-01af-4824-8899-b14e5ed788d6";
pub(super) const REMOVE_ALL: &str = "81f7b200-2816-4b3b-8c5d-dc556f07b024";
const ADDED: &str = "Add member to group";
const REMOVED: &str = "Remove member from group";

/// A team whose members a rule decides.
fn dynamic(api: &Api, name: &str) -> String {
    let team = api.team(name);
    api.patch(&format!("groups/{team}"), &json!({ "groupTypes": ["Unified", "DynamicMembership"] })).is(204);
    team
}

#[test]
fn somebody_joins_teams_and_leaves_them() {
    let api = Api::new();
    let (ann, crew, deck) = (api.somebody("ann", &[]), api.team("Crew"), api.team("Deck"));
    let both = format!("{crew}, {deck}");
    for category in ["joiner", "mover", "leaver"] {
        let add = api.workflow_of(category, ADD, &[("teamID", &both)]);
        let remove = api.workflow_of(category, REMOVE, &[("TeamId", &both)]);
        api.process(&add, &ann)
            .was_foretold("would add the user to the group 'Crew', add the user to the group 'Deck'")
            .did(&[(ADDED, &[&ann, &crew]), (ADDED, &[&ann, &deck])]);
        assert_eq!(api.ids_below(&ann, "joinedTeams"), [crew.clone(), deck.clone()]);
        assert_eq!(api.all(&format!("teams/{crew}/members"))[0]["userId"], json!(ann));
        api.process(&add, &ann).had_nothing_to_do("the user is already a member");
        api.delete(&format!("teams/{deck}/members/{ann}")).is(204);
        api.process(&remove, &ann)
            .was_foretold("would remove the user from the group 'Crew'")
            .did(&[(REMOVED, &[&ann, &crew])]);
        assert!(api.ids_below(&ann, "joinedTeams").is_empty());
        api.process(&remove, &ann).had_nothing_to_do("the user is not a member");
    }
}

#[test]
fn a_team_with_dynamic_members_is_left_as_it_is() {
    let api = Api::new();
    let (ann, bob) = (api.somebody("ann", &[]), api.somebody("bob", &[]));
    let (crew, dynamic) = (api.team("Crew"), dynamic(&api, "Everybody"));
    api.join(&dynamic, &bob);
    api.join(&crew, &bob);
    let both = format!("{crew},{dynamic}");
    let said = "the team 'Everybody' has dynamic membership";
    for (definition, user) in [(ADD, &ann), (REMOVE, &bob)] {
        let id = api.workflow_of("mover", definition, &[("teamID", &both)]);
        api.process(&id, user).was_refused(said);
        let failures = api.ask("POST", &format!("@/workflows/{id}/previewTaskFailures")).send().is(200);
        assert_eq!(failures["value"][0]["failureReason"], said);
    }
}

#[test]
fn a_team_that_is_gone_or_a_group_that_is_a_team_no_more_fails_the_task() {
    let api = Api::new();
    let (ann, gone, plain) = (api.somebody("ann", &[]), api.team("Gone"), api.team("Plain"));
    let reasons = [
        (&gone, format!("the team {gone} does not exist")),
        (&plain, "the group 'Plain' is no team".to_owned()),
    ];
    let mut ids = vec![];
    for (team, reason) in reasons {
        api.join(team, &ann);
        for definition in [ADD, REMOVE] {
            ids.push((api.workflow_of("joiner", definition, &[("teamID", team)]), reason.clone()));
        }
    }
    api.delete(&format!("groups/{gone}")).is(204);
    api.patch(&format!("groups/{plain}"), &json!({ "resourceProvisioningOptions": [] })).is(204);
    for (id, reason) in ids {
        api.process(&id, &ann).was_refused(&reason);
    }
}

#[test]
fn somebody_leaves_every_team_that_can_be_left_and_no_other_group() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let (crew, deck, staff, dynamic) =
        (api.team("Crew"), api.team("Deck"), api.group("Staff"), dynamic(&api, "Everybody"));
    let id = api.workflow_of("leaver", REMOVE_ALL, &[]);
    api.join(&staff, &ann);
    api.process(&id, &ann).had_nothing_to_do("the user is in no team");
    api.join(&crew, &ann);
    api.join(&deck, &ann);
    api.process(&id, &ann)
        .was_foretold("would remove the user from the group 'Crew', remove the user from the group 'Deck'")
        .did(&[(REMOVED, &[&ann, &crew]), (REMOVED, &[&ann, &deck])]);
    assert!(api.ids_below(&ann, "joinedTeams").is_empty());
    assert_eq!(api.ids_below(&ann, "memberOf"), [staff]);
    api.process(&id, &ann).had_nothing_to_do("the user is in no team");
    api.join(&dynamic, &ann);
    api.process(&id, &ann).had_nothing_to_do("passed over: 'Everybody' has dynamic membership");
    api.join(&crew, &ann);
    api.process(&id, &ann)
        .did_saying(&[(REMOVED, &[&ann, &crew])], &json!("passed over: 'Everybody' has dynamic membership"));
    assert_eq!(api.ids_below(&ann, "joinedTeams"), [dynamic]);
}

#[test]
fn who_stays_in_a_protected_team_has_not_left_all_teams() {
    let api = Api::new();
    let (ann, crew, guarded) = (api.somebody("ann", &[]), api.team("Crew"), api.team("Guarded"));
    api.patch(&format!("groups/{guarded}"), &json!({ "@tenure.protected": true })).is(204);
    api.join(&guarded, &ann);
    for definition in [ADD, REMOVE] {
        let id = api.workflow_of("leaver", definition, &[("teamID", &guarded)]);
        api.process(&id, &ann).was_refused("the team 'Guarded' is protected");
    }
    let id = api.workflow_of("leaver", REMOVE_ALL, &[]);
    api.process(&id, &ann).was_refused("the user is still in protected teams: Guarded");
    api.join(&crew, &ann);
    let came = api.run_for(&id, &ann).told(&[(REMOVED, &[&ann, &crew])]);
    assert_eq!(came.tasks[0]["failureReason"], "the user is still in protected teams: Guarded");
}

#[test]
fn teams_have_to_be_named_and_to_be_there() {
    let api = Api::new();
    let (crew, gone, staff) = (api.team("Crew"), api.team("Gone"), api.group("Staff"));
    api.delete(&format!("groups/{gone}")).is(204);
    for definition in [ADD, REMOVE] {
        for (value, named) in [
            ("", "teamID"),
            ("Crew", "'Crew' is no id"),
            (&format!("{crew},{NOBODY}"), NOBODY),
            (&gone, &gone),
            // A group that is no team is not there among teams.
            (&staff, &staff),
        ] {
            api.arguments_refused("mover", definition, &[("teamID", value)], named);
        }
        api.arguments_refused("mover", definition, &[("groupID", &crew)], "groupID");
        api.arguments_refused("mover", definition, &[], "teamID");
    }
    api.arguments_refused("leaver", REMOVE_ALL, &[("teamID", &crew)], "teamID");
}
