//! A group as the directory holds it.

use jiff::Timestamp;

use crate::ids::{GroupId, UserId};

/// A group and what decides whether tasks may change its membership.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Dense number.
    pub number: i64,
    /// Public id.
    pub id: GroupId,
    /// Grows with every change of the definition; not with its membership.
    pub version: i64,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// Mail alias.
    pub mail_nickname: Option<String>,
    /// Whether the group receives mail.
    pub mail_enabled: bool,
    /// Whether the group grants access.
    pub security_enabled: bool,
    /// `Unified`, `DynamicMembership`.
    pub group_types: Vec<String>,
    /// Rule of a dynamic group.
    pub membership_rule: Option<String>,
    /// Whether directory roles can be assigned to it.
    pub is_assignable_to_role: bool,
    /// Whether it is mastered in another directory.
    pub on_premises_sync_enabled: bool,
    /// `Public` or `Private`.
    pub visibility: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was soft-deleted.
    pub deleted: Option<Timestamp>,
    /// No task may change its membership.
    pub protected: bool,
    /// Whether it is a team.
    pub is_team: bool,
}

impl Group {
    /// Why no task may change the membership of this group; `None` if one may.
    pub fn refusal(&self) -> Option<&'static str> {
        let has = |kind: &str| self.group_types.iter().any(|have| have.eq_ignore_ascii_case(kind));
        if self.deleted.is_some() {
            Some("is deleted")
        } else if self.protected {
            Some("is protected")
        } else if has("DynamicMembership") {
            Some("has dynamic membership")
        } else if self.is_assignable_to_role {
            Some("is role-assignable")
        } else if self.on_premises_sync_enabled {
            Some("is synced from another directory")
        } else if self.mail_enabled && !has("Unified") {
            Some("is mail-enabled")
        } else {
            None
        }
    }
}

/// What a caller wants a group to be; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupPatch {
    /// Name.
    pub display_name: Option<String>,
    /// Description; `Some(None)` clears.
    pub description: Option<Option<String>>,
    /// Mail address.
    pub mail: Option<Option<String>>,
    /// Mail alias.
    pub mail_nickname: Option<Option<String>>,
    /// Whether the group receives mail.
    pub mail_enabled: Option<bool>,
    /// Whether the group grants access.
    pub security_enabled: Option<bool>,
    /// Kinds.
    pub group_types: Option<Vec<String>>,
    /// Rule of a dynamic group.
    pub membership_rule: Option<Option<String>>,
    /// Role-assignable.
    pub is_assignable_to_role: Option<bool>,
    /// Mastered elsewhere.
    pub on_premises_sync_enabled: Option<bool>,
    /// `Public` or `Private`.
    pub visibility: Option<Option<String>>,
    /// Whether tasks may change its membership.
    pub protected: Option<bool>,
    /// Whether it is a team.
    pub is_team: Option<bool>,
    /// People to put into it.
    pub add_members: Vec<UserId>,
}
