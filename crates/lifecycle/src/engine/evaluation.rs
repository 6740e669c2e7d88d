//! How people stand to the conditions of a workflow: due or not, in scope or not.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::due::{DateRule, Due, DueDate, Until};
use crate::calendar::Calendar;
use crate::directory::User;
use crate::expression::Explanation;
use crate::ids::GroupId;
use crate::operations::Lifecycle;
use crate::ports::{Event, StoreError};
use crate::workflow::{MembershipChange, Rule, Scope, Trigger, Workflow};

/// The conditions of a workflow at one moment.
pub(crate) struct Evaluation<'a> {
    pub(super) lifecycle: &'a Lifecycle,
    scope: &'a Scope,
    pub(super) trigger: &'a Trigger,
    rule: Option<Rule>,
    calendar: Calendar,
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

/// What the scope of a workflow says of somebody.
#[derive(Clone, Debug)]
pub enum ScopeExplained {
    /// What each part of the rule says.
    Rule(Explanation),
    /// The groups, and whether they are in each.
    Groups(Vec<(GroupId, bool)>),
    /// A rule that this version of Tenure does not understand, and so nobody fits.
    Unreadable(String),
}

impl ScopeExplained {
    /// Whether they are in scope.
    pub fn holds(&self) -> bool {
        match self {
            Self::Rule(rule) => rule.holds,
            Self::Groups(groups) => groups.iter().any(|(_, is_in)| *is_in),
            Self::Unreadable(_) => false,
        }
    }
}

impl Evaluated {
    /// Whether they are due now and in scope.
    pub(crate) fn fits(&self) -> bool {
        self.due == Due::Now && self.in_scope
    }
}

impl<'a> Evaluation<'a> {
    /// Of a workflow's conditions; `None` if it has none.
    pub(crate) fn new(
        lifecycle: &'a Lifecycle,
        workflow: &'a Workflow,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some((scope, trigger)) = workflow.conditions.trigger_and_scope() else { return Ok(None) };
        let rule = match scope {
            Scope::Rule { rule } => Rule::parse(rule).ok(),
            Scope::Groups { .. } => None,
        };
        let (calendar, from) = (lifecycle.calendar()?, workflow.catches_up_from(now));
        Ok(Some(Self { lifecycle, scope, trigger, rule, calendar, now, from }))
    }

    /// What the trigger comes down to, if it follows a date, and the calendar it is reckoned by.
    pub(crate) fn date_rule(&self) -> Option<(DateRule, &Calendar)> {
        DateRule::of(self.trigger).map(|rule| (rule, &self.calendar))
    }

    /// The first date that can make anybody due still.
    pub(crate) fn earliest(&self, rule: &DateRule) -> Timestamp {
        rule.earliest(&self.calendar, self.from, self.lifecycle.limits.catch_up_days)
    }

    /// How these people stand, in directory order; those for whom the trigger has no date are left out. Of a trigger
    /// that waits for an event nobody stands in any way: see [`Self::of_events`].
    pub(crate) fn of(&self, numbers: &[i64]) -> Result<Vec<Evaluated>, StoreError> {
        let store = &self.lifecycle.store;
        let users = self.users(numbers)?;
        let date = DateRule::of(self.trigger);
        let guests = match self.trigger {
            Trigger::GuestSponsor { .. } => store.sponsor_counts(numbers)?.into_iter().collect(),
            _ => HashMap::new(),
        };
        let members = self.members(numbers)?;
        let evaluated = users.into_iter().filter_map(|user| {
            let date = match (self.trigger, &date) {
                (_, Some(rule)) => rule.due(&user, &self.calendar)?,
                (Trigger::GuestSponsor { minimum_required_sponsors: least }, None) => {
                    let has = guests.get(&user.number).copied().unwrap_or(0);
                    let change = unsponsored(&user, has, *least)?;
                    DueDate { at: self.now, change, until: Until::Never }
                }
                _ => return None,
            };
            let due = date.state(self.now, self.from, self.lifecycle.limits.catch_up_days);
            let in_scope = due != Due::Later && self.fits(&user, &members);
            Some(Evaluated { user, date, due, in_scope })
        });
        Ok(evaluated.collect())
    }

    /// How the people stand to whom these things happened, in directory order, each once.
    pub(crate) fn of_events(&self, events: &[Event]) -> Result<Vec<Evaluated>, StoreError> {
        let numbers: Vec<i64> = events.iter().map(|event| event.user).collect();
        let (members, within) = match self.trigger {
            Trigger::MembershipChange { .. } => {
                let pairs: Vec<(i64, i64)> =
                    events.iter().filter_map(|event| Some((event.user, event.group?))).collect();
                let within = self.lifecycle.store.memberships_among(&pairs)?;
                let within = within.into_iter().map(|(user, group, is_in)| ((user, group), is_in));
                (HashSet::new(), within.collect::<HashMap<(i64, i64), bool>>())
            }
            _ => (self.members(&numbers)?, HashMap::new()),
        };
        let mut users: HashMap<i64, User> =
            self.users(&numbers)?.into_iter().map(|user| (user.number, user)).collect();
        let evaluated = events.iter().filter_map(|event| {
            let user = users.remove(&event.user)?;
            let in_scope = match self.trigger {
                Trigger::MembershipChange { change } => {
                    // A group that is deleted takes nobody in and lets nobody out.
                    let is_in = event.group.and_then(|group| within.get(&(user.number, group)));
                    is_in.is_some_and(|is_in| *is_in == (*change == MembershipChange::Add))
                }
                _ => self.fits(&user, &members),
            };
            let date = DueDate { at: event.at, change: event.change, until: Until::Never };
            Some(Evaluated { user, date, due: Due::Now, in_scope })
        });
        Ok(evaluated.collect())
    }

    /// Whether the trigger waits for something to happen to people.
    pub(crate) fn waits_for_events(&self) -> bool {
        matches!(self.trigger, Trigger::AttributeChange { .. } | Trigger::MembershipChange { .. })
    }

    /// What each part of the scope says of somebody.
    pub(crate) fn explain_scope(&self, user: &User) -> Result<ScopeExplained, StoreError> {
        Ok(match (self.scope, &self.rule) {
            (Scope::Rule { .. }, Some(rule)) => {
                ScopeExplained::Rule(rule.explain(user, &self.lifecycle.limits))
            }
            (Scope::Rule { rule }, None) => ScopeExplained::Unreadable(rule.clone()),
            (Scope::Groups { groups }, _) => {
                let is_in = |group: &GroupId| -> Result<(GroupId, bool), StoreError> {
                    let one = std::slice::from_ref(group);
                    let found = self.lifecycle.store.members_of_any(one, &[user.number])?;
                    Ok((*group, !found.is_empty()))
                };
                ScopeExplained::Groups(groups.iter().map(is_in).collect::<Result<_, _>>()?)
            }
        })
    }

    fn users(&self, numbers: &[i64]) -> Result<Vec<User>, StoreError> {
        let mut users = self.lifecycle.store.users_by_number(numbers)?;
        users.retain(|user| user.deleted.is_none());
        users.sort_unstable_by_key(|user| user.number);
        Ok(users)
    }

    fn members(&self, numbers: &[i64]) -> Result<HashSet<i64>, StoreError> {
        Ok(match self.scope {
            Scope::Groups { groups } => {
                self.lifecycle.store.members_of_any(groups, numbers)?.into_iter().collect()
            }
            Scope::Rule { .. } => HashSet::new(),
        })
    }

    fn fits(&self, user: &User, members: &HashSet<i64>) -> bool {
        match (self.scope, &self.rule) {
            (Scope::Rule { .. }, Some(rule)) => rule.fits(user, &self.lifecycle.limits),
            (Scope::Rule { .. }, None) => false,
            (Scope::Groups { .. }, _) => members.contains(&user.number),
        }
    }
}

/// The occasion of a guest who has so many sponsors: the last change of what they are judged by. `None` of somebody who is
/// no guest, or who has more sponsors than `least`.
pub(super) fn unsponsored(user: &User, sponsors: usize, least: i32) -> Option<i64> {
    let too_few = i32::try_from(sponsors).is_ok_and(|has| has <= least);
    (user.is_guest() && too_few).then(|| user.change_of("sponsors").max(user.change_of("userType")))
}
