//! Connecting.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use postgres::{Client, Config};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::Connection;
use super::failed;
use crate::open_error::OpenError;

/// What a connection is told at its beginning. Whoever does nothing inside a transaction for so long holds all others up, and
/// loses it; nothing that was acknowledged may be lost; statements are too short to be compiled. They are written for nested
/// loops along an index, which is all that SQLite has, and are to be run so before anybody has counted the rows of a table, too.
const GREETING: &str = "SET idle_in_transaction_session_timeout = '10s';
    SELECT set_config('synchronous_commit', 'on', false)
      FROM pg_settings WHERE name = 'synchronous_commit' AND setting IN ('off', 'local');
    SET join_collapse_limit = 1; SET from_collapse_limit = 1; SET max_parallel_workers_per_gather = 0;
    SET jit = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;
    SET enable_material = off;
    SET client_min_messages = warning";

/// Whom this machine believes.
static BELIEVED: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // One that cannot be read is not believed.
        drop(roots.add(certificate));
    }
    Arc::new(roots)
});

/// Knows where the database is.
#[derive(Clone)]
pub(in super::super) struct Connector {
    config: Arc<Config>,
    tls: MakeRustlsConnect,
    /// What a connection is told besides.
    besides: String,
}

impl Connector {
    /// Reads an address: `postgresql://…`, or `host=… user=…`.
    pub(in super::super) fn to(url: &str) -> Result<Self, OpenError> {
        let mut config: Config = url.parse().map_err(OpenError::Address)?;
        if config.get_application_name().is_none() {
            config.application_name("tenure");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(20));
        }
        config.keepalives_idle(Duration::from_secs(20));
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(OpenError::Tls)?
            .with_root_certificates(BELIEVED.clone())
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), tls: MakeRustlsConnect::new(tls), besides: String::new() })
    }

    pub(in super::super) fn client(&self) -> rusqlite::Result<Client> {
        let mut client = self.config.connect(self.tls.clone()).map_err(failed)?;
        client.batch_execute(GREETING).map_err(failed)?;
        client.batch_execute(&self.besides).map_err(failed)?;
        Ok(client)
    }

    /// The same; connections are told that at their beginning, too.
    pub(in super::super) fn saying(self, besides: String) -> Self {
        Self { besides, ..self }
    }

    pub(in super::super) fn connect(&self) -> rusqlite::Result<Connection> {
        Ok(Connection::new(self.clone(), self.client()?))
    }
}
