//! `tenure workflow show`

use clap::Args;
use serde_json::Value as Json;

use super::list::yes_no;
use crate::client::{Client, WORKFLOWS};
use crate::output::{Output, text, time};

/// Characters of an argument's value that are shown.
const SHOWN: usize = 80;

/// Show a workflow with its tasks.
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// Its id or name
    #[arg(value_name = "W")]
    workflow: String,
}

impl Show {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let id = text(&client.workflow(&self.workflow)?, "id");
        let workflow = client.get(&format!("{WORKFLOWS}/{id}"))?;
        out.say(&workflow, |page| {
            page.line(text(&workflow, "displayName")).line(text(&workflow, "description"));
            let mut facts = vec![
                ("id", id.clone()),
                ("category", text(&workflow, "category")),
                ("enabled", yes_no(&workflow, "isEnabled")),
                ("scheduled", yes_no(&workflow, "isSchedulingEnabled")),
                ("version", text(&workflow, "version")),
                ("when", when(&workflow["executionConditions"])),
                ("who", who(&workflow["executionConditions"])),
                ("next run", time(&workflow, "nextScheduleRunDateTime")),
                ("created", time(&workflow, "createdDateTime")),
                ("last modified", time(&workflow, "lastModifiedDateTime")),
            ];
            facts.push(("quarantine", quarantine(&workflow["quarantineDetails"])));
            facts.retain(|(_, value)| !value.is_empty());
            page.facts(&facts).line("");
            let tasks = workflow["tasks"].as_array().map(Vec::as_slice).unwrap_or_default();
            page.table(
                ["#", "task", "enabled", "goes on after an error", "arguments"],
                tasks.iter().map(task).collect(),
            );
            Ok(())
        })
    }
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

/// When a workflow runs, in words; JSON for a trigger that has none yet.
fn when(conditions: &Json) -> String {
    let trigger = &conditions["trigger"];
    let attribute = text(trigger, "timeBasedAttribute");
    match trigger["offsetInDays"].as_i64() {
        None if trigger.is_null() => "on demand".to_owned(),
        None => trigger.to_string(),
        Some(0) => format!("on {attribute}"),
        Some(days) if days < 0 => format!("{} days before {attribute}", days.unsigned_abs()),
        Some(days) => format!("{days} days after {attribute}"),
    }
}

/// For whom a workflow runs.
fn who(conditions: &Json) -> String {
    let scope = &conditions["scope"];
    if let Some(groups) = scope["groups"].as_array() {
        let ids: Vec<String> = groups.iter().map(|group| text(group, "id")).collect();
        return format!("members of {}", ids.join(", "));
    }
    if scope["rule"].is_string() { text(scope, "rule") } else { String::new() }
}

/// Why a workflow is held back; nothing if it is not.
fn quarantine(details: &Json) -> String {
    match details["quarantineReason"].as_str() {
        Some(reason) => format!("since {}: {reason}", time(details, "quarantinedDateTime")),
        None => String::new(),
    }
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
    fn conditions_are_told_in_words() {
        let at = |days: i64| json!({ "trigger": { "timeBasedAttribute": "employeeHireDate", "offsetInDays": days } });
        assert_eq!(when(&at(0)), "on employeeHireDate");
        assert_eq!(when(&at(-7)), "7 days before employeeHireDate");
        assert_eq!(when(&at(7)), "7 days after employeeHireDate");
        assert_eq!(when(&json!({ "@odata.type": "onDemandExecutionOnly" })), "on demand");
        assert_eq!(
            who(&json!({ "scope": { "rule": "(department eq 'Sales')" } })),
            "(department eq 'Sales')"
        );
        assert_eq!(quarantine(&json!({ "quarantineType": "notQuarantined", "quarantineReason": null })), "");
        assert_eq!(beginning("ä".repeat(81)), format!("{}…", "ä".repeat(80)));
        assert_eq!(who(&json!({ "scope": { "groups": [{ "id": "a" }, { "id": "b" }] } })), "members of a, b");
    }
}
