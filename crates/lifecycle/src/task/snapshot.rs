//! What a task is shown of the world: the subject as stored, plus the effects of the tasks before it.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Refusal;
use crate::directory::{Group, User};
use crate::effect::Effect;
use crate::ids::{GroupId, UserId};

/// People and groups that tasks may look up beside the subject: managers, copied-in users, named groups.
#[derive(Debug, Default)]
pub struct People {
    /// Managers and users named in arguments, by number.
    pub users: HashMap<i64, User>,
    /// Numbers of the users named in arguments.
    pub user_numbers: HashMap<UserId, i64>,
    /// Groups named in arguments and groups subjects belong to, by number.
    pub groups: HashMap<i64, Group>,
    /// Numbers of the groups named in arguments.
    pub group_numbers: HashMap<GroupId, i64>,
}

impl People {
    /// A user by public id.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(self.user_numbers.get(&id)?)
    }

    /// A group by public id.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(self.group_numbers.get(&id)?)
    }
}

/// The subject as a task sees it.
#[derive(Debug)]
pub struct Snapshot<'a> {
    /// The subject as stored.
    pub user: &'a User,
    /// Whether sign-in is allowed by now.
    pub account_enabled: Option<bool>,
    /// The groups the subject is a direct member of by now, by number, ascending.
    pub groups: Vec<i64>,
    /// Who else there is.
    pub people: &'a People,
    /// The present moment.
    pub now: Timestamp,
}

impl<'a> Snapshot<'a> {
    /// The subject as stored.
    pub fn new(user: &'a User, groups: Vec<i64>, people: &'a People, now: Timestamp) -> Self {
        Self { user, account_enabled: user.account_enabled, groups, people, now }
    }

    /// The subject's manager, if there is one.
    pub fn manager(&self) -> Option<&'a User> {
        self.people.users.get(&self.user.manager?)
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

    /// Refuses a subject whom no task may touch.
    pub fn refuse_protected(&self) -> Result<(), Refusal> {
        if self.user.protected {
            Err(Refusal("the user is protected: no task may touch them".to_owned()))
        } else {
            Ok(())
        }
    }

    /// Moves the snapshot on by an effect, so that the next task sees it.
    pub fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::SetAccountEnabled { enabled } => self.account_enabled = Some(*enabled),
            Effect::AddMember { group } => {
                if let Err(place) = self.groups.binary_search(group) {
                    self.groups.insert(place, *group);
                }
            }
            Effect::RemoveMember { group } => {
                if let Ok(place) = self.groups.binary_search(group) {
                    self.groups.remove(place);
                }
            }
            Effect::SendMail(_) => {}
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Map, Value as Json};

    use super::*;
    use crate::directory::Attributes;

    /// A person with these text attributes.
    pub(crate) fn person(set: &[(&str, &str)]) -> User {
        let map: Map<String, Json> =
            set.iter().map(|(name, value)| ((*name).to_owned(), Json::String((*value).to_owned()))).collect();
        User {
            number: 1,
            id: UserId(uuid::Uuid::from_u128(1)),
            version: 1,
            account_enabled: Some(false),
            employee_hire_date: None,
            employee_leave_date_time: None,
            created: Timestamp::UNIX_EPOCH,
            hire_change: 0,
            leave_change: 0,
            created_change: 1,
            manager: None,
            protected: false,
            deleted: None,
            attributes: Attributes::from_stored(Json::Object(map).to_string()),
        }
    }

    /// Shows the person, who knows nobody and is in no group, to `look`.
    pub(crate) fn with_user(user: &User, look: impl FnOnce(&Snapshot<'_>)) {
        look(&Snapshot::new(user, Vec::new(), &People::default(), Timestamp::UNIX_EPOCH));
    }
}
