//! Properties that a client sends back as it read them.

use serde_json::Value;
use tenure_lifecycle::workflow::Category;

use crate::errors::GraphError;
use crate::odata::{Object, UNKNOWN, later_members};

/// Refuses a property that cannot be changed here, unless the client merely echoes it.
pub(super) fn unless_same(body: &Object<'_>, name: &str, same: &Value, rule: &str) -> Result<(), GraphError> {
    match (body.value(name), same) {
        (None, _) => Ok(()),
        (Some(Value::String(text)), Value::String(same)) if text.eq_ignore_ascii_case(same) => Ok(()),
        (Some(value), same) if value == same => Ok(()),
        _ => Err(body.invalid(name, rule)),
    }
}

/// Whether the body says of the category what a client reads that does not know it.
pub(super) fn echoes_unknown(body: &Object<'_>, known: Category) -> bool {
    let says = body.value("category").and_then(Value::as_str);
    says == Some(UNKNOWN) && later_members("category").contains(&known.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_echo_is_no_change() {
        let body = json!({"Category": "Joiner", "isEnabled": false});
        let body = Object::root(&body).unwrap();
        assert!(unless_same(&body, "category", &json!("joiner"), "never changes").is_ok());
        assert!(unless_same(&body, "tasks", &json!([]), "is changed elsewhere").is_ok());
        let error = unless_same(&body, "isEnabled", &json!(true), "never changes").unwrap_err();
        assert_eq!(error.message, "Property 'isEnabled' never changes.");
    }
}
