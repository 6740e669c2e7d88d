//! How people sign in: issuing temporary access passes, registering other methods.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::clock::Ids;
use crate::directory::{AuthenticationMethod, Pass, User};
use crate::ids::MethodId;
use crate::ports::Issued;
use crate::token::Caller;

/// Letters of a pass: none of them is taken for another.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// How many a pass has: 60 bits that nobody guesses.
const LENGTH: usize = 12;

/// A pass itself: it is shown to whoever asked for it, or goes into one mail, and is kept nowhere. It prints itself for nobody.
pub struct PassText(String);

impl PassText {
    /// The pass, for the one answer or mail that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What the store keeps of a pass: its blake3 hash.
pub fn hash_pass(text: &str) -> [u8; 32] {
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// A pass that nobody can guess, and its hash.
pub fn new_pass(ids: &dyn Ids) -> (PassText, [u8; 32]) {
    let random = blake3::hash(&ids.secret());
    let letters = random.as_bytes().iter().take(LENGTH);
    let text: String = letters.map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let hash = hash_pass(&text);
    (PassText(text), hash)
}

/// A pass that somebody wants issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewPass {
    /// For how long it is good; an hour when nobody says.
    pub lifetime_minutes: Option<i64>,
    /// Whether it is used up by one sign-in.
    pub is_usable_once: bool,
    /// From when on it is good; at once when nobody says.
    pub starts: Option<Timestamp>,
}

impl Lifecycle {
    /// Issues a pass to somebody who has none that is not over.
    pub fn create_pass(
        &self,
        caller: &Caller,
        user: &User,
        new: NewPass,
    ) -> Result<(Pass, PassText), OperationError> {
        let now = self.now();
        let lifetime_minutes = new.lifetime_minutes.unwrap_or(60);
        if !Pass::LIFETIME.contains(&lifetime_minutes) {
            let (shortest, longest) = (Pass::LIFETIME.start(), Pass::LIFETIME.end());
            let rule = format!("must be {shortest} to {longest}");
            return Err(OperationError::invalid("lifetimeInMinutes", rule));
        }
        let starts = new.starts.unwrap_or(now);
        if starts.checked_add(SignedDuration::from_mins(lifetime_minutes)).is_err() {
            return Err(OperationError::invalid("startDateTime", "is too far away"));
        }
        let pass = Pass {
            id: MethodId(self.ids.fresh()),
            user: user.number,
            created: now,
            starts,
            lifetime_minutes,
            is_usable_once: new.is_usable_once,
        };
        if pass.is_expired(now) {
            return Err(OperationError::invalid(
                "startDateTime",
                "must not be so early that the pass is over",
            ));
        }
        let (text, hash) = new_pass(self.ids.as_ref());
        match self.store.issue_pass(&pass, &hash, None, Actor::Caller(caller.id))? {
            Issued::Issued => Ok((pass, text)),
            Issued::Refused(why) => Err(OperationError::Conflict(why.to_owned())),
            Issued::NoUser => Err(OperationError::NotFound(format!("user '{}'", user.id))),
            Issued::HasOne => Err(OperationError::invalid(
                "temporaryAccessPass",
                "is one too many: the user has a pass that is not over yet; delete it first",
            )),
        }
    }

    /// Takes a pass away.
    pub fn delete_pass(&self, caller: &Caller, user: &User, id: MethodId) -> Result<(), OperationError> {
        let gone = self.store.delete_pass(user.number, id, self.now(), None, Actor::Caller(caller.id))?;
        if gone { Ok(()) } else { Err(no_method(id)) }
    }

    /// Registers another method; `taken` says what is wrong if the person has one of that id.
    pub fn add_method(
        &self,
        caller: &Caller,
        user: &User,
        id: MethodId,
        kind: &str,
        properties: Map<String, Json>,
        taken: &str,
    ) -> Result<AuthenticationMethod, OperationError> {
        let method = AuthenticationMethod {
            id,
            user: user.number,
            kind: kind.to_owned(),
            properties,
            created: self.now(),
        };
        if self.store.add_method(&method, Actor::Caller(caller.id))? {
            Ok(method)
        } else {
            Err(OperationError::invalid(taken, "names a kind of which the user has one already"))
        }
    }

    /// Takes another method away.
    pub fn remove_method(&self, caller: &Caller, user: &User, id: MethodId) -> Result<(), OperationError> {
        let gone = self.store.remove_method(user.number, id, self.now(), Actor::Caller(caller.id))?;
        if gone { Ok(()) } else { Err(no_method(id)) }
    }
}

fn no_method(id: MethodId) -> OperationError {
    OperationError::NotFound(format!("authentication method '{id}'"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::clock::{CountingIds, RandomIds};

    #[test]
    fn a_pass_is_long_plain_and_never_the_same() {
        for ids in [&CountingIds::default() as &dyn Ids, &RandomIds] {
            let passes: BTreeSet<String> = (0..1_000).map(|_| new_pass(ids).0.reveal().to_owned()).collect();
            assert_eq!(passes.len(), 1_000);
            assert!(passes.iter().all(|pass| pass.len() == LENGTH));
            let used: BTreeSet<u8> = passes.iter().flat_map(|pass| pass.bytes()).collect();
            assert!(used.iter().copied().eq(LETTERS.iter().copied()), "every letter, and no other");
        }
    }

    #[test]
    fn the_hash_is_that_of_the_pass() {
        let (text, hash) = new_pass(&RandomIds);
        assert_eq!(hash, hash_pass(text.reveal()));
        assert_ne!(hash, hash_pass("something else"));
    }
}
