//! "Transfer agent identity sponsorships to manager" and the mails about sponsorships.

use serde_json::{Value as Json, json};

use super::world::{link, task, workflow};
use crate::api::Api;

pub(super) const TRANSFER: &str = "b8f4c3d5-9e7a-4b1c-8f2d-6a5e8b9c7f4a";
pub(super) const TELL_MANAGER: &str = "b8c4e1f9-3a7d-4b2e-9c5f-8d6a9b1c2e3f";
pub(super) const TELL_CO_SPONSORS: &str = "ad3b85cd-75b1-43e7-b4b9-0e52faba3944";
const ADDED: &str = "Add sponsor to agent identity";
const REMOVED: &str = "Remove sponsor from agent identity";
const SENT: &str = "Send mail";

impl Api {
    /// Creates an agent identity with sponsors.
    pub(super) fn agent(&self, name: &str, sponsors: &[&str]) -> String {
        let links: Vec<String> = sponsors.iter().map(|id| format!("https://x/v1.0/users/{id}")).collect();
        let body = json!({ "displayName": name, "sponsors@odata.bind": links });
        let made = self.post("servicePrincipals/microsoft.graph.agentIdentity", &body).is(201);
        made["id"].as_str().unwrap().to_owned()
    }

    fn sponsors(&self, agent: &str) -> Vec<String> {
        let all = self.all(&format!("servicePrincipals/{agent}/sponsors"));
        all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// Somebody with a manager.
fn world() -> (Api, String, String) {
    let api = Api::new();
    let (ann, boss) = (api.somebody("ann", &[]), api.somebody("boss", &[]));
    api.manages(&boss, &ann);
    (api, ann, boss)
}

fn recipients(api: &Api) -> Vec<String> {
    api.system.deliveries.mails().iter().map(|mail| mail.to.address.clone()).collect()
}

#[test]
fn agents_pass_to_the_manager() {
    let (api, ann, boss) = world();
    let bob = api.somebody("bob", &[]);
    for category in ["leaver", "mover"] {
        let (orders, desk) = (api.agent("Orders", &[&ann]), api.agent("Desk", &[&ann, &bob]));
        let (both, other) = (api.agent("Both", &[&ann, &boss]), api.agent("Other", &[&bob]));
        let id = api.workflow_of(category, TRANSFER, &[]);
        let came = api.process(&id, &ann).did(&[
            (ADDED, &[&orders, &boss]),
            (REMOVED, &[&orders, &ann]),
            (ADDED, &[&desk, &boss]),
            (REMOVED, &[&desk, &ann]),
            (REMOVED, &[&both, &ann]),
        ]);
        assert_eq!(
            came.foretold[0],
            "would make the manager sponsor of the agent identity 'Orders', \
             end the user's sponsorship of the agent identity 'Orders', \
             make the manager sponsor of the agent identity 'Desk', \
             end the user's sponsorship of the agent identity 'Desk', \
             end the user's sponsorship of the agent identity 'Both'"
        );
        assert_eq!((api.sponsors(&orders), api.sponsors(&both)), (vec![boss.clone()], vec![boss.clone()]));
        let mut of_desk = api.sponsors(&desk);
        of_desk.sort();
        let mut expected = vec![boss.clone(), bob.clone()];
        expected.sort();
        assert_eq!((of_desk, api.sponsors(&other)), (expected, vec![bob.clone()]));
        assert!(api.ids_below(&ann, "tenure.sponsoredAgents").is_empty());
        api.process(&id, &ann).had_nothing_to_do("the user sponsors no agent identity");
    }
}

#[test]
fn without_a_manager_agents_stay() {
    let (api, ann, boss) = world();
    let orders = api.agent("Orders", &[&ann]);
    let id = api.workflow_of("leaver", TRANSFER, &[]);
    api.delete(&format!("users/{boss}")).is(204);
    api.process(&id, &ann).was_refused("the user has no manager");
    api.delete(&format!("users/{ann}/manager/$ref")).is(204);
    api.process(&id, &ann).was_refused("the user has no manager");
    assert_eq!(api.sponsors(&orders), [ann]);
    api.arguments_refused("leaver", TRANSFER, &[("manager", &boss)], "manager");
}

#[test]
fn a_deleted_agent_passes_to_nobody() {
    let (api, ann, _) = world();
    let orders = api.agent("Orders", &[&ann]);
    api.delete(&format!("servicePrincipals/{orders}")).is(204);
    for definition in [TRANSFER, TELL_MANAGER] {
        api.process(&api.workflow_of("leaver", definition, &[]), &ann)
            .had_nothing_to_do("the user sponsors no agent identity");
    }
    // Nor is anybody else told of none.
    let id = api.workflow_of("mover", TELL_CO_SPONSORS, &[("to", "Manager")]);
    api.process(&id, &ann).had_nothing_to_do("no agent identity of the user has another sponsor");
}

#[test]
fn the_manager_is_told_which_agents() {
    let (api, ann, _) = world();
    api.agent("Orders", &[&ann]);
    api.agent("Desk & <Co>", &[&ann]);
    for category in ["leaver", "mover"] {
        api.process(&api.workflow_of(category, TELL_MANAGER, &[]), &ann).did(&[(SENT, &[&ann])]);
    }
    let mails = api.system.deliveries.mails();
    assert_eq!(recipients(&api), ["boss@example.com"; 2]);
    assert!(mails[0].text.contains("Orders, Desk & <Co>"), "{}", mails[0].text);
    assert!(mails[0].html.contains("Orders, Desk &amp; &lt;Co&gt;"), "{}", mails[0].html);
}

#[test]
fn each_co_sponsor_is_told_once() {
    let (api, ann, boss) = world();
    let (bob, cyd) = (api.somebody("bob", &[]), api.somebody("cyd", &[]));
    let mute = api.somebody("mute", &[("mail", Json::Null)]);
    api.agent("Orders", &[&ann, &bob, &cyd]);
    api.agent("Desk", &[&bob, &ann]);
    api.agent("Other", &[&boss]);
    let id = api.workflow_of("mover", TELL_CO_SPONSORS, &[]);
    api.process(&id, &ann).did(&[(SENT, &[&ann]), (SENT, &[&ann])]);
    assert_eq!(recipients(&api), ["bob@example.com", "cyd@example.com"]);
    let mails = api.system.deliveries.mails();
    // Each is told of what they vouch for, too, and of nothing else.
    assert!(mails[0].text.contains("Orders, Desk"), "{}", mails[0].text);
    assert!(mails[1].text.contains("Orders") && !mails[1].text.contains("Desk"), "{}", mails[1].text);
    assert!(!mails[1].html.contains("Desk"), "{}", mails[1].html);
    // One of them cannot be reached: the others are, and it is told.
    api.agent("Stock", &[&ann, &mute]);
    api.process(&id, &ann)
        .did_saying(&[(SENT, &[&ann]), (SENT, &[&ann])], &json!("without a mail address: mute"));
    for user in [&bob, &cyd] {
        api.set(user, &[("mail", Json::Null)]);
    }
    api.process(&id, &ann).was_refused("no co-sponsor has a mail address");
}

#[test]
fn where_nobody_else_is_sponsor_there_is_nobody_to_tell() {
    let (api, ann, _) = world();
    let gone = api.somebody("gone", &[]);
    let id = api.workflow_of("leaver", TELL_CO_SPONSORS, &[]);
    let nobody = "no agent identity of the user has another sponsor";
    api.process(&id, &ann).had_nothing_to_do(nobody);
    api.agent("Orders", &[&ann]);
    api.process(&id, &ann).had_nothing_to_do(nobody);
    // Who is deleted vouches for nobody.
    api.agent("Desk", &[&ann, &gone]);
    api.delete(&format!("users/{gone}")).is(204);
    api.process(&id, &ann).had_nothing_to_do(nobody);
}

#[test]
fn all_three_follow_each_other() {
    let (api, ann, boss) = world();
    let bob = api.somebody("bob", &[]);
    let desk = api.agent("Desk", &[&ann, &bob]);
    let tasks = [TELL_MANAGER, TELL_CO_SPONSORS, TRANSFER].map(|definition| task(definition, &[]));
    let came = api.process(&api.workflow(&workflow("leaver", tasks.into())), &ann);
    assert_eq!(came.status, "completed");
    came.told(&[(SENT, &[&ann]), (SENT, &[&ann]), (ADDED, &[&desk, &boss]), (REMOVED, &[&desk, &ann])]);
    assert_eq!(recipients(&api), ["boss@example.com", "bob@example.com"]);
}

#[test]
fn sponsors_of_the_user_may_be_told_instead() {
    let (api, ann, _) = world();
    let bob = api.somebody("bob", &[]);
    api.agent("Orders", &[&ann]);
    api.post(&format!("users/{ann}/sponsors/$ref"), &link(&bob)).is(204);
    for definition in [TELL_MANAGER, TELL_CO_SPONSORS] {
        let id = api.workflow_of("leaver", definition, &[("to", "Sponsors")]);
        api.process(&id, &ann).did(&[(SENT, &[&ann])]);
    }
    assert_eq!(recipients(&api), ["bob@example.com"; 2]);
    assert!(api.system.deliveries.mails()[1].text.contains("Orders"));
}
