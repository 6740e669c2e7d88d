//! A person as scope rules and `$filter` see them.

use super::{Kind, User, attribute};
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
            other => self.attributes.get(other).map(Value::from_json),
        };
        // A list that is not there is an empty one.
        value.or_else(|| {
            attribute(name)
                .filter(|known| matches!(known.kind, Kind::Texts | Kind::Plans))
                .map(|_| Value::List(vec![]))
        })
    }
}
