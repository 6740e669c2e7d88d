//! Reading no more of an answer than is wanted.

use std::io::Read as _;

use tenure_lifecycle::ports::Failure;
use ureq::Body;
use ureq::http::{HeaderMap, Response};

use super::call::Answer;
use super::failure::{self, too_long};

/// So much of an error's body is read, to show people the beginning of it.
const ERROR_BYTES: u64 = 4096;

/// Takes an answer that says that all is well.
pub(super) fn take(
    answer: Response<Body>,
    wants_body: bool,
    host: &str,
    most_bytes: usize,
) -> Result<Answer, Failure> {
    let status = answer.status().as_u16();
    if !wants_body {
        return Ok(Answer { status, body: None });
    }
    let left = most_bytes.saturating_sub(header_bytes(answer.headers()));
    let mut body = Vec::new();
    let read = answer.into_body().into_reader().take((left as u64).saturating_add(1)).read_to_end(&mut body);
    if body.len() > left {
        return Err(too_long(host, most_bytes));
    }
    read.map_err(|error| failure::transport(error.into(), host, most_bytes))?;
    match String::from_utf8(body) {
        Ok(body) => Ok(Answer { status, body: Some(body) }),
        Err(_) => Err(Failure::Permanent(format!("the answer of {host} is not text in UTF-8"))),
    }
}

/// The beginning of an error's body, as much as arrives in time.
pub(super) fn beginning(answer: Response<Body>) -> Vec<u8> {
    let mut body = Vec::new();
    // What came before the connection broke is worth as much as what comes otherwise.
    drop(answer.into_body().into_reader().take(ERROR_BYTES).read_to_end(&mut body));
    body
}

/// What the headers took on the wire, near enough.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}
