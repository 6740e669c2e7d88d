//! `POST /$batch`: up to 20 requests in one, in the order that they depend on each other.

use std::collections::HashSet;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::errors::GraphError;
use crate::odata::Object;
use crate::response::Response;

/// Requests of one batch, as Graph has it.
const MOST: usize = 20;
/// Headers of the batch that each of its requests has too, unless it says otherwise.
const INHERITED: [HeaderName; 4] = [
    header::AUTHORIZATION,
    header::HOST,
    HeaderName::from_static("x-forwarded-proto"),
    header::ACCEPT_LANGUAGE,
];

/// Whether a path is that of a batch: `/v1.0/$batch` or `/beta/$batch`, `%24` as good as `$`.
pub(crate) fn is_asked(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    let version = parts.next().unwrap_or_default();
    let last = parts.next().unwrap_or_default();
    parts.next().is_none()
        && ["v1.0", "beta"].iter().any(|known| known.eq_ignore_ascii_case(version))
        && ["$batch", "%24batch"].iter().any(|known| known.eq_ignore_ascii_case(last))
}

/// One request of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    id: String,
    method: Method,
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
    depends_on: Vec<String>,
}

impl Step {
    fn read(object: &Object<'_>) -> Result<Self, GraphError> {
        let id = object.required_text("id")?.to_owned();
        if id.is_empty() || id.len() > 128 {
            return Err(object.invalid("id", "must have 1 to 128 characters"));
        }
        let method = object.required_text("method")?.to_ascii_uppercase();
        let method = match method.as_str() {
            "GET" | "POST" | "PATCH" | "PUT" | "DELETE" => Method::from_bytes(method.as_bytes()),
            _ => return Err(object.invalid("method", "must be GET, POST, PATCH, PUT or DELETE")),
        }
        .map_err(|_| object.invalid("method", "must be GET, POST, PATCH, PUT or DELETE"))?;
        let url = object.required_text("url")?.trim_start_matches('/').to_owned();
        let mut headers = vec![];
        if let Some(given) = object.value("headers").filter(|given| !given.is_null()) {
            let given = given.as_object().ok_or_else(|| object.invalid("headers", "must be an object"))?;
            for (name, value) in given {
                let header = HeaderName::from_bytes(name.as_bytes())
                    .ok()
                    .zip(value.as_str().and_then(|value| HeaderValue::from_str(value).ok()));
                headers
                    .push(header.ok_or_else(|| object.invalid("headers", "must be header names and texts"))?);
            }
        }
        let body = match object.value("body") {
            None | Some(Value::Null) => vec![],
            // What is no JSON comes encoded.
            Some(Value::String(text)) => STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE_NO_PAD.decode(text))
                .map_err(|_| object.invalid("body", "must be an object, or base64"))?,
            Some(json) => {
                if !headers.iter().any(|(name, _)| *name == header::CONTENT_TYPE) {
                    headers.push((header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
                }
                json.to_string().into_bytes()
            }
        };
        let depends_on =
            object.texts("dependsOn")?.unwrap_or_default().into_iter().map(str::to_owned).collect();
        object.finish()?;
        Ok(Self { id, method, url, headers, body, depends_on })
    }

    /// The request as it would have come by itself.
    pub(crate) fn request(
        &self,
        base: &str,
        outer: &HeaderMap,
    ) -> Result<axum::extract::Request, GraphError> {
        let wrong =
            || GraphError::bad_request(format!("The url of request '{}' is not a relative one.", self.id));
        let mut request = axum::extract::Request::builder()
            .method(self.method.clone())
            .uri(format!("{base}/{}", encoded(&self.url)))
            .body(Body::from(self.body.clone()))
            .map_err(|_| wrong())?;
        if is_asked(request.uri().path()) {
            return Err(GraphError::bad_request("A batch cannot hold another one."));
        }
        for name in INHERITED {
            if let Some(value) = outer.get(&name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        for (name, value) in &self.headers {
            // Who asks, and where, is the batch's to say.
            if !INHERITED[..3].contains(name) && *name != header::CONTENT_LENGTH {
                request.headers_mut().append(name, value.clone());
            }
        }
        Ok(request)
    }
}

/// Blanks and quotes, which people write into the urls of a batch, as a uri has them.
fn encoded(url: &str) -> String {
    const RAW: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'`')
        .add(b'{')
        .add(b'}')
        .add(b'|')
        .add(b'\\')
        .add(b'^');
    percent_encoding::utf8_percent_encode(url, RAW).to_string()
}

/// The requests of a batch and what has become of them.
#[derive(Debug)]
pub(crate) struct Batch {
    waiting: Vec<Step>,
    failed: HashSet<String>,
    done: HashSet<String>,
    responses: Vec<Value>,
}

impl Batch {
    /// Reads a batch; nothing of it is done if it is not one.
    pub(crate) fn read(body: &Value) -> Result<Self, GraphError> {
        let body = Object::root(body)?;
        let given = body.objects("requests")?.ok_or_else(|| body.invalid("requests", "is required"))?;
        body.finish()?;
        if given.is_empty() || given.len() > MOST {
            return Err(body.invalid("requests", format!("must hold 1 to {MOST} requests")));
        }
        let mut steps: Vec<Step> = Vec::with_capacity(given.len());
        for object in &given {
            let step = Step::read(object)?;
            if steps.iter().any(|other| other.id == step.id) {
                return Err(object.invalid("id", "is given twice"));
            }
            steps.push(step);
        }
        for (step, object) in steps.iter().zip(&given) {
            if let Some(unknown) =
                step.depends_on.iter().find(|id| !steps.iter().any(|other| other.id == **id))
            {
                return Err(object
                    .invalid("dependsOn", format!("names '{unknown}', which is no request of the batch")));
            }
        }
        let batch = Self { waiting: steps, failed: HashSet::new(), done: HashSet::new(), responses: vec![] };
        if batch.goes_in_circles() {
            return Err(body.invalid("requests", "must not depend on each other in a circle"));
        }
        Ok(batch)
    }

    fn goes_in_circles(&self) -> bool {
        let mut settled: HashSet<&str> = HashSet::new();
        loop {
            let before = settled.len();
            for step in &self.waiting {
                if step.depends_on.iter().all(|id| settled.contains(id.as_str())) {
                    settled.insert(&step.id);
                }
            }
            if settled.len() == before {
                return before < self.waiting.len();
            }
        }
    }

    /// The next request to answer. Those that depend on one that failed are answered here, with 424.
    pub(crate) fn next(&mut self) -> Option<Step> {
        loop {
            let ready = |step: &Step| step.depends_on.iter().all(|id| self.done.contains(id));
            let place = self.waiting.iter().position(ready)?;
            let step = self.waiting.remove(place);
            let Some(failed) = step.depends_on.iter().find(|id| self.failed.contains(*id)) else {
                return Some(step);
            };
            let message = format!("The request depends on '{failed}', which failed.");
            self.responses.push(json!({
                "id": step.id,
                "status": 424,
                "headers": { "Content-Type": crate::response::JSON },
                "body": { "error": { "code": "FailedDependency", "message": message } },
            }));
            self.failed.insert(step.id.clone());
            self.done.insert(step.id);
        }
    }

    /// Keeps what a request was answered.
    pub(crate) fn record(&mut self, step: &Step, response: Response) {
        if response.status.is_client_error() || response.status.is_server_error() {
            self.failed.insert(step.id.clone());
        }
        self.done.insert(step.id.clone());
        let mut headers = Map::new();
        let mut is_json = false;
        for (name, value) in &response.headers {
            let Ok(text) = value.to_str() else { continue };
            is_json |= *name == header::CONTENT_TYPE && text.starts_with("application/json");
            headers.insert(canonical(name), text.into());
        }
        let mut answer = json!({ "id": step.id, "status": response.status.as_u16(), "headers": headers });
        if !response.body.is_empty() {
            answer["body"] = match serde_json::from_slice(&response.body) {
                Ok(json) if is_json => json,
                _ => String::from_utf8_lossy(&response.body).into(),
            };
        }
        self.responses.push(answer);
    }

    /// The answer to the batch.
    pub(crate) fn finished(self) -> Value {
        json!({ "responses": self.responses })
    }
}

/// A header's name as people write it: `Content-Type`.
fn canonical(name: &HeaderName) -> String {
    let parts = name.as_str().split('-').map(|part| {
        let mut letters = part.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    match *name {
        header::ETAG => "ETag".to_owned(),
        _ if name.as_str().ends_with("request-id") => name.as_str().to_owned(),
        _ => parts.collect::<Vec<_>>().join("-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(requests: Value) -> Option<String> {
        Batch::read(&json!({ "requests": requests })).unwrap_err().target
    }

    fn get(id: &str, depends_on: &[&str]) -> Value {
        json!({"id": id, "method": "get", "url": "/users", "dependsOn": depends_on})
    }

    fn answer(status: u16) -> Response {
        Response::no_content().with_status(status.try_into().unwrap())
    }

    #[test]
    fn both_versions_have_one() {
        for path in ["/v1.0/$batch", "/beta/%24batch", "/V1.0/$BATCH"] {
            assert!(is_asked(path), "{path}");
        }
        for path in ["/$batch", "/v1.0/$batch/x", "/v2.0/$batch", "/v1.0/users"] {
            assert!(!is_asked(path), "{path}");
        }
    }

    #[test]
    fn what_is_no_batch_is_refused_by_name() {
        assert_eq!(refused(json!([])).as_deref(), Some("requests"));
        let many: Vec<Value> = (0..21).map(|id| get(&id.to_string(), &[])).collect();
        assert_eq!(refused(json!(many)).as_deref(), Some("requests"));
        assert_eq!(refused(json!([get("1", &[]), get("1", &[])])).as_deref(), Some("requests/1/id"));
        assert_eq!(refused(json!([get("1", &["2"])])).as_deref(), Some("requests/0/dependsOn"));
        assert_eq!(refused(json!([get("1", &["2"]), get("2", &["1"])])).as_deref(), Some("requests"));
        assert_eq!(refused(json!([get("1", &["1"])])).as_deref(), Some("requests"));
        for (member, value) in [
            ("method", json!("TRACE")),
            ("method", json!(null)),
            ("url", json!(7)),
            ("headers", json!("x")),
            ("headers", json!({"a\nb": "c"})),
            ("headers", json!({"a": "b\r\nc"})),
            ("body", json!("not base64!")),
            ("shoe", json!(1)),
        ] {
            let mut request = get("1", &[]);
            request[member] = value;
            assert_eq!(refused(json!([request])).as_deref(), Some(format!("requests/0/{member}").as_str()));
        }
    }

    #[test]
    fn requests_come_after_those_they_depend_on_and_not_after_one_that_failed() {
        let requests = json!([get("c", &["a", "b"]), get("b", &[]), get("a", &["b"]), get("d", &[])]);
        let mut batch = Batch::read(&json!({ "requests": requests })).unwrap();
        let mut order = vec![];
        while let Some(step) = batch.next() {
            order.push(step.id.clone());
            batch.record(&step, answer(if step.id == "a" { 404 } else { 204 }));
        }
        assert_eq!(order, ["b", "a", "d"]);
        let finished = batch.finished();
        let statuses: Vec<(&str, u64)> = finished["responses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["id"].as_str().unwrap(), one["status"].as_u64().unwrap()))
            .collect();
        assert_eq!(statuses, [("b", 204), ("a", 404), ("c", 424), ("d", 204)]);
    }

    #[test]
    fn a_request_asks_as_the_batch_does() {
        let mut outer = HeaderMap::new();
        outer.insert(header::AUTHORIZATION, "Bearer outer".parse().unwrap());
        let object = json!({"id": "1", "method": "PATCH", "url": "users/x?$filter=a eq 'b c'", "body": {"a": 1},
            "headers": {"Authorization": "Bearer inner", "If-Match": "W/\"1\"", "Prefer": "odata.maxpagesize=3"}});
        let step = Step::read(&Object::root(&object).unwrap()).unwrap();
        let request = step.request("/v1.0", &outer).unwrap();
        assert_eq!(request.uri(), "/v1.0/users/x?$filter=a%20eq%20'b%20c'");
        assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer outer");
        assert_eq!(request.headers()[header::IF_MATCH], "W/\"1\"");
        assert_eq!(request.headers()[header::CONTENT_TYPE], "application/json");
        let nested = json!({"id": "1", "method": "POST", "url": "/$batch", "body": {}});
        let nested = Step::read(&Object::root(&nested).unwrap()).unwrap();
        assert_eq!(nested.request("/v1.0", &outer).unwrap_err().status.as_u16(), 400);
    }
}
