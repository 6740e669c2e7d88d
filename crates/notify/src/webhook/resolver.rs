//! Looking names up, and keeping only addresses where calls may go.
//!
//! The connection is made to the very addresses that come out of here: the name is not looked up a second time, so it
//! does not help to answer with something else then.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

use super::policy::CallPolicy;

/// A resolver that keeps of another's answers only what may be called.
#[derive(Debug)]
pub(super) struct Guarded<R> {
    pub(super) inner: R,
    pub(super) policy: Arc<CallPolicy>,
}

/// A name could not be looked up.
#[derive(Debug)]
pub(super) struct Unresolved(Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Error::Io(error) => error.fmt(f),
            other => other.fmt(f),
        }
    }
}

impl StdError for Unresolved {}

impl<R: Resolver> Resolver for Guarded<R> {
    fn resolve(&self, uri: &Uri, config: &Config, limit: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        // Without a time limit the look-up runs on this thread, which nobody waits for beyond the deadline. With one it
        // would get a thread of its own, and those whose name server is silent would be counted by nobody.
        let patient = NextTimeout { after: Duration::NotHappening, ..limit };
        let found = self
            .inner
            .resolve(uri, config, patient)
            .map_err(|error| Error::Other(Box::new(Unresolved(error))))?;
        let mut allowed = self.empty();
        let mut forbidden = None;
        for address in &*found {
            match self.policy.check(address.ip()) {
                Ok(()) => allowed.push(*address),
                Err(refusal) => forbidden = forbidden.or(Some(refusal)),
            }
        }
        match forbidden {
            _ if !allowed.is_empty() => Ok(allowed),
            Some(refusal) => Err(Error::Other(Box::new(refusal))),
            None => Err(Error::Other(Box::new(Unresolved(Error::HostNotFound)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use ureq::unversioned::resolver::DefaultResolver;

    use super::*;
    use crate::webhook::policy::Forbidden;

    fn resolve(url: &str, allowed: &[&str]) -> Result<ResolvedSocketAddrs, Error> {
        let allowed_networks = allowed.iter().map(|network| network.parse().unwrap()).collect();
        let policy = Arc::new(CallPolicy { allowed_networks, ..CallPolicy::default() });
        let resolver = Guarded { inner: DefaultResolver::default(), policy };
        resolver.resolve(&url.parse().unwrap(), &Config::default(), NextTimeout::default())
    }

    #[test]
    fn what_a_name_stands_for_is_checked_whatever_the_name() {
        // Spellings that the reader of addresses knows are here given to the system, which knows them too.
        for host in ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]"] {
            match resolve(&format!("http://{host}:1/"), &[]) {
                Err(Error::Other(error)) => assert!(error.is::<Forbidden>(), "{host}: {error}"),
                other => panic!("{host}: {other:?}"),
            }
        }
    }

    #[test]
    fn only_allowed_addresses_of_a_name_are_left() {
        let left = resolve("http://localhost:1/", &["127.0.0.0/8"]).unwrap();
        assert!(
            !left.is_empty() && left.iter().all(|address| address.ip().is_loopback() && address.is_ipv4())
        );
    }

    #[test]
    fn a_name_that_nobody_knows_is_called_so() {
        match resolve("http://nobody.invalid/", &[]) {
            Err(Error::Other(error)) => assert!(error.is::<Unresolved>(), "{error}"),
            other => panic!("{other:?}"),
        }
    }
}
