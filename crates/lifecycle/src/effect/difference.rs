//! What an effect makes different: what is before it, and what is after it.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Change, Effect, Mail, Outside};
use crate::directory::{Attribute, Value};
use crate::task::Snapshot;

/// What one effect makes different. A thing that is gone by now is `None`.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// A property has another value.
    Property {
        /// Its name.
        name: &'static str,
        /// What it was.
        before: Value,
        /// What it will be.
        after: Value,
    },
    /// Into a group, or out of it.
    Membership(Sign, Option<Thing>),
    /// A licence.
    License(Sign, Option<Thing>),
    /// An access package; when it ends, if not at once.
    AccessPackage(Sign, Option<Thing>, Option<Timestamp>),
    /// A request for an access package waits again, or is withdrawn.
    Request(Sign, Option<Thing>),
    /// Somebody vouches for an agent identity, or does no more: the agent, and who.
    Sponsorship(Sign, Option<Thing>, Option<Thing>),
    /// All sessions end.
    Sessions,
    /// The user is deleted, or restored.
    Account(Sign),
    /// A mail goes out.
    Mail(Mail),
    /// A temporary access pass is issued.
    Pass {
        /// For how long it is good.
        lifetime_minutes: i64,
        /// Whether it is used up by one sign-in.
        is_usable_once: bool,
    },
    /// A temporary access pass is deleted.
    PassDeleted,
    /// A custom task extension is called.
    Call(Option<Thing>),
}

/// Whether something comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It comes.
    Added,
    /// It goes.
    Removed,
}

/// Something that has an id and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// Public id.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

impl Thing {
    fn of(id: Uuid, name: &str) -> Self {
        Self { id, name: name.to_owned() }
    }
}

impl Difference {
    /// What the effect makes different for somebody who is so just before it.
    pub fn of(effect: &Effect, before: &Snapshot<'_>) -> Self {
        match effect {
            Effect::Change(change) => Self::of_change(change, before),
            Effect::Outside(Outside::SendMail(mail)) => Self::Mail(mail.clone()),
            Effect::Outside(Outside::IssuePass(order)) => {
                Self::Pass { lifetime_minutes: order.lifetime_minutes, is_usable_once: order.is_usable_once }
            }
            Effect::Outside(Outside::Call(call)) => {
                let extension = before.people.extensions.get(&call.extension);
                Self::Call(extension.map(|known| Thing::of(known.id.0, &known.display_name)))
            }
        }
    }

    fn of_change(change: &Change, before: &Snapshot<'_>) -> Self {
        let people = before.people;
        let group =
            |number: &i64| people.groups.get(number).map(|one| Thing::of(one.id.0, &one.display_name));
        let sku = |number: &i64| people.skus.get(number).map(|one| Thing::of(one.id.0, &one.part_number));
        let package =
            |number: &i64| people.packages.get(number).map(|one| Thing::of(one.id.0, &one.display_name));
        let agent = |number: &i64| {
            people.agents.get(number).map(|one| Thing::of(one.agent.id.0, &one.agent.display_name))
        };
        let person = |number: &i64| {
            let known = people.users.get(number).or((before.user.number == *number).then_some(&*before.user));
            known.map(|one| Thing::of(one.id.0, one.display_name()))
        };
        match change {
            Change::SetAccountEnabled { enabled } => Self::Property {
                name: "accountEnabled",
                before: before.account_enabled.map_or(Value::Null, Value::Boolean),
                after: Value::Boolean(*enabled),
            },
            Change::SetAttribute { attribute, value } => Self::property(attribute, before, value),
            Change::AddMember { group: number } => Self::Membership(Sign::Added, group(number)),
            Change::RemoveMember { group: number } => Self::Membership(Sign::Removed, group(number)),
            Change::AssignLicense { sku: number } => Self::License(Sign::Added, sku(number)),
            Change::RemoveLicense { sku: number } => Self::License(Sign::Removed, sku(number)),
            Change::AssignPackage { package: number, expires, .. } => {
                Self::AccessPackage(Sign::Added, package(number), *expires)
            }
            Change::EndAssignment { package: number, at, .. } => {
                Self::AccessPackage(Sign::Removed, package(number), *at)
            }
            Change::CancelRequest { package: number, .. } => Self::Request(Sign::Removed, package(number)),
            Change::ReopenAssignment { package: number, expires, .. } => {
                Self::AccessPackage(Sign::Added, package(number), *expires)
            }
            Change::ReopenRequest { package: number, .. } => Self::Request(Sign::Added, package(number)),
            Change::DeletePass { .. } => Self::PassDeleted,
            Change::AddAgentSponsor { agent: number, sponsor } => {
                Self::Sponsorship(Sign::Added, agent(number), person(sponsor))
            }
            Change::RemoveAgentSponsor { agent: number, sponsor } => {
                Self::Sponsorship(Sign::Removed, agent(number), person(sponsor))
            }
            Change::RevokeSessions => Self::Sessions,
            Change::Delete => Self::Account(Sign::Removed),
            Change::Restore => Self::Account(Sign::Added),
        }
    }

    fn property(attribute: &'static Attribute, before: &Snapshot<'_>, after: &Value) -> Self {
        Self::Property { name: attribute.name, before: before.user.value_of(attribute), after: after.clone() }
    }
}
