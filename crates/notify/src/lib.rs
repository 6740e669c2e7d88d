//! Mail: the outside effect "send a mail", performed by an SMTP server or by a folder of `.eml` files.
//!
//! ```text
//! Effect::SendMail ──► message: MIME, headers that cannot be broken out of, Message-ID from the effect's key
//!                          ├──► Outbox: outbox/<effect key>.eml, synced to disk
//!                          └──► smtp::Smtp: a pooled connection, every step inside the deadline
//! ```
//!
//! Both say themselves whether a failure is worth another attempt. What "done" means, and when a mail may
//! arrive twice, is written in `docs/mail.md`.

mod config;
mod message;
mod outbox;
mod smtp;
mod text;

pub use config::{ConfigError, Secret, SmtpConfig, Tls};
pub use message::check_address;
pub use outbox::Outbox;
pub use smtp::Smtp;
