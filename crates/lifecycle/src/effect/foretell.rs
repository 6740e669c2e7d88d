//! What a preview says of effects: what would be done, in words.

use super::{Change, Effect, Outside};
use crate::directory::Value;
use crate::task::People;

/// What these effects would do; `None` if there are none.
pub fn foretell(effects: &[Effect], people: &People) -> Option<String> {
    let parts: Vec<String> = effects.iter().map(|effect| one(effect, people)).collect();
    (!parts.is_empty()).then(|| format!("would {}", parts.join(", ")))
}

fn one(effect: &Effect, people: &People) -> String {
    match effect {
        Effect::Change(change) => directory(change, people),
        Effect::Outside(Outside::SendMail(mail)) => {
            format!("send the mail '{}' to {}", mail.subject, mail.to.address)
        }
        Effect::Outside(Outside::IssuePass(order)) => {
            format!("issue a temporary access pass for {} minutes", order.lifetime_minutes)
        }
        Effect::Outside(Outside::Call(call)) => match people.extensions.get(&call.extension) {
            Some(extension) => format!("call the custom task extension '{}'", extension.display_name),
            None => "call a custom task extension that is gone".to_owned(),
        },
    }
}

fn directory(change: &Change, people: &People) -> String {
    fn named(name: Option<&String>) -> String {
        name.map_or_else(|| "that is gone".to_owned(), |name| format!("'{name}'"))
    }
    let group = |number: &i64| named(people.groups.get(number).map(|group| &group.display_name));
    let sku = |number: &i64| named(people.skus.get(number).map(|sku| &sku.part_number));
    let package = |number: &i64| named(people.packages.get(number).map(|package| &package.display_name));
    let agent = |number: &i64| named(people.agents.get(number).map(|agent| &agent.agent.display_name));
    match change {
        Change::SetAccountEnabled { enabled: true } => "enable the account".to_owned(),
        Change::SetAccountEnabled { enabled: false } => "disable the account".to_owned(),
        Change::AddMember { group: number } => format!("add the user to the group {}", group(number)),
        Change::RemoveMember { group: number } => format!("remove the user from the group {}", group(number)),
        Change::SetAttribute { attribute, value: Value::Null } => format!("clear {}", attribute.name),
        Change::SetAttribute { attribute, value } => format!("set {} to {}", attribute.name, value.to_json()),
        Change::RevokeSessions => "end all sessions".to_owned(),
        Change::AssignLicense { sku: number } => format!("assign the licence {}", sku(number)),
        Change::RemoveLicense { sku: number } => format!("remove the licence {}", sku(number)),
        Change::AssignPackage { package: number, .. } => {
            format!("assign the access package {}", package(number))
        }
        Change::EndAssignment { package: number, at: None, .. } => {
            format!("end the assignment of the access package {}", package(number))
        }
        Change::EndAssignment { package: number, at: Some(at), .. } => {
            format!("let the assignment of the access package {} end at {at:.0}", package(number))
        }
        Change::CancelRequest { package: number, .. } => {
            format!("cancel the request for the access package {}", package(number))
        }
        Change::AddAgentSponsor { agent: number, .. } => {
            format!("make the manager sponsor of the agent identity {}", agent(number))
        }
        Change::RemoveAgentSponsor { agent: number, .. } => {
            format!("end the user's sponsorship of the agent identity {}", agent(number))
        }
        Change::ReopenAssignment { package: number, .. } => {
            format!("let the assignment of the access package {} go on", package(number))
        }
        Change::ReopenRequest { package: number, .. } => {
            format!("let the request for the access package {} wait again", package(number))
        }
        Change::DeletePass { .. } => "delete the temporary access pass".to_owned(),
        Change::Delete => "delete the user".to_owned(),
        Change::Restore => "restore the user".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_told_in_their_order() {
        let effects =
            [Change::SetAccountEnabled { enabled: false }.into(), Change::RemoveMember { group: 7 }.into()];
        assert_eq!(
            foretell(&effects, &People::default()).as_deref(),
            Some("would disable the account, remove the user from the group that is gone")
        );
        assert_eq!(foretell(&[], &People::default()), None);
    }
}
