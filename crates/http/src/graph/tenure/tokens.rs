//! `/tenure.tokens`

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::operations::{NewToken, TokenText};
use tenure_lifecycle::token::Token;

use crate::errors::GraphError;
use crate::odata::{Item, Kind, Object, Properties, Property, memory_list, operators, time, time_or_null};
use crate::request::Request;
use crate::response::Response;

const TOKEN: Properties = Properties {
    of: "a token",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("name", Kind::Text, operators::TEXT),
        Property::filtered("scopes", Kind::Texts, operators::ELEMENTS),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("expirationDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("revokedDateTime", Kind::DateTime, operators::ORDER),
    ],
};

/// A token as it is shown: never the token itself, never its hash.
fn item(token: &Token) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(token.caller.id));
    set("name", json!(token.caller.name));
    set("scopes", json!(token.caller.scopes));
    set("createdDateTime", time(token.created));
    set("expirationDateTime", time_or_null(token.expires));
    set("revokedDateTime", time_or_null(token.revoked));
    item
}

/// Lists all tokens, withdrawn ones too.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let items = request.lifecycle().store.tokens()?.iter().map(item).collect();
    memory_list(request, &TOKEN, &request.context_path, items, "id")
}

/// Makes a token; this answer is the only one that shows it.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let new = new_token(&Object::root(&body)?)?;
    let actor = Actor::Caller(request.caller.id);
    let (token, TokenText(text)) = request.lifecycle().create_token(actor, new, crate::hash_token)?;
    let mut shown = item(&token);
    shown.insert("token".to_owned(), text.into());
    Response::json(StatusCode::CREATED, &shown)
}

fn new_token(body: &Object<'_>) -> Result<NewToken, GraphError> {
    let name = body.required_text("name")?.to_owned();
    let scopes = body.texts("scopes")?.ok_or_else(|| body.invalid("scopes", "is required"))?;
    let ttl = match body.integer("ttlSeconds")? {
        Some(seconds) if seconds < 1 => return Err(body.invalid("ttlSeconds", "must be at least 1")),
        seconds => seconds.map(|seconds| SignedDuration::from_secs(i64::from(seconds))),
    };
    body.finish()?;
    Ok(NewToken { name, scopes: scopes.into_iter().map(str::to_owned).collect(), ttl })
}

/// Withdraws a token.
pub(super) fn revoke(request: &Request) -> Result<Response, GraphError> {
    let id = request.id("token", "token")?;
    request.lifecycle().revoke_token(Actor::Caller(request.caller.id), id)?;
    Ok(Response::no_content())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        for (body, named) in [
            (json!({"scopes": ["*"]}), "name"),
            (json!({"name": "x"}), "scopes"),
            (json!({"name": "x", "scopes": "*"}), "scopes"),
            (json!({"name": "x", "scopes": ["*"], "ttlSeconds": 0}), "ttlSeconds"),
            (json!({"name": "x", "scopes": ["*"], "hash": "y"}), "hash"),
        ] {
            let error = new_token(&Object::root(&body).unwrap()).unwrap_err();
            assert_eq!(error.target.as_deref(), Some(named), "{body}");
        }
    }
}
