//! Writing custom task extensions.

use serde_json::json;

use super::{Lifecycle, OperationError};
use crate::audit::{Activity, Entry};
use crate::extension::{CustomTaskExtension, ExtensionPatch};
use crate::ids::ExtensionId;
use crate::ports::Removal;
use crate::token::Caller;

impl Lifecycle {
    /// A custom task extension.
    pub fn extension(&self, id: ExtensionId) -> Result<CustomTaskExtension, OperationError> {
        self.store.extension(id)?.ok_or_else(|| missing(id))
    }

    /// Creates a custom task extension.
    pub fn create_extension(
        &self,
        caller: &Caller,
        new: &ExtensionPatch,
    ) -> Result<CustomTaskExtension, OperationError> {
        let draft = new.apply(None)?;
        let most = self.limits.custom_task_extensions;
        if self.store.extension_count()? >= most {
            return Err(OperationError::Conflict(format!(
                "There can be at most {most} custom task extensions; delete one first."
            )));
        }
        let now = self.now();
        let extension = CustomTaskExtension {
            number: 0,
            id: ExtensionId(self.ids.fresh()),
            revision: 1,
            display_name: draft.display_name,
            description: draft.description,
            configuration: draft.configuration,
            created: now,
            created_by: caller.id,
            modified: now,
            modified_by: caller.id,
        };
        let entry = self.entry(caller, Activity::CreateExtension, Some(described(&extension)));
        self.store.insert_extension(&extension, entry)?;
        Ok(extension)
    }

    /// Changes a custom task extension. `revision`: only if nobody changed it since.
    pub fn update_extension(
        &self,
        caller: &Caller,
        id: ExtensionId,
        patch: &ExtensionPatch,
        revision: Option<i64>,
    ) -> Result<(), OperationError> {
        for _ in 0..5 {
            let before = self.extension(id)?;
            if revision.is_some_and(|revision| revision != before.revision) {
                return Err(OperationError::Changed);
            }
            let draft = patch.apply(Some(&before))?;
            let after = CustomTaskExtension {
                display_name: draft.display_name,
                description: draft.description,
                configuration: draft.configuration,
                modified: self.now(),
                modified_by: caller.id,
                ..before.clone()
            };
            let entry = self.entry(caller, Activity::UpdateExtension, Some(described(&after)));
            let entry = Entry { before: Some(described(&before)), ..entry };
            if self.store.write_extension(&after, entry)? {
                return Ok(());
            }
        }
        Err(OperationError::Changed)
    }

    /// Deletes a custom task extension that no workflow calls.
    pub fn delete_extension(
        &self,
        caller: &Caller,
        id: ExtensionId,
        revision: Option<i64>,
    ) -> Result<(), OperationError> {
        let before = self.extension(id)?;
        let entry = self.entry(caller, Activity::DeleteExtension, None);
        let entry = Entry { before: Some(described(&before)), ..entry };
        match self.store.remove_extension(id, revision, entry)? {
            Removal::Removed => Ok(()),
            Removal::Missing => Err(missing(id)),
            Removal::Changed => Err(OperationError::Changed),
            Removal::Used { workflow } => Err(OperationError::Conflict(format!(
                "The workflow '{workflow}' has a task that calls the custom task extension; give it a new version \
                 without that task first."
            ))),
        }
    }
}

fn missing(id: ExtensionId) -> OperationError {
    OperationError::NotFound(format!("custom task extension '{id}'"))
}

/// An extension for the audit.
fn described(extension: &CustomTaskExtension) -> String {
    json!({
        "id": extension.id,
        "displayName": extension.display_name,
        "description": extension.description,
        "configuration": extension.configuration,
    })
    .to_string()
}
