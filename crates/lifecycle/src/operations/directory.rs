//! Writing people and groups.

use serde_json::Value as Json;

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::{Attribute, Group, GroupPatch, PLAN_MEMBERS, User, UserPatch, Value};
use crate::ids::{GroupId, UserId};
use crate::ports::{Membership, NewGroup, NewUser};
use crate::token::Caller;
use crate::workflow::{Invalid, validate_name};

/// A person somebody wants to create.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// Attributes; `displayName` and `userPrincipalName` are needed.
    pub set: Vec<(&'static Attribute, Value)>,
    /// The manager.
    pub manager: Option<UserId>,
    /// Those who vouch for them.
    pub sponsors: Vec<UserId>,
    /// Whether tasks may touch the person.
    pub protected: bool,
}

/// Longest text of an attribute.
const TEXT: usize = 4_096;
/// Most elements of a list.
const ELEMENTS: usize = 1_000;

/// Checks the values of attributes.
pub(super) fn check_attributes(set: &[(&'static Attribute, Value)]) -> Result<(), Invalid> {
    for (attribute, value) in set {
        let text = match value {
            Value::Text(text) => text,
            Value::List(Json::Array(items)) => {
                check_list(attribute, items)?;
                continue;
            }
            _ => {
                if *value == Value::Null && matches!(attribute.name, "displayName" | "userPrincipalName") {
                    return Err(Invalid::new(attribute.name, "must not be empty"));
                }
                continue;
            }
        };
        check_text(attribute, text)?;
        match attribute.name {
            "displayName" => validate_name(attribute.name, text)?,
            "userPrincipalName" => {
                let parts: Vec<&str> = text.split('@').collect();
                let fits = parts.len() == 2 && parts.iter().all(|part| !part.is_empty());
                if !fits || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
                    return Err(Invalid::new(attribute.name, "must have the form name@domain"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_text(attribute: &Attribute, text: &str) -> Result<(), Invalid> {
    if text.chars().count() > TEXT {
        return Err(Invalid::new(attribute.name, format!("must have at most {TEXT} characters")));
    }
    if text.contains('\0') {
        return Err(Invalid::new(attribute.name, "must not hold a NUL character"));
    }
    Ok(())
}

/// Checks the elements of a list: texts, or plans of texts.
fn check_list(attribute: &Attribute, items: &[Json]) -> Result<(), Invalid> {
    if items.len() > ELEMENTS {
        return Err(Invalid::new(attribute.name, format!("must hold at most {ELEMENTS} elements")));
    }
    for item in items {
        match item {
            Json::String(text) => check_text(attribute, text)?,
            Json::Object(members) => {
                for (name, value) in members {
                    if !PLAN_MEMBERS.contains(&name.as_str()) && !name.contains("@odata.") {
                        return Err(Invalid::new(
                            attribute.name,
                            format!("must have only the members {}", PLAN_MEMBERS.join(", ")),
                        ));
                    }
                    match value {
                        Json::Null => {}
                        Json::String(text) => check_text(attribute, text)?,
                        _ => return Err(Invalid::new(attribute.name, "must have texts as members")),
                    }
                }
            }
            _ => return Err(Invalid::new(attribute.name, "must hold only texts or only objects")),
        }
    }
    Ok(())
}

impl Lifecycle {
    /// A person by id or, when it is no id, by user principal name.
    pub fn user(&self, key: &str) -> Result<User, OperationError> {
        let found = match key.parse::<UserId>() {
            Ok(id) => self.store.user(id)?,
            Err(_) => self.store.user_by_principal_name(key)?,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("user '{key}'")))
    }

    /// A group.
    pub fn group(&self, key: &str) -> Result<Group, OperationError> {
        let found = match key.parse::<GroupId>() {
            Ok(id) => self.store.group(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("group '{key}'")))
    }

    /// Creates a person.
    pub fn create_user(&self, caller: &Caller, new: NewPerson) -> Result<User, OperationError> {
        check_attributes(&new.set)?;
        for needed in ["displayName", "userPrincipalName"] {
            if !new.set.iter().any(|(attribute, value)| attribute.name == needed && *value != Value::Null) {
                return Err(OperationError::invalid(needed, "is required"));
            }
        }
        let manager = new.manager.map(|manager| self.manager_number(manager, None)).transpose()?;
        let user = NewUser {
            id: UserId(self.ids.fresh()),
            set: new.set,
            manager,
            protected: new.protected,
            feed: None,
            sponsors: self.sponsor_numbers(&new.sponsors)?,
        };
        let created = self.store.create_user(&user, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(created)
    }

    /// Changes a person.
    pub fn update_user(
        &self,
        caller: &Caller,
        id: UserId,
        patch: &UserPatch,
    ) -> Result<User, OperationError> {
        check_attributes(&patch.set)?;
        let user = self.store.update_user(id, patch, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(user)
    }

    /// Sets or clears a person's manager.
    pub fn set_manager(
        &self,
        caller: &Caller,
        id: UserId,
        manager: Option<UserId>,
    ) -> Result<(), OperationError> {
        let manager = manager.map(|manager| self.manager_number(manager, Some(id))).transpose()?;
        let patch = UserPatch { manager: Some(manager), ..UserPatch::default() };
        self.store.update_user(id, &patch, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(())
    }

    fn manager_number(&self, manager: UserId, of: Option<UserId>) -> Result<i64, OperationError> {
        if of == Some(manager) {
            return Err(OperationError::invalid("manager", "cannot be the person themselves"));
        }
        self.store.user(manager)?.map(|user| user.number).ok_or_else(|| {
            OperationError::invalid("manager", format!("names the user {manager}, who does not exist"))
        })
    }

    /// Soft-deletes a person.
    pub fn delete_user(&self, caller: &Caller, id: UserId) -> Result<(), OperationError> {
        self.store.delete_user(id, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(())
    }

    /// Creates a group.
    pub fn create_group(&self, caller: &Caller, patch: GroupPatch) -> Result<Group, OperationError> {
        let Some(name) = &patch.display_name else {
            return Err(OperationError::invalid("displayName", "is required"));
        };
        validate_name("displayName", name)?;
        let group = NewGroup { id: GroupId(self.ids.fresh()), patch };
        let made = self.store.create_group(&group, self.now(), Actor::Caller(caller.id))?;
        self.ring_for(&group.patch);
        Ok(made)
    }

    /// Changes a group.
    pub fn update_group(
        &self,
        caller: &Caller,
        id: GroupId,
        patch: &GroupPatch,
    ) -> Result<Group, OperationError> {
        if let Some(name) = &patch.display_name {
            validate_name("displayName", name)?;
        }
        if let Some(wanted) = patch.is_assignable_to_role
            && self.group(&id.to_string())?.is_assignable_to_role != wanted
        {
            let rule = "of a group never changes: whoever is in it would hold a role, or none, from one moment to the next";
            return Err(OperationError::invalid("isAssignableToRole", rule));
        }
        let changed = self.store.update_group(id, patch, self.now(), Actor::Caller(caller.id))?;
        self.ring_for(patch);
        Ok(changed)
    }

    /// Somebody may be due who came into a group.
    fn ring_for(&self, patch: &GroupPatch) {
        if !patch.add_members.is_empty() {
            self.changes.ring();
        }
    }

    /// Soft-deletes a group.
    pub fn delete_group(&self, caller: &Caller, id: GroupId) -> Result<(), OperationError> {
        self.store.delete_group(id, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(())
    }

    /// Puts a person into a group, as an administrator's own act.
    pub fn add_member(&self, caller: &Caller, group: GroupId, user: UserId) -> Result<(), OperationError> {
        match self.store.add_member(group, user, self.now(), Actor::Caller(caller.id))? {
            Membership::Changed => {
                self.changes.ring();
                Ok(())
            }
            Membership::AsBefore => Err(OperationError::invalid("members", "already holds this user")),
        }
    }

    /// Takes a person out of a group, as an administrator's own act.
    pub fn remove_member(&self, caller: &Caller, group: GroupId, user: UserId) -> Result<(), OperationError> {
        match self.store.remove_member(group, user, self.now(), Actor::Caller(caller.id))? {
            Membership::Changed => {
                self.changes.ring();
                Ok(())
            }
            Membership::AsBefore => Err(OperationError::NotFound(format!("user '{user}' among the members"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::directory::attribute;

    #[test]
    fn values_that_nobody_could_work_with_are_refused() {
        for (name, value, fits) in [
            ("department", json!("Sales"), true),
            ("department", json!("a\0b"), false),
            ("department", json!("x".repeat(4_097)), false),
            ("userPrincipalName", json!("a b@c"), false),
            ("otherMails", json!(["a@b", "c@d"]), true),
            ("otherMails", json!(["a\0b"]), false),
            ("otherMails", json!(vec!["a@b"; 1_001]), false),
            (
                "assignedPlans",
                json!([{"service": "exchange", "capabilityStatus": "Enabled", "servicePlanId": null}]),
                true,
            ),
            ("assignedPlans", json!([{"service": 5}]), false),
            ("assignedPlans", json!([{"service": {"service": {}}}]), false),
            ("assignedPlans", json!([{"colour": "red"}]), false),
        ] {
            let known = attribute(name).unwrap();
            let value = Value::from_json(known, &value).unwrap();
            assert_eq!(check_attributes(&[(known, value)]).is_ok(), fits, "{name}");
        }
    }
}
