//! Effects: what a task wants to change. A task plans them; the engine performs them.

mod foretell;

use serde::{Deserialize, Serialize};

pub use foretell::foretell;

/// One change that a task wants made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Effect {
    /// Allow or block sign-in.
    SetAccountEnabled {
        /// Whether sign-in is to be allowed.
        enabled: bool,
    },
    /// Put the subject into a group.
    AddMember {
        /// The group's number.
        group: i64,
    },
    /// Take the subject out of a group.
    RemoveMember {
        /// The group's number.
        group: i64,
    },
    /// Send a mail.
    SendMail(Mail),
}

impl Effect {
    /// Whether the effect happens outside the store and therefore ends a segment.
    pub fn is_outside(&self) -> bool {
        match self {
            Self::SetAccountEnabled { .. } | Self::AddMember { .. } | Self::RemoveMember { .. } => false,
            Self::SendMail(_) => true,
        }
    }
}

/// A mail, complete and ready to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Recipient.
    pub to: Mailbox,
    /// Copies.
    pub cc: Vec<Mailbox>,
    /// Subject line.
    pub subject: String,
    /// Plain text part.
    pub text: String,
    /// HTML part.
    pub html: String,
}

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Name, if known.
    pub name: Option<String>,
    /// Address.
    pub address: String,
}
