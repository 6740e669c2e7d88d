//! Time and fresh identifiers come from here and from nowhere else, so that tests can hold them still.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the home of the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until somebody moves it.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(Timestamp::MAX);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Gives fresh identifiers and secret bytes.
pub trait Ids: Send + Sync {
    /// A fresh identifier; later ones sort after earlier ones as far as the clock allows.
    fn fresh(&self) -> Uuid;
    /// 32 bytes nobody can guess.
    fn secret(&self) -> [u8; 32];
}

/// Version-7 identifiers from the operating system's randomness.
#[derive(Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the home of fresh identifiers")]
    fn fresh(&self) -> Uuid {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let mut random: [u8; 10] = rand::random();
        random[0] &= 0x0f;
        uuid::Builder::from_unix_timestamp_millis(now.as_millis() as u64, &random).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        rand::random()
    }
}

/// Identifiers that count up from one; the same in every run of a test.
#[derive(Debug, Default)]
pub struct CountingIds(std::sync::atomic::AtomicU64);

impl Ids for CountingIds {
    fn fresh(&self) -> Uuid {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        uuid::Builder::from_random_bytes(u128::from(n).to_be_bytes()).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        bytes
    }
}

/// Milliseconds since 1970, the unit in which times are stored.
pub fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The time a stored number of milliseconds stands for; out-of-range numbers are held at the ends.
pub fn from_millis(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Rounds a time down to what the store keeps.
pub fn whole_millis(at: Timestamp) -> Timestamp {
    from_millis(millis(at))
}
