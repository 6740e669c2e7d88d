//! Who receives a mail, and who a copy of it.

use super::super::{ArgumentError, Arguments, People, Refusal, Snapshot};
use super::one_line;
use crate::directory::{self, User};
use crate::effect::Mailbox;

/// Who receives a mail when nobody says, or when somebody says so by a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::task) enum To {
    /// The subject.
    User,
    /// Their manager.
    Manager,
    /// Their sponsors.
    Sponsors,
    /// The other sponsors of the agent identities that they vouch for.
    CoSponsors,
    /// The administrators of the installation.
    Administrators,
}

impl To {
    /// Whom the argument names by a word.
    pub(super) fn asked(arguments: &Arguments<'_>) -> Option<Self> {
        let to = arguments.get("to")?;
        let words = [
            ("User", Self::User),
            ("Manager", Self::Manager),
            ("Managers", Self::Manager),
            ("Sponsors", Self::Sponsors),
        ];
        words.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(to)).map(|(_, to)| to)
    }
}

/// Checks who is to receive a mail; `attributes` are what may stand behind `User/`.
pub(in crate::task) fn check(arguments: &Arguments<'_>, attributes: &[&str]) -> Result<(), ArgumentError> {
    let Some(to) = arguments.get("to") else { return Ok(()) };
    let is_id = uuid::Uuid::parse_str(to).is_ok();
    if To::asked(arguments).is_none() && !is_id && attribute(to, attributes).is_none() {
        let rule = if attributes.is_empty() {
            "must be User, Manager, Sponsors or a user's id".to_owned()
        } else {
            format!(
                "must be User, Manager, Sponsors, a user's id or User/ and one of {}",
                attributes.join(", ")
            )
        };
        return Err(ArgumentError::new("to", rule));
    }
    if To::asked(arguments) == Some(To::Sponsors) && arguments.get("cc").is_some() {
        return Err(ArgumentError::new("cc", "cannot be used when the mail goes to Sponsors"));
    }
    Ok(())
}

/// The attribute behind `User/`.
fn attribute<'a>(to: &str, attributes: &[&'a str]) -> Option<&'a str> {
    let (user, name) = to.split_once('/')?;
    let known = attributes.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.filter(|_| user.eq_ignore_ascii_case("User")).copied()
}

/// Somebody who receives a mail.
pub(super) struct Recipient<'a> {
    pub(super) mailbox: Mailbox,
    /// The person, if the directory has them.
    pub(super) user: Option<&'a User>,
}

/// Everybody who receives a mail.
pub(super) struct Recipients<'a> {
    pub(super) to: Vec<Recipient<'a>>,
    /// Who is left out, or why there is nobody.
    pub(super) info: Option<String>,
}

/// Who receives the mail.
pub(super) fn recipients<'a>(
    subject: &'a Snapshot<'_>,
    arguments: &Arguments<'_>,
    default: To,
) -> Result<Recipients<'a>, Refusal> {
    let one = |user: &'a User, who: &str| {
        mailbox(user, who)
            .map(|mailbox| Recipients { to: vec![Recipient { mailbox, user: Some(user) }], info: None })
    };
    let people = subject.people;
    let word = match arguments.get("to") {
        None => Some(default),
        Some(_) => To::asked(arguments),
    };
    match word {
        Some(To::User) => one(&subject.user, "the user"),
        Some(To::Manager) => match subject.manager() {
            Some(manager) => one(manager, "the manager"),
            None => Err(Refusal("the user has no manager".to_owned())),
        },
        Some(To::Sponsors) => {
            let found = several(subject.sponsors(), "a sponsor");
            if subject.sponsors().next().is_none() {
                return Err(Refusal("the user has no sponsors".to_owned()));
            }
            found.ok_or_else(|| Refusal("no sponsor of the user has a mail address".to_owned()))
        }
        Some(To::CoSponsors) => {
            let mut numbers: Vec<i64> = subject
                .holdings
                .agents
                .iter()
                .filter_map(|agent| people.agents.get(agent))
                .flat_map(|agent| agent.sponsors.iter().copied())
                // Who is deleted vouches for nobody.
                .filter(|sponsor| *sponsor != subject.user.number && people.users.contains_key(sponsor))
                .collect();
            numbers.sort_unstable();
            numbers.dedup();
            if numbers.is_empty() {
                let info = "no agent identity of the user has another sponsor".to_owned();
                return Ok(Recipients { to: Vec::new(), info: Some(info) });
            }
            let found = several(numbers.iter().filter_map(|number| people.users.get(number)), "a co-sponsor");
            found.ok_or_else(|| Refusal("no co-sponsor has a mail address".to_owned()))
        }
        Some(To::Administrators) => {
            let administrators = &people.letterhead.administrators;
            if administrators.is_empty() {
                return Err(Refusal("no administrator is configured to receive mail".to_owned()));
            }
            let to = administrators.iter().map(|address| Recipient {
                mailbox: Mailbox { name: None, address: address.clone() },
                user: None,
            });
            Ok(Recipients { to: to.collect(), info: None })
        }
        None => named(subject, arguments.get("to").unwrap_or_default()),
    }
}

/// Whoever `to` names by id, or the subject under an address of another attribute.
fn named<'a>(subject: &'a Snapshot<'_>, to: &str) -> Result<Recipients<'a>, Refusal> {
    let (user, address) = match to.split_once('/') {
        Some((_, asked)) => {
            let attribute = directory::attribute(asked).map_or(asked, |known| known.name);
            let value = subject.user.attributes.get(attribute);
            // Of several the first.
            let text = value.and_then(|value| value.as_str().or_else(|| value.get(0)?.as_str()));
            let Some(address) = text.map(str::trim).filter(|text| !text.is_empty()) else {
                return Err(Refusal(format!("the user has no address in {attribute}")));
            };
            (&*subject.user, address.to_owned())
        }
        None => match to.parse().ok().and_then(|id| subject.people.user(id)) {
            Some(user) => (user, mailbox(user, "the recipient")?.address),
            None => return Err(Refusal(format!("the recipient {to} does not exist"))),
        },
    };
    let mailbox = Mailbox { name: user.text("displayName").map(one_line), address };
    Ok(Recipients { to: vec![Recipient { mailbox, user: Some(user) }], info: None })
}

/// Those of several who have an address; `None` if none has.
fn several<'a>(people: impl Iterator<Item = &'a User>, who: &str) -> Option<Recipients<'a>> {
    let (mut to, mut without) = (Vec::new(), Vec::new());
    for user in people {
        match mailbox(user, who) {
            Ok(mailbox) => to.push(Recipient { mailbox, user: Some(user) }),
            Err(_) => without.push(user.display_name()),
        }
    }
    let info = (!without.is_empty()).then(|| format!("without a mail address: {}", without.join(", ")));
    (!to.is_empty()).then_some(Recipients { to, info })
}

/// Why nobody's mail can go out: a recipient or a receiver of copies who is named cannot be reached.
pub(in crate::task) fn fails_for_everybody(
    people: &People,
    arguments: &Arguments<'_>,
    default: To,
) -> Option<String> {
    let named = arguments.get("to").and_then(|to| to.parse().ok());
    let recipient = named.map(|id| match people.user(id) {
        Some(user) => mailbox(user, "the recipient").map(|_| ()),
        None => Err(Refusal(format!("the recipient {id} does not exist"))),
    });
    let refusal = match recipient {
        Some(Err(refusal)) => Some(refusal),
        _ if default == To::Administrators
            && arguments.get("to").is_none()
            && people.letterhead.administrators.is_empty() =>
        {
            Some(Refusal("no administrator is configured to receive mail".to_owned()))
        }
        _ => copies(people, arguments).err(),
    };
    refusal.map(|refusal| refusal.0)
}

/// Who receives copies.
pub(super) fn copies(people: &People, arguments: &Arguments<'_>) -> Result<Vec<Mailbox>, Refusal> {
    let mut boxes: Vec<Mailbox> = Vec::new();
    for id in arguments.ids("cc") {
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
