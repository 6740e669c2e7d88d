//! `tenure workflow preview`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::{Client, WORKFLOWS};
use crate::output::{Output, Page, text, time};

/// Say who would be processed now, and what would be different for each; nothing is done.
#[derive(Args, Debug)]
pub(crate) struct Preview {
    /// Its id or name
    #[arg(value_name = "W")]
    workflow: String,
    /// Only these people, due or not: ids or user principal names
    #[arg(long, num_args = 1.., value_name = "U", conflicts_with = "top")]
    user: Vec<String>,
    /// Show at most that many people
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
}

impl Preview {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let workflow = client.workflow(&self.workflow)?;
        let path = format!("{WORKFLOWS}/{}/tenure.previewPopulation", text(&workflow, "id"));
        let name = text(&workflow, "displayName");
        if !self.user.is_empty() {
            let mut subjects: Vec<Json> = Vec::new();
            for key in &self.user {
                subjects.push(json!({ "id": text(&client.user(key)?, "id") }));
            }
            let shown = client.post(&path, &json!({ "subjects": subjects }))?;
            return out.say(&shown, |page| {
                page.line(format!("'{name}' would do this, if it were run now:"));
                people(page, &shown["value"]);
                Ok(())
            });
        }
        // What keeps the workflow back stands at the first page.
        let first = client.get(&format!("{path}?$top=1"))?;
        let found = client.list(&path, self.top)?;
        let (reasons, held) = (&first["@tenure.reasons"], text(&first, "@tenure.quarantineReason"));
        let document = json!({
            "reasons": reasons, "quarantineReason": first["@tenure.quarantineReason"], "value": found.items,
            "more": found.more,
        });
        out.say(&document, |page| {
            let count = match found.items.len() {
                1 => "1 person".to_owned(),
                count => format!("{count} people"),
            };
            let count = if found.more { format!("more than {count}") } else { count };
            let reasons: Vec<String> = items(reasons).iter().map(|reason| text(reason, "message")).collect();
            if !reasons.is_empty() {
                page.line(format!("'{name}' processes nobody now: {}.", reasons.join("; ")));
                page.line(format!("If it were not for that: {count}"));
            } else if held.is_empty() {
                page.line(format!("'{name}' would process {count} now."));
            } else {
                page.line(format!("'{name}' would be held back in quarantine now: {held}."));
                page.line(format!("If it were not for that: {count}"));
            }
            people(page, &document["value"]);
            if found.more {
                page.line("")
                    .line(format!("There is more; --top {} shows more of it.", self.top.saturating_mul(10)));
            }
            Ok(())
        })
    }
}

/// Each person, with what each task would make different.
fn people(page: &mut Page, people: &Json) {
    for one in items(people) {
        let subject = &one["subject"];
        let mut line = format!("{} ({})", text(subject, "displayName"), text(subject, "userPrincipalName"));
        let due = time(one, "dueDateTime");
        if !due.is_empty() {
            line.push_str(&format!(", due {due}"));
        }
        if one["processingStatus"] != "completed" {
            line.push_str(&format!(": {}", text(one, "processingStatus")));
        }
        page.line("").line(line);
        for task in items(&one["tasks"]) {
            tell(page, task);
        }
    }
}

fn tell(page: &mut Page, task: &Json) {
    let mut lines: Vec<String> = items(&task["changes"]).iter().map(change).collect();
    match task["processingStatus"].as_str() {
        None => lines.push("is not run, because a task before it fails".to_owned()),
        Some("failed") => lines.push(format!("FAILS: {}", text(task, "failureReason"))),
        Some(_) => {
            let info = text(task, "processingInfo");
            if !info.is_empty() {
                lines.push(format!("nothing: {info}"));
            }
        }
    }
    if lines.is_empty() {
        lines.push("nothing".to_owned());
    }
    let task = &task["task"];
    page.line(format!("  {}. {}", text(task, "executionSequence"), text(task, "displayName")));
    for line in lines {
        page.line(format!("     {line}"));
    }
}

/// A change in a line: what is added, removed, another than it was, or done outside.
fn change(change: &Json) -> String {
    let sign = if change["change"] == "removed" { "-" } else { "+" };
    let named = |property: &str| match change[property]["displayName"].as_str() {
        Some(name) => format!("'{name}'"),
        None => "that is gone".to_owned(),
    };
    match change["kind"].as_str() {
        Some("property") => {
            format!(
                "~ {}: {} → {}",
                text(change, "property"),
                value(&change["before"]),
                value(&change["after"])
            )
        }
        Some("membership") => format!("{sign} group {}", named("group")),
        Some("license") => format!("{sign} licence {}", named("license")),
        Some("accessPackage") => {
            let end = time(change, "endDateTime");
            let end = if end.is_empty() { end } else { format!(", ends {end}") };
            format!("{sign} access package {}{end}", named("accessPackage"))
        }
        Some("accessPackageRequest") => {
            format!("{sign} request for the access package {}", named("accessPackage"))
        }
        Some("agentSponsor") => {
            format!("{sign} sponsor {} of the agent identity {}", named("sponsor"), named("agentIdentity"))
        }
        Some("sessions") => "- all sessions".to_owned(),
        Some("user") => format!("{sign} the user"),
        Some("temporaryAccessPass") => {
            format!("+ a temporary access pass for {} minutes", text(change, "lifetimeInMinutes"))
        }
        Some("mail") => {
            let copies = items(&change["cc"]).len();
            let copies = if copies == 0 { String::new() } else { format!(", {copies} in copy") };
            format!("> mail to {}{copies}: '{}'", text(&change["to"], "address"), text(change, "subject"))
        }
        Some("call") => format!("> call of {}", named("customTaskExtension")),
        _ => change.to_string(),
    }
}

fn value(value: &Json) -> String {
    if value.is_null() { "(not set)".to_owned() } else { value.to_string() }
}

fn items(list: &Json) -> &[Json] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_a_line() {
        let thing = json!({ "id": "x", "displayName": "Staff" });
        for (told, expected) in [
            (
                json!({ "kind": "property", "property": "city", "before": null, "after": "Oslo" }),
                "~ city: (not set) → \"Oslo\"",
            ),
            (json!({ "kind": "membership", "change": "removed", "group": thing }), "- group 'Staff'"),
            (json!({ "kind": "membership", "change": "added", "group": null }), "+ group that is gone"),
            (
                json!({ "kind": "accessPackage", "change": "removed", "accessPackage": thing,
                        "endDateTime": "2026-03-01T00:00:00Z" }),
                "- access package 'Staff', ends 2026-03-01 00:00:00Z",
            ),
            (json!({ "kind": "user", "change": "removed" }), "- the user"),
            (
                json!({ "kind": "mail", "to": { "address": "a@b.example" }, "cc": [{}], "subject": "Hello" }),
                "> mail to a@b.example, 1 in copy: 'Hello'",
            ),
        ] {
            assert_eq!(change(&told), expected);
        }
    }
}
