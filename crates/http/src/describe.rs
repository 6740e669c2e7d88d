//! What the API says about itself, to anybody, as Graph does: `$metadata`, the service document, `openapi.json`.

use std::sync::LazyLock;

use axum::http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use tenure_surface::{Fault, Surface, Version};

use crate::errors::GraphError;
use crate::response::Response;

/// Documents that are the same for everybody, made once.
struct Documents {
    csdl: [Vec<u8>; 2],
    openapi: [Vec<u8>; 2],
    service: Vec<Value>,
}

static DOCUMENTS: LazyLock<Result<Documents, Fault>> = LazyLock::new(|| {
    let surface = Surface::embedded()?;
    Ok(Documents {
        csdl: Version::ALL.map(|version| surface.csdl(version).into_bytes()),
        openapi: Version::ALL.map(|version| surface.openapi(version).to_string().into_bytes()),
        service: surface.service(),
    })
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Csdl(Version),
    Openapi(Version),
    Service(Version),
}

/// The document at a path, if one is there; `origin` is the scheme and host that its links begin with.
pub(crate) fn answer(
    method: &Method,
    path: &str,
    origin: impl Fn() -> String,
) -> Result<Option<Response>, GraphError> {
    let Some(asked) = asked(path) else { return Ok(None) };
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Err(GraphError::method_not_allowed("GET, HEAD".to_owned()));
    }
    let documents = DOCUMENTS.as_ref().map_err(|fault| GraphError::internal(fault.to_string()))?;
    let of = |both: &[Vec<u8>; 2], version| both[usize::from(version == Version::Beta)].clone();
    let document = match asked {
        Asked::Csdl(version) => plain("application/xml; charset=utf-8", of(&documents.csdl, version)),
        Asked::Openapi(version) => plain("application/json; charset=utf-8", of(&documents.openapi, version)),
        Asked::Service(version) => {
            let context = format!("{}/{version}/$metadata", origin());
            let body = json!({ "@odata.context": context, "value": documents.service });
            Response::json(StatusCode::OK, &body)?
        }
    };
    Ok(Some(document))
}

fn plain(content_type: &'static str, body: Vec<u8>) -> Response {
    let headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static(content_type))];
    Response { status: StatusCode::OK, headers, body }
}

fn asked(path: &str) -> Option<Asked> {
    if path.eq_ignore_ascii_case("/openapi.json") {
        return Some(Asked::Openapi(Version::V1));
    }
    let path = path.strip_prefix('/')?;
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let version = Version::ALL.into_iter().find(|version| version.to_string().eq_ignore_ascii_case(first))?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    match rest.replace("%24", "$").to_ascii_lowercase().as_str() {
        "" => Some(Asked::Service(version)),
        "$metadata" => Some(Asked::Csdl(version)),
        "openapi.json" => Some(Asked::Openapi(version)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_in_any_letter_case() {
        assert_eq!(asked("/v1.0/$metadata"), Some(Asked::Csdl(Version::V1)));
        assert_eq!(asked("/BETA/%24Metadata"), Some(Asked::Csdl(Version::Beta)));
        assert_eq!(asked("/openapi.json"), Some(Asked::Openapi(Version::V1)));
        assert_eq!(asked("/beta/openapi.json"), Some(Asked::Openapi(Version::Beta)));
        assert_eq!(asked("/v1.0"), Some(Asked::Service(Version::V1)));
        assert_eq!(asked("/beta/"), Some(Asked::Service(Version::Beta)));
        for path in ["/", "/v2.0", "/v1.0/users", "/v1.0/users/$metadata", "/$metadata"] {
            assert_eq!(asked(path), None, "{path}");
        }
    }
}
