//! Whom a call believes: the certificates that this machine trusts.

use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// TLS that trusts the certificates of this machine, or of `SSL_CERT_FILE`; those that browsers trust if there are none.
pub(crate) fn tls() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs();
    let trusted: Vec<_> =
        found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    let roots = if trusted.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&trusted) };
    TlsConfig::builder().root_certs(roots).build()
}
