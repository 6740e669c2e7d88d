//! One attempt: the call, and up to three more when the endpoint sends it on.

use std::sync::Arc;
use std::time::Instant;

use tenure_lifecycle::ports::Failure;
use ureq::http::header::LOCATION;
use ureq::http::{HeaderMap, Method, Request, Response};
use ureq::{Agent, Body};

use super::answer::{beginning, take};
use super::call::Answer;
use super::failure;
use super::policy::CallPolicy;
use super::target::Target;
use super::words::Confidential;

/// How often a call is sent on.
const REDIRECTS: usize = 3;

/// A call, ready to be made.
pub(super) struct Attempt {
    pub(super) agent: Agent,
    pub(super) policy: Arc<CallPolicy>,
    pub(super) target: Target,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
    /// Whether the headers hold something that is meant for this endpoint only.
    pub(super) is_proven: bool,
    pub(super) wants_answer: bool,
    pub(super) confidential: Confidential,
    pub(super) ends: Instant,
}

impl Attempt {
    /// Makes the call. Tells of a failure that is certain already while it reads what else the endpoint has to say.
    pub(super) fn run(mut self, certain: impl Fn(Failure)) -> Result<Answer, Failure> {
        let most_bytes = self.policy.most_answer_bytes;
        for _ in 0..=REDIRECTS {
            self.confidential.add_query(&self.target);
            let answer = self.post()?;
            let host = self.target.host();
            match answer.status().as_u16() {
                200..=299 => return take(answer, self.wants_answer, host, most_bytes),
                307 | 308 => self.target = self.sent_on(&answer)?,
                301..=303 => {
                    let reason =
                        format!("only 307 and 308 say to repeat the call as it is, not {}", answer.status());
                    return Err(failure::redirect(host, &reason));
                }
                _ => {
                    let status = answer.status();
                    certain(failure::status(host, status, ""));
                    return Err(failure::status(host, status, &self.confidential.words(&beginning(answer))));
                }
            }
        }
        Err(failure::redirect(self.target.host(), &format!("it was sent on {REDIRECTS} times already")))
    }

    fn post(&self) -> Result<Response<Body>, Failure> {
        let host = self.target.host();
        let failed = |error| failure::transport(error, host, self.policy.most_answer_bytes);
        let left = self.ends.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(failure::late(host));
        }
        let mut request = Request::new(self.body.as_str());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.target.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let request = self.agent.configure_request(request).timeout_global(Some(left)).build();
        self.agent.run(request).map_err(failed)
    }

    /// Where the answer sends the call on to, if it may go there.
    fn sent_on(&self, answer: &Response<Body>) -> Result<Target, Failure> {
        let refused = |reason: &str| failure::redirect(self.target.host(), reason);
        let location = answer.headers().get(LOCATION).ok_or_else(|| refused("it does not say where to"))?;
        let location = location.to_str().map_err(|_| refused("where to is not written in ASCII"))?;
        let next = self.target.redirected(location, &self.policy).map_err(|reason| refused(&reason))?;
        if self.is_proven && !next.shares_origin_with(&self.target) {
            let reason = format!("{} is another place, where the credentials do not belong", next.host());
            return Err(refused(&reason));
        }
        Ok(next)
    }
}
