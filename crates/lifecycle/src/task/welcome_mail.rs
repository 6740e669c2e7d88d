//! "Send welcome email". A mail that is sent cannot be undone.

use uuid::uuid;

use super::{ArgumentError, Arguments, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition, mail};
use crate::effect::{Effect, Mail};
use crate::workflow::Category;

pub(super) struct WelcomeMail;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("70b29d51-b59a-4773-9280-8841dfd3f2ea"),
    display_name: "Send welcome email",
    description: "Mails a welcome text to the new employee.",
    categories: &[Category::Joiner],
    continue_on_error: false,
    parameters: mail::PARAMETERS,
    version: 1,
};

const SUBJECT: &str = "Welcome, {{userDisplayName}}";
const BODY: &str = "Hello {{userDisplayName}},\n\nwelcome. Your first day is {{userEmployeeHireDate}}.\n\
                    You sign in as {{userPrincipalName}}.\n";

impl PlanTask for WelcomeMail {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn check(&self, arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        mail::check(arguments)
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        mail::fails_for_everybody(people, arguments)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let to = mail::recipient(subject, arguments)?;
        let cc = mail::copies(subject.people, arguments)?;
        let title = arguments.get("customSubject").unwrap_or(SUBJECT);
        let body = arguments.get("customBody").unwrap_or(BODY);
        Ok(Plan::one(Effect::SendMail(Mail {
            to,
            cc,
            subject: mail::one_line(&mail::fill(title, subject, str::to_owned)),
            text: mail::custom_text(body, subject),
            html: mail::custom_html(body, subject),
        })))
    }
}
