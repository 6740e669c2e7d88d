//! A person as scope rules and `$filter` see them.

use serde_json::Value as Json;

use super::{Kind, User, attribute};
use crate::clock::from_millis;
use crate::expression::{Record, Value};

impl Record for User {
    fn value(&self, path: &[String]) -> Option<Value<'_>> {
        let joined;
        let name = match path {
            [one] => one.as_str(),
            more => {
                joined = more.join("/");
                &joined
            }
        };
        let value = match name {
            "id" => Some(Value::Guid(self.id.0)),
            "accountEnabled" => self.account_enabled.map(Value::Boolean),
            "employeeHireDate" => self.employee_hire_date.map(Value::Timestamp),
            "employeeLeaveDateTime" => self.employee_leave_date_time.map(Value::Timestamp),
            "createdDateTime" => Some(Value::Timestamp(self.created)),
            other => match self.attributes.get(other) {
                // No attribute holds another number.
                Some(Json::Number(millis)) => millis.as_i64().map(from_millis).map(Value::Timestamp),
                found => found.map(Value::from_json),
            },
        };
        // A list that is not there is an empty one.
        value.or_else(|| {
            attribute(name)
                .filter(|known| matches!(known.kind, Kind::Texts | Kind::Plans))
                .map(|_| Value::List(vec![]))
        })
    }
}
