//! What tasks name by id: groups, users, licences, access packages, extensions.

use super::{Lifecycle, OperationError};
use crate::ports::StoreError;
use crate::task::{Arguments, Named, People, built_in};
use crate::workflow::Task;

impl Lifecycle {
    /// Everything that these tasks name and that is there.
    pub(super) fn people_named<'a>(
        &self,
        tasks: impl Iterator<Item = &'a Task>,
    ) -> Result<People, StoreError> {
        let mut named = Named::default();
        for task in tasks {
            if let Some(built_in) = built_in(task.task_definition_id) {
                Arguments(&task.arguments).name_in(built_in.definition(), &mut named);
            }
        }
        let mut people = self.store.people_named(&named)?;
        self.prepare(&mut people)?;
        Ok(people)
    }

    /// Adds what the store does not know: how mails go out, and which extensions cannot be called.
    pub(crate) fn prepare(&self, people: &mut People) -> Result<(), StoreError> {
        people.letterhead = self.letterhead()?;
        let refused =
            people.extensions.iter().filter_map(|(id, one)| Some((*id, self.endpoints.refusal(one)?)));
        people.uncallable = refused.collect();
        Ok(())
    }

    /// Refuses tasks that name something that is not there, or things that do not go together.
    pub(super) fn check_names(&self, tasks: &[Task]) -> Result<(), OperationError> {
        let people = self.people_named(tasks.iter())?;
        for (place, task) in tasks.iter().enumerate() {
            let Some(built_in) = built_in(task.task_definition_id) else { continue };
            let arguments = Arguments(&task.arguments);
            let invalid = |rule: String| {
                OperationError::invalid(format!("tasks/{place}/arguments"), format!("is not valid: {rule}"))
            };
            if let Some(missing) = arguments.missing(built_in.definition(), &people) {
                return Err(invalid(format!("argument '{}' names {}", missing.argument, missing.what)));
            }
            if let Some(contradiction) = built_in.contradiction(&people, &arguments) {
                return Err(invalid(contradiction.to_string()));
            }
        }
        Ok(())
    }
}
