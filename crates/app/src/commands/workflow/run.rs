//! `tenure workflow run`

use clap::Args;
use serde_json::json;

use crate::client::{Client, WORKFLOWS};
use crate::output::{Output, text};

/// Run a workflow now for these people, whatever its conditions say.
#[derive(Args, Debug)]
pub(crate) struct Run {
    /// Its id or name
    #[arg(value_name = "W")]
    workflow: String,
    /// Whom to process: ids or user principal names
    #[arg(long, required = true, num_args = 1.., value_name = "U")]
    user: Vec<String>,
}

impl Run {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let workflow = client.workflow(&self.workflow)?;
        // All are looked up before anything is run, so that a misspelt name runs nothing.
        let mut ids: Vec<String> = Vec::new();
        for key in &self.user {
            let id = text(&client.user(key)?, "id");
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let (id, name) = (text(&workflow, "id"), text(&workflow, "displayName"));
        let subjects: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        client.post(&format!("{WORKFLOWS}/{id}/activate"), &json!({ "subjects": subjects }))?;
        out.say(&json!({ "workflowId": id, "subjects": subjects }), |page| {
            let people = if ids.len() == 1 { "1 person".to_owned() } else { format!("{} people", ids.len()) };
            page.line(format!("'{name}' is run for {people}. How it went: tenure run list {id}"));
            Ok(())
        })
    }
}
