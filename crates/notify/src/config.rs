//! How to reach the mail server.

use std::fmt;
use std::net::IpAddr;

use lettre::message::Mailbox;
use serde::Deserialize;

/// A mail server and how to talk to it.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// Name or address of the server; with TLS, the name that its certificate has to carry.
    pub host: String,
    /// Port: usually 587 with `startTls`, 465 with `implicit`, 25 with `none`.
    pub port: u16,
    /// Name to sign in with.
    pub user: Option<String>,
    /// Password to sign in with.
    pub password: Option<Secret>,
    /// Whether the connection is encrypted.
    pub tls: Tls,
    /// Sender of every mail: an address, or `Name <address>`.
    pub from: String,
}

/// Whether the connection is encrypted, and from when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tls {
    /// Never.
    None,
    /// From the `STARTTLS` command on; a server that does not offer it gets nothing.
    StartTls,
    /// From the first byte on.
    Implicit,
}

/// A text that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being printed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// Why mail cannot be sent with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The sender is no mail address.
    #[error(
        "'{from}' is not a sender: an address, or a name and an address as in 'Name <address>', is expected"
    )]
    From {
        /// What was given.
        from: String,
    },
    /// The host is no host.
    #[error("'{host}' is not the name or address of a mail server")]
    Host {
        /// What was given.
        host: String,
    },
    /// The port is 0.
    #[error("the port of the mail server must not be 0")]
    Port,
    /// One of user and password is missing.
    #[error("user and password of the mail server must be given together")]
    HalfCredentials,
    /// The password would cross the network readable.
    #[error("the password would be sent to {host} unencrypted: set tls to startTls or implicit")]
    PasswordInTheClear {
        /// Where it would be sent.
        host: String,
    },
    /// TLS could not be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

impl SmtpConfig {
    /// Checks what can be checked without talking to the server, and gives the sender.
    pub(crate) fn check(&self) -> Result<Mailbox, ConfigError> {
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if self.host.is_empty() || self.host.contains(odd) {
            return Err(ConfigError::Host { host: self.host.escape_debug().to_string() });
        }
        if self.port == 0 {
            return Err(ConfigError::Port);
        }
        if self.user.is_some() != self.password.is_some() {
            return Err(ConfigError::HalfCredentials);
        }
        if self.user.is_some() && self.tls == Tls::None && !is_this_machine(&self.host) {
            return Err(ConfigError::PasswordInTheClear { host: self.host.clone() });
        }
        sender(&self.from)
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads a sender.
pub(crate) fn sender(from: &str) -> Result<Mailbox, ConfigError> {
    let refused = || ConfigError::From { from: from.escape_debug().to_string() };
    if from.contains(char::is_control) {
        return Err(refused());
    }
    let sender: Mailbox = from.parse().map_err(|_| refused())?;
    // The mail is built from the printed form, which has to be read again.
    match sender.to_string().parse::<Mailbox>() {
        Ok(again) if again == sender => Ok(sender),
        _ => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> SmtpConfig {
        SmtpConfig {
            host: "mail.example.com".to_owned(),
            port: 587,
            user: Some("tenure".to_owned()),
            password: Some(Secret::new("hunter2")),
            tls: Tls::StartTls,
            from: "People <people@example.com>".to_owned(),
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let printed = format!("{:?}", config());
        assert!(printed.contains("redacted") && !printed.contains("hunter2"), "{printed}");
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_reason() {
        let refused = |change: fn(&mut SmtpConfig)| {
            let mut config = config();
            change(&mut config);
            config.check().unwrap_err().to_string()
        };
        assert!(config().check().is_ok());
        assert!(refused(|c| c.host = String::new()).contains("not the name"));
        assert!(refused(|c| c.host = "a\r\nb".to_owned()).contains("not the name"));
        assert!(refused(|c| c.port = 0).contains("port"));
        assert!(refused(|c| c.user = None).contains("together"));
        assert!(refused(|c| c.tls = Tls::None).contains("unencrypted"));
        assert!(refused(|c| c.from = "nobody".to_owned()).contains("not a sender"));
        assert!(
            refused(|c| c.from = "a@example.com\r\nBcc: b@example.com".to_owned()).contains("not a sender")
        );
    }

    #[test]
    fn a_password_may_go_unencrypted_to_this_machine_only() {
        for (host, fine) in [("127.0.0.1", true), ("::1", true), ("localhost", true), ("10.0.0.1", false)] {
            let config = SmtpConfig { host: host.to_owned(), tls: Tls::None, ..config() };
            assert_eq!(config.check().is_ok(), fine, "{host}");
        }
    }
}
