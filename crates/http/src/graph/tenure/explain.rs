//! `POST …/workflows/{id}/tenure.explain`

use axum::http::StatusCode;
use serde_json::{Map, Value as Json, json};
use tenure_lifecycle::engine::{Due, ScopeExplained};
use tenure_lifecycle::expression::{Explanation, Value};
use tenure_lifecycle::operations::{Explained, Occasion};
use tenure_lifecycle::ports::Skipped;

use super::preview_mail::subject;
use crate::errors::GraphError;
use crate::graph::results::shape::user_result;
use crate::odata::{Object, time, time_or_null};
use crate::request::Request;
use crate::response::Response;

/// Why a workflow is run for somebody, or why not.
pub(super) fn explain(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let about = subject(&body)?;
    body.finish()?;
    let explained = request.lifecycle().explain(&workflow, about)?;
    Response::json(StatusCode::OK, &shown(&explained))
}

fn shown(explained: &Explained) -> Json {
    let processed = if explained.is_processed_now() {
        "now"
    } else if explained.is_processed_later() {
        "later"
    } else {
        "no"
    };
    let reasons: Vec<Json> = explained
        .reasons
        .iter()
        .map(|reason| json!({ "code": reason.as_str(), "message": reason.message() }))
        .collect();
    let user = &explained.user;
    json!({
        "subject": { "id": user.id, "displayName": user.text("displayName") },
        "isProcessed": processed,
        "reasons": reasons,
        "scope": explained.scope.as_ref().map(scope),
        "occasion": explained.occasion.as_ref().map(occasion),
        "skipped": explained.skipped.iter().map(skipped).collect::<Vec<_>>(),
        "userProcessingResults": explained.results.iter().map(user_result).collect::<Vec<_>>(),
    })
}

fn scope(scope: &ScopeExplained) -> Json {
    match scope {
        ScopeExplained::Rule(rule) => part(rule),
        ScopeExplained::Groups(groups) => {
            let parts: Vec<Json> = groups
                .iter()
                .map(|(group, is_in)| json!({ "text": format!("member of {group}"), "holds": is_in }))
                .collect();
            json!({ "text": "member of one of these groups", "holds": scope.holds(), "parts": parts })
        }
        ScopeExplained::Unreadable(rule) => json!({ "text": rule, "holds": false, "parts": [] }),
    }
}

/// One part of a rule and what it is made of; a clause says what it saw.
fn part(explanation: &Explanation) -> Json {
    let parts: Vec<Json> = explanation.parts.iter().map(part).collect();
    let mut shown = json!({ "text": explanation.text, "holds": explanation.holds, "parts": parts });
    if let Some(seen) = &explanation.seen {
        shown["seen"] = value(seen);
    }
    shown
}

fn value(seen: &Value<'_>) -> Json {
    match seen {
        Value::Null => Json::Null,
        Value::Boolean(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::Decimal(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::Timestamp(value) => time(*value),
        Value::Guid(value) => json!(value),
        Value::List(values) => values.iter().map(value).collect(),
        Value::Object(values) => {
            let values = values.iter().map(|(name, inner)| (name.to_string(), value(inner)));
            Json::Object(values.collect::<Map<_, _>>())
        }
    }
}

fn occasion(occasion: &Occasion) -> Json {
    let state = match occasion.state {
        Due::Later => "later",
        Due::Now => "due",
        Due::TooLate => "tooLate",
    };
    json!({
        "dueDateTime": time(occasion.due),
        "untilDateTime": time_or_null(occasion.until),
        "state": state,
        "userProcessingResult": occasion.result.as_ref().map(user_result),
    })
}

fn skipped(skipped: &Skipped) -> Json {
    json!({ "dueDateTime": time(skipped.due), "reason": skipped.reason.as_str() })
}
