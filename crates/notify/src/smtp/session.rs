//! One connection to the mail server, taken step by step so that each step gets the time that is left.

use std::time::{Duration, Instant};

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use tenure_lifecycle::ports::Failure;

use super::failure::{delivery, handing_over, late, opening, sign_in};
use super::{Security, Server};

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(500);

/// When a call has to be over.
#[derive(Clone, Copy)]
pub(super) struct Deadline(Instant);

impl Deadline {
    pub(super) fn after(time: Duration) -> Self {
        let now = Instant::now();
        Self(now.checked_add(time).unwrap_or(now + Duration::from_hours(1)))
    }

    /// The time that is left; a failure once there is none.
    pub(super) fn left(self) -> Result<Duration, Failure> {
        Some(self.0.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero()).ok_or_else(late)
    }
}

/// An open connection, signed in.
pub(super) struct Session(SmtpConnection);

impl Session {
    /// Connects, encrypts and signs in. A failure here says nothing about the mail, so it is worth another attempt.
    pub(super) fn open(server: &Server, deadline: Deadline) -> Result<Self, Failure> {
        let implicit = match &server.tls {
            Security::Implicit(parameters) => Some(parameters),
            Security::None | Security::StartTls(_) => None,
        };
        let address = (server.host.as_str(), server.port);
        // Half of the time: a name may have a second address, to be tried when the first one does not answer.
        let half = deadline.left()? / 2;
        let connection = SmtpConnection::connect(address, Some(half), &server.hello, implicit, None)
            .map_err(|error| opening(&error, server))?;
        let mut session = Self(connection);
        if let Security::StartTls(parameters) = &server.tls {
            session
                .step(deadline)?
                .starttls(parameters, &server.hello)
                .map_err(|error| opening(&error, server))?;
        }
        if let Some(credentials) = &server.credentials {
            session
                .step(deadline)?
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .map_err(|error| sign_in(&error))?;
        }
        Ok(session)
    }

    /// Hands one mail over; it is done when the server has taken responsibility for it.
    pub(super) fn deliver(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
        deadline: Deadline,
    ) -> Result<(), Failure> {
        let parameters = self.parameters(envelope, message)?;
        let sender = Mail::new(envelope.from().cloned(), parameters);
        self.step(deadline)?.command(sender).map_err(|error| delivery(&error, "the sender"))?;
        for recipient in envelope.to() {
            let command = Rcpt::new(recipient.clone(), Vec::new());
            let what = || format!("the recipient {recipient}");
            self.step(deadline)?.command(command).map_err(|error| delivery(&error, &what()))?;
        }
        self.step(deadline)?.command(Data).map_err(|error| delivery(&error, "the mail"))?;
        self.step(deadline)?.message(message).map_err(|error| handing_over(&error))?;
        Ok(())
    }

    /// Whether the server still talks to us over a connection that was kept.
    pub(super) fn answers(&mut self, deadline: Deadline) -> bool {
        self.step(deadline).is_ok_and(SmtpConnection::test_connected)
    }

    /// Says goodbye without waiting long for an answer.
    pub(super) fn leave(mut self) {
        if self.0.set_timeout(Some(GOODBYE)).is_ok() {
            self.0.abort();
        }
    }

    /// The connection, with the time that is left for its next step.
    fn step(&mut self, deadline: Deadline) -> Result<&mut SmtpConnection, Failure> {
        let left = deadline.left()?;
        self.0.set_timeout(Some(left)).map_err(|error| {
            Failure::Retryable(format!("the connection to the mail server is lost: {error}"))
        })?;
        Ok(&mut self.0)
    }

    fn parameters(&self, envelope: &Envelope, message: &[u8]) -> Result<Vec<MailParameter>, Failure> {
        let offers = |extension| self.0.server_info().supports_feature(extension);
        let foreign = envelope
            .from()
            .into_iter()
            .chain(envelope.to())
            .find(|one| !AsRef::<str>::as_ref(one).is_ascii());
        let mut parameters = Vec::new();
        if let Some(address) = foreign {
            if !offers(Extension::SmtpUtfEight) {
                return Err(Failure::Permanent(format!(
                    "the mail server does not take addresses such as {address}, which are not ASCII (SMTPUTF8)"
                )));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !message.is_ascii() {
            if !offers(Extension::EightBitMime) {
                return Err(Failure::Permanent(
                    "the mail server takes only ASCII mails (no 8BITMIME)".to_owned(),
                ));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }
}
