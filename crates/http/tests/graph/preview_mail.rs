//! `…/tasks/{task}/tenure.previewMail` and `…/taskDefinitions/{id}/tenure.previewMail`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{ADD_TO_GROUPS, ENABLE, WELCOME, on_demand};
use crate::dump::Dump;

const PASS: &str = "1b555e50-7f65-41d5-b514-5894a026d10d";
const BEFORE_LAST_DAY: &str = "52853a3e-f4e5-4eb8-bb24-1ac09a1da935";
const TO_CO_SPONSORS: &str = "ad3b85cd-75b1-43e7-b4b9-0e52faba3944";
const UPDATE_ATTRIBUTES: &str = "2c8f4a1b-7d3e-4f9c-8a5b-6e1d2c3f4a5b";
const NOBODY: &str = "ffff0000-0000-4000-8000-000000000000";

fn task(name: &str, definition: &str, arguments: Json) -> Json {
    json!({ "displayName": name, "taskDefinitionId": definition, "arguments": arguments })
}

fn argument(name: &str, value: &str) -> Json {
    json!({ "name": name, "value": value })
}

/// A workflow of these tasks; its id, and the path of the preview of its last task.
fn with_tasks(api: &Api, category: &str, tasks: Json) -> (String, String) {
    let mut body = on_demand("w");
    body["category"] = json!(category);
    body["tasks"] = tasks;
    let id = api.workflow(&body);
    let tasks = api.all(&format!("@/workflows/{id}/tasks"));
    let path = format!("@/workflows/{id}/tasks/{}/tenure.previewMail", ids(&tasks).last().unwrap());
    (id, path)
}

/// Somebody with a manager, and the manager.
fn ann_and_bob(api: &Api) -> (String, String) {
    let ann = api.person("ann", "Sales", Some("2026-04-01T00:00:00Z"), true);
    let bob = api.person("bob", "Sales", None, true);
    let link = json!({ "@odata.id": format!("https://x/users/{bob}") });
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&link).send().is(204);
    api.patch(&format!("users/{bob}"), &json!({ "preferredLanguage": "de-AT" })).is(204);
    (ann, bob)
}

fn about(id: &str) -> Json {
    json!({ "subject": { "id": id } })
}

#[test]
fn a_mail_is_shown_as_it_would_be_sent_and_nothing_is_done() {
    let api = Api::new();
    let (ann, bob) = ann_and_bob(&api);
    let copies = json!([argument("cc", &bob), argument("customSubject", "Hello, {{user.department}}")]);
    let (workflow, path) = with_tasks(&api, "joiner", json!([task("Welcome", WELCOME, copies)]));
    let settings = json!({ "emailSettings": { "senderDomain": "contoso.com", "useCompanyBranding": true } });
    api.patch("@/settings", &settings).is(204);
    let before = Dump::of(&api);
    let shown = api.post(&path, &about(&ann)).is(200);
    before.is_unchanged(&api, "a preview");
    assert!(api.system.deliveries.mails().is_empty());
    assert_eq!(shown["processingInfo"], Json::Null);
    let mails = shown["value"].as_array().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["from"], json!({ "name": "Tenure", "address": "tenure@contoso.com" }));
    assert_eq!(mails[0]["to"], json!({ "name": "ann", "address": "ann@example.com" }));
    assert_eq!(mails[0]["cc"], json!([{ "name": "bob", "address": "bob@example.com" }]));
    assert_eq!(mails[0]["subject"], "Hello, Sales");

    api.activate(&workflow, &[&ann]);
    api.system.drain().unwrap();
    let sent = &api.system.deliveries.mails()[0];
    for (property, value) in [("subject", &sent.subject), ("text", &sent.text), ("html", &sent.html)] {
        assert_eq!(mails[0][property], json!(value), "{property}");
    }
}

#[test]
fn the_language_is_the_recipients_unless_somebody_asks_for_another() {
    let api = Api::new();
    let (ann, _) = ann_and_bob(&api);
    let (_, path) = with_tasks(&api, "leaver", json!([task("Near", BEFORE_LAST_DAY, json!([]))]));
    let subject = |body: Json| api.post(&path, &body).is(200)["value"][0]["subject"].clone();
    assert_eq!(subject(about(&ann)), "Der letzte Arbeitstag von ann rückt näher");
    let in_language = |locale: &str| json!({ "subject": { "id": ann }, "locale": locale });
    assert_eq!(subject(in_language("en-us")), "The last day of ann is near");
    assert_eq!(subject(in_language("nl")), "The last day of ann is near");
    assert!(subject(in_language("ja")).as_str().unwrap().starts_with("ann"));
    api.post(&path, &in_language("../etc")).refused(400, "locale");
    let null = json!({ "subject": { "id": ann }, "locale": null });
    assert_eq!(subject(null), "Der letzte Arbeitstag von ann rückt näher");
}

#[test]
fn no_pass_is_issued_for_a_preview_and_none_is_shown() {
    let api = Api::new();
    let (ann, bob) = ann_and_bob(&api);
    let arguments = json!([argument("tapLifetimeMinutes", "480"), argument("tapIsUsableOnce", "true")]);
    let (_, path) = with_tasks(&api, "joiner", json!([task("Pass", PASS, arguments.clone())]));
    let before = Dump::of(&api);
    let mail = api.post(&path, &about(&ann)).is(200)["value"][0].clone();
    let own = format!("@/taskDefinitions/{PASS}/tenure.previewMail");
    let mut body = about(&ann);
    body["arguments"] = arguments;
    assert_eq!(api.post(&own, &body).is(200)["value"][0], mail);
    before.is_unchanged(&api, "a preview of a pass");
    assert_eq!(mail["to"]["address"], "bob@example.com");
    for part in ["text", "html"] {
        let text = mail[part].as_str().unwrap();
        assert!(text.contains("••••••••") && text.contains("480") && !text.contains('\u{1}'), "{text}");
    }
    let passes = format!("users/{ann}/authentication/temporaryAccessPassMethods");
    assert!(api.all(&passes).is_empty());
    api.patch(&format!("users/{ann}"), &json!({ "employeeHireDate": null })).is(204);
    let phone = json!({ "phoneNumber": "+1 5555551234", "phoneType": "mobile" });
    api.post(&format!("users/{ann}/authentication/phoneMethods"), &phone).is(201);
    api.post(&path, &about(&ann)).refused(409, "The task would fail: the user has another way to sign in");
    api.post(&path, &about(&bob)).refused(409, "no manager");
}

#[test]
fn tasks_before_are_taken_into_account() {
    let api = Api::new();
    let (ann, bob) = ann_and_bob(&api);
    let group = api.group("Guarded");
    let deleting = json!([
        task("Delete", "8d18588d-9ad3-4c0f-99d0-ec215f0e3dff", json!([])),
        task("Farewell", "6f22ddd4-b3a5-47a4-a846-0d7c201a49ce", json!([])),
    ]);
    let (_, path) = with_tasks(&api, "leaver", deleting);
    let shown = api.post(&path, &about(&ann)).is(200);
    assert_eq!((&shown["value"][0]["to"]["name"], &shown["processingInfo"]), (&json!("bob"), &Json::Null));

    let moving = json!([
        task(
            "Move",
            UPDATE_ATTRIBUTES,
            json!([argument("attributeUpdates", r#"[{"attribute":"department","value":"Research"}]"#)])
        ),
        task("Welcome", WELCOME, json!([argument("customSubject", "{{user.department}}")])),
    ]);
    let (_, path) = with_tasks(&api, "joiner", moving);
    assert_eq!(api.post(&path, &about(&ann)).is(200)["value"][0]["subject"], "Research");

    api.patch(&format!("groups/{group}"), &json!({ "@tenure.protected": true })).is(204);
    let failing = json!([
        task("Crew", ADD_TO_GROUPS, json!([argument("groupID", &group)])),
        task("Welcome", WELCOME, json!([])),
    ]);
    let (_, path) = with_tasks(&api, "joiner", failing);
    let shown = api.post(&path, &about(&bob)).is(200);
    assert_eq!(shown["value"].as_array().unwrap().len(), 1);
    let info = shown["processingInfo"].as_str().unwrap();
    assert!(info.starts_with("the task 'Crew' before this one would fail and end the workflow: "), "{info}");
}

#[test]
fn built_in_texts_are_shown_without_a_workflow() {
    let api = Api::new();
    let (ann, bob) = ann_and_bob(&api);
    let path = |definition: &str| format!("@/taskDefinitions/{definition}/tenure.previewMail");
    for base in ["/v1.0", "/beta"] {
        let path = format!(
            "{base}/identityGovernance/lifecycleWorkflows/taskDefinitions/{WELCOME}/tenure.previewMail"
        );
        assert_eq!(api.post(&path, &about(&ann)).is(200)["value"][0]["subject"], "Welcome, ann");
    }
    let with = |arguments: Json| json!({ "subject": { "id": ann }, "arguments": arguments });
    let own = with(json!([argument("customBody", "Hi <b>{{userDisplayName}}</b>"), argument("to", &bob)]));
    let mail = api.post(&path(WELCOME), &own).is(200)["value"][0].clone();
    assert_eq!(mail["to"]["address"], "bob@example.com");
    assert!(mail["text"].as_str().unwrap().starts_with("Hi ann\n"), "{mail}");
    assert!(mail["html"].as_str().unwrap().contains("<p>Hi <b>ann</b></p>"), "{mail}");
    let nobody = api.post(&path(TO_CO_SPONSORS), &about(&ann)).is(200);
    assert_eq!(
        nobody,
        json!({ "value": [], "processingInfo": "no agent identity of the user has another sponsor" })
    );
    let before = Dump::of(&api);
    for (definition, body, named) in [
        (WELCOME, json!({}), "subject"),
        (WELCOME, about("x"), "subject/id"),
        (WELCOME, about(NOBODY), NOBODY),
        (WELCOME, json!({ "subject": { "id": ann }, "colour": 1 }), "colour"),
        (WELCOME, with(json!([argument("shoe", "1")])), "argument 'shoe' is not known"),
        (WELCOME, with(json!([argument("cc", NOBODY)])), "argument 'cc' names the user"),
        (WELCOME, with(json!([argument("customBody", "\u{0}")])), "NUL"),
        (WELCOME, with(json!([{ "value": "x" }])), "arguments/0/name"),
        (PASS, about(&ann), "argument 'tapLifetimeMinutes' is required"),
        (ENABLE, about(&ann), "'Enable user account', which sends no mail"),
    ] {
        api.post(&path(definition), &body).refused(400, named);
    }
    api.post(&path(NOBODY), &about(&ann)).refused(404, NOBODY);
    api.post(&path("x"), &about(&ann)).refused(404, "x");
    api.post(&path(BEFORE_LAST_DAY), &about(&bob)).refused(409, "the user has no manager");
    before.is_unchanged(&api, "a refused preview");
}

#[test]
fn what_is_not_there_or_sends_no_mail_is_refused() {
    let api = Api::new();
    let (ann, _) = ann_and_bob(&api);
    let (workflow, path) = with_tasks(&api, "joiner", json!([task("Enable", ENABLE, json!([]))]));
    api.post(&path, &about(&ann)).refused(400, "'Enable user account', which sends no mail");
    let other = format!("@/workflows/{workflow}/tasks/{NOBODY}/tenure.previewMail");
    api.post(&other, &about(&ann)).refused(404, NOBODY);
    api.get(&path).refused(405, "POST");
    api.delete(&format!("@/workflows/{workflow}")).is(204);
    api.post(&path, &about(&ann)).refused(404, &workflow);
}
