//! "Send email to manager about sponsorship changes". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::SponsorshipForManager, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("b8c4e1f9-3a7d-4b2e-9c5f-8d6a9b1c2e3f"),
    display_name: "Send email to manager about sponsorship changes",
    description: "Tells the manager about agent identities whose sponsor changes.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
