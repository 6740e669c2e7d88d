//! Taking away what is deleted for good.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;

use crate::operations::Lifecycle;
use crate::ports::StoreError;

/// How long a deleted workflow can be restored: 30 days.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Deletes for good what has been deleted for 30 days, and takes away what hangs on it, until nothing is left or `stop`.
pub fn purge(lifecycle: &Lifecycle, stop: &AtomicBool) -> Result<(), StoreError> {
    let now = lifecycle.now();
    let before = now.checked_sub(KEPT).unwrap_or(jiff::Timestamp::MIN);
    while !stop.load(Ordering::SeqCst) && lifecycle.store.purge(before, now)? {}
    Ok(())
}
