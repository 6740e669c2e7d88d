//! What a write to a person changes, decided apart from the writing.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Attribute, Kind, User};
use crate::clock::from_millis;
use crate::expression::parse_time;

/// A value of an attribute; `Null` clears it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not set.
    Null,
    /// Text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A moment, in whole milliseconds.
    DateTime(Timestamp),
    /// A list, as JSON.
    List(Json),
}

/// Why a JSON value does not fit an attribute.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {expected}")]
pub struct ValueError {
    /// What the attribute takes.
    pub expected: &'static str,
}

impl Value {
    /// Reads the value of an attribute from a request body.
    pub fn from_json(attribute: &Attribute, json: &Json) -> Result<Self, ValueError> {
        let wrong = |expected| ValueError { expected };
        match (attribute.kind, json) {
            (_, Json::Null) => Ok(Self::Null),
            (Kind::Text, Json::String(text)) => Ok(Self::Text(text.clone())),
            (Kind::Text, _) => Err(wrong("a string")),
            (Kind::Boolean, Json::Bool(value)) => Ok(Self::Boolean(*value)),
            (Kind::Boolean, _) => Err(wrong("true or false")),
            (Kind::DateTime, Json::String(text)) => {
                let at = parse_time(text).ok_or_else(|| wrong("a date-time such as 2026-03-01T08:00:00Z"))?;
                Ok(Self::DateTime(crate::clock::whole_millis(at)))
            }
            (Kind::DateTime, _) => Err(wrong("a date-time such as 2026-03-01T08:00:00Z")),
            (Kind::Texts, Json::Array(items)) if items.iter().all(Json::is_string) => Ok(Self::list(items)),
            (Kind::Texts, _) => Err(wrong("a list of strings")),
            (Kind::Plans, Json::Array(items)) if items.iter().all(Json::is_object) => Ok(Self::list(items)),
            (Kind::Plans, _) => Err(wrong("a list of objects")),
        }
    }

    fn list(items: &[Json]) -> Self {
        if items.is_empty() { Self::Null } else { Self::List(Json::Array(items.to_vec())) }
    }

    /// The value as it is stored among [`super::Attributes`]: as JSON, times in milliseconds since 1970.
    pub fn to_stored(&self) -> Json {
        match self {
            Self::DateTime(at) => Json::from(at.as_millisecond()),
            other => other.to_json(),
        }
    }

    /// The value as JSON, times as RFC 3339 text.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => Json::String(text.clone()),
            Self::Boolean(value) => Json::Bool(*value),
            Self::DateTime(at) => Json::String(at.to_string()),
            Self::List(list) => list.clone(),
        }
    }
}

impl User {
    /// The present value of an attribute.
    pub fn value_of(&self, attribute: &Attribute) -> Value {
        let moment = |at: Option<Timestamp>| at.map_or(Value::Null, Value::DateTime);
        match attribute.name {
            "accountEnabled" => self.account_enabled.map_or(Value::Null, Value::Boolean),
            "employeeHireDate" => moment(self.employee_hire_date),
            "employeeLeaveDateTime" => moment(self.employee_leave_date_time),
            "createdDateTime" => Value::DateTime(self.created),
            name => match self.attributes.get(name) {
                None | Some(Json::Null) => Value::Null,
                Some(Json::String(text)) => Value::Text(text.clone()),
                Some(Json::Bool(value)) => Value::Boolean(*value),
                Some(Json::Number(millis)) => moment(millis.as_i64().map(from_millis)),
                Some(other) => Value::List(other.clone()),
            },
        }
    }

    /// Sets an attribute without recording anything; `change` is the number of the change that says so.
    pub fn apply(&mut self, attribute: &Attribute, value: &Value, change: i64) {
        let moment = match value {
            Value::DateTime(at) => Some(*at),
            _ => None,
        };
        match attribute.name {
            "accountEnabled" => {
                self.account_enabled = match value {
                    Value::Boolean(value) => Some(*value),
                    _ => None,
                };
            }
            "employeeHireDate" => (self.employee_hire_date, self.hire_change) = (moment, change),
            "employeeLeaveDateTime" => (self.employee_leave_date_time, self.leave_change) = (moment, change),
            "createdDateTime" => {}
            name => {
                self.attributes.set(name, value.to_stored());
                if attribute.is_followed() {
                    self.changes.insert(name.to_owned(), change);
                }
            }
        }
    }
}

impl Attribute {
    /// Whether triggers ask which change set it.
    pub fn is_followed(&self) -> bool {
        self.may_be_date() || self.name == "userType"
    }
}

/// What a caller or a feed wants a person to be; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserPatch {
    /// Attributes to set or, with `Null`, to clear.
    pub set: Vec<(&'static Attribute, Value)>,
    /// A new manager by number; `Some(None)` clears.
    pub manager: Option<Option<i64>>,
    /// Whether tasks may touch the person.
    pub protected: Option<bool>,
}

/// One attribute that a write really changes.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeChange {
    /// Which.
    pub attribute: &'static Attribute,
    /// Its value before.
    pub before: Value,
    /// Its value after.
    pub after: Value,
}

/// The attributes whose value the patch really changes; empty if it says what already is.
pub fn changes(user: &User, patch: &UserPatch) -> Vec<AttributeChange> {
    patch
        .set
        .iter()
        .filter(|(attribute, _)| attribute.name != "createdDateTime")
        .map(|(attribute, after)| AttributeChange {
            attribute,
            before: user.value_of(attribute),
            after: after.clone(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}
