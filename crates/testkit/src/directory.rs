//! People for tests.

use jiff::Timestamp;
use tenure_lifecycle::directory::{Attribute, Value, attribute};

/// A person to be; every field but the name has a default.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// First part of the user principal name, and the display name.
    pub name: String,
    /// Department.
    pub department: Option<String>,
    /// Hire date.
    pub hire: Option<Timestamp>,
    /// Leave date.
    pub leave: Option<Timestamp>,
    /// Mail address.
    pub mail: Option<String>,
    /// Whether tasks may touch the person.
    pub protected: bool,
}

impl Person {
    /// Somebody of that name who has a mail address.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), mail: Some(format!("{name}@example.com")), ..Self::default() }
    }

    pub(crate) fn attributes(&self) -> Vec<(&'static Attribute, Value)> {
        let mut set = Vec::new();
        let mut put =
            |name: &str, value: Value| set.extend(attribute(name).map(|attribute| (attribute, value)));
        put("displayName", Value::Text(self.name.clone()));
        put("userPrincipalName", Value::Text(format!("{}@example.com", self.name)));
        put("accountEnabled", Value::Boolean(false));
        put("department", self.department.clone().map_or(Value::Null, Value::Text));
        put("employeeHireDate", self.hire.map_or(Value::Null, Value::DateTime));
        put("employeeLeaveDateTime", self.leave.map_or(Value::Null, Value::DateTime));
        put("mail", self.mail.clone().map_or(Value::Null, Value::Text));
        set
    }
}
