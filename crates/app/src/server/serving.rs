//! Serving until somebody says stop: then requests are finished, threads stopped and the store closed.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tenure_connectors::csv::CsvFeed;
use tenure_http::Server;
use tenure_http::oidc::{Issuer, Oidc};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio_rustls::rustls::ServerConfig;

use super::System;
use super::engine::Engine;
use super::tls::TlsListener;

/// Time for requests under way when stopping.
const REQUESTS: Duration = Duration::from_secs(5);

/// A server that is about to serve.
pub(crate) struct Serving {
    system: System,
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    oidc: Option<Arc<Oidc>>,
    runtime: tokio::runtime::Runtime,
    interrupt: Signal,
    terminate: Signal,
}

impl Serving {
    /// Gets ready: from now on a signal to stop is heeded.
    pub(crate) fn prepare(system: System, listener: TcpListener) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (interrupt, terminate) = {
            let _inside = runtime.enter();
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
        };
        Ok(Self { system, listener, tls: None, oidc: None, runtime, interrupt, terminate })
    }

    /// The same with TLS that ends here.
    pub(crate) fn with_tls(self, tls: Option<Arc<ServerConfig>>) -> Self {
        Self { tls, ..self }
    }

    /// The same with issuers whose tokens are accepted.
    pub(crate) fn with_issuers(self, issuers: Vec<Issuer>) -> anyhow::Result<Self> {
        Ok(Self { oidc: super::issuers::oidc(issuers)?, ..self })
    }

    /// The address that was taken.
    pub(crate) fn url(&self) -> anyhow::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.listener.local_addr()?))
    }

    /// What is served.
    pub(crate) fn system(&self) -> &System {
        &self.system
    }

    /// Serves until a signal says stop.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let Self { system, listener, tls, oidc, runtime, mut interrupt, mut terminate } = self;
        let System { lifecycle, performer, simulation, spool, .. } = system;
        let engine = Engine::start(lifecycle.clone(), performer, simulation.clone())?;
        let (feeds, https) = (Arc::new(CsvFeed), tls.is_some());
        let router = tenure_http::router(Server { lifecycle, feeds, simulation, spool, oidc, https });

        let served = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let (stop, stopped) = watch::channel(false);
            let asked = |mut stopped: watch::Receiver<bool>| async move {
                // An error says that the sender is gone, which is a reason to stop too.
                drop(stopped.wait_for(|stop| *stop).await);
            };
            let requests_done = async {
                match tls {
                    None => {
                        axum::serve(listener, router).with_graceful_shutdown(asked(stopped.clone())).await
                    }
                    Some(tls) => {
                        let listener = TlsListener::start(listener, tls)?;
                        axum::serve(listener, router).with_graceful_shutdown(asked(stopped.clone())).await
                    }
                }
            };
            let signals = async {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                tracing::info!("stopping: requests and batches under way are finished first");
                stop.send_replace(true);
                // A second signal means at once.
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    () = tokio::time::sleep(REQUESTS) => {}
                }
            };
            tokio::select! {
                done = requests_done => done.context("serving failed"),
                () = signals => {
                    tracing::warn!("requests that did not end in time are cut off");
                    Ok(())
                }
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        engine.stop();
        served
    }
}
