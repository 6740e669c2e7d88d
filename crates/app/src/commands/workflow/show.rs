//! `tenure workflow show`

use clap::Args;
use serde_json::Value as Json;

use crate::client::{Client, WORKFLOWS};
use crate::commands::conditions::{tasks, when, who, yes_no};
use crate::output::{Output, text, time};

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
            tasks(page, &workflow["tasks"]);
            Ok(())
        })
    }
}

/// Why a workflow is held back; nothing if it is not.
fn quarantine(details: &Json) -> String {
    match details["quarantineReason"].as_str() {
        Some(reason) => format!("since {}: {reason}", time(details, "quarantinedDateTime")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_quarantine_has_a_reason() {
        assert_eq!(quarantine(&json!({ "quarantineType": "notQuarantined", "quarantineReason": null })), "");
        let held = json!({ "quarantinedDateTime": "2026-03-01T08:00:00Z", "quarantineReason": "too many" });
        assert_eq!(quarantine(&held), "since 2026-03-01 08:00:00Z: too many");
    }
}
