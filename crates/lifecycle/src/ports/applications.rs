//! Applications: who may be named as somebody that calls back.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Query, QueryError, Slice, StoreError, WriteError};
use crate::audit::Actor;
use crate::ids::ApplicationId;

/// An application as the directory holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Public id of the object.
    pub id: ApplicationId,
    /// The id it signs in with.
    pub app_id: Uuid,
    /// Name.
    pub display_name: String,
    /// When it was created here.
    pub created: Timestamp,
}

/// Applications.
pub trait Applications {
    /// One of them.
    fn application(&self, id: ApplicationId) -> Result<Option<Application>, StoreError>;
    /// The one that signs in with that id.
    fn application_by_app_id(&self, app_id: Uuid) -> Result<Option<Application>, StoreError>;
    /// All of them, oldest first.
    fn list_applications(&self, query: &Query) -> Result<Slice<Application>, QueryError>;
    /// How many fit.
    fn count_applications(&self, query: &Query) -> Result<i64, QueryError>;
    /// Creates one.
    fn create_application(&self, application: &Application, actor: Actor) -> Result<(), WriteError>;
    /// Deletes one for good.
    fn delete_application(&self, id: ApplicationId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;
}
