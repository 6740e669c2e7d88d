//! "Send email about user inactivity". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::Inactivity, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("92f74cb4-f1b6-4ec0-b766-96210f56edc2"),
    display_name: "Send email about user inactivity",
    description: "Tells the manager that the user has been inactive.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
