//! "Send email to notify manager of user move". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask = MailTask { definition: &DEFINITION, kind: Kind::Move, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("aab41899-9972-422a-9d97-f626014578b7"),
    display_name: "Send email to notify manager of user move",
    description: "Tells the manager that the user moved.",
    categories: &[Category::Mover],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
