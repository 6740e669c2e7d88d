//! Making, listing and withdrawing local tokens.

use jiff::{SignedDuration, Timestamp};

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::ids::CallerId;
use crate::token::{Caller, SCOPES, Token};

/// A token somebody wants.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name.
    pub name: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// How long it is good; `None` is for ever.
    pub ttl: Option<SignedDuration>,
}

/// The token itself; shown once, stored nowhere.
pub struct TokenText(pub String);

impl Lifecycle {
    /// Makes a token; `hash` is what the door computes of a token text.
    pub fn create_token(
        &self,
        actor: Actor,
        new: NewToken,
        hash: impl Fn(&str) -> [u8; 32],
    ) -> Result<(Token, TokenText), OperationError> {
        crate::workflow::validate_name("name", &new.name)?;
        if new.scopes.is_empty() {
            return Err(OperationError::invalid("scopes", "must name at least one scope"));
        }
        if let Some(unknown) =
            new.scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str()) && *scope != "*")
        {
            return Err(OperationError::invalid(
                "scopes",
                format!("holds '{unknown}', which is not a known scope"),
            ));
        }
        let now = self.now();
        let expires = match new.ttl {
            None => None,
            Some(ttl) if ttl.is_positive() => Some(now.checked_add(ttl).unwrap_or(Timestamp::MAX)),
            Some(_) => return Err(OperationError::invalid("ttl", "must be longer than nothing")),
        };
        let secret = uuid::Uuid::from_slice(&self.ids.secret()[..16]).unwrap_or_default();
        let more = uuid::Uuid::from_slice(&self.ids.secret()[..16]).unwrap_or_default();
        let text = format!("tnr_{}{}", secret.simple(), more.simple());
        let token = Token {
            caller: Caller {
                id: CallerId(self.ids.fresh()),
                name: new.name,
                person: None,
                application: None,
                scopes: new.scopes,
            },
            hash: hash(&text),
            created: now,
            expires,
            revoked: None,
        };
        self.store.add_token(&token, actor)?;
        Ok((token, TokenText(text)))
    }

    /// Withdraws a token.
    pub fn revoke_token(&self, actor: Actor, id: CallerId) -> Result<(), OperationError> {
        if self.store.revoke_token(id, self.now(), actor)? {
            Ok(())
        } else {
            Err(OperationError::NotFound(format!("a token {id} that is still good")))
        }
    }
}
