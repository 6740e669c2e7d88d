//! What holds for every task: the workflows it fits, its arguments, and whom no task may touch.

use serde_json::{Value as Json, json};

use super::world::{NOBODY, link, task, workflow};
use super::{
    access_packages, account, attributes, extension, groups, licenses, mails, sign_in, sponsorships, teams,
};
use crate::api::Api;
use crate::company::{ADD_TO_GROUPS, ENABLE};
use crate::dump::Dump;

const SKU: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";

/// A task with arguments that fit.
struct Known {
    id: &'static str,
    categories: &'static [&'static str],
    arguments: Vec<(&'static str, String)>,
}

impl Known {
    fn arguments(&self) -> Vec<(&str, &str)> {
        self.arguments.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// A workflow of the first category that it fits.
    fn workflow(&self) -> Json {
        workflow(self.categories[0], vec![task(self.id, &self.arguments())])
    }
}

/// All 31, with what their arguments name.
fn known(api: &Api) -> Vec<Known> {
    const J: &[&str] = &["joiner"];
    const M: &[&str] = &["mover"];
    const L: &[&str] = &["leaver"];
    const JL: &[&str] = &["joiner", "leaver"];
    const JM: &[&str] = &["joiner", "mover"];
    const LM: &[&str] = &["leaver", "mover"];
    const JLM: &[&str] = &["joiner", "leaver", "mover"];
    api.sku(SKU, "SPE_E3", &Json::Null);
    let (package, policy) = api.package("Sales", false);
    let (group, team, endpoint) = (api.group("Staff"), api.team("Crew"), api.extension());
    let hour = sign_in::HOUR.map(|(name, value)| (name, value.to_owned()));
    let updates = json!([{ "attribute": "city", "value": "Bonn" }]).to_string();
    let mut all = vec![];
    let mut add = |id, categories, arguments: &[(&'static str, String)]| {
        all.push(Known { id, categories, arguments: arguments.to_vec() });
    };
    add(ADD_TO_GROUPS, JLM, &[("groupID", group.clone())]);
    add(groups::REMOVE, JLM, &[("groupID", group)]);
    add(groups::REMOVE_ALL, L, &[]);
    add(ENABLE, JL, &[]);
    add(account::DISABLE, JL, &[]);
    add(account::DELETE, L, &[]);
    add(teams::ADD, JLM, &[("teamID", team.clone())]);
    add(teams::REMOVE, JLM, &[("teamID", team)]);
    add(teams::REMOVE_ALL, L, &[]);
    add(licenses::ASSIGN, JM, &[("licenses", SKU.to_owned())]);
    add(licenses::REMOVE, LM, &[("licenses", SKU.to_owned())]);
    add(licenses::REMOVE_ALL, L, &[]);
    add(
        access_packages::REQUEST,
        JM,
        &[("assignmentPolicyId", policy), ("accessPackageId", package.clone())],
    );
    add(access_packages::REMOVE, LM, &[("accessPackageId", package)]);
    add(access_packages::REMOVE_ALL, LM, &[]);
    add(access_packages::CANCEL, LM, &[]);
    add(sign_in::PASS, J, &hour);
    add(sign_in::REVOKE, LM, &[]);
    add(attributes::UPDATE, JLM, &[("attributeUpdates", updates)]);
    add(sponsorships::TRANSFER, LM, &[]);
    add(extension::EXTENSION, JLM, &[("customTaskExtensionID", endpoint)]);
    for (id, categories) in [
        (mails::WELCOME, J),
        (mails::REMINDER, J),
        (mails::MOVED, M),
        (mails::BEFORE, L),
        (mails::ON, L),
        (mails::AFTER, L),
    ] {
        add(id, categories, &[]);
    }
    add(mails::INACTIVE, L, &[]);
    add(sponsorships::TELL_MANAGER, LM, &[]);
    add(sponsorships::TELL_CO_SPONSORS, LM, &[]);
    add(mails::GUEST, L, &[]);
    all
}

#[test]
fn each_fits_the_workflows_of_its_categories_and_no_others() {
    let api = Api::new();
    let known = known(&api);
    let mut ids: Vec<String> = known.iter().map(|one| one.id.to_lowercase()).collect();
    let mut listed: Vec<String> = api
        .all("@/taskDefinitions")
        .iter()
        .map(|definition| definition["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    listed.sort();
    assert_eq!(ids, listed, "these are all there are");
    for one in &known {
        let definition = api.get(&format!("@/taskDefinitions/{}", one.id)).is(200);
        assert_eq!(definition["category"], one.categories.join(","), "{definition}");
        for category in ["joiner", "leaver", "mover"] {
            let before = Dump::of(&api);
            let answer = api.ask_for_task(category, one.id, &one.arguments());
            if one.categories.contains(&category) {
                answer.is(201);
                continue;
            }
            let name = definition["displayName"].as_str().unwrap();
            answer.refused(
                400,
                &format!("'tasks/0/taskDefinitionId' '{name}' does not fit a {category} workflow"),
            );
            before.is_unchanged(&api, name);
        }
    }
}

#[test]
fn ids_and_names_of_arguments_are_read_in_any_letter_case() {
    let api = Api::new();
    for one in known(&api) {
        let upper: Vec<(String, &str)> =
            one.arguments.iter().map(|(name, value)| (name.to_uppercase(), value.as_str())).collect();
        let upper: Vec<(&str, &str)> = upper.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let id = api.workflow_of(one.categories[0], &one.id.to_uppercase(), &upper);
        let made = api.all(&format!("@/workflows/{id}/tasks")).remove(0);
        assert_eq!(made["taskDefinitionId"], one.id.to_lowercase());
    }
}

#[test]
fn arguments_have_to_be_there_once_and_known() {
    let api = Api::new();
    for one in known(&api) {
        let (category, arguments) = (one.categories[0], one.arguments());
        let mut unknown = arguments.clone();
        unknown.push(("colour", "red"));
        api.arguments_refused(category, one.id, &unknown, "argument 'colour' is not known");
        for (place, (name, _)) in arguments.iter().enumerate() {
            let mut missing = arguments.clone();
            missing.remove(place);
            api.arguments_refused(category, one.id, &missing, &format!("argument '{name}'"));
            let mut empty = arguments.clone();
            empty[place].1 = " ";
            api.arguments_refused(category, one.id, &empty, &format!("argument '{name}'"));
            let mut twice = arguments.clone();
            twice.push(arguments[place]);
            api.arguments_refused(category, one.id, &twice, &format!("argument '{name}' is given twice"));
        }
    }
}

#[test]
fn a_new_version_is_checked_as_a_new_workflow_is() {
    let api = Api::new();
    let id = api.workflow_of("leaver", groups::REMOVE_ALL, &[]);
    let version = |tasks: Vec<Json>| {
        api.post(
            &format!("@/workflows/{id}/createNewVersion"),
            &json!({ "workflow": workflow("leaver", tasks) }),
        )
    };
    let before = Dump::of(&api);
    let second =
        |arguments: &[(&str, &str)]| vec![task(groups::REMOVE_ALL, &[]), task(groups::REMOVE, arguments)];
    version(second(&[])).refused(400, "'tasks/1/arguments'");
    version(second(&[("groupID", NOBODY)])).refused(400, NOBODY);
    version(vec![task(mails::WELCOME, &[])]).refused(400, "'tasks/0/taskDefinitionId'");
    version(vec![task(NOBODY, &[])]).refused(400, NOBODY);
    before.is_unchanged(&api, "a refused version");
    version(second(&[("groupID", &api.group("Staff"))])).is(200);
}

#[test]
fn nobody_who_is_protected_is_touched() {
    let api = Api::new();
    let known = known(&api);
    let (boss, sponsor) = (api.somebody("boss", &[]), api.somebody("sponsor", &[]));
    let ann = api.somebody("ann", &[("@tenure.protected", json!(true)), ("accountEnabled", json!(true))]);
    // There would be something to do for each of them.
    api.manages(&boss, &ann);
    api.post(&format!("users/{ann}/sponsors/$ref"), &link(&sponsor)).is(204);
    api.agent("Orders", &[&ann, &sponsor]);
    for group in [api.group("Others"), api.team("Deck")] {
        api.join(&group, &ann);
    }
    let (free, guarded) = (api.package("Free", false), api.package("Guarded", true));
    api.assign(&free, &ann).is(201);
    api.ask_for(&guarded, &ann).is(201);
    for one in known {
        let id = api.workflow(&one.workflow());
        api.process(&id, &ann).was_refused("the user is protected: no task may touch them");
    }
    assert!(api.system.deliveries.mails().is_empty() && api.system.deliveries.calls().is_empty());
}
