//! What a preview says of effects: what would be done, in words.

use super::Effect;
use crate::task::People;

/// What these effects would do; `None` if there are none.
pub fn foretell(effects: &[Effect], people: &People) -> Option<String> {
    let parts: Vec<String> = effects.iter().map(|effect| one(effect, people)).collect();
    (!parts.is_empty()).then(|| format!("would {}", parts.join(", ")))
}

fn one(effect: &Effect, people: &People) -> String {
    let group = |number: &i64| match people.groups.get(number) {
        Some(group) => format!("'{}'", group.display_name),
        None => "that is gone".to_owned(),
    };
    match effect {
        Effect::SetAccountEnabled { enabled: true } => "enable the account".to_owned(),
        Effect::SetAccountEnabled { enabled: false } => "disable the account".to_owned(),
        Effect::AddMember { group: number } => format!("add the user to the group {}", group(number)),
        Effect::RemoveMember { group: number } => {
            format!("remove the user from the group {}", group(number))
        }
        Effect::SendMail(mail) => format!("send the mail '{}' to {}", mail.subject, mail.to.address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_told_in_their_order() {
        let effects = [Effect::SetAccountEnabled { enabled: false }, Effect::RemoveMember { group: 7 }];
        assert_eq!(
            foretell(&effects, &People::default()).as_deref(),
            Some("would disable the account, remove the user from the group that is gone")
        );
        assert_eq!(foretell(&[], &People::default()), None);
    }
}
