//! A request as handlers see it: authenticated, routed, read.

use std::sync::Arc;

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;
use tenure_lifecycle::ids::WorkflowId;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::Query;
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::{Version, Workflow};

use crate::Server;
use crate::errors::GraphError;
use crate::odata::{self, Expansion, Members, Navigation, Options, Properties, Selection};
use crate::upload::Upload;

/// A request that has found its route and whose caller may make it.
pub(crate) struct Request {
    /// What is served.
    pub(crate) server: Arc<Server>,
    /// Who asks.
    pub(crate) caller: Caller,
    /// `http://host/v1.0` or `http://host/beta`.
    pub(crate) base: String,
    /// The path as it was asked for, with its `/v1.0`, percent-encoded.
    pub(crate) path: String,
    /// The path as `@odata.context` writes it, without a key at the end.
    pub(crate) context_path: String,
    /// Path parameters.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// Parameters of the function in the path.
    pub(crate) arguments: Vec<(&'static str, String)>,
    /// Query options.
    pub(crate) options: Options,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// The whole body, but for uploads.
    pub(crate) body: Vec<u8>,
    /// The file that came, for uploads.
    pub(crate) upload: Option<Upload>,
    /// The workflow it is about is a deleted one.
    pub(crate) deleted: bool,
}

impl Request {
    /// The domain.
    pub(crate) fn lifecycle(&self) -> &Lifecycle {
        &self.server.lifecycle
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.lifecycle().now()
    }

    /// A path parameter; empty if the route has none of that name.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// A path parameter that is an id; what is no id names nothing, so it is a 404 about `what`, such as `run`.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &str, what: &str) -> Result<T, GraphError> {
        let text = self.parameter(name);
        text.parse().map_err(|_| GraphError::not_found(format!("{what} '{text}'")))
    }

    /// A parameter of the function in the path that is a moment.
    pub(crate) fn time_argument(&self, name: &str) -> Result<Timestamp, GraphError> {
        let value = self.arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        odata::time_argument(value)
            .ok_or_else(|| GraphError::option(name, "must be a date-time such as 2026-03-01T08:00:00Z"))
    }

    /// The workflow that the path is about (`{workflow}`), deleted or not as the path says.
    pub(crate) fn workflow(&self) -> Result<Workflow, GraphError> {
        let id: WorkflowId = self.id("workflow", "workflow")?;
        Ok(self.lifecycle().workflow(id, self.deleted)?)
    }

    /// The version that the path is about (`{version}`).
    pub(crate) fn version(&self) -> Result<Version, GraphError> {
        let workflow = self.workflow()?;
        let number: i64 = self.id("version", "version")?;
        let version = self.lifecycle().store.version(workflow.number, number)?;
        version.ok_or_else(|| GraphError::not_found(format!("version '{number}'")))
    }

    /// Which members of enumerations the client understands.
    pub(crate) fn members(&self) -> Members {
        Members::asked(self.lifecycle().limits.profile, &self.headers)
    }

    /// The address of a path such as `/v1.0/users`.
    pub(crate) fn address(&self, path: &str) -> String {
        let (scheme_and_host, _) = self.base.rsplit_once('/').unwrap_or_default();
        format!("{scheme_and_host}{path}")
    }

    /// A path such as `users` behind the version that was asked for: `/v1.0/users`.
    pub(crate) fn behind_version(&self, path: &str) -> String {
        let version = self.base.rsplit('/').next().unwrap_or_default();
        format!("/{version}/{path}")
    }

    /// The value of `@odata.context` for a context path.
    pub(crate) fn context(&self, path: &str) -> String {
        format!("{}/$metadata#{path}", self.base)
    }

    /// What the request asks of a list that the store keeps.
    pub(crate) fn query(&self, properties: &Properties) -> Result<Query, GraphError> {
        self.options.query(properties, &self.context_path)
    }

    /// `$select`; unknown names are refused.
    pub(crate) fn selection(&self, properties: &Properties) -> Result<Selection, GraphError> {
        Selection::parse(self.options.get("select"), properties)
    }

    /// `$expand`; names other than these are refused.
    pub(crate) fn expansion(&self, names: &[&'static str]) -> Result<Expansion, GraphError> {
        Expansion::parse(self.options.get("expand"), names)
    }

    /// `$expand` of these navigations, with the options that they take inside.
    pub(crate) fn expansion_of(&self, navigations: &[Navigation]) -> Result<Expansion, GraphError> {
        Expansion::of(self.options.get("expand"), navigations)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, GraphError> {
        odata::read_json(&self.headers, &self.body)
    }

    /// Checks that an action without parameters is given none: nothing, or an empty object.
    pub(crate) fn without_parameters(&self) -> Result<(), GraphError> {
        if self.body.trim_ascii().is_empty() {
            return Ok(());
        }
        odata::Object::root(&self.json()?)?.finish()
    }

    /// The revision that `If-Match` asks for; `None` without one or with `*`.
    pub(crate) fn if_match(&self) -> Result<Option<i64>, GraphError> {
        let Some(value) = self.headers.get(axum::http::header::IF_MATCH) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(None);
        }
        let tag = text.strip_prefix("W/").unwrap_or(text);
        let number =
            tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
        number.map(Some).ok_or_else(GraphError::precondition_failed)
    }
}
