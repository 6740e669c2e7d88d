//! What went wrong with a call, in words for people, and whether to try again.

use tenure_lifecycle::ports::Failure;
use ureq::Error;
use ureq::http::StatusCode;

use super::policy::Forbidden;
use super::resolver::Unresolved;
use super::words::WORDS;
use crate::text::one_line;

/// There was no answer before the deadline. The endpoint may have taken the call all the same.
pub(super) fn late(host: &str) -> Failure {
    Failure::Retryable(format!("{host} did not answer in time"))
}

/// The address is none that may be called.
pub(super) fn address(reason: &str) -> Failure {
    Failure::Permanent(format!("the endpoint cannot be called: {reason}"))
}

/// The endpoint answered, but not that all is well; `words` are what else it said.
pub(super) fn status(host: &str, status: StatusCode, words: &str) -> Failure {
    let text = format!("{host} answered {status}{words}");
    match status.as_u16() {
        408 | 425 | 429 | 500..=599 => Failure::Retryable(text),
        _ => Failure::Permanent(text),
    }
}

/// The endpoint sends the call on in a way that is not followed.
pub(super) fn redirect(host: &str, reason: &str) -> Failure {
    Failure::Permanent(format!("{host} redirects the call, which is not followed: {reason}"))
}

/// The answer is longer than what is taken.
pub(super) fn too_long(host: &str, most_bytes: usize) -> Failure {
    Failure::Permanent(format!("the answer of {host} is longer than {most_bytes} bytes"))
}

/// No answer, or not all of it, could be read.
pub(super) fn transport(error: Error, host: &str, most_bytes: usize) -> Failure {
    match error {
        Error::Timeout(_) => late(host),
        Error::LargeResponseHeader(..) => too_long(host, most_bytes),
        Error::Other(cause) => {
            match (cause.downcast_ref::<Forbidden>(), cause.downcast_ref::<Unresolved>()) {
                (Some(forbidden), _) => Failure::Permanent(format!("{host} cannot be called: {forbidden}")),
                (_, Some(unresolved)) => {
                    Failure::Retryable(format!("the name {host} cannot be looked up: {}", text(unresolved)))
                }
                (None, None) => connection(host, &cause),
            }
        }
        Error::Rustls(error) => encryption(&error, host),
        Error::Tls(reason) => Failure::Permanent(format!("no certificate can be valid for {host}: {reason}")),
        Error::Io(error) => match error.get_ref().and_then(|cause| cause.downcast_ref()) {
            Some(error) => encryption(error, host),
            None => connection(host, &error),
        },
        Error::Protocol(error) => {
            Failure::Retryable(format!("the answer of {host} is not understood: {}", text(&error)))
        }
        // The text of these may repeat the address or a header.
        Error::Http(_) | Error::BadUri(_) => address("it cannot be written as a request"),
        other => connection(host, &other),
    }
}

fn connection(host: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::Retryable(format!("the connection to {host} failed: {}", text(error)))
}

fn encryption(error: &rustls::Error, host: &str) -> Failure {
    match error {
        rustls::Error::InvalidCertificate(_) => {
            Failure::Permanent(format!("the certificate of {host} is not valid: {}", text(error)))
        }
        other => Failure::Retryable(format!("no encrypted connection to {host}: {}", text(other))),
    }
}

fn text(error: &dyn std::fmt::Display) -> String {
    one_line(&error.to_string(), WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_says_whether_to_try_again() {
        for code in 300..600 {
            let failure = status("a.example", StatusCode::from_u16(code).unwrap(), ": why");
            let again = matches!(code, 408 | 425 | 429) || code >= 500;
            assert_eq!(matches!(failure, Failure::Retryable(_)), again, "{code}");
            let text = failure.to_string();
            assert!(
                text.starts_with(&format!("a.example answered {code}")) && text.ends_with(": why"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_certificate_that_is_not_valid_stays_so() {
        let wrapped =
            |error: rustls::Error| Error::Io(std::io::Error::new(std::io::ErrorKind::InvalidData, error));
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        for error in [Error::Rustls(expired.clone()), wrapped(expired)] {
            let failure = transport(error, "a.example", 0);
            assert!(
                matches!(&failure, Failure::Permanent(text) if text.contains("is not valid")),
                "{failure:?}"
            );
        }
        let failure = transport(wrapped(rustls::Error::DecryptError), "a.example", 0);
        assert!(matches!(&failure, Failure::Retryable(text) if text.contains("encrypted")), "{failure:?}");
    }
}
