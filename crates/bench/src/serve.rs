//! The whole API, in process: no socket, so that only what Tenure does is measured.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use tenure_connectors::csv::CsvFeed;
use tenure_http::{Server, hash_token};
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::operations::{Lifecycle, NewToken, TokenText};
use tower_service::Service as _;

use crate::setup::caller;

/// A router, and what it takes to ask it.
pub(crate) struct Api {
    runtime: tokio::runtime::Runtime,
    router: Router,
    token: String,
}

/// The API of a Tenure, for somebody who may everything.
pub(crate) fn api(lifecycle: Arc<Lifecycle>, spool: &Path) -> anyhow::Result<Api> {
    let token = token(&lifecycle)?;
    let router = tenure_http::router(Server {
        lifecycle,
        feeds: Arc::new(CsvFeed),
        simulation: None,
        spool: spool.to_owned(),
        oidc: None,
        https: false,
    });
    Ok(Api { runtime: runtime()?, router, token })
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().build()
}

/// The token of somebody who may everything.
pub(crate) fn token(lifecycle: &Lifecycle) -> anyhow::Result<String> {
    let new = NewToken { name: "bench".to_owned(), scopes: vec!["*".to_owned()], ttl: None };
    let (_, TokenText(token)) = lifecycle.create_token(Actor::Caller(caller().id), new, hash_token)?;
    Ok(token)
}

impl Api {
    /// The same requests, to another router.
    pub(crate) fn beside(&self, router: Router) -> anyhow::Result<Self> {
        Ok(Self { runtime: runtime()?, router, token: self.token.clone() })
    }

    /// What is answered, and how many milliseconds that took.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<(Vec<u8>, f64)> {
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::empty())?;
        let mut router = self.router.clone();
        let begun = Instant::now();
        let body = self.runtime.block_on(async move {
            let answer = router.call(request).await?;
            let status = answer.status();
            let body = to_bytes(answer.into_body(), usize::MAX).await?.to_vec();
            anyhow::ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
            anyhow::Ok(body)
        })?;
        Ok((body, begun.elapsed().as_secs_f64() * 1_000.0))
    }
}
