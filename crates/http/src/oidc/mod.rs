//! Callers whom somebody else vouches for: access tokens of OpenID Connect issuers.
//!
//! ```text
//! token ─► header: algorithm ─► issuer ─► keyring: the key, if need be fetched ─► signature ─► claims ─► caller, scopes
//! ```
//!
//! Nothing of a token is believed before its signature was checked, but for the name of the issuer, which chooses the key.

mod claims;
mod issuer;
mod key_set;
mod keyring;
mod refusal;
mod scopes;
mod signature;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jsonwebtoken::{Header, Validation, dangerous};
use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::token::{Caller, SignedIn, VouchedCaller};

use crate::errors::GraphError;
use claims::Claims;
use keyring::Keyring;
use refusal::Refusal;

pub use issuer::{Algorithm, Issuer, IssuerError, Settings};

/// Reads a document: the body of `GET` on an address, or why there is none. Bounds size and time.
pub type Fetch = dyn Fn(&str) -> Result<Vec<u8>, String> + Send + Sync;

/// Longest token that is looked at, in bytes.
const LONGEST_TOKEN: usize = 16 * 1024;
/// Callers of whom this process knows that the store knows them.
const REMEMBERED: usize = 10_000;
/// Types of tokens that may open a door; ID tokens of most issuers are `JWT` too, their audience tells them apart.
const TYPES: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];

/// The issuers whose tokens are accepted.
pub struct Oidc {
    trusted: Vec<Trusted>,
    clock: Arc<dyn Clock>,
    remembered: Mutex<HashSet<(CallerId, String, String)>>,
}

struct Trusted {
    issuer: Issuer,
    keys: Arc<Keyring>,
}

impl Oidc {
    /// These issuers, whose keys are read with `fetch`. The clock is the real one even where the engine's stands still,
    /// for tokens are made by the real one.
    pub fn new(issuers: Vec<Issuer>, clock: Arc<dyn Clock>, fetch: Arc<Fetch>) -> Self {
        signature::install();
        let trusted = issuers.into_iter().map(|issuer| {
            let keys = Arc::new(Keyring::new(&issuer, clock.clone(), fetch.clone()));
            Trusted { issuer, keys }
        });
        Self { trusted: trusted.collect(), clock, remembered: Mutex::default() }
    }

    /// Reads the keys of all issuers, so that the first caller need not wait for them and a wrong address is in the log
    /// from the start.
    pub fn read_keys(&self) {
        for trusted in &self.trusted {
            trusted.keys.read_now();
        }
    }

    /// Whether a token is one of an issuer's by its looks; local tokens hold no dots.
    pub(crate) fn is_meant_by(token: &str) -> bool {
        token.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// Where people sign in, as far as it is known.
    pub(crate) fn authorization_uri(&self) -> Option<String> {
        self.trusted.iter().find_map(|trusted| trusted.keys.authorization_uri())
    }

    /// Finds the caller who sent a token.
    pub(crate) fn caller(&self, lifecycle: &Lifecycle, token: &str) -> Result<Caller, GraphError> {
        let (issuer, claims) = self.verified(token)?;
        let vouched = claims.caller(issuer, lifecycle.now()).ok_or(Refusal::Nobody)?;
        self.remember(lifecycle, &vouched)?;
        let person = (!vouched.is_application).then(|| SignedIn { principal_name: claims.principal_name() });
        let application = claims.calling_application();
        let scopes = scopes::scopes(&claims, issuer);
        Ok(Caller { id: vouched.id, name: vouched.name, person, application, scopes })
    }

    /// The claims of a token that may be believed.
    fn verified(&self, token: &str) -> Result<(&Issuer, Claims), Refusal> {
        if token.len() > LONGEST_TOKEN {
            return Err(Refusal::Malformed);
        }
        // Fails for `none` too, which is not an algorithm to the library.
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refusal::Malformed)?;
        check_header(&header)?;
        let algorithm = Algorithm::of(header.alg).ok_or(Refusal::Algorithm)?;
        let unbelieved: Claims = dangerous::insecure_decode_claims(token).map_err(|_| Refusal::Malformed)?;
        let named = unbelieved.text("iss").unwrap_or_default();
        let trusted =
            self.trusted.iter().find(|trusted| trusted.issuer.name() == named).ok_or(Refusal::Issuer)?;
        if !trusted.issuer.algorithms().contains(&algorithm) {
            return Err(Refusal::Algorithm);
        }
        let key = trusted.keys.find(header.kid.as_deref(), algorithm)?;

        let mut validation = Validation::new(header.alg);
        // The library asks the machine's clock, and forgives claims of the wrong type: they are checked here.
        validation.required_spec_claims.clear();
        (validation.validate_exp, validation.validate_aud) = (false, false);
        let claims: Claims =
            jsonwebtoken::decode(token, &key, &validation).map_err(|_| Refusal::Signature)?.claims;
        claims.check(&trusted.issuer, self.clock.now())?;
        Ok((&trusted.issuer, claims))
    }

    /// Sees to it that the store can say who the id of a caller is, before anything is done under it.
    fn remember(&self, lifecycle: &Lifecycle, caller: &VouchedCaller) -> Result<(), GraphError> {
        let remembered = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let who = (caller.id, caller.issuer.clone(), caller.subject.clone());
        if remembered().contains(&who) {
            return Ok(());
        }
        let known = lifecycle.store.vouched_caller(caller.id)?;
        let is_known = known.is_some_and(|known| {
            (&known.issuer, &known.subject, &known.name) == (&caller.issuer, &caller.subject, &caller.name)
        });
        if !is_known && !lifecycle.store.know_caller(caller)? {
            tracing::warn!(
                caller.id = %caller.id,
                issuer = caller.issuer,
                "a token was refused: its subject has the id of another caller"
            );
            return Err(Refusal::SomebodyElse.into());
        }
        let mut remembered = remembered();
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(who);
        Ok(())
    }
}

/// Refuses what changes the meaning of a token in ways that are not known here.
fn check_header(header: &Header) -> Result<(), Refusal> {
    if header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
        return Err(Refusal::Malformed);
    }
    match &header.typ {
        Some(typ) if !TYPES.iter().any(|known| known.eq_ignore_ascii_case(typ)) => Err(Refusal::Kind),
        _ => Ok(()),
    }
}
