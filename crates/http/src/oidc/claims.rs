//! What a token says, and whether that is about us and about now.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::token::VouchedCaller;
use uuid::Uuid;

use super::issuer::Issuer;
use super::refusal::Refusal;

/// Longest subject (OpenID Connect Core 1.0, section 2) and longest name that is kept.
const LONGEST: usize = 255;

/// The claims of a token. A claim of another type than expected is as good as none.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// A claim that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is a list of words: an array, or a text with blanks between them. `None` if it is not there.
    pub(super) fn words(&self, name: &str) -> Option<Vec<&str>> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.split_ascii_whitespace().collect()),
            Value::Array(values) => Some(values.iter().filter_map(Value::as_str).collect()),
            _ => None,
        }
    }

    /// The application that asked for the token.
    fn application(&self) -> Option<&str> {
        ["azp", "appid", "client_id"].into_iter().find_map(|name| self.text(name))
    }

    /// The application, if it calls for itself and signs in with a guid.
    pub(super) fn calling_application(&self) -> Option<Uuid> {
        self.application().filter(|_| self.is_app_only())?.parse().ok()
    }

    /// Whether an application calls for itself: the token says so, as Entra ID's may, or nothing in it was delegated.
    pub(super) fn is_app_only(&self) -> bool {
        match self.text("idtyp") {
            Some(kind) => kind.eq_ignore_ascii_case("app"),
            // An ID token says neither; it names no application that asked for it as an access token does.
            None => {
                !self.0.contains_key("scp") && !self.0.contains_key("scope") && self.application().is_some()
            }
        }
    }

    /// Refuses a token that is not for us, not for now or not for just anybody who holds it.
    pub(super) fn check(&self, issuer: &Issuer, now: Timestamp) -> Result<(), Refusal> {
        if self.text("iss") != Some(issuer.name()) {
            return Err(Refusal::Issuer);
        }
        let audiences = match self.0.get("aud") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        if !audiences.iter().any(|audience| issuer.audiences().iter().any(|ours| ours == audience)) {
            return Err(Refusal::Audience);
        }
        let now = now.as_duration();
        let expires = self.moment("exp")?.ok_or(Refusal::Expired)?;
        if now.saturating_sub(issuer.clock_skew()) >= expires {
            return Err(Refusal::Expired);
        }
        if self.moment("nbf")?.is_some_and(|begins| now.saturating_add(issuer.clock_skew()) < begins) {
            return Err(Refusal::NotYetValid);
        }
        // RFC 9449 and RFC 8705: whoever sends it has to prove a key, which is not asked for here.
        if self.0.get("cnf").is_some_and(|bound| !bound.is_null()) {
            return Err(Refusal::Bound);
        }
        Ok(())
    }

    /// Seconds since 1970; what is no number is refused, not passed over.
    fn moment(&self, name: &str) -> Result<Option<SignedDuration>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let seconds = value.as_f64().ok_or(Refusal::Malformed)?;
                SignedDuration::try_from_secs_f64(seconds).map(Some).map_err(|_| Refusal::Malformed)
            }
        }
    }

    /// The user principal name of the person who signed in. Addresses, display names and `preferred_username` are not asked:
    /// in many places people choose these themselves.
    pub(super) fn principal_name(&self) -> Option<String> {
        let name = self.text("upn")?;
        (name.len() <= LONGEST).then(|| name.to_owned())
    }

    /// Who calls: the object that Entra ID names (`oid`), else the subject, else the application.
    pub(super) fn caller(&self, issuer: &Issuer, now: Timestamp) -> Option<VouchedCaller> {
        let application = self.application();
        let subject = self.text("oid").or_else(|| self.text("sub")).or(application)?;
        if subject.len() > LONGEST {
            return None;
        }
        let is_application =
            self.is_app_only() || application.is_some_and(|application| application == subject);
        let names: &[&str] = if is_application {
            &["app_displayname", "azp", "appid", "client_id"]
        } else {
            &["preferred_username", "upn", "unique_name", "email", "name"]
        };
        let name = names.iter().find_map(|name| self.text(name)).unwrap_or(subject);
        let name = name.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
        Some(VouchedCaller {
            id: caller_id(issuer.name(), subject),
            issuer: issuer.name().to_owned(),
            subject: subject.to_owned(),
            name,
            is_application,
            since: now,
        })
    }
}

/// The subject's own id if it is a UUID, as with Entra ID and Keycloak; else one that follows from issuer and subject.
fn caller_id(issuer: &str, subject: &str) -> CallerId {
    if let Ok(id) = Uuid::try_parse(subject)
        && !id.is_nil()
    {
        return CallerId(id);
    }
    let mut hash = blake3::Hasher::new();
    // No issuer holds a NUL, so no two pairs run together.
    hash.update(issuer.as_bytes()).update(&[0]).update(subject.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    CallerId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
