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
