//! Asking: a router on a system of its own, called in process.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Uri};
use serde_json::Value as Json;
use tenure_connectors::csv::CsvFeed;
use tenure_http::oidc::Oidc;
use tenure_http::{Server, hash_token, router};
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::engine::Simulation;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::{NewToken, TokenText};
use tenure_testkit::System;
use tower_service::Service as _;

pub(crate) const NOW: &str = "2026-03-01T08:00:00Z";

/// A Tenure and its door.
pub(crate) struct Api {
    pub(crate) system: System,
    router: Router,
    runtime: tokio::runtime::Runtime,
    /// The administrator's token.
    pub(crate) admin: String,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self::with(limits, |_| None)
    }

    /// One that accepts tokens of issuers too.
    pub(crate) fn with(limits: Limits, oidc: impl Fn(&System) -> Option<Oidc>) -> Self {
        Self::of(System::with_limits(NOW, limits).unwrap(), oidc)
    }

    /// The door of a system.
    pub(crate) fn of(system: System, oidc: impl Fn(&System) -> Option<Oidc>) -> Self {
        let simulation =
            Simulation::new(system.lifecycle.clone(), system.deliveries.clone(), system.clock.clone());
        let router = router(Server {
            lifecycle: system.lifecycle.clone(),
            feeds: Arc::new(CsvFeed),
            simulation: Some(Arc::new(simulation)),
            spool: system.directory.path().to_owned(),
            oidc: oidc(&system).map(Arc::new),
            https: false,
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut api = Self { system, router, runtime, admin: String::new() };
        api.admin = api.token(&["*"]);
        api
    }

    /// A new token with these scopes.
    pub(crate) fn token(&self, scopes: &[&str]) -> String {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new = NewToken { name: "test".to_owned(), scopes, ttl: None };
        let actor = Actor::Caller(self.system.caller.id);
        let (_, TokenText(text)) = self.system.lifecycle.create_token(actor, new, hash_token).unwrap();
        text
    }

    /// A question by the administrator. A path that begins with `/` is whole, `@` is
    /// `/v1.0/identityGovernance/lifecycleWorkflows`, anything else stands behind `/v1.0/`. Spaces and quotes are encoded.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let ask = Ask {
            api: self,
            method: method.to_owned(),
            uri: address(path),
            headers: vec![],
            body: vec![],
            token: None,
        };
        ask.token(&self.admin)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send()
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Answer {
        let answer = self.ask("POST", path).json(body).send();
        // Whatever is made stands where the answer says.
        if answer.status == 201 && !path.starts_with("tenure.") {
            let place = answer.header("location").strip_prefix("http://localhost").unwrap();
            let made = self.get(place).is(200);
            assert_eq!(made["id"], answer.body["id"], "{place}");
        }
        answer
    }

    pub(crate) fn patch(&self, path: &str, body: &Json) -> Answer {
        self.ask("PATCH", path).json(body).send()
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path).send()
    }

    /// All items of a list, its next links followed to the end.
    pub(crate) fn all(&self, path: &str) -> Vec<Json> {
        let mut items = vec![];
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.ask("GET", &path).header("prefer", "include-unknown-enum-members").send().is(200);
            items.extend(page["value"].as_array().unwrap().iter().cloned());
            next = page["@odata.nextLink"].as_str().map(|link| local(link).to_owned());
            assert!(items.len() < 10_000, "a list that does not end: {path}");
        }
        items
    }
}

/// The path and query of a link that the API gave.
pub(crate) fn local(link: &str) -> &str {
    link.strip_prefix("http://localhost").unwrap()
}

fn address(path: &str) -> String {
    let whole = match path.strip_prefix('@') {
        _ if path.starts_with('/') => path.to_owned(),
        Some(rest) => format!("/v1.0/identityGovernance/lifecycleWorkflows{rest}"),
        None => format!("/v1.0/{path}"),
    };
    whole.replace(' ', "%20").replace('"', "%22")
}

/// A question.
pub(crate) struct Ask<'a> {
    api: &'a Api,
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    token: Option<String>,
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    pub(crate) fn without_token(self) -> Self {
        Self { token: None, ..self }
    }

    /// A body as it is, called JSON unless a header says otherwise.
    pub(crate) fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        if !self.headers.iter().any(|(name, _)| name == "content-type") {
            self = self.header("content-type", "application/json");
        }
        self
    }

    pub(crate) fn json(self, body: &Json) -> Self {
        self.bytes(body.to_string())
    }

    /// Asks.
    pub(crate) fn send(self) -> Answer {
        self.try_send().unwrap()
    }

    /// Asks, if the address is one that a server's HTTP library lets in.
    pub(crate) fn try_send(self) -> Option<Answer> {
        let uri: Uri = self.uri.parse().ok()?;
        let mut request = Request::builder().method(self.method.as_str()).uri(uri);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).unwrap();
        let mut router = self.api.router.clone();
        let (head, body) = self.api.runtime.block_on(async move {
            let answer = router.call(request).await.unwrap();
            let (head, body) = answer.into_parts();
            (head, to_bytes(body, usize::MAX).await.unwrap())
        });
        let is_json = head
            .headers
            .get("content-type")
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        let body = match String::from_utf8(body.to_vec()).unwrap() {
            text if is_json => serde_json::from_str(&text).unwrap(),
            text if text.is_empty() => Json::Null,
            text => Json::String(text),
        };
        let asked = format!("{} {}", self.method, self.uri);
        Some(Answer { asked, status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Json,
}

impl Answer {
    /// The body of an answer that has to have this status.
    pub(crate) fn is(self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.body);
        self.body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A refusal in Graph's shape whose message names this.
    pub(crate) fn refused(self, status: u16, named: &str) {
        let request_id = self.header("request-id").to_owned();
        let code = match status {
            400 => "BadRequest",
            401 => "InvalidAuthenticationToken",
            403 => "Authorization_RequestDenied",
            404 => "ResourceNotFound",
            405 => "MethodNotAllowed",
            406 => "NotAcceptable",
            409 => "Conflict",
            412 => "PreconditionFailed",
            413 => "PayloadTooLarge",
            415 => "UnsupportedMediaType",
            _ => "",
        };
        let asked = self.asked.clone();
        let body = self.is(status);
        let error = &body["error"];
        assert_eq!(body.as_object().unwrap().len(), 1, "{asked}: {body}");
        assert_eq!(error["code"], code, "{asked}: {body}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(named), "{asked}: '{named}' is not named by: {message}");
        assert!(message.ends_with(['.', '…']), "{asked}: {message}");
        assert!(!request_id.is_empty());
        assert_eq!(error["innerError"]["request-id"], request_id, "{asked}");
        assert!(error["innerError"]["client-request-id"].is_string(), "{asked}");
        assert!(error["innerError"]["date"].is_string(), "{asked}");
    }
}

/// The ids of the items of a list.
pub(crate) fn ids(items: &[Json]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}
