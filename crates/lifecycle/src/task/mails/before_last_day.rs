//! "Send email before user’s last day". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::BeforeLastDay, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("52853a3e-f4e5-4eb8-bb24-1ac09a1da935"),
    display_name: "Send email before user’s last day",
    description: "Tells the manager that the last day is near.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
