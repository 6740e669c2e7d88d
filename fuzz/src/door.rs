//! A Tenure with a small company, asked in process.

use std::cell::RefCell;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};
use tenure_connectors::csv::CsvFeed;
use tenure_http::{Server, hash_token, router};
use tenure_lifecycle::operations::{NewToken, TokenText};
use tenure_testkit::System;
use tower_service::Service as _;

/// After so many requests that may have written, everything begins anew: what one input did must not pile up.
const WRITES: usize = 2_000;

const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";

/// A Tenure and what can be asked of it.
pub(crate) struct Door {
    router: Router,
    runtime: tokio::runtime::Runtime,
    token: String,
    /// Lists that take query options.
    pub(crate) lists: Vec<String>,
    /// What takes a body.
    pub(crate) writes: Vec<(&'static str, String)>,
    asked: RefCell<usize>,
    _system: System,
}

thread_local! {
    static DOOR: RefCell<Option<Door>> = const { RefCell::new(None) };
}

impl Door {
    /// Does something with the one of this thread.
    pub(crate) fn with(work: impl FnOnce(&Door)) {
        DOOR.with_borrow_mut(|door| {
            if door.as_ref().is_some_and(|door| *door.asked.borrow() > WRITES) {
                *door = None;
            }
            work(door.get_or_insert_with(Door::open));
        });
    }

    fn open() -> Self {
        let system = System::at("2026-03-01T08:00:00Z").expect("a system");
        let router = router(Server {
            lifecycle: system.lifecycle.clone(),
            feeds: Arc::new(CsvFeed),
            simulation: None,
            spool: system.directory.path().to_owned(),
            oidc: None,
            https: false,
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let new = NewToken { name: "fuzz".to_owned(), scopes: vec!["*".to_owned()], ttl: None };
        let (_, TokenText(token)) =
            system.lifecycle.create_token(system.actor(), new, hash_token).expect("a token");
        let mut door = Self {
            router,
            runtime,
            token,
            lists: vec![],
            writes: vec![],
            asked: RefCell::new(0),
            _system: system,
        };
        door.furnish();
        door
    }

    /// People, a group, and a workflow that has run.
    fn furnish(&mut self) {
        let made = |path: &str, body: Json| -> String {
            let (status, answer) = self.call("POST", path, body.to_string().as_bytes());
            assert_eq!(status, 201, "{answer}");
            answer["id"].as_str().expect("an id").to_owned()
        };
        let people = ["ann", "Bob o'Neil", "Émile"].map(|name| {
            let body = json!({
                "displayName": name, "userPrincipalName": format!("{}@x.com", name.len()), "department": "Sales",
                "accountEnabled": true, "otherMails": [format!("{}@y.com", name.len())],
                "employeeHireDate": "2026-03-02T00:00:00Z", "employeeOrgData": { "costCenter": "7" },
                "assignedPlans": [{ "service": "teams", "capabilityStatus": "Enabled" }],
            });
            made("users", body)
        });
        let group = made(
            "groups",
            json!({ "displayName": "Staff", "mailEnabled": false, "mailNickname": "s", "securityEnabled": true }),
        );
        const LCW: &str = "identityGovernance/lifecycleWorkflows";
        let workflow = made(
            &format!("{LCW}/workflows"),
            json!({
                "category": "joiner", "displayName": "Joiners",
                "executionConditions": { "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly" },
                "tasks": [{ "displayName": "Enable", "taskDefinitionId": ENABLE, "arguments": [] }],
            }),
        );
        let workflow = format!("{LCW}/workflows/{workflow}");
        let subjects: Vec<Json> = people.iter().map(|id| json!({ "id": id })).collect();
        let activated = json!({ "subjects": subjects }).to_string();
        assert_eq!(self.ask("POST", &format!("{workflow}/activate"), activated.as_bytes()), 204);
        self._system.drain().expect("a worker");
        let (_, runs) = self.call("GET", &format!("{workflow}/runs"), b"");
        let run = format!("{workflow}/runs/{}", runs["value"][0]["id"].as_str().expect("a run"));
        let (_, results) = self.call("GET", &format!("{run}/userProcessingResults"), b"");
        let result =
            format!("{run}/userProcessingResults/{}", results["value"][0]["id"].as_str().expect("a result"));
        let (_, tasks) = self.call("GET", &format!("{workflow}/tasks"), b"");
        let task = format!("{workflow}/tasks/{}", tasks["value"][0]["id"].as_str().expect("a task"));
        self.lists = vec![
            "users".to_owned(),
            "groups".to_owned(),
            format!("{LCW}/workflows"),
            format!("{LCW}/taskDefinitions"),
            format!("{workflow}/tasks"),
            format!("{workflow}/runs"),
            format!("{run}/userProcessingResults"),
            format!("{result}/taskProcessingResults"),
            format!("{workflow}/taskReports"),
        ];
        self.writes = vec![
            ("POST", "users".to_owned()),
            ("PATCH", format!("users/{}", people[0])),
            ("PUT", format!("users/{}/manager/$ref", people[0])),
            ("POST", "groups".to_owned()),
            ("PATCH", format!("groups/{group}")),
            ("POST", format!("groups/{group}/members/$ref")),
            ("POST", format!("{LCW}/workflows")),
            ("PATCH", workflow.clone()),
            ("PATCH", task),
            ("POST", format!("{workflow}/createNewVersion")),
            ("POST", format!("{workflow}/activate")),
            ("PATCH", format!("{LCW}/settings")),
            ("POST", format!("{run}/userProcessingResults")),
            ("PATCH", result.clone()),
            ("POST", format!("{result}/taskProcessingResults")),
            ("POST", format!("{result}/subject/$ref")),
            ("POST", "tenure.tokens".to_owned()),
        ];
    }

    /// The status of a list that is asked for with an option: 200 or 400.
    pub(crate) fn option(&self, list: &str, option: &str, text: &str) -> u16 {
        let text_encoded = utf8_percent_encode(text, NON_ALPHANUMERIC);
        let (status, answer) = self.call("GET", &format!("{list}?${option}={text_encoded}&$top=5"), b"");
        assert!(status == 200 || status == 400, "{list} {option} {text:?}: {status} {answer}");
        status
    }

    /// The status of what takes a body.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &[u8]) -> u16 {
        *self.asked.borrow_mut() += 1;
        self.call(method, path, body).0
    }

    /// The status of a batch; none of its answers may be a failure of ours.
    pub(crate) fn batch(&self, body: &[u8]) -> u16 {
        *self.asked.borrow_mut() += 20;
        let (status, answer) = self.call("POST", "$batch", body);
        for one in answer["responses"].as_array().into_iter().flatten() {
            assert!(one["status"].as_u64().is_some_and(|status| (200..500).contains(&status)), "{one}");
        }
        if self.call("GET", "tenure.status", b"").0 == 401 {
            // It has withdrawn the token that we ask with.
            *self.asked.borrow_mut() = WRITES + 1;
        }
        status
    }

    fn call(&self, method: &str, path: &str, body: &[u8]) -> (u16, Json) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v1.0/{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Body::from(body.to_vec()));
        // An address that no server's library lets in.
        let Ok(request) = request else { return (400, Json::Null) };
        let mut router = self.router.clone();
        let (status, bytes) = self.runtime.block_on(async move {
            let answer = router.call(request).await.expect("an answer");
            let (head, body) = answer.into_parts();
            (head.status.as_u16(), to_bytes(body, usize::MAX).await.expect("a body"))
        });
        let answer: Json =
            if bytes.is_empty() { Json::Null } else { serde_json::from_slice(&bytes).unwrap_or(Json::Null) };
        if status >= 400 {
            let error = &answer["error"];
            assert!(error["code"].is_string() && error["message"].is_string(), "{method} {path}: {answer}");
            assert!(error["innerError"]["request-id"].is_string(), "{method} {path}: {answer}");
        }
        (status, answer)
    }
}
