//! Calls of other people's endpoints: one POST that goes only where calls may go and ends by its deadline whatever the
//! endpoint does.
//!
//! ```text
//! WebhookCall ──► target: the address, read and checked ──► call: headers, signature
//!                     │
//!                     ▼
//!     attempt ──► resolver: names become addresses, checked against the policy, and those are connected to
//!        ▲            │
//!        └─ 307, 308 ─┴──► answer: as much as is wanted ──► Answer, or a Failure in words for people
//! ```

mod answer;
mod attempt;
mod call;
mod failure;
mod network;
mod places;
mod policy;
mod resolver;
mod signature;
mod slot;
mod target;
mod trust;
mod words;

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::ports::Failure;
use ureq::Agent;
use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::unversioned::transport::DefaultConnector;

pub use call::{Answer, Proof, WebhookCall};
pub use network::{Network, NetworkError};
pub use policy::CallPolicy;
pub use signature::check_signing_secret;
pub use target::check_url;
pub(crate) use trust::tls;

use attempt::Attempt;
use resolver::Guarded;
use slot::{Slot, UnderWay};
use target::Target;
use words::Confidential;

/// Longest headers of an answer, whatever the policy says.
const HEADER_BYTES: usize = 64 * 1024;

/// Calls endpoints. Each call has a connection of its own.
pub struct Webhooks {
    agent: Agent,
    policy: Arc<CallPolicy>,
    clock: Arc<dyn Clock>,
    under_way: UnderWay,
}

impl Webhooks {
    /// Reads whom this machine trusts; nobody is called yet.
    pub fn new(policy: CallPolicy, clock: Arc<dyn Clock>) -> Self {
        Self::looking_up_by(DefaultResolver::default(), policy, clock)
    }

    fn looking_up_by(inner: impl Resolver, policy: CallPolicy, clock: Arc<dyn Clock>) -> Self {
        let policy = Arc::new(policy);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here, address by address.
            .max_redirects(0)
            // A proxy would look names up anew, and connect to what it finds.
            .proxy(None)
            .tls_config(trust::tls())
            .user_agent(concat!("Tenure/", env!("CARGO_PKG_VERSION")))
            .max_response_header_size(policy.most_answer_bytes.min(HEADER_BYTES))
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .build();
        let resolver = Guarded { inner, policy: Arc::clone(&policy) };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent, policy, clock, under_way: UnderWay::default() }
    }

    /// Calls an endpoint once, and returns within the call's time. `Ok` is the endpoint's own word that it has taken the
    /// call. The text of a failure is shown to people: it holds no secret.
    pub fn call(&self, call: &WebhookCall<'_>) -> Result<Answer, Failure> {
        let target = Target::read(call.url, &self.policy).map_err(|reason| failure::address(&reason))?;
        let late = failure::late(target.host());
        let slot = Slot::take(&self.under_way, target.host())?;
        let headers = call::headers(call, &*self.clock)?;
        let now = Instant::now();
        let ends = now.checked_add(call.timeout).unwrap_or(now + Duration::from_hours(1));
        let attempt = Attempt {
            agent: self.agent.clone(),
            policy: Arc::clone(&self.policy),
            target,
            headers,
            body: call.body.to_owned(),
            is_proven: call.proof.is_given(),
            wants_answer: call.wants_answer,
            confidential: Confidential::of(call),
            ends,
        };
        // A thread of its own: time-outs of sockets bound neither the look-up of a name nor a write to a server that
        // takes a byte now and then. After the deadline its outcome is dropped.
        let (tell, told) = mpsc::channel();
        let make = move || {
            let outcome = attempt.run(|failure| drop(tell.send(Err(failure))));
            drop(slot);
            drop(tell.send(outcome));
        };
        thread::Builder::new()
            .name("webhook".to_owned())
            .spawn(make)
            .map_err(|error| Failure::Retryable(format!("the call cannot be made now: {error}")))?;
        // The last word counts: told, or known when the time is up.
        let mut outcome = Err(late);
        while let Ok(word) = told.recv_timeout(ends.saturating_duration_since(Instant::now())) {
            outcome = word;
        }
        outcome
    }
}

#[cfg(test)]
mod tests;
