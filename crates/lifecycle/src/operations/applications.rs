//! Creating and deleting applications.

use uuid::Uuid;

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::ids::ApplicationId;
use crate::ports::Application;
use crate::token::Caller;
use crate::workflow::validate_name;

impl Lifecycle {
    /// An application by its object id.
    pub fn application(&self, key: &str) -> Result<Application, OperationError> {
        let found = match key.parse::<ApplicationId>() {
            Ok(id) => self.store.application(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("application '{key}'")))
    }

    /// Creates an application; without an `app_id` it gets a fresh one.
    pub fn create_application(
        &self,
        caller: &Caller,
        display_name: &str,
        app_id: Option<Uuid>,
    ) -> Result<Application, OperationError> {
        validate_name("displayName", display_name)?;
        let application = Application {
            id: ApplicationId(self.ids.fresh()),
            app_id: app_id.unwrap_or_else(|| self.ids.fresh()),
            display_name: display_name.to_owned(),
            created: self.now(),
        };
        self.store.create_application(&application, Actor::Caller(caller.id))?;
        Ok(application)
    }

    /// Deletes an application for good.
    pub fn delete_application(&self, caller: &Caller, id: ApplicationId) -> Result<(), OperationError> {
        Ok(self.store.delete_application(id, self.now(), Actor::Caller(caller.id))?)
    }
}
