//! The other side of the HTTP API: what commands ask of a server.

mod find;
mod multipart;

use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use ureq::http::{Method, Request, Response, Uri};
use ureq::{Agent, Body, SendBody};

use crate::trust;
use crate::wrong_use::WrongUse;

pub(crate) use multipart::Upload;

/// Where the API of Lifecycle Workflows is.
pub(crate) const LIFECYCLE: &str = "/v1.0/identityGovernance/lifecycleWorkflows";
/// Where its workflows are.
pub(crate) const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";
/// Where `serve` writes the administrator's token by default.
const DEFAULT_TOKEN_FILE: &str = "tenure-data/admin-token";
/// Longest answer that is read.
const ANSWER_BYTES: u64 = 256 * 1024 * 1024;
/// Most items of one page.
const PAGE: usize = 999;

/// What is left as it is in a path segment or a query value.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text as a path segment or a query value.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A text literal of `$filter`.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A server that refused.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refused {
    /// HTTP status.
    pub(crate) status: u16,
    /// The message of the Graph error.
    pub(crate) message: String,
}

/// Whether the server said that there is no such thing.
pub(crate) fn is_not_found(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refused>().is_some_and(|refused| refused.status == 404)
}

/// A part of a collection.
pub(crate) struct Listing {
    /// The items.
    pub(crate) items: Vec<Json>,
    /// There are more.
    pub(crate) more: bool,
}

/// A server and the token to open it with.
pub(crate) struct Client {
    agent: Agent,
    server: String,
    token: Option<String>,
}

impl Client {
    /// The server at that address; the token is `TENURE_TOKEN`, the file's, or the local administrator's.
    pub(crate) fn to(server: &str, token_file: Option<&Path>) -> anyhow::Result<Self> {
        let uri: Uri = server
            .parse()
            .ok()
            .filter(|uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
            .ok_or_else(|| {
                WrongUse::error(format!(
                    "'{server}' is no address of a server, such as http://127.0.0.1:8460"
                ))
            })?;
        let is_local = is_local(&uri);
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .user_agent(concat!("tenure/", env!("CARGO_PKG_VERSION")));
        if is_local {
            config = config.proxy(None);
        }
        if uri.scheme_str() == Some("https") {
            config = config.tls_config(trust::tls());
        }
        Ok(Self {
            agent: config.build().new_agent(),
            server: server.trim_end_matches('/').to_owned(),
            token: token(token_file, is_local)?,
        })
    }

    /// Reads.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Json> {
        self.ask(Method::GET, path, None, SendBody::none())
    }

    /// Sends a JSON document; `Null` when the answer is empty.
    pub(crate) fn post(&self, path: &str, document: &Json) -> anyhow::Result<Json> {
        let text = document.to_string();
        let mut bytes = text.as_bytes();
        self.ask(Method::POST, path, Some("application/json"), SendBody::from_reader(&mut bytes))
    }

    /// Deletes.
    pub(crate) fn delete(&self, path: &str) -> anyhow::Result<()> {
        self.ask(Method::DELETE, path, None, SendBody::none()).map(drop)
    }

    /// Sends files, read as they are sent.
    pub(crate) fn upload(&self, path: &str, mut upload: Upload) -> anyhow::Result<Json> {
        let content_type = upload.content_type();
        self.ask(Method::POST, path, Some(&content_type), SendBody::from_reader(&mut upload))
    }

    /// A collection, page by page, until there are `limit` items.
    pub(crate) fn list(&self, path: &str, limit: usize) -> anyhow::Result<Listing> {
        let mut items = Vec::new();
        let sign = if path.contains('?') { '&' } else { '?' };
        let mut next = Some(format!("{path}{sign}$top={}", limit.clamp(1, PAGE)));
        while let Some(path) = next {
            let mut page = self.get(&path)?;
            let Json::Array(values) = page["value"].take() else {
                anyhow::bail!("the server answered {path} with something other than a collection");
            };
            items.extend(values);
            next = page["@odata.nextLink"].as_str().map(own_path).transpose()?;
            if items.len() >= limit {
                let more = next.is_some() || items.len() > limit;
                items.truncate(limit);
                return Ok(Listing { items, more });
            }
        }
        Ok(Listing { items, more: false })
    }

    fn ask(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: SendBody<'_>,
    ) -> anyhow::Result<Json> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.server))
            .header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(body).context("the request cannot be made")?;
        let answer = self.agent.run(request).with_context(|| format!("no answer from {}", self.server))?;
        self.read(answer)
    }

    fn read(&self, answer: Response<Body>) -> anyhow::Result<Json> {
        let status = answer.status();
        let mut bytes = Vec::new();
        answer
            .into_body()
            .into_with_config()
            .limit(ANSWER_BYTES)
            .reader()
            .read_to_end(&mut bytes)
            .with_context(|| format!("the answer of {} broke off", self.server))?;
        if status.is_success() {
            if bytes.is_empty() {
                return Ok(Json::Null);
            }
            return serde_json::from_slice(&bytes)
                .with_context(|| format!("{} answered with something other than JSON", self.server));
        }
        let document: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut message = match document["error"]["message"].as_str() {
            Some(message) => message.to_owned(),
            None => format!("{} answered {status}", self.server),
        };
        if status.as_u16() == 401 {
            message.push_str(if self.token.is_some() {
                " (the token that was sent is not accepted; another can be given with TENURE_TOKEN or --token-file)"
            } else {
                " (no token was found; give one with TENURE_TOKEN or --token-file)"
            });
        }
        Err(Refused { status: status.as_u16(), message }.into())
    }
}

/// The path of a link the server gave: it is asked for where the server was found, whatever host the link names.
fn own_path(link: &str) -> anyhow::Result<String> {
    let uri: Uri = link.parse().context("the server gave a link that is none")?;
    let path = uri.path_and_query().map(ToString::to_string);
    path.context("the server gave a link that is none")
}

/// Whether an address is on this machine.
pub(crate) fn is_local(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
}

/// The token to use. The local administrator's is shown to servers on this machine only.
fn token(file: Option<&Path>, is_local: bool) -> anyhow::Result<Option<String>> {
    let from = |path: &Path| std::fs::read_to_string(path).map(|text| text.trim().to_owned());
    let token = match (file, std::env::var("TENURE_TOKEN")) {
        (Some(file), _) => {
            Some(from(file).with_context(|| format!("the token file {} cannot be read", file.display()))?)
        }
        (None, Ok(token)) if !token.trim().is_empty() => Some(token.trim().to_owned()),
        (None, _) if is_local => from(Path::new(DEFAULT_TOKEN_FILE)).ok(),
        (None, _) => None,
    };
    match token {
        Some(token) if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) => {
            Err(WrongUse::error("the token that was given is none: it is empty or holds blanks"))
        }
        token => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_local() {
        let local = |text: &str| is_local(&text.parse().unwrap());
        assert!(local("http://127.0.0.1:8460") && local("http://localhost") && local("http://[::1]:1"));
        assert!(
            !local("http://127.0.0.1.example.com")
                && !local("https://example.com")
                && !local("http://10.0.0.1")
        );
    }

    #[test]
    fn what_is_no_address_is_wrong_use() {
        for text in ["", "127.0.0.1:8460", "ftp://x", "http://", "nonsense"] {
            assert!(Client::to(text, None).is_err_and(|error| error.is::<WrongUse>()), "{text}");
        }
    }

    #[test]
    fn a_link_is_followed_at_the_server_it_came_from() {
        let link = "https://elsewhere.example/v1.0/users?$skiptoken=a%20b&$top=2";
        assert_eq!(own_path(link).unwrap(), "/v1.0/users?$skiptoken=a%20b&$top=2");
    }

    #[test]
    fn names_do_not_break_out_of_paths_and_filters() {
        assert_eq!(encode("a/b?c#d e'"), "a%2Fb%3Fc%23d%20e%27");
        assert_eq!(literal("O'Hara"), "'O''Hara'");
    }
}
