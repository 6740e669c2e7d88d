//! Workflows, tasks, templates, people and runs as they are named on the command line.

use anyhow::{Context as _, bail};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Client, LIFECYCLE, WORKFLOWS, encode, is_not_found, literal};
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

    /// The task of a workflow that has that id, display name or place in the order.
    pub(crate) fn task(&self, workflow: &Json, key: &str) -> anyhow::Result<Json> {
        let tasks = self.list(&format!("{WORKFLOWS}/{}/tasks", text(workflow, "id")), usize::MAX)?.items;
        let found = named(&tasks, key).or_else(|| {
            let place: i64 = key.parse().ok()?;
            tasks.iter().find(|task| task["executionSequence"].as_i64() == Some(place))
        });
        let name = text(workflow, "displayName");
        found.cloned().with_context(|| {
            format!("no task of the workflow '{name}' has the id, the name or the place '{key}'")
        })
    }

    /// The task definition of that id or display name.
    pub(crate) fn task_definition(&self, key: &str) -> anyhow::Result<Json> {
        let all = self.list(&format!("{LIFECYCLE}/taskDefinitions"), usize::MAX)?.items;
        let found = named(&all, key).cloned();
        found.with_context(|| format!("no task definition has the id or the name '{key}'"))
    }

    /// All templates.
    pub(crate) fn templates(&self) -> anyhow::Result<Vec<Json>> {
        Ok(self.list(&format!("{LIFECYCLE}/workflowTemplates"), usize::MAX)?.items)
    }

    /// The template of that id or display name.
    pub(crate) fn template(&self, key: &str) -> anyhow::Result<Json> {
        let found = named(&self.templates()?, key).cloned();
        found.with_context(|| {
            format!("no template has the id or the name '{key}'; `tenure template list` shows them")
        })
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
            None => {
                bail!("no workflow has a run '{run}'; a workflow that is deleted has to be restored first")
            }
        }
    }
}

/// The object of that id or display name, in any letter case.
fn named<'a>(objects: &'a [Json], key: &str) -> Option<&'a Json> {
    let is = |object: &&Json, property| plain(&text(object, property)) == plain(key);
    objects
        .iter()
        .find(|object| is(object, "id"))
        .or_else(|| objects.iter().find(|object| is(object, "displayName")))
}

/// A name as it is compared: Graph's own names hold an apostrophe that few keyboards have.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace('\u{2019}', "'")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        let objects = [
            json!({ "id": "A1", "displayName": "a2" }),
            json!({ "id": "a2", "displayName": "Send email on user\u{2019}s last day" }),
        ];
        let found = |key: &str| named(&objects, key).map(|object| text(object, "id"));
        assert_eq!(found("a1").as_deref(), Some("A1"));
        assert_eq!(found("A2").as_deref(), Some("a2"), "an id wins over a name");
        assert_eq!(found("send email on user's LAST day").as_deref(), Some("a2"));
        assert_eq!(found("nothing"), None);
    }
}
