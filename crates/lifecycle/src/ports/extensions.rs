//! Custom task extensions.

use super::StoreError;
use crate::audit::Entry;
use crate::extension::CustomTaskExtension;
use crate::ids::ExtensionId;

/// What became of an extension that was to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Removed,
    /// There is none.
    Missing,
    /// Somebody changed it since it was read.
    Changed,
    /// A workflow of this name has a task that calls it.
    Used {
        /// The name.
        workflow: String,
    },
}

/// Custom task extensions.
pub trait Extensions {
    /// All, oldest first.
    fn extensions(&self) -> Result<Vec<CustomTaskExtension>, StoreError>;
    /// How many there are.
    fn extension_count(&self) -> Result<usize, StoreError>;
    /// One.
    fn extension(&self, id: ExtensionId) -> Result<Option<CustomTaskExtension>, StoreError>;
    /// Stores a new one.
    fn insert_extension(&self, extension: &CustomTaskExtension, entry: Entry) -> Result<(), StoreError>;
    /// Writes one if nobody else did since it was read; false if somebody did. The store raises its `revision`.
    fn write_extension(&self, extension: &CustomTaskExtension, entry: Entry) -> Result<bool, StoreError>;
    /// Deletes one, unless a workflow that is not deleted calls it in its current version. `revision`: only if
    /// nobody changed it since.
    fn remove_extension(
        &self,
        id: ExtensionId,
        revision: Option<i64>,
        entry: Entry,
    ) -> Result<Removal, StoreError>;
}
