//! Who calls: the token of a request, and the challenge to whoever has no good one.

use axum::http::{HeaderMap, StatusCode, header};
use tenure_lifecycle::token::Caller;

use crate::Server;
use crate::errors::{DENIED, GraphError};
use crate::oidc::Oidc;

/// Finds the caller of a request.
pub(crate) fn authenticate(server: &Server, headers: &HeaderMap) -> Result<Caller, GraphError> {
    let lifecycle = &server.lifecycle;
    let refused = |message| Err(GraphError::unauthenticated(message));
    let Some(text) = bearer(headers) else {
        return refused("A bearer token is needed: Authorization: Bearer <token>.");
    };
    if let Some(oidc) = &server.oidc
        && Oidc::is_meant_by(text)
    {
        return oidc.caller(lifecycle, text);
    }
    match lifecycle.store.token_by_hash(&crate::hash_token(text))? {
        Some(token) if token.is_good(lifecycle.now()) => Ok(token.caller),
        Some(_) => refused("The token has expired or was withdrawn."),
        None => refused("The token is not known."),
    }
}

/// The challenge (RFC 6750, section 3) that goes with a refusal: how to get in, and what was wrong with a token that was
/// sent.
pub(crate) fn challenge(server: &Server, has_token: bool, error: &GraphError) -> Option<String> {
    let mut parts = vec![];
    let kind = match (error.status, error.code) {
        (StatusCode::UNAUTHORIZED, _) => "invalid_token",
        (_, DENIED) => "insufficient_scope",
        _ => return None,
    };
    if let Some(uri) = server.oidc.as_ref().and_then(|oidc| oidc.authorization_uri()) {
        parts.push(format!("authorization_uri=\"{uri}\""));
    }
    // Whoever sent none has done nothing wrong yet.
    if has_token {
        parts.push(format!("error=\"{kind}\""));
        let plain = |letter: &char| matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\');
        let description: String = error.message.chars().filter(plain).collect();
        parts.push(format!("error_description=\"{description}\""));
    }
    Some(if parts.is_empty() { "Bearer".to_owned() } else { format!("Bearer {}", parts.join(", ")) })
}

/// The token that a request carries.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_bearer() {
        let mut headers = HeaderMap::new();
        assert_eq!(bearer(&headers), None);
        for (value, expected) in
            [("bearer  abc ", Some("abc")), ("Basic abc", None), ("Bearer", None), ("Bearer ", None)]
        {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            assert_eq!(bearer(&headers), expected, "{value}");
        }
    }
}
