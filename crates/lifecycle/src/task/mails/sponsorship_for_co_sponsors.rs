//! "Send email to co-sponsors about sponsor changes". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::SponsorshipForCoSponsors, to: To::CoSponsors };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("ad3b85cd-75b1-43e7-b4b9-0e52faba3944"),
    display_name: "Send email to co-sponsors about sponsor changes",
    description: "Tells the other sponsors of the same agent identities.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
