//! What enabling and disabling an account have in common.

use super::{Arguments, Plan, Refusal, Snapshot};
use crate::effect::Effect;

/// Plans that sign-in be allowed or blocked; `flag` is the argument that extends it to a synced account.
pub(super) fn plan(
    subject: &Snapshot<'_>,
    arguments: &Arguments<'_>,
    enabled: bool,
    flag: &str,
) -> Result<Plan, Refusal> {
    subject.refuse_protected()?;
    let user = subject.user;
    if user.is_synced() {
        let asked = arguments.get(flag).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        return Err(Refusal(if asked {
            "the account is synced from another directory, and no connection to that directory is set up"
                .to_owned()
        } else {
            format!("the account is synced from another directory; set {flag} to true to change it there")
        }));
    }
    if let Some(group) = subject.people_groups().find(|group| group.is_assignable_to_role) {
        return Err(Refusal(format!(
            "the user is a member of the role-assignable group '{}'",
            group.display_name
        )));
    }
    if subject.account_enabled == Some(enabled) {
        let state = if enabled { "enabled" } else { "disabled" };
        return Ok(Plan::nothing_to_do(format!("the account is already {state}")));
    }
    Ok(Plan::one(Effect::SetAccountEnabled { enabled }))
}
