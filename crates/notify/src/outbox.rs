//! A folder that takes mail when there is no server.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::Address;
use lettre::message::Mailbox;
use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::effect::{self, Mail};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{Failure, SendMail};

use crate::config::{ConfigError, sender};
use crate::folder::Folder;
use crate::message::{compose, plain};

/// A folder of mails, `<effect key>.eml` each.
pub struct Outbox {
    folder: Folder,
    clock: Arc<dyn Clock>,
    from: Mailbox,
}

/// Why a mail was not put there.
enum NotPut {
    Folder(io::Error),
    Mail(Failure),
}

impl From<io::Error> for NotPut {
    fn from(error: io::Error) -> Self {
        Self::Folder(error)
    }
}

impl Outbox {
    /// An outbox in that folder, which is made when the first mail comes. One process may use a folder at a time.
    /// The sender is `tenure@localhost`.
    pub fn new(dir: PathBuf, clock: Arc<dyn Clock>) -> Self {
        let from = Mailbox::new(None, Address::new_dangerous("tenure", "localhost"));
        Self { folder: Folder::new(dir), clock, from }
    }

    /// The same outbox with another sender: an address, or `Name <address>`.
    pub fn with_from(self, from: &str) -> Result<Self, ConfigError> {
        Ok(Self { from: sender(from)?, ..self })
    }

    /// Whom mails come from when nothing else is set.
    pub fn sender(&self) -> effect::Mailbox {
        plain(&self.from)
    }
}

impl SendMail for Outbox {
    fn send(&self, mail: &Mail, key: EffectKey, _deadline: Duration) -> Result<(), Failure> {
        let content = || {
            let message = compose(mail, key, &self.from, self.clock.now()).map_err(NotPut::Mail)?;
            Ok(message.formatted())
        };
        self.folder.put(&format!("{key}.eml"), content).map_err(|error| match error {
            NotPut::Folder(error) => Failure::Retryable(format!("the outbox cannot be written: {error}")),
            NotPut::Mail(failure) => failure,
        })
    }
}
