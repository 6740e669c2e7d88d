//! `POST …/workflows/{id}/tasks/{task}/tenure.previewMail` and `POST …/taskDefinitions/{id}/tenure.previewMail`

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_lifecycle::effect::{Mail, Mailbox};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::MailPreview;
use tenure_lifecycle::workflow::Argument;

use crate::errors::GraphError;
use crate::odata::{Object, reference};
use crate::request::Request;
use crate::response::Response;

/// The mails that a task of a workflow would send about somebody, were it run now.
pub(super) fn of_task(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let task = request.id("task", "task")?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let (subject, locale) = (subject(&body)?, locale(&body)?);
    body.finish()?;
    let preview = request.lifecycle().preview_mail(&workflow, task, subject, locale)?;
    Response::json(StatusCode::OK, &shown(&preview))
}

/// The mails that a task of this definition would send about somebody, without a workflow.
pub(super) fn of_definition(request: &Request) -> Result<Response, GraphError> {
    let definition = request.id("definition", "task definition")?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let (subject, locale) = (subject(&body)?, locale(&body)?);
    let arguments = body.objects("arguments")?.unwrap_or_default();
    let arguments = arguments.iter().map(argument).collect::<Result<_, _>>()?;
    body.finish()?;
    let preview = request.lifecycle().preview_mail_of(definition, arguments, subject, locale)?;
    Response::json(StatusCode::OK, &shown(&preview))
}

/// Whom it is about.
pub(super) fn subject(body: &Object<'_>) -> Result<UserId, GraphError> {
    let subject = body.object("subject")?.ok_or_else(|| body.invalid("subject", "is required"))?;
    reference(&subject)?.parse().map_err(|_| subject.invalid("id", "is not the id of a user"))
}

fn locale<'a>(body: &Object<'a>) -> Result<Option<&'a str>, GraphError> {
    Ok(body.nullable_text("locale")?.flatten())
}

fn argument(body: &Object<'_>) -> Result<Argument, GraphError> {
    let name = body.required_text("name")?.to_owned();
    let value = body.nullable_text("value")?.flatten().unwrap_or_default().to_owned();
    body.finish()?;
    Ok(Argument { name, value })
}

fn shown(preview: &MailPreview) -> Value {
    let mails: Vec<Value> = preview.mails.iter().map(|(from, mail)| mail_json(from, mail)).collect();
    json!({ "value": mails, "processingInfo": preview.info })
}

fn mail_json(from: &Mailbox, mail: &Mail) -> Value {
    json!({
        "from": from,
        "to": mail.to,
        "cc": mail.cc,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_it_is_about_is_named_by_id_or_link() {
        let id = "a1e2c3d4-0001-4aaa-8bbb-000000000001";
        let read = |body: &Value| subject(&Object::root(body).unwrap()).map_err(|error| error.target);
        assert_eq!(read(&json!({ "subject": { "id": id } })), Ok(id.parse().unwrap()));
        assert_eq!(
            read(&json!({ "Subject": { "@odata.id": format!("users/{id}") } })),
            Ok(id.parse().unwrap())
        );
        for (body, named) in [
            (json!({}), "subject"),
            (json!({ "subject": id }), "subject"),
            (json!({ "subject": {} }), "subject/id"),
            (json!({ "subject": { "id": "x" } }), "subject/id"),
        ] {
            assert_eq!(read(&body), Err(Some(named.to_owned())), "{body}");
        }
    }
}
