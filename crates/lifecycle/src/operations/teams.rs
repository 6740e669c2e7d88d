//! Groups that are teams.

use super::{Lifecycle, OperationError};
use crate::directory::{Group, GroupPatch};
use crate::ids::UserId;
use crate::token::Caller;

/// What a group that becomes a team has to be.
const UNIFIED: &str = "Unified";

impl Lifecycle {
    /// A team: a group that is one, by the group's id.
    pub fn team(&self, key: &str) -> Result<Group, OperationError> {
        match self.group(key) {
            Ok(group) if group.is_team => Ok(group),
            Ok(_) | Err(OperationError::NotFound(_)) => {
                Err(OperationError::NotFound(format!("team '{key}'")))
            }
            Err(other) => Err(other),
        }
    }

    /// Makes a group a team.
    pub fn make_team(&self, caller: &Caller, group: &Group) -> Result<Group, OperationError> {
        if !group.group_types.iter().any(|kind| kind.eq_ignore_ascii_case(UNIFIED)) {
            let rule = format!("of the group must hold {UNIFIED} before it becomes a team");
            return Err(OperationError::invalid("groupTypes", rule));
        }
        if group.is_team {
            return Err(OperationError::Conflict(format!("The group '{}' is a team already.", group.id)));
        }
        let patch = GroupPatch { is_team: Some(true), ..GroupPatch::default() };
        self.update_group(caller, group.id, &patch)
    }

    /// Creates a team, and the group that it is, with its members.
    pub fn create_team(
        &self,
        caller: &Caller,
        display_name: &str,
        description: Option<&str>,
        visibility: Option<&str>,
        members: Vec<UserId>,
    ) -> Result<Group, OperationError> {
        let patch = GroupPatch {
            display_name: Some(display_name.to_owned()),
            description: Some(description.map(str::to_owned)),
            mail_enabled: Some(true),
            security_enabled: Some(false),
            group_types: Some(vec![UNIFIED.to_owned()]),
            visibility: Some(visibility.map(str::to_owned)),
            is_team: Some(true),
            add_members: members,
            ..GroupPatch::default()
        };
        self.create_group(caller, patch)
    }
}
