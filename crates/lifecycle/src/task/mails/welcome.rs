//! "Send welcome email". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask = MailTask { definition: &DEFINITION, kind: Kind::Welcome, to: To::User };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("70b29d51-b59a-4773-9280-8841dfd3f2ea"),
    display_name: "Send welcome email",
    description: "Mails a welcome text to the new employee.",
    categories: &[Category::Joiner],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
