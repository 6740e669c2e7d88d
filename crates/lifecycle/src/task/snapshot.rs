//! What a task is shown of the world: the subject as stored, plus the effects of the tasks before it.

use std::borrow::Cow;
use std::cell::Cell;

use jiff::Timestamp;

use super::{People, Refusal};
use crate::clock::Ids;
use crate::directory::{Assignment, AssignmentRequest, Group, User};
use crate::effect::{CallWorkflow, Change, Effect};
use crate::ids::AssignmentRequestId;
use crate::workflow::Task;

const ACCOUNT_ENABLED: &str = "accountEnabled";

/// What the subject has, as far as the tasks of the workflow look at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holdings {
    /// Licences, by number, ascending.
    pub licenses: Vec<i64>,
    /// Access packages that are assigned.
    pub assignments: Vec<Assignment>,
    /// Requests for access packages that wait.
    pub requests: Vec<AssignmentRequest>,
    /// Sponsors of the subject, by number, ascending.
    pub sponsors: Vec<i64>,
    /// Agent identities that the subject vouches for, by number, ascending.
    pub agents: Vec<i64>,
    /// Whether the subject holds a directory role.
    pub has_role: bool,
    /// Whether the subject has a way to sign in other than a temporary access pass.
    pub has_method: bool,
}

impl Holdings {
    /// What of it the subject still has at that moment: an access package whose time is over is not theirs any more, though
    /// nobody has put that down yet.
    fn at(&self, now: Timestamp) -> Self {
        let mut holdings = self.clone();
        holdings.assignments.retain(|assignment| assignment.expires.is_none_or(|expires| expires > now));
        holdings
    }
}

/// What a task is run as part of.
#[derive(Clone, Debug)]
pub struct Context {
    /// The workflow.
    pub workflow: CallWorkflow,
    /// When the run was made.
    pub created: Timestamp,
}

/// The subject as a task sees it.
pub struct Snapshot<'a> {
    /// The subject, with the attributes that were set by now.
    pub user: Cow<'a, User>,
    /// Whether sign-in is allowed by now.
    pub account_enabled: Option<bool>,
    /// The groups the subject is a direct member of by now, by number, ascending.
    pub groups: Vec<i64>,
    /// What the subject has by now.
    pub holdings: Holdings,
    /// The subject was deleted by an earlier task.
    pub deleted: bool,
    /// The task that is planned, if it is part of a workflow.
    pub task: Option<&'a Task>,
    /// Who else there is.
    pub people: &'a People,
    /// What the task is run as part of.
    pub context: &'a Context,
    /// Where ids for new objects come from.
    pub ids: &'a dyn Ids,
    /// The present moment.
    pub now: Timestamp,
    /// A task has looked who the manager is.
    has_seen_manager: Cell<bool>,
}

impl<'a> Snapshot<'a> {
    /// The subject as stored, before any task.
    pub fn of(
        user: &'a User,
        (groups, holdings): (&[i64], &Holdings),
        people: &'a People,
        context: &'a Context,
        ids: &'a dyn Ids,
        now: Timestamp,
    ) -> Self {
        Self {
            user: Cow::Borrowed(user),
            account_enabled: user.account_enabled,
            groups: groups.to_vec(),
            holdings: holdings.at(now),
            deleted: user.deleted.is_some(),
            task: None,
            people,
            context,
            ids,
            now,
            has_seen_manager: Cell::new(false),
        }
    }

    /// The subject's manager, if there is one.
    pub fn manager(&self) -> Option<&'a User> {
        self.has_seen_manager.set(true);
        self.people.users.get(&self.user.manager?)
    }

    /// The manager, with version, if what is planned depends on who that is.
    pub fn manager_seen(&self) -> Option<(i64, i64)> {
        let manager = self.user.manager.filter(|_| self.has_seen_manager.get())?;
        self.people.users.get(&manager).map(|manager| (manager.number, manager.version))
    }

    /// The subject's sponsors who are still there.
    pub fn sponsors(&self) -> impl Iterator<Item = &'a User> {
        let people = self.people;
        self.holdings.sponsors.iter().filter_map(|number| people.users.get(number))
    }

    /// Whether the subject is a direct member of the group by now.
    pub fn is_member_of(&self, group: i64) -> bool {
        self.groups.binary_search(&group).is_ok()
    }

    /// The groups the subject is a direct member of by now.
    pub fn people_groups(&self) -> impl Iterator<Item = &'a Group> {
        let people = self.people;
        self.groups.iter().filter_map(|number| people.groups.get(number))
    }

    /// The subject's assignment of an access package.
    pub fn assignment(&self, package: i64) -> Option<&Assignment> {
        self.holdings.assignments.iter().find(|assignment| assignment.package == package)
    }

    /// Refuses a subject whom no task may touch.
    pub fn refuse_protected(&self) -> Result<(), Refusal> {
        if self.deleted {
            Err(Refusal("the user was deleted by an earlier task".to_owned()))
        } else if self.user.protected {
            Err(Refusal("the user is protected: no task may touch them".to_owned()))
        } else {
            Ok(())
        }
    }

    /// Refuses a subject who holds a directory role, or could through a group: those are for administrators to handle.
    pub fn refuse_privileged(&self) -> Result<(), Refusal> {
        if self.holdings.has_role {
            return Err(Refusal("the user holds a directory role".to_owned()));
        }
        match self.people_groups().find(|group| group.is_assignable_to_role) {
            None => Ok(()),
            Some(group) => Err(Refusal(format!(
                "the user is a member of the role-assignable group '{}'",
                group.display_name
            ))),
        }
    }

    /// Moves the snapshot on by an effect, so that the next task sees it.
    pub fn apply(&mut self, effect: &Effect) {
        let Effect::Change(change) = effect else { return };
        match change {
            Change::SetAccountEnabled { enabled } => self.account_enabled = Some(*enabled),
            Change::AddMember { group } => insert(&mut self.groups, *group),
            Change::RemoveMember { group } => remove(&mut self.groups, *group),
            Change::SetAttribute { attribute, value } => {
                let user = self.user.to_mut();
                // No occasion comes of what a task sets: the change log's number is not known yet.
                user.apply(attribute, value, 0);
                if attribute.name == ACCOUNT_ENABLED {
                    self.account_enabled = user.account_enabled;
                }
            }
            Change::AssignLicense { sku } => insert(&mut self.holdings.licenses, *sku),
            Change::RemoveLicense { sku } => remove(&mut self.holdings.licenses, *sku),
            Change::AssignPackage { id, package, policy, expires, .. } => {
                self.holdings.assignments.push(Assignment {
                    number: 0,
                    id: *id,
                    user: self.user.number,
                    package: *package,
                    policy: *policy,
                    assigned: self.now,
                    expires: *expires,
                    ended: None,
                });
            }
            Change::EndAssignment { id, at: None, .. } => {
                self.holdings.assignments.retain(|assignment| assignment.id != *id);
            }
            Change::EndAssignment { id, at: Some(at), .. } => {
                for assignment in self.holdings.assignments.iter_mut().filter(|one| one.id == *id) {
                    assignment.expires = Some(*at);
                }
            }
            Change::CancelRequest { request, .. } => {
                self.holdings.requests.retain(|known| known.number != *request);
            }
            Change::AddAgentSponsor { agent, sponsor } if *sponsor == self.user.number => {
                insert(&mut self.holdings.agents, *agent);
            }
            Change::RemoveAgentSponsor { agent, sponsor } if *sponsor == self.user.number => {
                remove(&mut self.holdings.agents, *agent);
            }
            Change::Delete => self.deleted = true,
            Change::Restore => self.deleted = false,
            // Whoever takes back what was done knows what of it is open.
            Change::ReopenAssignment { .. } | Change::ReopenRequest { .. } | Change::DeletePass { .. } => {}
            Change::AddAgentSponsor { .. } | Change::RemoveAgentSponsor { .. } | Change::RevokeSessions => {}
        }
    }

    /// An id for a request that a change comes of.
    pub fn fresh_request(&self) -> AssignmentRequestId {
        AssignmentRequestId(self.ids.fresh())
    }
}

fn insert(numbers: &mut Vec<i64>, number: i64) {
    if let Err(place) = numbers.binary_search(&number) {
        numbers.insert(place, number);
    }
}

fn remove(numbers: &mut Vec<i64>, number: i64) {
    if let Ok(place) = numbers.binary_search(&number) {
        numbers.remove(place);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Map, Value as Json};
    use uuid::Uuid;

    use super::*;
    use crate::clock::CountingIds;
    use crate::directory::Attributes;
    use crate::ids::{UserId, WorkflowId};

    /// A person with these text attributes.
    pub(crate) fn person(set: &[(&str, &str)]) -> User {
        numbered(1, set)
    }

    /// A person of that number with these text attributes.
    pub(crate) fn numbered(number: i64, set: &[(&str, &str)]) -> User {
        let map: Map<String, Json> =
            set.iter().map(|(name, value)| ((*name).to_owned(), Json::String((*value).to_owned()))).collect();
        User {
            number,
            id: UserId(Uuid::from_u128(number as u128)),
            version: 1,
            account_enabled: Some(false),
            employee_hire_date: None,
            employee_leave_date_time: None,
            created: Timestamp::UNIX_EPOCH,
            hire_change: 0,
            leave_change: 0,
            created_change: 1,
            changes: BTreeMap::new(),
            manager: None,
            protected: false,
            deleted: None,
            attributes: Attributes::from_stored(Json::Object(map).to_string()),
        }
    }

    /// Shows the person, who has nothing and is in no group, to `look`.
    pub(crate) fn with_people(user: &User, people: &People, look: impl FnOnce(Snapshot<'_>)) {
        let context = Context {
            workflow: CallWorkflow {
                id: WorkflowId(Uuid::from_u128(0x77)),
                display_name: "A workflow".to_owned(),
                workflow_version: 1,
            },
            created: Timestamp::UNIX_EPOCH,
        };
        let ids = CountingIds::default();
        let has = (&[][..], &Holdings::default());
        look(Snapshot::of(user, has, people, &context, &ids, Timestamp::UNIX_EPOCH));
    }

    /// The same in an empty world.
    pub(crate) fn with_user(user: &User, look: impl FnOnce(&Snapshot<'_>)) {
        with_people(user, &People::default(), |snapshot| look(&snapshot));
    }
}
