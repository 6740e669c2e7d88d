//! Custom task extensions: endpoints of somebody's that a task can call, and may wait for.
//!
//! What is secret about them, keys in addresses among it, is held sealed and opened only by whoever calls.

mod duration;
mod patch;
mod sealed;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use duration::{iso_duration, parse_iso_duration};
pub(crate) use patch::secret_property;
pub use patch::{
    AuthenticationPatch, CallbackPatch, ClientPatch, EndpointPatch, ExtensionDraft, ExtensionPatch, Kept,
    LogicAppPatch,
};
pub use sealed::Sealed;

use crate::ids::{ApplicationId, CallerId, ExtensionId};

/// A custom task extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomTaskExtension {
    /// Dense number (0 until stored).
    pub number: i64,
    /// Public id.
    pub id: ExtensionId,
    /// Grows with every write; the ETag.
    pub revision: i64,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// What is called, and how.
    pub configuration: Configuration,
    /// The address that is called, where it may hold a key.
    pub sealed_url: Option<Sealed>,
    /// The token, password or signing secret that calls prove themselves with.
    pub sealed_secret: Option<Sealed>,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub created_by: CallerId,
    /// When it was last changed.
    pub modified: Timestamp,
    /// By whom.
    pub modified_by: CallerId,
}

/// What is called, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// What is called.
    pub endpoint: Endpoint,
    /// How the call proves who it is.
    pub authentication: Authentication,
    /// How patient the call is.
    pub client: Client,
    /// How long the task waits, and for whom; `None`: it does not wait to be called back.
    pub callback: Option<Callback>,
    /// Where the outcome comes from.
    pub reply_mode: ReplyMode,
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Endpoint {
    /// The trigger of an Azure Logic App.
    #[serde(rename_all = "camelCase")]
    LogicApp {
        /// Subscription.
        subscription_id: String,
        /// Resource group.
        resource_group_name: String,
        /// The Logic App.
        logic_app_workflow_name: String,
        /// Its address as far as everybody may see it: without its query, which is its key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// Any other address.
    #[serde(rename_all = "camelCase")]
    Http {
        /// The address.
        target_url: String,
    },
}

/// How the call proves who it is. One of Graph's two kinds never becomes the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Authentication {
    /// A proof-of-possession token.
    Pop,
    /// A plain bearer token.
    #[serde(rename_all = "camelCase")]
    Token {
        /// The application that the token is for.
        resource_id: Option<String>,
    },
    /// Not at all.
    None,
    /// A fixed bearer token.
    Bearer,
    /// A name and a password.
    #[serde(rename_all = "camelCase")]
    Basic {
        /// The name.
        user_name: String,
    },
    /// A signature, as the Standard Webhooks specification has it.
    Signature,
}

impl Authentication {
    /// Whether it needs a secret.
    pub fn has_secret(&self) -> bool {
        matches!(self, Self::Bearer | Self::Basic { .. } | Self::Signature)
    }

    /// Whether that secret itself is sent with each call.
    pub fn sends_secret(&self) -> bool {
        matches!(self, Self::Bearer | Self::Basic { .. })
    }
}

/// How patient the call is, and how many there may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// How long one attempt may take.
    pub timeout_in_milliseconds: i64,
    /// Attempts after the first.
    pub maximum_retries: i64,
    /// Calls under way at once; `None` is [`Self::MOST_AT_ONCE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_concurrent_calls: Option<i64>,
}

impl Client {
    /// Most calls of one extension under way at once.
    pub const MOST_AT_ONCE: i64 = 16;

    /// How many calls may be under way at once.
    pub fn at_once(&self) -> usize {
        let calls = self.maximum_concurrent_calls.unwrap_or(Self::MOST_AT_ONCE);
        usize::try_from(calls.clamp(1, Self::MOST_AT_ONCE)).unwrap_or(1)
    }
}

impl Default for Client {
    fn default() -> Self {
        Self { timeout_in_milliseconds: 1_000, maximum_retries: 1, maximum_concurrent_calls: None }
    }
}

/// How long a task waits to be called back, and who may do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Callback {
    /// How long the task waits.
    pub timeout_in_seconds: i64,
    /// Applications that may answer, beside those that hold the scope for it.
    pub authorized_apps: Vec<ApplicationId>,
}

/// Where the outcome of the task comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReplyMode {
    /// The call was accepted.
    None,
    /// Somebody calls back.
    Callback,
    /// The answer to the call says it.
    Response,
}

impl ReplyMode {
    /// All, in Graph's order.
    pub const ALL: [Self; 3] = [Self::None, Self::Callback, Self::Response];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Callback => "callback",
            Self::Response => "response",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str().eq_ignore_ascii_case(text))
    }
}
