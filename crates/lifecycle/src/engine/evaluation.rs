//! How people stand to the conditions of a workflow: due or not, in scope or not.

use std::collections::HashSet;

use jiff::Timestamp;

use super::due::{Due, DueDate};
use crate::directory::User;
use crate::operations::Lifecycle;
use crate::ports::StoreError;
use crate::workflow::{ExecutionConditions, Rule, Scope, Trigger, Workflow};

/// The conditions of a workflow at one moment.
pub(crate) struct Evaluation<'a> {
    pub(super) lifecycle: &'a Lifecycle,
    scope: &'a Scope,
    trigger: Trigger,
    rule: Option<Rule>,
    now: Timestamp,
    /// From when it is counted how long ago somebody became due.
    from: Timestamp,
}

/// Somebody for whom the trigger has a date.
pub(crate) struct Evaluated {
    /// The person.
    pub(crate) user: User,
    /// When they are due, and for which occasion.
    pub(crate) date: DueDate,
    /// Where that stands against the clock.
    pub(crate) due: Due,
    /// Whether they fit the scope; not looked at for those who are due later.
    pub(crate) in_scope: bool,
}

impl<'a> Evaluation<'a> {
    /// Of a workflow's conditions; `None` if it has none.
    pub(crate) fn new(lifecycle: &'a Lifecycle, workflow: &'a Workflow, now: Timestamp) -> Option<Self> {
        let ExecutionConditions::TriggerAndScope { scope, trigger } = &workflow.conditions else {
            return None;
        };

        let rule = match scope {
            Scope::Rule { rule } => Rule::parse(rule).ok(),
            Scope::Groups { .. } => None,
        };
        let from = workflow.catches_up_from(now);
        Some(Self { lifecycle, scope, trigger: *trigger, rule, now, from })
    }

    /// How these people stand, in directory order; those without a date are left out.
    pub(crate) fn of(&self, numbers: &[i64]) -> Result<Vec<Evaluated>, StoreError> {
        let store = &self.lifecycle.store;
        let members: HashSet<i64> = match self.scope {
            Scope::Groups { groups } => store.members_of_any(groups, numbers)?.into_iter().collect(),
            Scope::Rule { .. } => HashSet::new(),
        };
        let mut users = store.users_by_number(numbers)?;
        users.sort_unstable_by_key(|user| user.number);
        let evaluated = users.into_iter().filter(|user| user.deleted.is_none()).filter_map(|user| {
            let date = self.trigger.due(&user)?;
            let due = date.state(self.now, self.from, self.lifecycle.limits.catch_up_days);
            let in_scope = due != Due::Later
                && match (self.scope, &self.rule) {
                    (Scope::Rule { .. }, Some(rule)) => rule.fits(&user, &self.lifecycle.limits),
                    (Scope::Rule { .. }, None) => false,
                    (Scope::Groups { .. }, _) => members.contains(&user.number),
                };
            Some(Evaluated { user, date, due, in_scope })
        });
        Ok(evaluated.collect())
    }
}
