//! "Send email about unsponsored guest removal (preview)". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::GuestRemoval, to: To::Administrators };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("a8e4c7f2-9d1b-4a3e-b5c6-8f2e7a9d4c1b"),
    display_name: "Send email about unsponsored guest removal (preview)",
    description: "Tells administrators that a guest without sponsor will be removed.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
