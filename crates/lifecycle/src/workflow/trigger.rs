//! When a workflow runs for somebody: a date of theirs comes, or something happens to them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use crate::clock::from_millis;
use crate::directory::{Attribute, Kind, User, attribute, attributes};
use crate::expression::parse_time;

/// When.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Trigger {
    /// A number of days before or after a date of the person; who is late is caught up with for some days.
    TimeBased {
        /// Which date.
        attribute: TimeAttribute,
        /// How far from it.
        #[serde(flatten)]
        offset: Offset,
    },
    /// While today is so many days before or after a date of the person.
    TimeWindow {
        /// Which date.
        attribute: TimeAttribute,
        /// Which days.
        operator: TimeOperator,
        /// On which side of the date.
        timing: Timing,
    },
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

/// How far from a date; negative is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offset {
    /// Days.
    #[serde(rename = "offsetInDays")]
    Days(i32),
    /// Hours.
    #[serde(rename = "offsetInHours")]
    Hours(i32),
    /// Days on which people work.
    #[serde(rename = "offsetInBusinessDays")]
    BusinessDays(i32),
}

/// How many days there may be between the date and today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum TimeOperator {
    /// That many.
    #[serde(rename_all = "camelCase")]
    EqualTo {
        /// Days.
        offset_in_days: i32,
    },
    /// That many or fewer.
    #[serde(rename_all = "camelCase")]
    LessThanEqualTo {
        /// Days.
        offset_in_days: i32,
    },
    /// More than the one and fewer than the other.
    #[serde(rename_all = "camelCase")]
    Between {
        /// Days that are not enough yet.
        greater_than_offset_in_days: i32,
        /// Days that are too many.
        less_than_offset_in_days: i32,
    },
}

/// On which side of the date today is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Timing {
    /// The date is still to come.
    Before,
    /// The date is past.
    After,
    /// The date is today.
    On,
}

impl Timing {
    /// All, as Graph lists them.
    pub const ALL: [Self; 3] = [Self::Before, Self::After, Self::On];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::On => "on",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|timing| timing.as_str().eq_ignore_ascii_case(text))
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

/// A date of a person that a trigger can follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TimeAttribute {
    /// First day of work.
    EmployeeHireDate,
    /// Last day of work.
    EmployeeLeaveDateTime,
    /// When the person was created here.
    CreatedDateTime,
    /// Another date; of an extension attribute, a text that reads as one.
    Other(&'static Attribute),
}

impl TimeAttribute {
    /// Those of Graph's `workflowTriggerTimeBasedAttribute`, in its order.
    pub const GRAPH: [Self; 3] = [Self::EmployeeHireDate, Self::EmployeeLeaveDateTime, Self::CreatedDateTime];

    /// All.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::GRAPH.into_iter().chain(attributes().iter().filter(|one| one.may_be_date()).map(Self::Other))
    }

    /// The day of somebody's last successful sign-in.
    pub fn last_sign_in() -> Option<Self> {
        Self::parse("signInActivity/lastSuccessfulSignInDateTime")
    }

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmployeeHireDate => "employeeHireDate",
            Self::EmployeeLeaveDateTime => "employeeLeaveDateTime",
            Self::CreatedDateTime => "createdDateTime",
            Self::Other(attribute) => attribute.name,
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        let graph = Self::GRAPH.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
        graph.or_else(|| attribute(text).filter(|found| found.may_be_date()).map(Self::Other))
    }

    /// The person's date and the number of the change that set it; `None` while the date is not set.
    pub fn of(self, user: &User) -> Option<(Timestamp, i64)> {
        match self {
            Self::EmployeeHireDate => user.employee_hire_date.map(|at| (at, user.hire_change)),
            Self::EmployeeLeaveDateTime => user.employee_leave_date_time.map(|at| (at, user.leave_change)),
            Self::CreatedDateTime => Some((user.created, user.created_change)),
            Self::Other(attribute) => {
                let at = attribute.date(user.attributes.get(attribute.name)?)?;
                Some((at, user.change_of(attribute.name)))
            }
        }
    }
}

impl Attribute {
    /// Whether it holds a date, or may hold a text that reads as one, beside the three that stand apart.
    pub fn may_be_date(&self) -> bool {
        let apart = TimeAttribute::GRAPH.iter().any(|known| known.as_str() == self.name);
        // Tenure itself sets this one, and nobody wants to hear of it.
        !apart
            && self.name != "signInSessionsValidFromDateTime"
            && (self.kind == Kind::DateTime || self.name.starts_with("onPremisesExtensionAttributes/"))
    }

    /// The date that a stored value of it is.
    pub fn date(&self, stored: &Json) -> Option<Timestamp> {
        match (self.kind, stored) {
            (Kind::DateTime, Json::Number(millis)) => millis.as_i64().map(from_millis),
            (Kind::Text, Json::String(text)) if self.may_be_date() => {
                parse_time(text.trim()).map(crate::clock::whole_millis)
            }
            _ => None,
        }
    }
}

impl Serialize for TimeAttribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for TimeAttribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no date of a person"))
    }
}

impl Trigger {
    /// Graph's name of the type.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TimeBased { .. } => "timeBasedAttributeTrigger",
            Self::TimeWindow { .. } => "timeBasedAttributeTriggerV2",
            Self::AttributeChange { .. } => "attributeChangeTrigger",
            Self::MembershipChange { .. } => "membershipChangeTrigger",
            Self::UserInactivity { .. } => "userInactivityTrigger",
            Self::GuestSponsor { .. } => "guestSponsorTrigger",
        }
    }

    /// The date that it follows; `None` of one that follows none.
    pub fn attribute(&self) -> Option<TimeAttribute> {
        match self {
            Self::TimeBased { attribute, .. } | Self::TimeWindow { attribute, .. } => Some(*attribute),
            Self::UserInactivity { .. } => TimeAttribute::last_sign_in(),
            Self::AttributeChange { .. } | Self::MembershipChange { .. } | Self::GuestSponsor { .. } => None,
        }
    }
}
