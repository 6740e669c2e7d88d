//! Wakes a waiting thread. It carries no hint of what happened: whoever wakes looks for themselves.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// A bell that can be rung and waited for.
#[derive(Default)]
pub struct Signal {
    rung: Mutex<u64>,
    waiting: Condvar,
    elsewhere: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Signal {
    /// Has other processes told whenever it is rung here; once.
    pub fn told_elsewhere(&self, tell: impl Fn() + Send + Sync + 'static) {
        drop(self.elsewhere.set(Box::new(tell)));
    }

    /// Wakes everybody who waits.
    pub fn ring(&self) {
        self.ring_here();
        if let Some(tell) = self.elsewhere.get() {
            tell();
        }
    }

    /// Wakes everybody who waits in this process.
    pub fn ring_here(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.waiting.notify_all();
    }

    /// How often the bell has rung.
    pub fn rung(&self) -> u64 {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the bell has rung more than `seen` times, or that long.
    pub fn wait(&self, seen: u64, at_most: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.waiting.wait_timeout_while(rung, at_most, |rung| *rung <= seen));
    }
}
