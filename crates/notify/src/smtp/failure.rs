//! What went wrong with the mail server, in words for people, and whether to try again.

use std::error::Error as _;
use std::io::ErrorKind;

use lettre::transport::smtp::Error;
use tenure_lifecycle::ports::Failure;

use super::Server;
use crate::text::one_line;

/// Longest text of a server that is passed on.
const TEXT: usize = 300;

/// There was no answer before the deadline. The mail may have been accepted all the same.
pub(super) fn late() -> Failure {
    Failure::Retryable("the mail server did not answer in time".to_owned())
}

/// The connection could not be opened or encrypted.
pub(super) fn opening(error: &Error, server: &Server) -> Failure {
    if is_late(error) {
        return late();
    }
    let (host, port) = (&server.host, server.port);
    Failure::Retryable(format!("no connection to the mail server {host} port {port}: {}", text(error)))
}

/// The server does not let us in. Its text is left out: it may repeat what was sent to it, the password.
pub(super) fn sign_in(error: &Error) -> Failure {
    if is_late(error) {
        return late();
    }
    Failure::Retryable(match error.status() {
        Some(code) => format!("the mail server does not accept the user and password ({code})"),
        None if error.is_client() => "the mail server offers no way to sign in with a password".to_owned(),
        None => "the connection to the mail server was lost while signing in".to_owned(),
    })
}

/// A step of the delivery failed: the server's own word decides whether to try again.
pub(super) fn delivery(error: &Error, what: &str) -> Failure {
    if is_late(error) {
        return late();
    }
    match error.status() {
        Some(code) if error.is_permanent() => {
            Failure::Permanent(format!("the mail server refused {what}: {code} {}", text(error)))
        }
        Some(code) => Failure::Retryable(format!("the mail server put off {what}: {code} {}", text(error))),
        None => Failure::Retryable(format!("the connection to the mail server was lost: {}", text(error))),
    }
}

/// The last step of a delivery failed, in which the server says whether it has taken the mail. Where it says so in no way that
/// can be read, a repeat could come a second time, and a third.
pub(super) fn handing_over(error: &Error) -> Failure {
    // What breaks off is a connection that was lost.
    let is_whole = error.is_response() && text(error) != "incomplete response";
    let is_unreadable = is_whole || causes(error).any(|cause| cause.kind() == ErrorKind::InvalidData);
    if error.status().is_none() && is_unreadable {
        return Failure::Permanent(format!(
            "the mail server's answer to the mail cannot be read: {}; whether it took the mail is not known, and it is not sent \
             again",
            text(error)
        ));
    }
    delivery(error, "the mail")
}

/// The text of the innermost cause, such as the server's reply.
fn text(error: &Error) -> String {
    error
        .source()
        .map_or_else(|| one_line(&error.to_string(), TEXT), |cause| one_line(&cause.to_string(), TEXT))
}

/// A read that ran out of time says `WouldBlock` on Unix, which `Error::is_timeout` does not know.
fn is_late(error: &Error) -> bool {
    causes(error).any(|cause| matches!(cause.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock))
}

fn causes(error: &Error) -> impl Iterator<Item = &std::io::Error> {
    std::iter::successors(error.source(), |&cause| cause.source())
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
}
