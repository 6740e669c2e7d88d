//! "Generate TAP and send email". A mail that is sent cannot be undone; the pass is deleted.

use uuid::uuid;

use super::mail::{self, Pass, To};
use super::texts::Kind;
use super::{
    ArgumentError, Arguments, Names, Parameter, People, Plan, PlanTask, Reads, Refusal, Snapshot,
    TaskDefinition, ValueType,
};
use crate::clock::{from_millis, whole_millis};
use crate::directory::{Pass as Issued, User, Value, attribute};
use crate::effect::{Outside, PassOrder};
use crate::ids::MethodId;
use crate::workflow::Category;

const LIFETIME: &str = "tapLifetimeMinutes";
const ONCE: &str = "tapIsUsableOnce";
const SLOT: &str = "{{temporaryAccessPass}}";

/// Attributes of the user that may hold the address that the mail goes to.
const ADDRESSES: [&str; 16] = [
    "otherMails",
    "onPremisesExtensionAttributes/extensionAttribute1",
    "onPremisesExtensionAttributes/extensionAttribute2",
    "onPremisesExtensionAttributes/extensionAttribute3",
    "onPremisesExtensionAttributes/extensionAttribute4",
    "onPremisesExtensionAttributes/extensionAttribute5",
    "onPremisesExtensionAttributes/extensionAttribute6",
    "onPremisesExtensionAttributes/extensionAttribute7",
    "onPremisesExtensionAttributes/extensionAttribute8",
    "onPremisesExtensionAttributes/extensionAttribute9",
    "onPremisesExtensionAttributes/extensionAttribute10",
    "onPremisesExtensionAttributes/extensionAttribute11",
    "onPremisesExtensionAttributes/extensionAttribute12",
    "onPremisesExtensionAttributes/extensionAttribute13",
    "onPremisesExtensionAttributes/extensionAttribute14",
    "onPremisesExtensionAttributes/extensionAttribute15",
];

pub(super) struct TemporaryAccessPass;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("1b555e50-7f65-41d5-b514-5894a026d10d"),
    display_name: "Generate TAP and send email",
    description: "Creates a Temporary Access Pass and mails it, by default to the manager.",
    categories: &[Category::Joiner],
    continue_on_error: false,
    parameters: &[
        Parameter::text(LIFETIME, true),
        Parameter::flag(ONCE, true),
        mail::CC,
        mail::CUSTOM_SUBJECT,
        mail::CUSTOM_BODY,
        mail::LOCALE,
        Parameter {
            name: "to",
            value_type: ValueType::String,
            values: &[
                "User",
                "Manager",
                "Sponsors",
                "{UserId}",
                "User/otherMails",
                "User/customSecurityAttributes/{attributeSet}/{attributeName}",
                "User/{directoryExtensionAttribute}",
                "User/onPremisesExtensionAttributes/{extensionAttribute[1-15]}",
            ],
            required: false,
            names: Some(Names::Users),
        },
    ],
    version: 1,
};

impl PlanTask for TemporaryAccessPass {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn check(&self, arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        if minutes(arguments).is_none() {
            let (least, most) = (Issued::LIFETIME.start(), Issued::LIFETIME.end());
            return Err(ArgumentError::new(LIFETIME, format!("must be minutes from {least} to {most}")));
        }
        mail::check_recipients(arguments, &ADDRESSES)?;
        mail::check_texts(arguments)?;
        if arguments.get("customSubject").is_some_and(mail::has_pass) {
            let rule = "must not hold the pass: a subject line is read by everybody on the way";
            return Err(ArgumentError::new("customSubject", rule));
        }
        if arguments.get("customBody").is_some_and(|text| !mail::has_pass(text)) {
            let rule = format!("must hold {SLOT}: nobody else learns the pass");
            return Err(ArgumentError::new("customBody", rule));
        }
        Ok(())
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Roles, Reads::Methods, Reads::Sponsors]
    }

    fn sends_mail(&self) -> bool {
        true
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        mail::fails_for_everybody(people, arguments, To::Manager)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        subject.refuse_privileged()?;
        if subject.holdings.has_method {
            return Err(Refusal("the user has another way to sign in already".to_owned()));
        }
        if has_signed_in(&subject.user) {
            return Err(Refusal("the user has signed in before".to_owned()));
        }
        let Some(lifetime_minutes) = minutes(arguments) else {
            return Err(Refusal(format!("{LIFETIME} is no number of minutes")));
        };
        let now = whole_millis(subject.now);
        let starts = subject.user.employee_hire_date.filter(|hired| *hired > now).unwrap_or(now);
        let order = PassOrder {
            id: MethodId(subject.ids.fresh()),
            user: subject.user.number,
            starts: starts.as_millisecond(),
            lifetime_minutes,
            is_usable_once: arguments.is_true(ONCE),
        };
        let pass = Pass { starts: from_millis(order.starts), lifetime_minutes };
        let mut plan = mail::plan(subject, arguments, Kind::Pass, To::Manager, Some(pass))?;
        plan.effects.insert(0, Outside::IssuePass(order).into());
        Ok(plan)
    }
}

fn minutes(arguments: &Arguments<'_>) -> Option<i64> {
    arguments.get(LIFETIME)?.parse().ok().filter(|minutes| Issued::LIFETIME.contains(minutes))
}

fn has_signed_in(user: &User) -> bool {
    ["lastSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSuccessfulSignInDateTime"]
        .iter()
        .filter_map(|name| attribute(&format!("signInActivity/{name}")))
        .any(|attribute| user.value_of(attribute) != Value::Null)
}
