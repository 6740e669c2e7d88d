//! "Send email on user’s last day". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::OnLastDay, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("9c0a1eaf-5bda-4392-9d9e-6e155bb57411"),
    display_name: "Send email on user’s last day",
    description: "Tells the manager that today is the last day.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
