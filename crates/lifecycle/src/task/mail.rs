//! What the mail tasks have in common: who receives, and how text with placeholders becomes a mail.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{ArgumentError, Arguments, Parameter, People, Refusal, Snapshot, ValueType};
use crate::directory::User;
use crate::effect::Mailbox;

/// The parameters of every mail task.
pub(super) static PARAMETERS: &[Parameter] = &[
    Parameter::text("cc", false),
    Parameter::text("customSubject", false),
    Parameter::text("customBody", false),
    Parameter::text("locale", false),
    Parameter {
        name: "to",
        value_type: ValueType::String,
        values: &["User", "Manager", "Sponsors", "{UserId}"],
        required: false,
    },
];

/// Checks the rules that hold between arguments.
pub(super) fn check(arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
    if let Some(to) = arguments.get("to") {
        let known =
            ["User", "Manager", "Managers", "Sponsors"].iter().any(|known| known.eq_ignore_ascii_case(to));
        if !known && uuid::Uuid::parse_str(to).is_err() {
            return Err(ArgumentError::new("to", "must be User, Manager, Sponsors or a user's id"));
        }
        if to.eq_ignore_ascii_case("Sponsors") && arguments.get("cc").is_some() {
            return Err(ArgumentError::new("cc", "cannot be used when the mail goes to Sponsors"));
        }
    }
    if arguments.get("cc").is_some() {
        arguments.check_ids("cc")?;
    }
    if let Some(subject) = arguments.get("customSubject")
        && subject.contains(['\r', '\n'])
    {
        return Err(ArgumentError::new("customSubject", "must be one line"));
    }
    Ok(())
}

/// Who receives the mail.
pub(super) fn recipient(subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Mailbox, Refusal> {
    match arguments.get("to").unwrap_or("User") {
        to if to.eq_ignore_ascii_case("User") => mailbox(subject.user, "the user"),
        to if to.eq_ignore_ascii_case("Manager") || to.eq_ignore_ascii_case("Managers") => {
            match subject.manager() {
                Some(manager) => mailbox(manager, "the manager"),
                None => Err(Refusal("the user has no manager".to_owned())),
            }
        }
        to if to.eq_ignore_ascii_case("Sponsors") => Err(Refusal("the user has no sponsors".to_owned())),
        to => match to.parse().ok().and_then(|id| subject.people.user(id)) {
            Some(user) => mailbox(user, "the recipient"),
            None => Err(Refusal(format!("the recipient {to} does not exist"))),
        },
    }
}

/// Why nobody's mail can go out: a recipient or a receiver of copies who is named cannot be reached.
pub(super) fn fails_for_everybody(people: &People, arguments: &Arguments<'_>) -> Option<String> {
    let named = arguments.get("to").and_then(|to| to.parse().ok());
    let recipient = named.map(|id| match people.user(id) {
        Some(user) => mailbox(user, "the recipient").map(|_| ()),
        None => Err(Refusal(format!("the recipient {id} does not exist"))),
    });
    let refusal = match recipient {
        Some(Err(refusal)) => Some(refusal),
        _ => copies(people, arguments).err(),
    };
    refusal.map(|refusal| refusal.0)
}

/// Who receives copies.
pub(super) fn copies(people: &People, arguments: &Arguments<'_>) -> Result<Vec<Mailbox>, Refusal> {
    let mut boxes: Vec<Mailbox> = Vec::new();
    for id in arguments.users("cc") {
        let Some(user) = people.user(id) else {
            return Err(Refusal(format!("the user {id} who should get a copy does not exist")));
        };
        let found = mailbox(user, "the user who should get a copy")?;
        if !boxes.contains(&found) {
            boxes.push(found);
        }
    }
    Ok(boxes)
}

fn mailbox(user: &User, who: &str) -> Result<Mailbox, Refusal> {
    match user.text("mail").map(str::trim).filter(|mail| !mail.is_empty()) {
        Some(address) => {
            Ok(Mailbox { name: user.text("displayName").map(one_line), address: address.to_owned() })
        }
        None => Err(Refusal(format!("{who} has no mail address"))),
    }
}

/// A text with control characters, line breaks among them, turned into blanks: fit for a header.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// Replaces `{{placeholders}}`, in Graph's old and new spelling; an attribute that is not set becomes nothing,
/// a placeholder that nobody knows stays as it is.
pub(super) fn fill(template: &str, subject: &Snapshot<'_>, escape: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        filled.push_str(before);
        let Some(end) = after.find("}}") else {
            rest = after;
            break;
        };
        let name = after[2..end].trim();
        match placeholder(name, subject) {
            Some(value) => filled.push_str(&escape(&value)),
            None => filled.push_str(&after[..end + 2]),
        }
        rest = &after[end + 2..];
    }
    filled.push_str(rest);
    filled
}

fn placeholder<'a>(name: &str, subject: &Snapshot<'a>) -> Option<Cow<'a, str>> {
    let user = subject.user;
    let day = |at: Option<jiff::Timestamp>| {
        Cow::Owned(at.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default())
    };
    let text = |user: &'a User, name: &str| Cow::Borrowed(user.text(name).unwrap_or_default());
    let property = match name {
        "userDisplayName" => "displayName",
        "userGivenName" => "givenName",
        "userSurname" => "surname",
        "userPrincipalName" => "userPrincipalName",
        "userEmployeeHireDate" => "employeeHireDate",
        "userEmployeeLeaveDateTime" => "employeeLeaveDateTime",
        "managerDisplayName" => {
            return Some(subject.manager().map(|manager| text(manager, "displayName")).unwrap_or_default());
        }
        "managerEmail" => {
            return Some(subject.manager().map(|manager| text(manager, "mail")).unwrap_or_default());
        }
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
        _ => None,
    }
}

/// Text as HTML text.
pub(crate) fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A custom body as HTML in which only bold, italic and underline are left as markup.
pub(super) fn custom_html(template: &str, subject: &Snapshot<'_>) -> String {
    let mut html = escape_html(template);
    for tag in ["b", "i", "u"] {
        for (shut, open) in
            [(format!("&lt;{tag}&gt;"), format!("<{tag}>")), (format!("&lt;/{tag}&gt;"), format!("</{tag}>"))]
        {
            html = html
                .replace(&shut, &open)
                .replace(&shut.to_uppercase().replace("&LT;", "&lt;").replace("&GT;", "&gt;"), &open);
        }
    }
    fill(&html, subject, escape_html).replace("\r\n", "\n").replace('\n', "<br>\n")
}

/// A custom body as plain text: the three markups are taken away.
pub(super) fn custom_text(template: &str, subject: &Snapshot<'_>) -> String {
    let mut text = template.to_owned();
    for tag in ["b", "i", "u", "B", "I", "U"] {
        text = text.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "");
    }
    fill(&text, subject, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::tests::{person, with_user};
    use super::*;

    #[test]
    fn placeholders_of_both_spellings_are_filled_and_unknown_ones_stay() {
        let user = person(&[("displayName", "Ann <b>Lee</b>"), ("department", "Sales")]);
        with_user(&user, |subject| {
            assert_eq!(
                fill(
                    "{{userDisplayName}} of {{ user.department }}{{user.jobTitle}} {{nonsense}} {{",
                    subject,
                    str::to_owned
                ),
                "Ann <b>Lee</b> of Sales {{nonsense}} {{"
            );
        });
    }

    #[test]
    fn a_name_is_never_markup_and_only_three_markups_are_left() {
        let user = person(&[("displayName", "Ann <b>Lee</b>")]);
        with_user(&user, |subject| {
            assert_eq!(
                custom_html("<B>Hi</B> {{userDisplayName}} <script>x</script> <i>now</i>", subject),
                "<b>Hi</b> Ann &lt;b&gt;Lee&lt;/b&gt; &lt;script&gt;x&lt;/script&gt; <i>now</i>"
            );
        });
    }
}
