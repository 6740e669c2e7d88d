//! Enumerations grow. Clients that do not know the members that came after `unknownFutureValue` read that instead, unless they
//! ask with `Prefer: include-unknown-enum-members`.

use axum::http::HeaderMap;
use serde_json::{Map, Value};
use tenure_lifecycle::limits::Profile;

/// What clients see for a member they did not ask for.
pub(crate) const UNKNOWN: &str = "unknownFutureValue";

/// Properties and their later members, as far as Tenure has them.
const LATER: &[(&str, &[&str])] = &[
    ("category", CATEGORIES),
    ("workflowCategory", CATEGORIES),
    ("processingStatus", &["canceling", "quarantined"]),
    ("workflowExecutionType", &["activatedWithScope", "preview"]),
    ("timeBasedAttribute", &["createdDateTime"]),
];
const CATEGORIES: &[&str] = &["mover"];

/// The members of a property that came after `unknownFutureValue`.
pub(crate) fn later_members(property: &str) -> &'static [&'static str] {
    LATER.iter().find(|(name, _)| *name == property).map_or(&[], |(_, members)| members)
}

/// Which members of enumerations the client understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    /// Those before `unknownFutureValue`.
    Early,
    /// All.
    All,
}

impl Members {
    /// Those that a request asks for. Only the strict profile keeps any back.
    pub(crate) fn asked(profile: Profile, headers: &HeaderMap) -> Self {
        if profile == Profile::Generous {
            return Self::All;
        }
        let values = headers.get_all("prefer").into_iter().filter_map(|value| value.to_str().ok());
        let mut preferences = values.flat_map(|value| value.split([',', ';']));
        let all = preferences.any(|one| one.trim().eq_ignore_ascii_case("include-unknown-enum-members"));
        if all { Self::All } else { Self::Early }
    }
}

/// Hides the later members in an answer.
pub(super) fn hide_later(object: &mut Map<String, Value>) {
    for (name, value) in object {
        match value {
            Value::String(text) => {
                let later = later_members(name);
                if text.split(',').any(|member| later.contains(&member)) {
                    *text = known(text, later);
                }
            }
            Value::Object(inside) => hide_later(inside),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(hide_later),
            _ => {}
        }
    }
}

/// A member, or several with commas between, as an early client reads them.
fn known(text: &str, later: &[&str]) -> String {
    let mut members: Vec<&str> = text.split(',').filter(|member| !later.contains(member)).collect();
    members.push(UNKNOWN);
    members.join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn later_members_are_hidden_wherever_they_stand() {
        let mut body = json!({
            "category": "mover", "displayName": "mover", "executionConditions": {
                "trigger": { "timeBasedAttribute": "createdDateTime" }, "scope": { "rule": "mover" } },
            "value": [
                { "processingStatus": "canceling", "workflowExecutionType": "preview" },
                { "processingStatus": "failed", "workflowExecutionType": "onDemand" },
            ],
            "tasks": [{ "category": "joiner,leaver,mover" }, { "category": "joiner,leaver" }],
        });
        hide_later(body.as_object_mut().unwrap());
        let expected = json!({
            "category": "unknownFutureValue", "displayName": "mover", "executionConditions": {
                "trigger": { "timeBasedAttribute": "unknownFutureValue" }, "scope": { "rule": "mover" } },
            "value": [
                { "processingStatus": "unknownFutureValue", "workflowExecutionType": "unknownFutureValue" },
                { "processingStatus": "failed", "workflowExecutionType": "onDemand" },
            ],
            "tasks": [{ "category": "joiner,leaver,unknownFutureValue" }, { "category": "joiner,leaver" }],
        });
        assert_eq!(body, expected);
    }
}
