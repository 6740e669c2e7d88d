//! A person as the directory holds them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::ids::UserId;

/// A person: what triggers and tasks read often stands apart, the rest is in [`Attributes`].
#[derive(Clone, Debug)]
pub struct User {
    /// Dense number; the order of the directory.
    pub number: i64,
    /// Public id.
    pub id: UserId,
    /// Grows with every change of the person, their manager or their memberships.
    pub version: i64,
    /// Whether sign-in is allowed; `None` is not stated.
    pub account_enabled: Option<bool>,
    /// First day of work.
    pub employee_hire_date: Option<Timestamp>,
    /// Last day of work.
    pub employee_leave_date_time: Option<Timestamp>,
    /// When the person was created here.
    pub created: Timestamp,
    /// Number of the change that set the present hire date (0 if never set).
    pub hire_change: i64,
    /// Number of the change that set the present leave date (0 if never set).
    pub leave_change: i64,
    /// Number of the change that created the person.
    pub created_change: i64,
    /// Numbers of the changes that set what else triggers follow: of another attribute by its name, of the sponsors by
    /// `sponsors`. What is not named has been so since the person was created.
    pub changes: BTreeMap<String, i64>,
    /// The manager's number.
    pub manager: Option<i64>,
    /// No task may touch this person.
    pub protected: bool,
    /// When the person was soft-deleted.
    pub deleted: Option<Timestamp>,
    /// All other attributes, by the paths of [`super::attributes`].
    pub attributes: Attributes,
}

impl User {
    /// A text attribute; `None` if it is not set.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }

    /// The number of the change that set what is called so.
    pub fn change_of(&self, name: &str) -> i64 {
        self.changes.get(name).copied().unwrap_or(self.created_change)
    }

    /// Whether they are a guest.
    pub fn is_guest(&self) -> bool {
        self.text("userType").is_some_and(|kind| kind.eq_ignore_ascii_case("guest"))
    }

    /// What to call the person in messages.
    pub fn display_name(&self) -> &str {
        self.text("displayName").or_else(|| self.text("userPrincipalName")).unwrap_or("(no name)")
    }

    /// Whether the account is mastered in another directory.
    pub fn is_synced(&self) -> bool {
        self.attributes.get("onPremisesSyncEnabled").and_then(Json::as_bool).unwrap_or(false)
    }
}

/// Attributes as JSON, flat, keyed by path; read from text only when somebody asks.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    raw: String,
    parsed: OnceLock<Map<String, Json>>,
}

impl Attributes {
    /// Attributes from their stored text.
    pub fn from_stored(raw: String) -> Self {
        Self { raw, parsed: OnceLock::new() }
    }

    /// Attributes by their values as stored.
    pub fn from_map(map: Map<String, Json>) -> Self {
        Self { raw: serde_json::to_string(&map).unwrap_or_default(), parsed: OnceLock::from(map) }
    }

    /// The text to store.
    pub fn to_stored(&self) -> String {
        if self.raw.is_empty() { Json::Object(self.map().clone()).to_string() } else { self.raw.clone() }
    }

    /// All attributes that are set.
    pub fn map(&self) -> &Map<String, Json> {
        self.parsed.get_or_init(|| serde_json::from_str(&self.raw).unwrap_or_default())
    }

    /// One attribute, spelled as Graph spells it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.map().get(name)
    }

    /// The same attributes with one of them set, or cleared by null.
    pub fn set(&mut self, name: &str, value: Json) {
        let mut map = self.map().clone();
        if value.is_null() {
            map.shift_remove(name);
        } else {
            map.insert(name.to_owned(), value);
        }
        *self = Self { raw: String::new(), parsed: OnceLock::from(map) };
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.map() == other.map()
    }
}
