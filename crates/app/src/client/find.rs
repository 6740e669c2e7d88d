//! Workflows, people and runs as they are named on the command line.

use anyhow::{Context as _, bail};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Client, WORKFLOWS, encode, is_not_found, literal};
use crate::output::text;

impl Client {
    /// The workflow of that id or display name.
    pub(crate) fn workflow(&self, key: &str) -> anyhow::Result<Json> {
        if Uuid::parse_str(key).is_ok() {
            return self.get(&format!("{WORKFLOWS}/{}", encode(key)));
        }
        let filter = format!("displayName eq {}", literal(key));
        let mut found = self.list(&format!("{WORKFLOWS}?$filter={}", encode(&filter)), usize::MAX)?.items;
        if found.len() > 1 {
            let ids: Vec<String> = found.iter().map(|workflow| text(workflow, "id")).collect();
            bail!("{} workflows are called '{key}'; name one by its id: {}", ids.len(), ids.join(", "));
        }
        found.pop().with_context(|| format!("no workflow has the id or the name '{key}'"))
    }

    /// All workflows.
    pub(crate) fn workflows(&self) -> anyhow::Result<Vec<Json>> {
        Ok(self.list(WORKFLOWS, usize::MAX)?.items)
    }

    /// The person of that id or user principal name.
    pub(crate) fn user(&self, key: &str) -> anyhow::Result<Json> {
        let path = format!("/v1.0/users/{}?$select=id,displayName,userPrincipalName", encode(key));
        self.get(&path).map_err(|error| {
            if is_not_found(&error) {
                error.context(format!("nobody has the id or the name '{key}'"))
            } else {
                error
            }
        })
    }

    /// The run of that id with its workflow, which is looked for if it is not named.
    pub(crate) fn run(&self, run: &str, workflow: Option<&str>) -> anyhow::Result<(Json, Json)> {
        let candidates = match workflow {
            Some(key) => vec![self.workflow(key)?],
            None => self.workflows()?,
        };
        for workflow in candidates {
            match self.get(&format!("{WORKFLOWS}/{}/runs/{}", text(&workflow, "id"), encode(run))) {
                Ok(run) => return Ok((workflow, run)),
                Err(error) if is_not_found(&error) => {}
                Err(error) => return Err(error),
            }
        }
        match workflow {
            Some(key) => bail!("the workflow '{key}' has no run '{run}'"),
            None => bail!("no workflow has a run '{run}'"),
        }
    }
}
