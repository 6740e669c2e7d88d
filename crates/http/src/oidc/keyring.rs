//! The keys of one issuer, kept while they are good and read again when there is a reason.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use tenure_lifecycle::clock::Clock;

use super::Fetch;
use super::issuer::{Algorithm, Issuer};
use super::key_set::{self, Key};
use super::refusal::Refusal;

/// Age at which keys are read again, beside the request that notices.
const OLD: SignedDuration = SignedDuration::from_hours(1);
/// Age up to which keys are used while the issuer does not answer.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(24);
/// Shortest time between two readings: whoever invents key ids cannot make us ask more often.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// The same after a reading that failed.
const PAUSE_AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(5);
/// Most requests that wait for a reading; more are told to come again.
const MOST_WAITING: usize = 16;

/// The keys of one issuer.
pub(super) struct Keyring {
    issuer: String,
    key_set_url: Option<String>,
    clock: Arc<dyn Clock>,
    fetch: Arc<Fetch>,
    known: Mutex<Arc<Known>>,
    reading: Mutex<()>,
    waiting: AtomicUsize,
    refreshing: AtomicBool,
}

/// What is known at one moment.
#[derive(Clone, Debug, Default)]
struct Known {
    keys: Vec<Key>,
    authorization_uri: Option<String>,
    /// When the keys were read.
    read: Option<Timestamp>,
    /// When they were last asked for.
    asked: Option<Timestamp>,
    failed: bool,
}

impl Known {
    fn is_older_than(&self, age: SignedDuration, now: Timestamp) -> bool {
        self.read.is_none_or(|read| now.duration_since(read) >= age)
    }

    /// A clock that was set back does not keep us from asking.
    fn may_ask(&self, now: Timestamp) -> bool {
        let pause = if self.failed { PAUSE_AFTER_FAILURE } else { PAUSE };
        self.asked.is_none_or(|asked| now.duration_since(asked).abs() >= pause)
    }

    fn find(&self, id: Option<&str>, algorithm: Algorithm, now: Timestamp) -> Option<DecodingKey> {
        let good = !self.is_older_than(TOO_OLD, now);
        key_set::find(if good { &self.keys } else { &[] }, id, algorithm).cloned()
    }
}

impl Keyring {
    pub(super) fn new(issuer: &Issuer, clock: Arc<dyn Clock>, fetch: Arc<Fetch>) -> Self {
        Self {
            issuer: issuer.name().to_owned(),
            key_set_url: issuer.key_set_url().map(str::to_owned),
            clock,
            fetch,
            known: Mutex::default(),
            reading: Mutex::default(),
            waiting: AtomicUsize::new(0),
            refreshing: AtomicBool::new(false),
        }
    }

    /// The key of that id. One that is not known is asked for, once in a while.
    pub(super) fn find(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<DecodingKey, Refusal> {
        let now = self.clock.now();
        let known = self.known();
        if let Some(key) = known.find(id, algorithm, now) {
            if known.is_older_than(OLD, now) && known.may_ask(now) {
                self.refresh_aside();
            }
            return Ok(key);
        }
        let known = if known.may_ask(now) { self.read_in_turn()? } else { known };
        let missing = if known.failed { Refusal::NoKeys } else { Refusal::Key };
        known.find(id, algorithm, now).ok_or(missing)
    }

    /// Reads the keys, unless that was just done.
    pub(super) fn read_now(&self) {
        let _turn = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let known = self.known();
        if !known.may_ask(now) {
            return;
        }
        let next = match self.read() {
            Ok((keys, authorization_uri)) => {
                Known { keys, authorization_uri, read: Some(now), asked: Some(now), failed: false }
            }
            Err(reason) => {
                tracing::warn!(
                    issuer = self.issuer,
                    reason,
                    "the keys of an issuer of tokens cannot be read"
                );
                Known { asked: Some(now), failed: true, ..(*known).clone() }
            }
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }

    /// Where people sign in.
    pub(super) fn authorization_uri(&self) -> Option<String> {
        self.known().authorization_uri.clone()
    }

    fn known(&self) -> Arc<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An issuer that hangs must not take all threads with it.
    fn read_in_turn(&self) -> Result<Arc<Known>, Refusal> {
        let others = self.waiting.fetch_add(1, Ordering::SeqCst);
        if others < MOST_WAITING {
            self.read_now();
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        if others < MOST_WAITING { Ok(self.known()) } else { Err(Refusal::NoKeys) }
    }

    fn refresh_aside(self: &Arc<Self>) {
        if self.refreshing.swap(true, Ordering::SeqCst) {
            return;
        }
        let keyring = self.clone();
        let refresh = move || {
            keyring.read_now();
            keyring.refreshing.store(false, Ordering::SeqCst);
        };
        if std::thread::Builder::new().name("issuer-keys".to_owned()).spawn(refresh).is_err() {
            self.refreshing.store(false, Ordering::SeqCst);
        }
    }

    fn read(&self) -> Result<(Vec<Key>, Option<String>), String> {
        let (url, authorization_uri) = match &self.key_set_url {
            Some(url) => (url.clone(), None),
            None => {
                let document = (self.fetch)(&key_set::discovery_url(&self.issuer))?;
                let found = key_set::read_discovery(&document, &self.issuer)?;
                (found.key_set_url, found.authorization_uri)
            }
        };
        Ok((key_set::read_key_set(&(self.fetch)(&url)?)?, authorization_uri))
    }
}
