//! The right to have one more call under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tenure_lifecycle::ports::Failure;

/// Calls under way at once, those included that nobody waits for any more.
pub(super) const AT_ONCE: usize = 64;

/// One of the calls under way, until it is dropped.
pub(super) struct Slot(Arc<AtomicUsize>);

impl Slot {
    pub(super) fn take(under_way: &Arc<AtomicUsize>) -> Result<Self, Failure> {
        let slot = Self(Arc::clone(under_way));
        if under_way.fetch_add(1, Ordering::Relaxed) < AT_ONCE {
            return Ok(slot);
        }
        Err(Failure::Retryable("too many calls of endpoints are under way".to_owned()))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_calls_are_under_way() {
        let under_way = Arc::default();
        let mut slots: Vec<Slot> = (0..AT_ONCE).map(|_| Slot::take(&under_way).unwrap()).collect();
        assert!(matches!(Slot::take(&under_way), Err(Failure::Retryable(_))));
        slots.pop();
        assert!(Slot::take(&under_way).is_ok());
    }
}
