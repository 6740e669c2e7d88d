//! Where a server may listen: tokens must not cross a network readable.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};

use anyhow::Context as _;

use crate::wrong_use::WrongUse;

/// An address that may be listened at.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    text: String,
    found: Vec<SocketAddr>,
}

impl Address {
    /// Reads an address such as `127.0.0.1:8460`; one that others can reach is refused unless TLS ends here or before us.
    pub(crate) fn parse(text: &str, has_tls: bool) -> anyhow::Result<Self> {
        let found: Vec<SocketAddr> = text
            .to_socket_addrs()
            .map_err(|error| {
                WrongUse::error(format!(
                    "'{text}' is no address to listen at, such as {}: {error}",
                    super::LISTEN
                ))
            })?
            .collect();
        let is_open = found.iter().any(|address| !address.ip().to_canonical().is_loopback());
        if found.is_empty() || (is_open && !has_tls) {
            return Err(WrongUse::error(format!(
                "refused to listen at {text}: other machines could reach it, and tokens would cross the network \
                 unencrypted. Listen at a loopback address, give a certificate with [tls] in the configuration, or say \
                 --behind-proxy if TLS ends before this server"
            )));
        }
        Ok(Self { text: text.to_owned(), found })
    }

    /// Takes the address; port 0 takes a free port.
    pub(crate) fn bind(&self) -> anyhow::Result<TcpListener> {
        let listener = TcpListener::bind(self.found.as_slice())
            .with_context(|| format!("cannot listen at {}", self.text))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_fine_without_tls() {
        for text in ["127.0.0.1:0", "127.0.0.9:8460", "[::1]:8460"] {
            assert!(Address::parse(text, false).is_ok(), "{text}");
        }
        for text in ["0.0.0.0:8460", "[::]:8460", "192.0.2.1:80", "[::ffff:192.0.2.1]:80"] {
            assert!(Address::parse(text, false).is_err_and(|error| error.is::<WrongUse>()), "{text}");
            assert!(Address::parse(text, true).is_ok(), "{text}");
        }
        for text in ["", "8460", "127.0.0.1", "127.0.0.1:99999"] {
            assert!(Address::parse(text, true).is_err_and(|error| error.is::<WrongUse>()), "{text}");
        }
    }
}
