//! What stands between `{{` and `}}` in the text of a mail.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::super::Snapshot;
use super::letter::Pass;
use crate::directory::User;
use crate::effect::SLOT_OF_PASS;

/// The placeholder of the pass.
const PASS: &str = "temporaryAccessPass";

/// The values that placeholders stand for, in one mail.
pub(super) struct Values<'a> {
    pub(super) subject: &'a Snapshot<'a>,
    /// Name of whom the mail goes to.
    pub(super) recipient: Option<&'a str>,
    /// How a day is written.
    pub(super) day: fn(Date) -> String,
    /// The pass that the mail carries.
    pub(super) pass: Option<Pass>,
    /// Whoever is told only of agent identities for which they vouch, too.
    pub(super) shared_with: Option<i64>,
}

/// A day as 2026-03-01.
pub(super) fn iso_day(day: Date) -> String {
    day.to_string()
}

impl Values<'_> {
    /// Replaces placeholders, in Graph's old and new spelling; an attribute that is not set becomes nothing, a placeholder
    /// that nobody knows stays as it is. What is put in is never looked at again, and holds no control characters.
    pub(super) fn fill(&self, template: &str, escape: impl Fn(&str) -> String) -> String {
        let mut filled = String::with_capacity(template.len());
        for piece in pieces(template) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder { name, written } => match self.value(name) {
                    // The slot is the one control sequence that is meant; an attribute that looks like it is not.
                    Some(_) if name == PASS => filled.push_str(SLOT_OF_PASS),
                    Some(value) => filled.push_str(&escape(&plain(&value))),
                    None => filled.push_str(written),
                },
            }
        }
        filled
    }

    /// Whether a line says something: it has no placeholder, or one that stands for something, or a text that does not end
    /// in a colon where the first of them stands.
    pub(super) fn says_something(&self, line: &str) -> bool {
        let mut before_first = None;
        for piece in pieces(line) {
            match piece {
                Piece::Text(text) if before_first.is_none() => before_first = Some(text),
                Piece::Text(_) => {}
                Piece::Placeholder { name, .. } => {
                    if self.value(name).is_none_or(|value| !value.trim().is_empty()) {
                        return true;
                    }
                    let label = before_first.unwrap_or_default().trim_end();
                    if !label.ends_with([':', '：']) {
                        return true;
                    }
                    before_first.get_or_insert("");
                }
            }
        }
        !line.contains("{{")
    }

    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        let subject = self.subject;
        let user: &User = &subject.user;
        fn text<'u>(user: &'u User, name: &str) -> Cow<'u, str> {
            Cow::Borrowed(user.text(name).unwrap_or_default())
        }
        let day = |at: Option<Timestamp>| Cow::Owned(at.map(|at| self.day(at)).unwrap_or_default());
        let manager = |name: &str| subject.manager().map(|manager| text(manager, name)).unwrap_or_default();
        let property = match name {
            "userDisplayName" => "displayName",
            "userGivenName" => "givenName",
            "userSurname" => "surname",
            "userPrincipalName" => "userPrincipalName",
            "userEmployeeHireDate" => "employeeHireDate",
            "userEmployeeLeaveDateTime" => "employeeLeaveDateTime",
            "managerDisplayName" => return Some(manager("displayName")),
            "managerEmail" => return Some(manager("mail")),
            "recipientDisplayName" => return Some(Cow::Borrowed(self.recipient.unwrap_or_default())),
            "organization" => return Some(Cow::Borrowed(&subject.people.letterhead.organization)),
            PASS => return self.pass.map(|_| Cow::Borrowed(SLOT_OF_PASS)),
            "passStart" => return self.pass.map(|pass| day(Some(pass.starts))),
            "passLifetime" => return self.pass.map(|pass| Cow::Owned(pass.lifetime_minutes.to_string())),
            "sponsoredAgents" => return Some(Cow::Owned(self.agents())),
            other => other.strip_prefix("user.")?,
        };
        match property {
            "employeeHireDate" => Some(day(user.employee_hire_date)),
            "employeeLeaveDateTime" => Some(day(user.employee_leave_date_time)),
            "createdDateTime" => Some(day(Some(user.created))),
            "displayName"
            | "givenName"
            | "surname"
            | "userPrincipalName"
            | "employeeType"
            | "department"
            | "companyName"
            | "jobTitle"
            | "employeeOrgData/costCenter"
            | "employeeOrgData/division" => Some(text(user, property)),
            other if other.starts_with("onPremisesExtensionAttributes/extensionAttribute") => {
                match user.attributes.get(other) {
                    Some(Json::String(value)) => Some(Cow::Borrowed(value)),
                    _ => Some(Cow::Borrowed("")),
                }
            }
            // The directory keeps none, so that none is ever set.
            other if other.starts_with("customSecurityAttributes/") => Some(Cow::Borrowed("")),
            _ => None,
        }
    }

    fn day(&self, at: Timestamp) -> String {
        (self.day)(TimeZone::UTC.to_datetime(at).date())
    }

    /// The names of the agent identities that the subject vouches for, as far as they are anything to the reader.
    fn agents(&self) -> String {
        let people = self.subject.people;
        let agents = self.subject.holdings.agents.iter().filter_map(|number| people.agents.get(number));
        let is_shared = |sponsors: &[i64]| self.shared_with.is_none_or(|reader| sponsors.contains(&reader));
        agents
            .filter(|agent| is_shared(&agent.sponsors))
            .map(|agent| agent.agent.display_name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

enum Piece<'a> {
    Text(&'a str),
    Placeholder { name: &'a str, written: &'a str },
}

/// Whether a text has the placeholder of the pass.
pub(in crate::task) fn has_pass(template: &str) -> bool {
    pieces(template).iter().any(|piece| matches!(piece, Piece::Placeholder { name, .. } if *name == PASS))
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        let Some(end) = after.find("}}") else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Placeholder { name: after[2..end].trim(), written: &after[..end + 2] });
        rest = &after[end + 2..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::tests::{person, with_user};
    use super::*;

    fn values<'a>(subject: &'a Snapshot<'a>) -> Values<'a> {
        Values { subject, recipient: None, day: iso_day, pass: None, shared_with: None }
    }

    #[test]
    fn placeholders_of_both_spellings_are_filled_and_unknown_ones_stay() {
        let user = person(&[("displayName", "Ann <b>Lee</b>"), ("department", "Sales")]);
        with_user(&user, |subject| {
            assert_eq!(
                values(subject).fill(
                    "{{userDisplayName}} of {{ user.department }}{{user.jobTitle}}{{user.customSecurityAttributes/a/b}} {{nonsense}} {{",
                    str::to_owned
                ),
                "Ann <b>Lee</b> of Sales {{nonsense}} {{"
            );
        });
    }

    #[test]
    fn a_value_is_not_filled_again_and_cannot_stand_for_the_pass() {
        for (name, plain) in [
            (
                "{{temporaryAccessPass}} \u{1}temporaryAccessPass\u{1}",
                "{{temporaryAccessPass}}  temporaryAccessPass ",
            ),
            (SLOT_OF_PASS, " temporaryAccessPass "),
        ] {
            let user = person(&[("displayName", name)]);
            with_user(&user, |subject| {
                let pass = Some(Pass { starts: Timestamp::UNIX_EPOCH, lifetime_minutes: 60 });
                let filled = Values { pass, ..values(subject) }.fill("{{userDisplayName}}", str::to_owned);
                assert_eq!(filled, plain);
            });
        }
    }

    #[test]
    fn a_line_with_nothing_behind_its_label_says_nothing() {
        let user = person(&[("jobTitle", "Clerk")]);
        with_user(&user, |subject| {
            for (line, says) in [
                ("First day: {{userEmployeeHireDate}}", false),
                ("Titel : {{user.jobTitle}}", true),
                ("Hello {{userDisplayName}},", true),
                ("Nothing to fill:", true),
                ("From: {{userGivenName}} {{user.jobTitle}}", true),
            ] {
                assert_eq!(values(subject).says_something(line), says, "{line}");
            }
        });
    }
}
