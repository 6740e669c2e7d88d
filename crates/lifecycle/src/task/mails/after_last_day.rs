//! "Send email after user’s last day". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::AfterLastDay, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("6f22ddd4-b3a5-47a4-a846-0d7c201a49ce"),
    display_name: "Send email after user’s last day",
    description: "Tells the manager that the user has left.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
