//! "Send onboarding reminder email". A mail that is sent cannot be undone.

use uuid::uuid;

use crate::task::TaskDefinition;
use crate::task::mail::{MailTask, PARAMETERS, To};
use crate::task::texts::Kind;
use crate::workflow::Category;

pub(super) static TASK: MailTask =
    MailTask { definition: &DEFINITION, kind: Kind::OnboardingReminder, to: To::Manager };

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("3C860712-2D37-42A4-928F-5C93935D26A1"),
    display_name: "Send onboarding reminder email",
    description: "Reminds the manager of a coming new hire.",
    categories: &[Category::Joiner],
    continue_on_error: false,
    parameters: PARAMETERS,
    version: 1,
};
