//! Execution conditions: scope (who) and trigger (when).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::User;
use crate::ids::GroupId;

/// When and for whom a workflow runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ExecutionConditions {
    /// Only when somebody activates it.
    OnDemandOnly,
    /// By itself, for those in scope when the trigger says so.
    TriggerAndScope {
        /// Who.
        scope: Scope,
        /// When.
        trigger: Trigger,
    },
    /// For those in scope when something happens to them. Such a workflow is run by hand so far: nobody watches for the event.
    EventAndScope {
        /// Who.
        scope: Scope,
        /// What has to happen.
        trigger: EventTrigger,
    },
}

/// What has to happen to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum EventTrigger {
    /// One of these attributes changes.
    AttributeChange {
        /// Their names, in Graph's spelling.
        attributes: Vec<String>,
    },
    /// They come into a group of the scope, or leave it.
    MembershipChange {
        /// Which of the two.
        change: MembershipChange,
    },
    /// They have not signed in for longer than that.
    #[serde(rename_all = "camelCase")]
    UserInactivity {
        /// Days.
        period_in_days: i32,
    },
    /// As a guest they have no more sponsors than that.
    #[serde(rename_all = "camelCase")]
    GuestSponsor {
        /// How many.
        minimum_required_sponsors: i32,
    },
}

impl EventTrigger {
    /// Graph's name of the type.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AttributeChange { .. } => "attributeChangeTrigger",
            Self::MembershipChange { .. } => "membershipChangeTrigger",
            Self::UserInactivity { .. } => "userInactivityTrigger",
            Self::GuestSponsor { .. } => "guestSponsorTrigger",
        }
    }
}

/// Into a group, or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MembershipChange {
    /// Into it.
    Add,
    /// Out of it.
    Remove,
}

impl MembershipChange {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Add, Self::Remove].into_iter().find(|change| change.as_str().eq_ignore_ascii_case(text))
    }
}

impl ExecutionConditions {
    /// Why it cannot run by itself; `None` if it can.
    pub fn unscheduled(&self) -> Option<String> {
        match self {
            Self::OnDemandOnly => Some("cannot be true for a workflow that only runs on demand".to_owned()),
            Self::TriggerAndScope { .. } => None,
            Self::EventAndScope { trigger, .. } => Some(format!(
                "cannot be true yet for a workflow with a {}; it can be run on demand",
                trigger.kind()
            )),
        }
    }
}

/// Who.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Scope {
    /// Those whom a rule describes; kept as text, checked when the workflow is written.
    Rule {
        /// The rule.
        rule: String,
    },
    /// Members of any of these groups.
    Groups {
        /// The groups.
        groups: Vec<GroupId>,
    },
}

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Trigger {
    /// A number of days before or after a date of the person.
    #[serde(rename_all = "camelCase")]
    TimeBased {
        /// Which date.
        attribute: TimeAttribute,
        /// Days after it; negative is before.
        offset_in_days: i32,
    },
}

/// A date that a time-based trigger can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimeAttribute {
    /// First day of work.
    EmployeeHireDate,
    /// Last day of work.
    EmployeeLeaveDateTime,
    /// When the person was created here.
    CreatedDateTime,
}

impl TimeAttribute {
    /// All, in Graph's order.
    pub const ALL: [Self; 3] = [Self::EmployeeHireDate, Self::EmployeeLeaveDateTime, Self::CreatedDateTime];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmployeeHireDate => "employeeHireDate",
            Self::EmployeeLeaveDateTime => "employeeLeaveDateTime",
            Self::CreatedDateTime => "createdDateTime",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.as_str().eq_ignore_ascii_case(text))
    }

    /// The person's date and the number of the change that set it; `None` while the date is not set.
    pub fn of(self, user: &User) -> Option<(Timestamp, i64)> {
        match self {
            Self::EmployeeHireDate => user.employee_hire_date.map(|at| (at, user.hire_change)),
            Self::EmployeeLeaveDateTime => user.employee_leave_date_time.map(|at| (at, user.leave_change)),
            Self::CreatedDateTime => Some((user.created, user.created_change)),
        }
    }
}
