//! What others do while a mail is under way: a plan that was made before it does not hold any more, and the mail is not
//! sent again.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{CallOut, CallReply, CallRequest, Failure, QueuedWork, SendMail};
use tenure_testkit::Cut;

use super::access_packages::REQUEST;
use super::licenses::ASSIGN;
use super::sign_in::PASS;
use super::sponsorships::TRANSFER;
use super::world::{task, workflow};
use crate::access_packages::EM;
use crate::api::Api;

const WELCOME: &str = "70b29d51-b59a-4773-9280-8841dfd3f2ea";
const LAST_DAY: &str = "9c0a1eaf-5bda-4392-9d9e-6e155bb57411";
const REFUSED_LICENSE: &str = "no licence 'SPE_E3' is left";

/// Sends mails; while one is under way, something happens.
struct Meanwhile<'a, F>(&'a Api, F);

impl<F: Fn() + Send + Sync> SendMail for Meanwhile<'_, F> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.0.system.deliveries.send(mail, key, deadline)?;
        self.1();
        Ok(())
    }
}

impl<F: Fn() + Send + Sync> CallOut for Meanwhile<'_, F> {
    fn call(&self, _: CallRequest<'_>, _: EffectKey, _: Duration) -> Result<CallReply, Failure> {
        Err(Failure::Permanent("nobody is called here".to_owned()))
    }
}

impl Api {
    /// Runs a workflow for people; while each mail is under way, `meanwhile` happens. Gives the results of their tasks.
    fn run_with(&self, id: &str, users: &[&str], meanwhile: impl Fn() + Send + Sync) -> Vec<Json> {
        self.activate(id, users);
        let performer = Meanwhile(self, meanwhile);
        let left = Worker::new(&self.system.lifecycle, &performer, 1).drain().unwrap();
        assert_eq!(left, QueuedWork::Nothing);
        let path = format!("@/workflows/{id}/userProcessingResults?$expand=taskProcessingResults");
        self.all(&path).iter().map(|result| result["taskProcessingResults"].clone()).collect()
    }

    fn sent(&self) -> usize {
        self.all("auditLogs/directoryAudits?$filter=activityDisplayName eq 'Send mail'").len()
    }
}

fn status(tasks: &Json) -> Vec<&str> {
    tasks.as_array().unwrap().iter().map(|task| task["processingStatus"].as_str().unwrap()).collect()
}

#[test]
fn whoever_comes_too_late_for_the_last_licence_gets_no_second_mail() {
    const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
    let api = Api::new();
    api.sku(E3, "SPE_E3", &json!(1));
    let (ann, bob) = (api.somebody("ann", &[]), api.somebody("bob", &[]));
    let tasks = vec![task(WELCOME, &[]), task(ASSIGN, &[("licenses", E3)])];
    let id = api.workflow(&workflow("joiner", tasks));
    let results = api.run_with(&id, &[&ann, &bob], || {});
    assert_eq!(
        results.iter().map(status).collect::<Vec<_>>(),
        [["completed", "completed"], ["completed", "failed"]]
    );
    assert_eq!(results[1][1]["failureReason"], REFUSED_LICENSE);
    assert_eq!((api.system.deliveries.mails().len(), api.sent()), (2, 2), "one mail each");
}

#[test]
fn a_package_that_is_deleted_meanwhile_is_nobodys() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let (package, policy) = api.package("Sales", false);
    let arguments = [("assignmentPolicyId", policy.as_str()), ("accessPackageId", package.as_str())];
    let id = api.workflow(&workflow("joiner", vec![task(WELCOME, &[]), task(REQUEST, &arguments)]));
    let results = api.run_with(&id, &[&ann], || {
        api.delete(&format!("{EM}/assignmentPolicies/{policy}")).is(204);
        api.delete(&format!("{EM}/accessPackages/{package}")).is(204);
    });
    assert_eq!(status(&results[0]), ["completed", "failed"]);
    assert!(api.all(&format!("{EM}/assignments")).is_empty());
    assert_eq!(api.sent(), 1);
}

#[test]
fn agents_pass_to_nobody_who_is_deleted_and_are_never_left_alone() {
    for (co_sponsor, is_deleted) in [(false, true), (true, false)] {
        let api = Api::new();
        let (ann, boss) = (api.somebody("ann", &[]), api.somebody("boss", &[]));
        api.manages(&boss, &ann);
        let both = [ann.as_str(), boss.as_str()];
        let agent = api.agent("Orders", if co_sponsor { &both } else { &both[..1] });
        let tasks = vec![task(LAST_DAY, &[("to", "User")]), task(TRANSFER, &[])];
        let id = api.workflow(&workflow("leaver", tasks));
        let results = api.run_with(&id, &[&ann], || {
            if is_deleted {
                api.delete(&format!("users/{boss}")).is(204);
            } else {
                api.delete(&format!("servicePrincipals/{agent}/sponsors/{boss}/$ref")).is(204);
            }
        });
        let sponsors = api.all(&format!("servicePrincipals/{agent}/sponsors"));
        let sponsors: Vec<&str> = sponsors.iter().map(|one| one["id"].as_str().unwrap()).collect();
        if is_deleted {
            assert_eq!((status(&results[0]), sponsors), (vec!["completed", "failed"], vec![ann.as_str()]));
            assert_eq!(results[0][1]["failureReason"], "the user has no manager");
        } else {
            assert_eq!((status(&results[0]), sponsors), (vec!["completed"; 2], vec![boss.as_str()]));
        }
        assert_eq!(api.sent(), 1);
    }
}

#[test]
fn a_package_whose_time_is_over_is_given_anew_though_nobody_has_put_down_its_end() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let (package, _) = api.package("Sales", false);
    let policy = api.policy(&package, &json!({ "type": "afterDuration", "duration": "P1D" }), false);
    let arguments = [("assignmentPolicyId", policy.as_str()), ("accessPackageId", package.as_str())];
    let id = api.workflow_of("joiner", REQUEST, &arguments);
    api.process(&id, &ann);
    // No housekeeping comes in between.
    api.system.clock.set("2026-03-02T08:00:00Z".parse().unwrap());
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    let states: Vec<Json> =
        api.all(&format!("{EM}/assignments")).iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["expired", "delivered"]);
}

fn new_hire(api: &Api) -> String {
    let (ann, boss) = (api.somebody("ann", &[]), api.somebody("boss", &[]));
    api.manages(&boss, &ann);
    ann
}

#[test]
fn who_must_not_have_a_pass_any_more_gets_none_at_a_later_attempt() {
    let arguments = [("tapLifetimeMinutes", "60"), ("tapIsUsableOnce", "true")];
    for (change, why) in [
        ("protect", "the user is protected: no task may touch them"),
        ("phone", "the user has another way to sign in already"),
        ("group", "the user is a member of a role-assignable group"),
    ] {
        let api = Api::new();
        let ann = new_hire(&api);
        let id = api.workflow_of("joiner", PASS, &arguments);
        api.system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
        api.activate(&id, &[&ann]);
        api.system.drain().unwrap();
        match change {
            "protect" => api.set(&ann, &[("@tenure.protected", json!(true))]),
            "phone" => {
                let phone = json!({ "phoneNumber": "+1 5555551234", "phoneType": "mobile" });
                api.post(&format!("users/{ann}/authentication/phoneMethods"), &phone).is(201);
            }
            _ => api.join(&api.group_with("Admins", &[("isAssignableToRole", json!(true))]), &ann),
        }
        api.system.advance("2026-03-01T08:10:00Z").unwrap();
        let results =
            api.all(&format!("@/workflows/{id}/userProcessingResults?$expand=taskProcessingResults"));
        let reason = results[0]["taskProcessingResults"][0]["failureReason"].as_str().unwrap();
        assert!(reason.ends_with(why), "{change}: {reason}");
        assert!(api.system.deliveries.mails().is_empty());
        let passes = format!("users/{ann}/authentication/temporaryAccessPassMethods");
        assert!(api.all(&passes).is_empty(), "{change}");
    }
}

#[test]
fn a_mail_with_another_pass_is_another_mail() {
    let arguments = [("tapLifetimeMinutes", "60"), ("tapIsUsableOnce", "true")];
    let api = Api::new();
    let ann = new_hire(&api);
    let id = api.workflow_of("joiner", PASS, &arguments);
    api.activate(&id, &[&ann]);
    // The mail has gone out, and the power fails before anybody has put that down.
    assert_eq!(api.system.drain_until(Cut::After(1), 10).unwrap(), None);
    let Api { system, .. } = api;
    let system = system.crashed().unwrap();
    system.drain().unwrap();
    let (mails, keys) = (system.deliveries.mails(), system.deliveries.keys());
    assert_eq!(mails.len(), 2);
    assert_ne!(mails[0].text, mails[1].text, "the first pass is revoked by the second");
    assert_ne!(
        keys[0].to_string(),
        keys[1].to_string(),
        "whoever drops repeats would drop the one that is good"
    );
    assert_eq!(keys[0].task_result, keys[1].task_result);
}
