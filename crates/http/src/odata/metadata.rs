//! `odata.metadata=none|minimal|full`: how much an answer says about itself (OData JSON 4.01, 3.1).
//!
//! Answers are made as `minimal` wants them. `none` takes control information away, but for links that lead on and
//! counts; `full` adds what each entity is and where it is found, which follows from the context of the answer.

use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::{Map, Value};

use super::leads::{leads, team_member};
use super::members::{Members, hide_later};
use super::options::Options;
use crate::errors::GraphError;
use crate::response::Response;

/// How much an answer says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Metadata {
    /// Only links that lead on, and counts.
    None,
    /// What a client that knows the service needs.
    #[default]
    Minimal,
    /// Everything.
    Full,
}

impl Metadata {
    /// What a request asks for: `$format` counts before `Accept`.
    pub(crate) fn asked(headers: &HeaderMap, options: &Options) -> Result<Self, GraphError> {
        if let Some(format) = options.get("format") {
            return match Self::of_type(format) {
                Some(Ok(level)) => Ok(level),
                Some(Err(())) => {
                    Err(GraphError::option("$format", "knows odata.metadata=none, minimal and full"))
                }
                None => Err(GraphError::option("$format", "must be json")),
            };
        }
        let accepted = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        let level = accepted.flat_map(|value| value.split(',')).find_map(|kind| Self::of_type(kind)?.ok());
        Ok(level.unwrap_or_default())
    }

    /// The level of a media type that is JSON.
    fn of_type(text: &str) -> Option<Result<Self, ()>> {
        let mut parts = text.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        if !["json", "application/json"].into_iter().any(|json| json.eq_ignore_ascii_case(kind)) {
            return None;
        }
        let mut level = Self::Minimal;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if matches!(name.trim().to_ascii_lowercase().as_str(), "odata.metadata" | "metadata") {
                level = match value.trim().trim_matches('"').to_ascii_lowercase().as_str() {
                    "none" => Self::None,
                    "minimal" => Self::Minimal,
                    "full" => Self::Full,
                    _ => return Some(Err(())),
                };
            }
        }
        Some(Ok(level))
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::None => "application/json; odata.metadata=none; charset=utf-8",
            Self::Minimal => crate::response::JSON,
            Self::Full => "application/json; odata.metadata=full; charset=utf-8",
        })
    }

    /// The answer as it is asked for; what is no JSON, or no JSON of ours, stays.
    pub(crate) fn shape(self, members: Members, mut response: Response) -> Response {
        if self == Self::Minimal && members == Members::All {
            return response;
        }
        let ours = |(name, value): &(_, HeaderValue)| {
            *name == header::CONTENT_TYPE && value.as_bytes() == crate::response::JSON.as_bytes()
        };
        if !response.headers.iter().any(ours) {
            return response;
        }
        let Ok(Value::Object(mut body)) = serde_json::from_slice(&response.body) else { return response };
        if members == Members::Early {
            hide_later(&mut body);
        }
        match self {
            Self::None => strip(&mut body),
            Self::Minimal => {}
            Self::Full => complete(&mut body),
        }
        let Ok(body) = serde_json::to_vec(&body) else { return response };
        response.body = body;
        for (name, value) in &mut response.headers {
            if *name == header::CONTENT_TYPE {
                *value = self.content_type();
            }
        }
        response
    }
}

/// Takes control information away.
fn strip(object: &mut Map<String, Value>) {
    object.retain(|name, _| {
        let control = name.split_once('@').and_then(|(_, rest)| rest.strip_prefix("odata."));
        control.is_none_or(|control| matches!(control, "nextLink" | "count" | "deltaLink"))
    });
    for value in object.values_mut() {
        each_object(value, &mut strip);
    }
}

fn each_object(value: &mut Value, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => act(object),
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, act)),
        _ => {}
    }
}

/// Adds to each entity what it is and where it is found.
fn complete(body: &mut Map<String, Value>) {
    let context = body.get("@odata.context").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some((base, path)) = context.split_once("/$metadata#") else { return };
    let path = path.strip_suffix("/$entity").unwrap_or(path);
    // What is selected stands at the end.
    let path = path
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .map_or(path, |(start, inner)| if inner.starts_with('\'') { path } else { start });
    let place = Place { base, path };
    match body.get_mut("value") {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| place.entity(item)),
        _ => {
            let mut whole = Value::Object(std::mem::take(body));
            place.entity(&mut whole);
            if let Value::Object(whole) = whole {
                *body = whole;
            }
        }
    }
}

/// Where entities were met.
struct Place<'a> {
    /// `http://host/v1.0`.
    base: &'a str,
    /// The path of their set.
    path: &'a str,
}

impl Place<'_> {
    fn entity(&self, item: &mut Value) {
        let Value::Object(object) = item else { return };
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let found = match object.get("@odata.type").and_then(Value::as_str) {
            Some("#microsoft.graph.user") => leads("users"),
            Some("#microsoft.graph.group") => leads("groups"),
            Some("#microsoft.graph.aadUserConversationMember") => Some(team_member()),
            _ => leads(name),
        };
        let Some(found) = found else { return };
        let key = match (object.get("id"), object.get("versionNumber")) {
            (Some(Value::String(id)), _) => Some(format!("'{}'", id.replace('\'', "''"))),
            (_, Some(Value::Number(number))) => Some(number.to_string()),
            _ => None,
        };
        let at = key.map(|key| format!("{}({key})", found.elsewhere.unwrap_or(self.path)));
        let mut whole = Map::with_capacity(object.len() + 4);
        let context = object.shift_remove("@odata.context");
        whole.extend(context.map(|context| ("@odata.context".to_owned(), context)));
        whole.insert("@odata.type".to_owned(), found.annotation().into());
        if let Some(at) = &at {
            whole.insert("@odata.id".to_owned(), format!("{}/{at}", self.base).into());
        }
        for (name, mut value) in std::mem::take(object) {
            if let (Some(at), Some(_)) = (&at, leads(&name)) {
                let inside = Place { base: self.base, path: &format!("{at}/{name}") };
                match &mut value {
                    Value::Array(items) => items.iter_mut().for_each(|item| inside.entity(item)),
                    one => inside.entity(one),
                }
            }
            if value.is_string() && (name.ends_with("DateTime") || name == "employeeHireDate") {
                whole.insert(format!("{name}@odata.type"), "#DateTimeOffset".into());
            }
            whole.entry(name).or_insert(value);
        }
        *object = whole;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn level(accept: &str, query: &str) -> Result<Metadata, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        let options = Options::parse(query, &HeaderMap::new()).map_err(|error| error.message)?;
        Metadata::asked(&headers, &options).map_err(|error| error.message)
    }

    #[test]
    fn the_level_is_read_from_format_and_accept() {
        for (accept, query, expected) in [
            ("application/json", "", Metadata::Minimal),
            ("text/html, */*", "", Metadata::Minimal),
            ("application/json;odata.metadata=none", "", Metadata::None),
            (
                "text/plain, APPLICATION/json; IEEE754Compatible=true; OData.Metadata=\"Full\"",
                "",
                Metadata::Full,
            ),
            ("application/json;metadata=full;odata.streaming=true", "", Metadata::Full),
            ("application/json;odata.metadata=much", "", Metadata::Minimal),
            ("application/json;odata.metadata=none", "$format=json", Metadata::Minimal),
            ("*/*", "$format=application/json;odata.metadata=none", Metadata::None),
            ("*/*", "$format=json;metadata=full", Metadata::Full),
        ] {
            assert_eq!(level(accept, query), Ok(expected), "{accept} {query}");
        }
        for format in ["xml", "application/json;odata.metadata=much", "atom"] {
            assert!(level("*/*", &format!("$format={format}")).unwrap_err().starts_with("$format"));
        }
    }

    fn shaped(level: Metadata, body: &Value) -> Value {
        let response = Response::json(axum::http::StatusCode::OK, body).unwrap();
        serde_json::from_slice(&level.shape(Members::All, response).body).unwrap()
    }

    #[test]
    fn none_keeps_links_and_counts_only() {
        let body = json!({
            "@odata.context": "c", "@odata.count": 1, "@odata.nextLink": "n", "value": [{
                "@odata.type": "t", "@tenure.protected": true, "tasks@odata.context": "c", "tasks@odata.nextLink": "n",
                "tasks": [{"@odata.type": "t", "id": 1}],
            }],
        });
        assert_eq!(
            shaped(Metadata::None, &body),
            json!({"@odata.count": 1, "@odata.nextLink": "n", "value": [{
                "@tenure.protected": true, "tasks@odata.nextLink": "n", "tasks": [{"id": 1}],
            }]})
        );
        assert_eq!(shaped(Metadata::Minimal, &body), body);
    }

    #[test]
    fn full_says_what_each_entity_is_and_where() {
        let path = "http://x/v1.0/$metadata#identityGovernance/lifecycleWorkflows/workflows('w')/runs('r')/userProcessingResults(id,subject)";
        let body = json!({"@odata.context": path, "value": [{
            "id": "u", "startedDateTime": "2026-03-01T00:00:00Z", "subject": {"id": "p"},
            "taskProcessingResults": [{"id": "t", "completedDateTime": null}],
        }]});
        let at = "http://x/v1.0/identityGovernance/lifecycleWorkflows/workflows('w')/runs('r')/userProcessingResults('u')";
        let kind = |kind: &str| format!("#microsoft.graph.identityGovernance.{kind}");
        assert_eq!(
            shaped(Metadata::Full, &body),
            json!({"@odata.context": path, "value": [{
                "@odata.type": kind("userProcessingResult"), "@odata.id": at,
                "id": "u", "startedDateTime@odata.type": "#DateTimeOffset", "startedDateTime": "2026-03-01T00:00:00Z",
                "subject": {"@odata.type": "#microsoft.graph.user", "@odata.id": "http://x/v1.0/users('p')", "id": "p"},
                "taskProcessingResults": [{
                    "@odata.type": kind("taskProcessingResult"), "@odata.id": format!("{at}/taskProcessingResults('t')"),
                    "id": "t", "completedDateTime": null,
                }],
            }]})
        );
        let entity = json!({"@odata.context": "http://x/beta/$metadata#groups('g')/members(id)/$entity", "id": "o'neil"});
        assert_eq!(shaped(Metadata::Full, &entity)["@odata.id"], "http://x/beta/users('o''neil')");
        let version = json!({"@odata.context": "http://x/v1.0/$metadata#a/workflows('w')/versions/$entity", "versionNumber": 2});
        assert_eq!(
            shaped(Metadata::Full, &version)["@odata.id"],
            "http://x/v1.0/a/workflows('w')/versions(2)"
        );
        let complex =
            json!({"@odata.context": "http://x/v1.0/$metadata#microsoft.graph.userSummary", "totalUsers": 2});
        assert_eq!(shaped(Metadata::Full, &complex), complex);
    }
}
