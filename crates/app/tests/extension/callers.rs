//! Who may answer: whoever holds the scope for it, and applications that the extension names, vouched for by a real issuer.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value as Json, json};

use crate::endpoint::Endpoint;
use crate::harness::node::node;
use crate::world::{LOCAL, World, callback_body, waiting};

/// An application that the extension names by its object, by the id it signs in with, by being called; and another.
const BY_OBJECT: &str = "a0000000-0000-4000-8000-000000000001";
const BY_ID: &str = "a0000000-0000-4000-8000-000000000002";
const CALLED: &str = "a0000000-0000-4000-8000-000000000003";
const OTHER: &str = "a0000000-0000-4000-8000-000000000004";

/// An issuer that vouches for these applications.
struct Issuer {
    process: Child,
    ask: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Issuer {
    fn start() -> Self {
        let mut process = node("issuer.mjs")
            .arg(json!([BY_OBJECT, BY_ID, CALLED, OTHER]).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let ask = process.stdin.take().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut issuer = Self { process, ask, said, url: String::new() };
        let url = issuer.next()["issuer"].as_str().unwrap().to_owned();
        issuer.url = url;
        issuer
    }

    fn next(&mut self) -> Json {
        serde_json::from_str(&self.said.next().unwrap().unwrap()).unwrap()
    }

    fn token(&mut self, application: &str) -> String {
        writeln!(self.ask, "{}", json!({ "application": application })).unwrap();
        self.next()["token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl World {
    fn resume_as(&self, token: &str, callback: &str) -> u16 {
        let (status, answer) = self.server.send("POST", callback, token, &callback_body("Completed"));
        if status == 403 {
            assert_eq!(answer["error"]["code"], "Authorization_RequestDenied", "{answer}");
        }
        status
    }

    fn local_token(&self, scopes: &[&str]) -> String {
        let mut arguments = vec!["token", "create", "--name", "badge", "--json"];
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        self.server.tenure(&arguments).json()["token"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_local_token_needs_the_scope() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&waiting(&endpoint));
    let callback = endpoint.first().callback();
    for scopes in [
        &["LifecycleWorkflows.Read.All"][..],
        &["LifecycleWorkflows-Workflow.ReadWrite.All", "LifecycleWorkflows-CustomExt.ReadWrite.All"],
        &["LifecycleWorkflows-Reports.Read.All", "User.Read.All"],
    ] {
        let token = world.local_token(scopes);
        assert_eq!(world.resume_as(&token, &callback), 403, "{scopes:?}");
        // Who may not learns nothing of what there is.
        assert_eq!(world.resume_as(&token, &callback.replacen("/tasks/", "/tasks/x", 1)), 403);
    }
    assert_eq!(world.resume_as("none", &callback), 401);
    let token = world.local_token(&["LifecycleWorkflows.ReadWrite.All"]);
    assert_eq!(world.resume_as(&token, &callback), 204);
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    let resumed = world.audit("Resume task");
    assert_eq!(resumed[0]["initiatedBy"]["app"]["displayName"], "badge", "{resumed:?}");
}

#[test]
fn applications_answer_when_the_extension_names_them() {
    let mut issuer = Issuer::start();
    let configuration =
        format!("{LOCAL}\n[oidc]\nissuer = \"{}\"\naudiences = [\"api://tenure\"]\n", issuer.url);
    let world = World::with(&configuration, &[]);
    let known =
        world.server.create("/v1.0/applications", &json!({ "displayName": "Badge", "appId": BY_OBJECT }));
    let endpoint = Endpoint::saying("202 Accepted");
    let mut extension = waiting(&endpoint);
    extension["callbackConfiguration"]["authorizedApps"] = json!([{ "id": known }, { "id": BY_ID }]);
    let workflow = world.workflow(&world.extension(&extension));
    let people = ["ann", "ben"].map(|name| world.person(name));
    world.activate(&workflow, &people.each_ref().map(String::as_str));
    let callbacks: Vec<String> = endpoint.wait_for(2).iter().map(crate::endpoint::Heard::callback).collect();

    let [by_object, by_id, other] = [BY_OBJECT, BY_ID, OTHER].map(|application| issuer.token(application));
    for callback in &callbacks {
        assert_eq!(world.resume_as(&other, callback), 403);
    }
    // What names an application lets it answer, and do nothing else.
    let (status, _) = world.server.send("POST", "/v1.0/users", &by_object, &json!({}));
    assert_eq!(status, 403);
    assert_eq!(world.resume_as(&by_object, &callbacks[0]), 204);
    assert_eq!(world.resume_as(&by_object, &callbacks[0]), 409);
    assert_eq!(world.resume_as(&by_id, &callbacks[1]), 204);
    assert_eq!(world.finished(&workflow)["successfulUsersCount"], 2);
    let audit = world.audit("Resume task");
    assert!(audit.iter().any(|entry| entry.to_string().contains(BY_ID)), "{audit:?}");
}

#[test]
fn an_application_that_is_named_no_more_does_not_answer() {
    let mut issuer = Issuer::start();
    let configuration =
        format!("{LOCAL}\n[oidc]\nissuer = \"{}\"\naudiences = [\"api://tenure\"]\n", issuer.url);
    let world = World::with(&configuration, &[]);
    let endpoint = Endpoint::saying("202 Accepted");
    let mut extension = waiting(&endpoint);
    extension["callbackConfiguration"]["authorizedApps"] = json!([BY_ID]);
    let extension = world.extension(&extension);
    let workflow = world.workflow(&extension);
    world.activate(&workflow, &[&world.person("ann")]);
    let callback = endpoint.first().callback();
    world.parked(&workflow, 1);
    let (token, path) = (issuer.token(BY_ID), format!("{}/{extension}", crate::world::EXTENSIONS));
    let name = |apps: &[&str]| {
        let change = json!({ "callbackConfiguration": { "authorizedApps": apps } });
        assert_eq!(world.server.patch(&path, &change).0, 204);
    };
    name(&[OTHER]);
    assert_eq!(world.resume_as(&token, &callback), 403);
    name(&[BY_ID, OTHER]);
    assert_eq!(world.resume_as(&token, &callback), 204);
    world.finished(&workflow);
}
