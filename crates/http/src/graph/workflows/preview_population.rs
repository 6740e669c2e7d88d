//! `…/workflows/{id}/tenure.previewPopulation`: who would be processed now (GET), or these people (POST), each with what
//! would be different.

use serde_json::{Value as Json, json};
use tenure_lifecycle::effect::{Difference, Mail, Mailbox, Sign, Thing};
use tenure_lifecycle::operations::{PreviewedTask, PreviewedUser, Reason};
use tenure_lifecycle::run::Status;

use super::activate::users;
use super::candidates::{EXAMINED, read, written};
use crate::errors::GraphError;
use crate::odata::{Item, Object, Properties, annotated_list, time, time_or_null, whole_list};
use crate::request::Request;
use crate::response::Response;

/// People of one question about named ones.
const SUBJECTS: usize = 999;
/// Options that are of no use here.
const REFUSED: [&str; 7] = ["filter", "orderby", "select", "expand", "skip", "count", "search"];

const PREVIEWED: Properties = Properties { of: "a preview", list: &[] };

/// Who would be processed if the workflow were looked at now.
pub(super) fn now(request: &Request) -> Result<Response, GraphError> {
    request.options.refuse(&REFUSED)?;
    let query = request.query(&PREVIEWED)?;
    let workflow = request.workflow()?;
    let after = query.after.as_deref().map(read).transpose()?;
    let lifecycle = request.lifecycle();
    let found = lifecycle.preview_population(&workflow, after, query.limit, EXAMINED)?;
    let items: Vec<Json> = found.people.iter().map(|one| shown(request, one)).collect();
    let mut annotations = Item::new();
    // What is said of the whole is said once.
    if after.is_none() {
        let restraint = lifecycle.restraint(&workflow, EXAMINED)?;
        annotations.insert("@tenure.reasons".to_owned(), restraint.reasons.into_iter().map(reason).collect());
        annotations.insert("@tenure.quarantineReason".to_owned(), restraint.held_back.into());
    }
    let next = found.next.map(written);
    annotated_list(request, &PREVIEWED, &items, next.as_deref(), annotations)
}

/// What would become of these people, whether or not they are due.
pub(super) fn of_subjects(request: &Request) -> Result<Response, GraphError> {
    request.options.refuse(&REFUSED)?;
    request.options.refuse(&["top", "skiptoken"])?;
    let workflow = request.workflow()?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let subjects = users(&body, "subjects")?;
    body.finish()?;
    if subjects.len() > SUBJECTS {
        return Err(body.invalid("subjects", format!("must name at most {SUBJECTS} users")));
    }
    let people = request.lifecycle().preview_people(&workflow, &subjects)?;
    let items: Vec<Json> = people.iter().map(|one| shown(request, one)).collect();
    whole_list(request, &PREVIEWED, &items, None, None)
}

fn reason(reason: Reason) -> Json {
    json!({ "code": reason.as_str(), "message": reason.message() })
}

fn shown(request: &Request, one: &PreviewedUser) -> Json {
    let user = &one.user;
    let sender = &request.lifecycle().sender;
    json!({
        "subject": {
            "id": user.id,
            "displayName": user.text("displayName"),
            "userPrincipalName": user.text("userPrincipalName"),
        },
        "dueDateTime": time_or_null(one.due),
        "processingStatus": one.status.as_str(),
        "tasks": one.tasks.iter().map(|one| task(one, sender)).collect::<Vec<_>>(),
    })
}

fn task(one: &PreviewedTask, sender: &Mailbox) -> Json {
    let (failure, info) = match one.status {
        Some(Status::Failed) => (one.note.as_deref(), None),
        _ => (None, one.note.as_deref()),
    };
    json!({
        "task": {
            "id": one.task.id,
            "displayName": one.task.display_name,
            "executionSequence": one.task.execution_sequence,
        },
        // A task that is not run has no status.
        "processingStatus": one.status.map(Status::as_str),
        "failureReason": failure,
        "processingInfo": info,
        "changes": one.differences.iter().map(|one| change(one, sender)).collect::<Vec<_>>(),
    })
}

fn change(one: &Difference, sender: &Mailbox) -> Json {
    match one {
        Difference::Property { name, before, after } => {
            json!({ "kind": "property", "property": name, "before": before.to_json(), "after": after.to_json() })
        }
        Difference::Membership(sign, group) => {
            json!({ "kind": "membership", "change": word(*sign), "group": thing(group.as_ref()) })
        }
        Difference::License(sign, license) => {
            json!({ "kind": "license", "change": word(*sign), "license": thing(license.as_ref()) })
        }
        Difference::AccessPackage(sign, package, ends) => json!({
            "kind": "accessPackage", "change": word(*sign), "accessPackage": thing(package.as_ref()),
            "endDateTime": ends.map(time),
        }),
        Difference::Request(sign, package) => json!({
            "kind": "accessPackageRequest", "change": word(*sign), "accessPackage": thing(package.as_ref()),
        }),
        Difference::Sponsorship(sign, agent, sponsor) => json!({
            "kind": "agentSponsor", "change": word(*sign), "agentIdentity": thing(agent.as_ref()),
            "sponsor": thing(sponsor.as_ref()),
        }),
        Difference::Sessions => json!({ "kind": "sessions", "change": "removed" }),
        Difference::Account(sign) => json!({ "kind": "user", "change": word(*sign) }),
        Difference::Mail(mail) => shown_mail(mail, sender),
        Difference::Pass { lifetime_minutes, is_usable_once } => json!({
            "kind": "temporaryAccessPass", "change": "added", "lifetimeInMinutes": lifetime_minutes,
            "isUsableOnce": is_usable_once,
        }),
        Difference::PassDeleted => json!({ "kind": "temporaryAccessPass", "change": "removed" }),
        Difference::Call(extension) => {
            json!({ "kind": "call", "customTaskExtension": thing(extension.as_ref()) })
        }
    }
}

fn shown_mail(mail: &Mail, sender: &Mailbox) -> Json {
    json!({
        "kind": "mail", "from": mail.sender(sender), "to": mail.to, "cc": mail.cc, "subject": mail.subject,
    })
}

fn word(sign: Sign) -> &'static str {
    match sign {
        Sign::Added => "added",
        Sign::Removed => "removed",
    }
}

fn thing(thing: Option<&Thing>) -> Json {
    thing.map_or(Json::Null, |thing| json!({ "id": thing.id, "displayName": thing.name }))
}
