//! Mail and webhooks: what Tenure sends to people and to other programs.
//!
//! ```text
//! Outside::SendMail ─► message: MIME, headers that cannot be broken out of, Message-ID from the effect's key
//!                          ├──► Outbox: outbox/<effect key>.eml, synced to disk
//!                          └──► smtp::Smtp: a pooled connection, every step inside the deadline
//!
//! WebhookCall ──► webhook::Webhooks: one POST, signed, only to where calls may go, inside the deadline
//! ```
//!
//! All of them say themselves whether a failure is worth another attempt. What "done" means, and when a mail may
//! arrive twice, is written in `docs/mail.md`; what an endpoint gets and has to answer, in `docs/extensions.md`.

mod calls;
mod config;
mod folder;
mod message;
mod outbox;
mod pop;
mod smtp;
mod text;
mod tokens;
mod vault;
mod webhook;

pub use calls::{CallBook, Calls};
pub use config::{ConfigError, Secret, SmtpConfig, Tls};
pub use message::check_address;
pub use outbox::Outbox;
pub use smtp::Smtp;
pub use tokens::TokensConfig;
pub use vault::{Vault, VaultError};
pub use webhook::{
    Answer, CallPolicy, Network, NetworkError, Proof, WebhookCall, Webhooks, check_signing_secret, check_url,
};
