//! One handler for every path: who asks, which route, the body, the answer.

use std::any::Any;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use crate::Server;
use crate::auth;
use crate::batch::{self, Batch};
use crate::describe;
use crate::errors::GraphError;
use crate::graph;
use crate::odata::{self, Metadata, Options};
use crate::request::Request;
use crate::response::Response;
use crate::route::{Handler, Route, Table};
use crate::upload::Upload;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

struct Api {
    server: Arc<Server>,
    table: Table,
}

/// The router: one fallback.
pub(crate) fn router(server: Server) -> Router {
    let api = Arc::new(Api { server: Arc::new(server), table: graph::routes() });
    // Our own limit depends on the route.
    Router::new().fallback(handle).layer(DefaultBodyLimit::disable()).with_state(api)
}

async fn handle(State(api): State<Arc<Api>>, incoming: axum::extract::Request) -> axum::response::Response {
    match incoming.uri().path() {
        "/healthz" => return healthz(incoming.method()),
        "/readyz" => return readyz(&api, incoming.method()).await,
        _ => {}
    }
    into_axum(respond(&api, incoming, true).await)
}

/// Answers a request; `outer` says that it is not part of a batch.
async fn respond(api: &Arc<Api>, incoming: axum::extract::Request, outer: bool) -> Response {
    let request_id = api.server.lifecycle.ids.fresh().to_string();
    let client_request_id = client_request_id(incoming.headers()).unwrap_or_else(|| request_id.clone());
    let (method, path) = (incoming.method().clone(), incoming.uri().path().to_owned());
    let has_token = auth::bearer(incoming.headers()).is_some();
    let conditional = incoming.headers().contains_key(header::IF_MATCH);
    let result = if outer && batch::is_asked(incoming.uri().path()) {
        Box::pin(answer_batch(api, incoming)).await
    } else {
        answer(api, incoming).await
    };
    let now = api.server.lifecycle.now();
    let response = match result {
        Ok(response) => response,
        Err(error) => {
            // Nobody asked for a certain revision: somebody else was merely faster.
            let error = if error.code == "PreconditionFailed" && !conditional {
                GraphError::conflict("Somebody else changed the resource at the same time; try again.")
            } else {
                error
            };
            match error.chain() {
                Some(cause) => {
                    tracing::error!(%method, path, request_id, status = error.status.as_u16(), cause, "request failed");
                }
                None => {
                    let status = error.status.as_u16();
                    tracing::debug!(%method, path, request_id, status, reason = error.message, "request refused");
                }
            }
            let challenge = auth::challenge(&api.server, has_token, &error);
            let response = refusal(&error, &error.to_json(&request_id, &client_request_id, now));
            match challenge {
                Some(challenge) => response.with_header(header::WWW_AUTHENTICATE, &challenge),
                None => response,
            }
        }
    };
    let ids = [(REQUEST_ID, &request_id), (CLIENT_REQUEST_ID, &client_request_id)];
    ids.into_iter().fold(response, |response, (name, value)| response.with_header(name, value))
}

/// Answers the requests of a batch, one after the other, each as if it had come by itself.
async fn answer_batch(api: &Arc<Api>, incoming: axum::extract::Request) -> Result<Response, GraphError> {
    let (parts, body) = incoming.into_parts();
    if parts.method != Method::POST {
        return Err(GraphError::method_not_allowed("POST".to_owned()));
    }
    let (server, headers) = (Arc::clone(&api.server), parts.headers.clone());
    blocking(move || auth::authenticate(&server, &headers)).await?;
    let body = read(&parts.headers, body, api.server.lifecycle.limits.body_bytes).await?;
    let mut batch = Batch::read(&odata::read_json(&parts.headers, &body)?)?;
    let base = parts.uri.path().rsplit_once('/').map_or("", |(base, _)| base).to_owned();
    while let Some(step) = batch.next() {
        let response = match step.request(&base, &parts.headers) {
            Ok(request) => respond(api, request, false).await,
            Err(error) => {
                let id = api.server.lifecycle.ids.fresh().to_string();
                refusal(&error, &error.to_json(&id, &id, api.server.lifecycle.now()))
            }
        };
        batch.record(&step, response);
    }
    Response::json(StatusCode::OK, &batch.finished())
}

async fn answer(api: &Arc<Api>, incoming: axum::extract::Request) -> Result<Response, GraphError> {
    let (parts, body) = incoming.into_parts();
    if let Some(document) = describe::answer(&parts.method, parts.uri.path(), || {
        origin(&parts.headers, &parts.uri, api.server.https)
    })? {
        return Ok(document);
    }
    // Nobody's body is read before it is known who sends it. Without one, a request is answered in one go.
    let bare = body.is_end_stream();
    let api_of = Arc::clone(api);
    let admitted = blocking(move || {
        let (request, route) = admit(&api_of, &parts)?;
        if bare && !route.upload {
            return run(&request, route.handler).map(Ok);
        }
        Ok(Err((request, route.handler, route.upload, parts)))
    });
    let (mut request, handler, upload, parts) = match admitted.await? {
        Ok(response) => return Ok(response),
        Err(admitted) => admitted,
    };
    if upload {
        let incoming = axum::extract::Request::from_parts(parts, body);
        request.upload = Some(Upload::receive(&api.server, incoming).await?);
    } else {
        request.body = read(&parts.headers, body, api.server.lifecycle.limits.body_bytes).await?;
    }
    blocking(move || run(&request, handler)).await
}

/// Who asks for what: the request without its body, and its route.
fn admit<'a>(api: &'a Api, parts: &Parts) -> Result<(Request, &'a Route), GraphError> {
    let caller = auth::authenticate(&api.server, &parts.headers)?;
    let path = parts.uri.path();
    let Some((version, rest)) = version(path) else {
        return Err(GraphError::not_found(format!("the path '{path}'")));
    };
    let found = api.table.find(&parts.method, rest)?;
    if found.route.beta && version != "beta" {
        return Err(GraphError::not_found(format!("the path '{path}'")));
    }
    found.route.permission.check(&caller)?;
    let request = Request {
        server: Arc::clone(&api.server),
        caller,
        base: format!("{}/{version}", origin(&parts.headers, &parts.uri, api.server.https)),
        path: path.to_owned(),
        context_path: found.context,
        parameters: found.parameters,
        arguments: found.arguments,
        options: Options::parse(parts.uri.query().unwrap_or_default(), &parts.headers)?,
        deleted: found.route.deleted,
        body: vec![],
        upload: None,
        headers: parts.headers.clone(),
    };
    Ok((request, found.route))
}

/// Runs a handler and gives its answer the form that is asked for.
fn run(request: &Request, handler: Handler) -> Result<Response, GraphError> {
    let metadata = Metadata::asked(&request.headers, &request.options)?;
    Ok(metadata.shape(request.members(), handler(request)?))
}

/// Runs what may block where it may, and turns a panic into an error.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, GraphError> + Send + 'static,
) -> Result<T, GraphError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => {
            let panic: Box<dyn Any + Send> = error.into_panic();
            let text = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            Err(GraphError::internal(format!("a handler panicked: {text}")))
        }
        Err(error) => Err(GraphError::unavailable(error)),
    }
}

async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, GraphError> {
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(GraphError::too_large(limit as u64));
    }
    to_bytes(body, limit).await.map(Vec::from).map_err(|error| {
        let mut next: Option<&dyn Error> = Some(&error);
        while let Some(cause) = next {
            if cause.to_string().contains("length limit exceeded") {
                return GraphError::too_large(limit as u64);
            }
            next = cause.source();
        }
        GraphError::bad_request("The request body broke off.")
    })
}

fn version(path: &str) -> Option<(&'static str, &str)> {
    let (first, rest) = path.strip_prefix('/')?.split_once('/')?;
    ["v1.0", "beta"]
        .into_iter()
        .find(|version| version.eq_ignore_ascii_case(first))
        .map(|version| (version, rest))
}

/// Scheme and host as the caller sees them; they go into links.
fn origin(headers: &HeaderMap, uri: &Uri, https: bool) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
    let plain =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '[' | ']');
    let host = host.filter(|host| !host.is_empty() && host.len() <= 255 && host.chars().all(plain));
    let https = https
        || headers
            .get("x-forwarded-proto")
            .is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
    format!("{}://{}", if https { "https" } else { "http" }, host.unwrap_or("localhost"))
}

/// What the caller calls the request, if it is short and harmless in a header.
fn client_request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(CLIENT_REQUEST_ID)?.to_str().ok()?.trim();
    let harmless = (1..=128).contains(&id.len()) && id.chars().all(|letter| letter.is_ascii_graphic());
    harmless.then(|| id.to_owned())
}

fn refusal(error: &GraphError, body: &serde_json::Value) -> Response {
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static(crate::response::JSON));
    let response =
        Response { status: error.status, headers: vec![content_type], body: body.to_string().into_bytes() };
    let response = match &error.allow {
        Some(allow) => response.with_header(header::ALLOW, allow),
        None => response,
    };
    match error.retry_after {
        Some(seconds) => response.with_header(header::RETRY_AFTER, &seconds.to_string()),
        None => response,
    }
}

fn healthz(method: &Method) -> axum::response::Response {
    if matches!(*method, Method::GET | Method::HEAD) {
        return into_axum(Response::text("ok\n"));
    }
    let error = GraphError::method_not_allowed("GET, HEAD".to_owned());
    into_axum(Response::no_content().with_header(header::ALLOW, "GET, HEAD").with_status(error.status))
}

/// How long the store may take to answer whoever asks whether it does.
const READY: Duration = Duration::from_secs(2);

/// Whether requests can be answered just now: whether the store answers.
async fn readyz(api: &Api, method: &Method) -> axum::response::Response {
    let lifecycle = api.server.lifecycle.clone();
    let asked = blocking(move || lifecycle.store.answers().map_err(GraphError::internal));
    match tokio::time::timeout(READY, asked).await {
        Ok(Ok(())) => healthz(method),
        _ => into_axum(
            Response::text("the store does not answer\n").with_status(StatusCode::SERVICE_UNAVAILABLE),
        ),
    }
}

fn into_axum(response: Response) -> axum::response::Response {
    let mut answer = axum::response::Response::new(Body::from(response.body));
    *answer.status_mut() = response.status;
    answer.headers_mut().extend(response.headers);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn both_versions_are_served() {
        assert_eq!(version("/v1.0/users"), Some(("v1.0", "users")));
        assert_eq!(version("/BETA/users/x"), Some(("beta", "users/x")));
        assert_eq!(version("/v2.0/users"), None);
        assert_eq!(version("/v1.0"), None);
    }

    #[test]
    fn links_never_carry_a_host_that_is_none() {
        let uri: Uri = "/v1.0/users".parse().unwrap();
        assert_eq!(
            origin(&headers(&[("host", "id.example.com:8460")]), &uri, false),
            "http://id.example.com:8460"
        );
        assert_eq!(
            origin(&headers(&[("host", "[::1]:80"), ("x-forwarded-proto", "https")]), &uri, false),
            "https://[::1]:80"
        );
        assert_eq!(origin(&headers(&[("host", "evil\"><x")]), &uri, false), "http://localhost");
        assert_eq!(origin(&headers(&[]), &uri, false), "http://localhost");
        assert_eq!(origin(&headers(&[("host", "id.example.com")]), &uri, true), "https://id.example.com");
    }

    #[test]
    fn only_short_and_harmless_client_request_ids_are_echoed() {
        assert_eq!(client_request_id(&headers(&[("client-request-id", "abc-1")])).as_deref(), Some("abc-1"));
        assert_eq!(client_request_id(&headers(&[("client-request-id", "a b")])), None);
        assert_eq!(client_request_id(&headers(&[("client-request-id", &"a".repeat(129))])), None);
    }

    #[test]
    fn refusals_carry_their_headers() {
        let has = |error: GraphError, name: HeaderName| {
            let response = refusal(&error, &error.to_json("r", "c", jiff::Timestamp::UNIX_EPOCH));
            response.headers.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
        };
        assert_eq!(has(GraphError::method_not_allowed("GET".to_owned()), header::ALLOW).unwrap(), "GET");
        assert_eq!(has(GraphError::unavailable("x"), header::RETRY_AFTER).unwrap(), "1");
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_its_text_stays_here() {
        let error = blocking::<()>(|| panic!("secret")).await.unwrap_err();
        assert_eq!(error.status.as_u16(), 500);
        assert!(!error.message.contains("secret"));
        assert!(error.chain().unwrap().contains("secret"));
    }

    #[tokio::test]
    async fn a_huge_body_is_refused_with_and_without_a_length() {
        let status =
            |result: Result<Vec<u8>, GraphError>| result.map_or_else(|error| error.status.as_u16(), |_| 200);
        assert_eq!(status(read(&headers(&[("content-length", "11")]), Body::empty(), 10).await), 413);
        assert_eq!(status(read(&headers(&[]), Body::from("x".repeat(11)), 10).await), 413);
        assert_eq!(status(read(&headers(&[]), Body::from("x".repeat(10)), 10).await), 200);
    }
}
