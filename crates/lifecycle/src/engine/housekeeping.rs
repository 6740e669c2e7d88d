//! What is done in passing: what was deleted long ago is deleted for good.

use jiff::{SignedDuration, Timestamp};

use crate::audit::Actor;
use crate::operations::Lifecycle;
use crate::ports::StoreError;

/// How long a deleted person or group can be restored, as in Graph.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// People and groups of one step, so that nobody waits long for the writer.
const STEP: usize = 500;

/// Deletes for good what was deleted 30 days ago or earlier; says how much that was.
pub fn keep_house(lifecycle: &Lifecycle, now: Timestamp) -> Result<usize, StoreError> {
    let Ok(deleted_by) = now.checked_sub(RESTORABLE) else { return Ok(0) };
    let mut purged = 0;
    loop {
        let step = lifecycle.store.purge_deleted_by(deleted_by, STEP, lifecycle.now(), Actor::Engine)?;
        purged += step;
        if step < STEP {
            return Ok(purged);
        }
    }
}
