//! Writing custom task extensions.

use serde_json::json;

use super::{Lifecycle, OperationError};
use crate::audit::{Activity, Entry};
use crate::extension::{
    Authentication, CustomTaskExtension, Endpoint, ExtensionDraft, ExtensionPatch, Kept, Sealed,
    secret_property,
};
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
        let draft = new.apply(None, self.limits.profile)?;
        let most = self.limits.custom_task_extensions;
        if self.store.extension_count()? >= most {
            return Err(OperationError::Conflict(format!(
                "There can be at most {most} custom task extensions; delete one first."
            )));
        }
        let (sealed_url, sealed_secret) = self.sealed(&draft, None)?;
        let now = self.now();
        let extension = CustomTaskExtension {
            number: 0,
            id: ExtensionId(self.ids.fresh()),
            revision: 1,
            display_name: draft.display_name,
            description: draft.description,
            configuration: draft.configuration,
            sealed_url,
            sealed_secret,
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
            let draft = patch.apply(Some(&before), self.limits.profile)?;
            let (sealed_url, sealed_secret) = self.sealed(&draft, Some(&before))?;
            let after = CustomTaskExtension {
                display_name: draft.display_name,
                description: draft.description,
                configuration: draft.configuration,
                sealed_url,
                sealed_secret,
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

impl Lifecycle {
    /// The address and the secret as they are stored, once they are checked.
    fn sealed(
        &self,
        draft: &ExtensionDraft,
        before: Option<&CustomTaskExtension>,
    ) -> Result<(Option<Sealed>, Option<Sealed>), OperationError> {
        let (property, url) = match (&draft.configuration.endpoint, &draft.url) {
            (Endpoint::Http { target_url }, _) => ("endpointConfiguration/targetUrl", Some(target_url)),
            (Endpoint::LogicApp { .. }, Kept::New(url)) => ("endpointConfiguration/url", Some(url)),
            (Endpoint::LogicApp { .. }, Kept::AsItIs | Kept::Gone) => ("", None),
        };
        if let Some(url) = url {
            self.endpoints.check_url(url).map_err(|rule| OperationError::invalid(property, rule))?;
        }
        let authentication = &draft.configuration.authentication;
        let secret = secret_property(authentication);
        if let (Authentication::Signature, Kept::New(text)) = (authentication, &draft.secret) {
            self.endpoints
                .check_signing_secret(text)
                .map_err(|rule| OperationError::invalid(secret, rule))?;
        }
        let seal = |kept: &Kept, before: Option<&Sealed>, property: &str| match kept {
            Kept::AsItIs => Ok(before.cloned()),
            Kept::Gone => Ok(None),
            Kept::New(text) => self.endpoints.seal(text).map(Some).ok_or_else(|| {
                OperationError::invalid(property, "cannot be kept: this installation has no key for secrets")
            }),
        };
        let sealed_url = seal(&draft.url, before.and_then(|before| before.sealed_url.as_ref()), property)?;
        let sealed_secret =
            seal(&draft.secret, before.and_then(|before| before.sealed_secret.as_ref()), secret)?;
        Ok((sealed_url, sealed_secret))
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
