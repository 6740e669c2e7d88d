//! TLS that ends in this process.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::wrong_use::WrongUse;

/// Time for a client to agree on a key.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Most clients that are about to; further ones wait outside.
const MOST_HANDSHAKES: usize = 1_024;
/// Connections that are ready before somebody takes them.
const READY: usize = 64;

/// The files that say who this server is.
#[derive(Clone, Debug)]
pub(crate) struct TlsFiles {
    /// The certificate, and those above it, as PEM.
    pub(crate) certificate: PathBuf,
    /// Its private key, as PEM.
    pub(crate) key: PathBuf,
}

impl TlsFiles {
    /// Reads the files; what is wrong names the one at fault.
    pub(crate) fn read(&self) -> anyhow::Result<Arc<ServerConfig>> {
        let wrong = |file: &Path, reason: &dyn std::fmt::Display| {
            WrongUse::error(format!("[tls] {}: {reason}", file.display()))
        };
        let text = |file: &Path| std::fs::read(file).map_err(|error| wrong(file, &error));
        let certificates = CertificateDer::pem_slice_iter(&text(&self.certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| wrong(&self.certificate, &format_args!("is no PEM file: {error}")))?;
        if certificates.is_empty() {
            return Err(wrong(&self.certificate, &"holds no certificate in PEM"));
        }
        // Its text is not repeated in an error: it is a secret.
        let key = PrivateKeyDer::from_pem_slice(&text(&self.key)?)
            .map_err(|_| wrong(&self.key, &"holds no private key in PEM without a password"))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .map_err(|error| {
                let certificate = self.certificate.display();
                wrong(&self.key, &format_args!("cannot be used with the certificate {certificate}: {error}"))
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Gives connections whose keys are agreed on. A client that is slow to agree keeps nobody else waiting.
pub(super) struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    /// Starts to accept, inside a runtime.
    pub(super) fn start(listener: TcpListener, config: Arc<ServerConfig>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (give, ready) = mpsc::channel(READY);
        let accepting = tokio::spawn(accept(listener, TlsAcceptor::from(config), give));
        Ok(Self { address, ready, accepting })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // Nobody accepts any more, so there is nothing to come.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

async fn accept(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    give: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(MOST_HANDSHAKES));
    while let Ok(place) = places.clone().acquire_owned().await {
        let (stream, peer) = Listener::accept(&mut listener).await;
        let (agreed, give) = (acceptor.accept(stream), give.clone());
        tokio::spawn(async move {
            let agreed = tokio::time::timeout(HANDSHAKE, agreed).await;
            drop(place);
            match agreed {
                // Who takes them is gone when the server stops.
                Ok(Ok(stream)) => drop(give.send((stream, peer)).await),
                Ok(Err(error)) => tracing::debug!(%peer, %error, "a client does not speak TLS as we do"),
                Err(_) => tracing::debug!(%peer, "a client did not agree on a key in time"),
            }
        });
    }
}
