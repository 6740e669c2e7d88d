//! The issuers whose tokens are accepted, and how their keys are read.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use tenure_http::oidc::{Issuer, Oidc};
use tenure_lifecycle::clock::SystemClock;
use ureq::Agent;
use ureq::http::Uri;

use crate::client::is_local;
use crate::trust;

/// Time for an issuer to answer, all in all.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest document that is read.
const DOCUMENT_BYTES: u64 = 1024 * 1024;

/// Makes ready for tokens of these issuers; their keys are read aside, so that an issuer that is down keeps nobody from
/// starting.
pub(super) fn oidc(issuers: Vec<Issuer>) -> std::io::Result<Option<Arc<Oidc>>> {
    if issuers.is_empty() {
        return Ok(None);
    }
    let oidc = Arc::new(Oidc::new(issuers, Arc::new(SystemClock), Arc::new(fetch)));
    let aside = oidc.clone();
    std::thread::Builder::new().name("issuer-keys".to_owned()).spawn(move || aside.read_keys())?;
    Ok(Some(oidc))
}

fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{url}: {error}");
    let uri: Uri = url.parse().map_err(|error| failed(&error))?;
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        // Another address would not be the one that was checked.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(PATIENCE))
        .user_agent(concat!("tenure/", env!("CARGO_PKG_VERSION")));
    if uri.scheme_str() == Some("https") {
        config = config.tls_config(trust::tls());
    }
    if is_local(&uri) {
        config = config.proxy(None);
    }
    let agent = config.build().new_agent();
    let answer =
        agent.get(uri).header("accept", "application/json").call().map_err(|error| failed(&error))?;
    if answer.status() != 200 {
        return Err(failed(&format_args!("the answer is {}", answer.status())));
    }
    let mut document = Vec::new();
    let body =
        answer.into_body().into_with_config().limit(DOCUMENT_BYTES).reader().read_to_end(&mut document);
    body.map(|_| document).map_err(|error| failed(&error))
}
