//! What the tasks about an account as a whole have in common.

use super::{Arguments, Plan, Refusal, Snapshot};
use crate::effect::Change;

/// Refuses an account that is mastered elsewhere, or whose owner is for administrators to handle. `flag` is the argument that
/// extends the task to a synced account.
pub(super) fn refuse(subject: &Snapshot<'_>, arguments: &Arguments<'_>, flag: &str) -> Result<(), Refusal> {
    subject.refuse_protected()?;
    if subject.user.is_synced() {
        return Err(Refusal(if arguments.is_true(flag) {
            "the account is synced from another directory, and no connection to that directory is set up"
                .to_owned()
        } else {
            format!("the account is synced from another directory; set {flag} to true to change it there")
        }));
    }
    subject.refuse_privileged()
}

/// Plans that sign-in be allowed or blocked.
pub(super) fn plan(
    subject: &Snapshot<'_>,
    arguments: &Arguments<'_>,
    enabled: bool,
    flag: &str,
) -> Result<Plan, Refusal> {
    refuse(subject, arguments, flag)?;
    if subject.account_enabled == Some(enabled) {
        let state = if enabled { "enabled" } else { "disabled" };
        return Ok(Plan::nothing_to_do(format!("the account is already {state}")));
    }
    Ok(Plan::one(Change::SetAccountEnabled { enabled }))
}
