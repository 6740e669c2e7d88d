//! What a workflow or a template says of when, for whom and what, in words.

use serde_json::Value as Json;

use crate::output::{Page, text};

/// Characters of an argument's value that are shown.
const SHOWN: usize = 80;

/// When it runs; JSON for a trigger that has no words.
pub(crate) fn when(conditions: &Json) -> String {
    let trigger = &conditions["trigger"];
    if trigger.is_null() {
        return "on demand".to_owned();
    }
    let number = |name: &str| trigger[name].as_i64();
    if let Some(attribute) = trigger["timeBasedAttribute"].as_str() {
        let units = [
            ("@tenure.offsetInHours", "hour"),
            ("@tenure.offsetInBusinessDays", "working day"),
            ("offsetInDays", "day"),
        ];
        if let Some((offset, unit)) = units.into_iter().find_map(|(name, unit)| Some((number(name)?, unit))) {
            return match offset {
                0 if unit == "working day" => format!("on the working day of {attribute}, or the next"),
                0 => format!("on {attribute}"),
                1.. => format!("{} after {attribute}", counted(offset, unit)),
                _ => format!("{} before {attribute}", counted(-offset, unit)),
            };
        }
    }
    if let Some(words) = window(trigger) {
        return words;
    }
    if let Some(attributes) = trigger["triggerAttributes"].as_array() {
        let names: Vec<String> = attributes.iter().map(|attribute| text(attribute, "name")).collect();
        return format!("when {} changes", names.join(" or "));
    }
    match trigger["changeType"].as_str() {
        Some("add") => return "when somebody joins the group".to_owned(),
        Some("remove") => return "when somebody leaves the group".to_owned(),
        _ => {}
    }
    if let Some(days) = number("inactivityPeriodInDays") {
        return format!("after {} without a sign-in", counted(days, "day"));
    }
    match number("minimumRequiredSponsors") {
        Some(0) => "when a guest has no sponsor".to_owned(),
        Some(most) => format!("when a guest has at most {}", counted(most, "sponsor")),
        None => trigger.to_string(),
    }
}

/// The words of Graph's second kind of time-based trigger.
fn window(trigger: &Json) -> Option<String> {
    let (attribute, operator) = (trigger["attribute"].as_str()?, &trigger["operator"]);
    let timing = operator["eventTiming"].as_str()?;
    let days = |name: &str| operator[name].as_i64();
    let kind = operator["@odata.type"].as_str()?.rsplit('.').next()?;
    Some(match (kind, timing) {
        (_, "on") => format!("on {attribute}"),
        ("operatorEqualTo", _) => format!("{} {timing} {attribute}", counted(days("offsetInDays")?, "day")),
        ("operatorLessThanEqualTo", _) => {
            format!("at most {} {timing} {attribute}", counted(days("offsetInDays")?, "day"))
        }
        _ => {
            let (more, fewer) = (days("greaterThanOffsetInDays")?, days("lessThanOffsetInDays")?);
            format!("more than {more} and fewer than {} {timing} {attribute}", counted(fewer, "day"))
        }
    })
}

fn counted(number: i64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// For whom it runs.
pub(crate) fn who(conditions: &Json) -> String {
    let scope = &conditions["scope"];
    if let Some(groups) = scope["groups"].as_array() {
        let ids: Vec<String> =
            groups.iter().map(|group| text(group, "id")).filter(|id| !id.is_empty()).collect();
        return match ids.as_slice() {
            [] => "members of a group that is to be named".to_owned(),
            ids => format!("members of {}", ids.join(", ")),
        };
    }
    if scope["rule"].is_string() { text(scope, "rule") } else { String::new() }
}

/// What it does, in order.
pub(crate) fn tasks(page: &mut Page, tasks: &Json) {
    let tasks = tasks.as_array().map(Vec::as_slice).unwrap_or_default();
    page.table(
        ["#", "task", "enabled", "goes on after an error", "arguments"],
        tasks.iter().map(task).collect(),
    );
}

fn task(task: &Json) -> [String; 5] {
    let arguments = task["arguments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| format!("{}={}", text(argument, "name"), beginning(text(argument, "value"))))
        .collect();
    [
        text(task, "executionSequence"),
        text(task, "displayName"),
        yes_no(task, "isEnabled"),
        yes_no(task, "continueOnError"),
        arguments.join("; "),
    ]
}

/// A boolean property for people.
pub(crate) fn yes_no(object: &Json, property: &str) -> String {
    match object[property].as_bool() {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
    .to_owned()
}

/// The beginning of a long text.
fn beginning(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_trigger_is_told_in_words() {
        let of = |trigger: Json| when(&json!({ "trigger": trigger }));
        let at = |days: i64| of(json!({ "timeBasedAttribute": "employeeHireDate", "offsetInDays": days }));
        assert_eq!(at(0), "on employeeHireDate");
        assert_eq!(at(-7), "7 days before employeeHireDate");
        assert_eq!(at(1), "1 day after employeeHireDate");
        assert_eq!(when(&json!({ "@odata.type": "onDemandExecutionOnly" })), "on demand");
        let by = |name: &str, offset: i64| {
            of(json!({ "timeBasedAttribute": "employeeLeaveDateTime", "offsetInDays": 0, name: offset }))
        };
        assert_eq!(by("@tenure.offsetInHours", -1), "1 hour before employeeLeaveDateTime");
        assert_eq!(by("@tenure.offsetInBusinessDays", 3), "3 working days after employeeLeaveDateTime");
        assert_eq!(
            by("@tenure.offsetInBusinessDays", 0),
            "on the working day of employeeLeaveDateTime, or the next"
        );
        let window = |kind: &str, mut operator: Json| {
            operator["@odata.type"] = json!(format!("#microsoft.graph.identityGovernance.operator{kind}"));
            of(json!({ "attribute": "employeeHireDate", "operator": operator }))
        };
        assert_eq!(
            window("EqualTo", json!({ "offsetInDays": 0, "eventTiming": "on" })),
            "on employeeHireDate"
        );
        assert_eq!(
            window("EqualTo", json!({ "offsetInDays": 2, "eventTiming": "before" })),
            "2 days before employeeHireDate"
        );
        assert_eq!(
            window("LessThanEqualTo", json!({ "offsetInDays": 1, "eventTiming": "after" })),
            "at most 1 day after employeeHireDate"
        );
        let between =
            json!({ "greaterThanOffsetInDays": 3, "lessThanOffsetInDays": 9, "eventTiming": "after" });
        assert_eq!(window("Between", between), "more than 3 and fewer than 9 days after employeeHireDate");
        let attributes = json!([{ "name": "department" }, { "name": "jobTitle" }]);
        assert_eq!(of(json!({ "triggerAttributes": attributes })), "when department or jobTitle changes");
        assert_eq!(of(json!({ "changeType": "remove" })), "when somebody leaves the group");
        assert_eq!(of(json!({ "inactivityPeriodInDays": 30 })), "after 30 days without a sign-in");
        assert_eq!(of(json!({ "minimumRequiredSponsors": 1 })), "when a guest has at most 1 sponsor");
        assert_eq!(of(json!({ "minimumRequiredSponsors": 0 })), "when a guest has no sponsor");
        assert_eq!(of(json!({ "moon": "full" })), r#"{"moon":"full"}"#);
    }

    #[test]
    fn a_scope_is_a_rule_or_groups() {
        let of = |scope: Json| who(&json!({ "scope": scope }));
        assert_eq!(of(json!({ "rule": "(department eq 'Sales')" })), "(department eq 'Sales')");
        assert_eq!(of(json!({ "groups": [{ "id": "a" }, { "id": "b" }] })), "members of a, b");
        assert_eq!(of(json!({ "groups": [{ "id": "" }] })), "members of a group that is to be named");
        assert_eq!(who(&json!({})), "");
        assert_eq!(beginning("ä".repeat(81)), format!("{}…", "ä".repeat(80)));
    }
}
