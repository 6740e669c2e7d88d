//! Workflows that come from files, and which of them run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value as Json;
use tenure_lifecycle::directory::GroupPatch;
use tenure_lifecycle::ids::GroupId;
use tenure_lifecycle::operations::{Lifecycle, WorkflowPatch};
use tenure_lifecycle::ports::Query;
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::Workflow;

use crate::workflow_file;
use crate::wrong_use::WrongUse;

/// Groups read at once.
const CHUNK: usize = 1_000;

/// Makes the workflows of a folder's files; one that is there by its name gets a new version. Groups that they name and that
/// are not there are made, empty.
pub(super) fn put_in(folder: &Path, lifecycle: &Lifecycle, caller: &Caller) -> anyhow::Result<()> {
    let documents = documents(folder)?;
    let mut groups = groups(lifecycle)?;
    for (_, document) in &documents {
        for name in workflow_file::group_names(document) {
            if let Entry::Vacant(missing) = groups.entry(name) {
                let name = missing.key().clone();
                let patch = GroupPatch { display_name: Some(name.clone()), ..GroupPatch::default() };
                let group = lifecycle
                    .create_group(caller, patch)
                    .with_context(|| format!("the group '{name}' cannot be made"))?;
                missing.insert(group.id);
            }
        }
    }
    let there = lifecycle.store.workflows(false)?;
    for (file, document) in documents {
        let place = || file.display().to_string();
        let new = workflow_file::read(document, &groups).with_context(place)?;
        match there.iter().find(|known| known.display_name == new.display_name) {
            Some(known) => lifecycle.create_new_version(caller, known.id, new, None).with_context(place)?,
            None => lifecycle.create_workflow(caller, new).with_context(place)?,
        };
    }
    Ok(())
}

/// Lets only these workflows, by name or id, run by themselves; all if none is named.
pub(super) fn only(wanted: &[String], lifecycle: &Lifecycle, caller: &Caller) -> anyhow::Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let workflows = lifecycle.store.workflows(false)?;
    let is = |workflow: &Workflow, key: &str| {
        workflow.id.to_string().eq_ignore_ascii_case(key) || workflow.display_name.eq_ignore_ascii_case(key)
    };
    if let Some(key) = wanted.iter().find(|key| !workflows.iter().any(|workflow| is(workflow, key))) {
        bail!("no workflow has the id or the name '{key}'");
    }
    for workflow in &workflows {
        if workflow.is_scheduled() && !wanted.iter().any(|key| is(workflow, key)) {
            let patch = WorkflowPatch { is_scheduling_enabled: Some(false), ..WorkflowPatch::default() };
            lifecycle.update_workflow(caller, workflow.id, patch, None)?;
        }
    }
    Ok(())
}

/// The documents of a folder, by file name.
fn documents(folder: &Path) -> anyhow::Result<Vec<(PathBuf, Json)>> {
    let cannot = || format!("{} cannot be read", folder.display());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(cannot)? {
        let file = entry.with_context(cannot)?.path();
        let is_one = file.extension().is_some_and(|kind| kind == "json" || kind == "yaml" || kind == "yml");
        if is_one && file.is_file() {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(WrongUse::error(format!("{} holds no .json and no .yaml file", folder.display())));
    }
    files.sort();
    let read = |file: PathBuf| {
        let place = || file.display().to_string();
        let text = std::fs::read_to_string(&file).with_context(place)?;
        let document = workflow_file::document(&text).with_context(place)?;
        ensure!(document.is_object(), "{} holds no workflow", file.display());
        Ok((file, document))
    };
    files.into_iter().map(read).collect()
}

/// All groups by name; of several with a name, the oldest.
fn groups(lifecycle: &Lifecycle) -> anyhow::Result<HashMap<String, GroupId>> {
    let mut groups = HashMap::new();
    let mut query = Query { limit: CHUNK, ..Query::default() };
    loop {
        let slice = lifecycle.store.list_groups(&query)?;
        for group in slice.items {
            groups.entry(group.display_name).or_insert(group.id);
        }
        match slice.next {
            Some(next) => query.after = Some(next),
            None => return Ok(groups),
        }
    }
}
