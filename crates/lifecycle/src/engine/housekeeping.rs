//! What is done in passing: assignments whose time is over end, what was deleted long ago is deleted for good, and what
//! hangs on it is taken away.

use jiff::{SignedDuration, Timestamp};

use crate::audit::Actor;
use crate::operations::Lifecycle;
use crate::ports::StoreError;

/// How long a deleted workflow, person or group can be restored, as in Graph.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// People, groups and assignments of one step, so that nobody waits long for the writer.
const STEP: usize = 500;

/// Steps of one turn, after which others have theirs.
const STEPS: usize = 50;

/// Ends assignments of access packages whose time is over, deletes for good what was deleted 30 days ago or earlier, and
/// takes away what hangs on workflows that are deleted for good, for a while; says whether there is more.
pub fn keep_house(lifecycle: &Lifecycle, now: Timestamp) -> Result<bool, StoreError> {
    let Ok(deleted_by) = now.checked_sub(RESTORABLE) else { return Ok(false) };
    for _ in 0..STEPS {
        if lifecycle.store.end_expired_assignments(now, STEP)? == STEP {
            continue;
        }
        let people = lifecycle.store.purge_deleted_by(deleted_by, STEP, lifecycle.now(), Actor::Engine)?;
        if people < STEP && !lifecycle.store.purge(deleted_by, lifecycle.now())? {
            return Ok(false);
        }
    }
    Ok(true)
}
