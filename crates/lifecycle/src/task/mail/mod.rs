//! What every task that sends a mail does: to whom, in which language, with which words.

mod letter;
mod markup;
mod placeholders;
mod recipients;

pub(super) use letter::{Letter, Pass};
pub(crate) use markup::escape_html;
pub(super) use placeholders::has_pass;
pub(super) use recipients::{To, fails_for_everybody};

use super::texts::Kind;
use super::{
    ArgumentError, Arguments, Names, Parameter, People, Plan, PlanTask, Reads, Refusal, Snapshot,
    TaskDefinition, ValueType,
};
use crate::effect::{Effect, Outside};

/// Longest text of a mail, in bytes.
const LONGEST: usize = 256 * 1_024;

/// Copies: users by id.
pub(super) const CC: Parameter = Parameter::ids("cc", Names::Users, false);
/// Text of one's own for the subject line.
pub(super) const CUSTOM_SUBJECT: Parameter = Parameter::text("customSubject", false);
/// Text of one's own for the body.
pub(super) const CUSTOM_BODY: Parameter = Parameter::text("customBody", false);
/// Language of the built-in text.
pub(super) const LOCALE: Parameter = Parameter::text("locale", false);

/// The parameters of every mail task but one.
pub(super) static PARAMETERS: &[Parameter] = &[
    CC,
    CUSTOM_SUBJECT,
    CUSTOM_BODY,
    LOCALE,
    Parameter {
        name: "to",
        value_type: ValueType::String,
        values: &["User", "Manager", "Sponsors", "{UserId}"],
        required: false,
        names: Some(Names::Users),
    },
];

/// A task that sends a mail and nothing else.
pub(super) struct MailTask {
    pub(super) definition: &'static TaskDefinition,
    /// Which text.
    pub(super) kind: Kind,
    /// Who receives it when nobody says.
    pub(super) to: To,
}

impl PlanTask for MailTask {
    fn definition(&self) -> &'static TaskDefinition {
        self.definition
    }

    fn check(&self, arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        check(arguments)
    }

    fn reads(&self, arguments: &Arguments<'_>) -> &'static [Reads] {
        match (self.kind, To::asked(arguments).unwrap_or(self.to)) {
            (Kind::SponsorshipForManager | Kind::SponsorshipForCoSponsors, To::Sponsors) => {
                &[Reads::Agents, Reads::Sponsors]
            }
            (Kind::SponsorshipForManager | Kind::SponsorshipForCoSponsors, _) => &[Reads::Agents],
            (_, To::Sponsors) => &[Reads::Sponsors],
            _ => &[],
        }
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        fails_for_everybody(people, arguments, self.to)
    }

    fn sends_mail(&self) -> bool {
        true
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        refuse(subject)?;
        if let Some(nothing) = nothing_to_tell(subject, self.kind) {
            return Ok(Plan::nothing_to_do(nothing));
        }
        plan(subject, arguments, self.kind, self.to, None)
    }
}

/// Why a mail about agent identities would tell of none; `None` if there is something to tell.
fn nothing_to_tell(subject: &Snapshot<'_>, kind: Kind) -> Option<&'static str> {
    match kind {
        _ if !subject.holdings.agents.is_empty() => None,
        Kind::SponsorshipForManager => Some("the user sponsors no agent identity"),
        Kind::SponsorshipForCoSponsors => Some("no agent identity of the user has another sponsor"),
        _ => None,
    }
}

/// Refuses a subject whom no task may touch; one who was deleted by an earlier task may still be written about.
fn refuse(subject: &Snapshot<'_>) -> Result<(), Refusal> {
    if subject.deleted && !subject.user.protected { Ok(()) } else { subject.refuse_protected() }
}

/// Plans a mail to each recipient.
pub(super) fn plan(
    subject: &Snapshot<'_>,
    arguments: &Arguments<'_>,
    kind: Kind,
    to: To,
    pass: Option<Pass>,
) -> Result<Plan, Refusal> {
    let found = recipients::recipients(subject, arguments, to)?;
    let cc = recipients::copies(subject.people, arguments)?;
    let letter = Letter { subject, arguments, kind, pass };
    let mut effects: Vec<Effect> = Vec::with_capacity(found.to.len());
    for recipient in &found.to {
        let mail = letter.to(recipient, &cc);
        if mail.text.len().max(mail.html.len()) > LONGEST {
            return Err(Refusal(format!(
                "the mail would be longer than {LONGEST} bytes: customBody repeats long attributes too often"
            )));
        }
        effects.push(Outside::SendMail(mail).into());
    }
    if effects.is_empty() {
        return Ok(Plan::nothing_to_do(found.info.unwrap_or_default()));
    }
    Ok(Plan { effects, info: found.info, failure: None })
}

/// Checks the rules that hold between arguments.
pub(super) fn check(arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
    recipients::check(arguments, &[])?;
    check_texts(arguments)
}

/// Checks who is to receive a mail; `attributes` are what may stand behind `User/`.
pub(super) fn check_recipients(arguments: &Arguments<'_>, attributes: &[&str]) -> Result<(), ArgumentError> {
    recipients::check(arguments, attributes)
}

/// Checks texts of one's own, and the language.
pub(super) fn check_texts(arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
    if let Some(subject) = arguments.get("customSubject")
        && subject.contains(['\r', '\n'])
    {
        return Err(ArgumentError::new("customSubject", "must be one line"));
    }
    match arguments.get("locale") {
        Some(tag) if !is_language_tag(tag) => {
            Err(ArgumentError::new("locale", "must be a language such as en-us"))
        }
        _ => Ok(()),
    }
}

fn is_language_tag(text: &str) -> bool {
    text.len() <= 35
        && text.split(['-', '_']).enumerate().all(|(place, part)| {
            (1..=8).contains(&part.len())
                && part
                    .chars()
                    .all(|letter| letter.is_ascii_alphabetic() || (place > 0 && letter.is_ascii_digit()))
        })
}

/// A text with control characters, line breaks among them, turned into blanks: fit for a header.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
