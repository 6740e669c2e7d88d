//! A mail as it is frozen until it is sent.

use serde::{Deserialize, Serialize};

/// What stands in a mail's texts where the pass comes that is issued when it is sent. No attribute's value can hold it:
/// control characters are taken out of these.
pub const SLOT_OF_PASS: &str = "\u{1}temporaryAccessPass\u{1}";

/// A mail, complete and ready to go, but for a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Recipient.
    pub to: Mailbox,
    /// Copies.
    pub cc: Vec<Mailbox>,
    /// The domain it comes from; `None` is the configured sender's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_domain: Option<String>,
    /// The name it comes from; `None` is the configured sender's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_name: Option<String>,
    /// Subject line.
    pub subject: String,
    /// Plain text part.
    pub text: String,
    /// HTML part.
    pub html: String,
}

impl Mail {
    /// Whom it comes from, where `configured` is the sender of the installation.
    pub fn sender(&self, configured: &Mailbox) -> Mailbox {
        let local = configured.address.rsplit_once('@').map_or("", |(local, _)| local);
        Mailbox {
            name: self.sender_name.clone().or_else(|| configured.name.clone()),
            address: match &self.sender_domain {
                Some(domain) => format!("{local}@{domain}"),
                None => configured.address.clone(),
            },
        }
    }

    /// The same mail with the pass in its place. It consists of letters and digits, so it fits HTML as it is.
    pub fn with_pass(&self, pass: &str) -> Self {
        let fill = |text: &str| text.replace(SLOT_OF_PASS, pass);
        Self { text: fill(&self.text), html: fill(&self.html), ..self.clone() }
    }
}

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Name, if known.
    pub name: Option<String>,
    /// Address.
    pub address: String,
}

impl Default for Mailbox {
    /// Whom mails come from where nobody says: an address at which nobody reads.
    fn default() -> Self {
        Self { name: None, address: "tenure@localhost".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_and_a_name_of_the_organisation_win() {
        let configured =
            Mailbox { name: Some("People team".to_owned()), address: "people@example.com".to_owned() };
        let mut mail = Mail {
            to: Mailbox::default(),
            cc: Vec::new(),
            sender_domain: None,
            sender_name: None,
            subject: String::new(),
            text: String::new(),
            html: String::new(),
        };
        assert_eq!(mail.sender(&configured), configured);
        mail.sender_domain = Some("contoso.com".to_owned());
        assert_eq!(mail.sender(&configured).address, "people@contoso.com");
        assert_eq!(mail.sender(&configured).name, configured.name);
        mail.sender_name = Some("Contoso".to_owned());
        assert_eq!(mail.sender(&configured).name.as_deref(), Some("Contoso"));
    }
}
