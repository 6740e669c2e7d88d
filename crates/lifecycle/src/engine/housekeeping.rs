//! What is done in passing: assignments whose time is over end, what was deleted long ago is deleted for good, and what
//! hangs on it is taken away; so is history that is not to be kept any more.

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
/// takes away what hangs on workflows that are deleted for good, and history that is not to be kept any more, for a while; says
/// whether there is more.
pub fn keep_house(lifecycle: &Lifecycle, now: Timestamp) -> Result<bool, StoreError> {
    let Ok(deleted_by) = now.checked_sub(RESTORABLE) else { return Ok(false) };
    let store = &lifecycle.store;
    let kept = store.settings()?.history_retention_in_days;
    let finished_by = kept.and_then(|days| now.checked_sub(SignedDuration::from_hours(24 * days)).ok());
    for _ in 0..STEPS {
        if store.end_expired_assignments(now, STEP)? == STEP {
            continue;
        }
        let people = store.purge_deleted_by(deleted_by, STEP, lifecycle.now(), Actor::Engine)?;
        if people < STEP
            && !store.purge(deleted_by, lifecycle.now())?
            && !store.forget_history(finished_by, lifecycle.now())?
        {
            return Ok(false);
        }
    }
    Ok(true)
}
