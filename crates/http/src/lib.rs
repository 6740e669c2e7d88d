//! The Graph-compatible HTTP API of Tenure: reads requests, asks the domain, answers as Graph answers.
//!
//! ```text
//! request ─► server: request ids, body, panics ─► auth, oidc: token ─► permission: scopes
//!         ─► route: one table ─► graph/<resource>
//!                                odata: options, bodies, lists
//! ```
//!
//! Everything below a route is synchronous and runs on a thread that may block.

mod auth;
mod batch;
mod describe;
mod errors;
mod graph;
mod odata;
pub mod oidc;
mod permission;
mod request;
mod response;
mod route;
mod server;
mod upload;

use std::path::PathBuf;
use std::sync::Arc;

use tenure_lifecycle::directory::feed::FeedReader;
use tenure_lifecycle::engine::Simulation;
use tenure_lifecycle::operations::Lifecycle;

/// What the API serves.
pub struct Server {
    /// The domain.
    pub lifecycle: Arc<Lifecycle>,
    /// Reads the files of `tenure.import`.
    pub feeds: Arc<dyn FeedReader>,
    /// The clock that `tenure.advanceClock` moves; `None` when time is real.
    pub simulation: Option<Arc<Simulation>>,
    /// Folder for uploads while they are looked at; it has to be there.
    pub spool: PathBuf,
    /// Issuers whose access tokens are accepted beside local ones.
    pub oidc: Option<Arc<oidc::Oidc>>,
    /// TLS ends in this process, so links begin with `https`.
    pub https: bool,
}

/// The API as an axum router: one handler takes every path, our own route table decides.
pub fn router(server: Server) -> axum::Router {
    server::router(server)
}

/// What the store keeps of a token: its blake3 hash.
pub fn hash_token(text: &str) -> [u8; 32] {
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// A workflow as `POST …/workflows` takes it; says which property is wrong, and why.
pub fn read_workflow(body: &serde_json::Value) -> Result<tenure_lifecycle::workflow::NewWorkflow, String> {
    graph::workflows::read(body).map_err(|error| error.message)
}
