//! How people sign in: temporary access passes, other methods, and the roles they hold when they do.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::ids::{MethodId, RoleAssignmentId};

/// A temporary access pass; the pass itself is known to nobody but who received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Public id.
    pub id: MethodId,
    /// Whose it is, by number.
    pub user: i64,
    /// When it was issued.
    pub created: Timestamp,
    /// From when on it is good.
    pub starts: Timestamp,
    /// For how long.
    pub lifetime_minutes: i64,
    /// Whether it is used up by one sign-in.
    pub is_usable_once: bool,
}

impl Pass {
    /// Shortest and longest life, in minutes.
    pub const LIFETIME: std::ops::RangeInclusive<i64> = 10..=43_200;

    /// Whether it is over.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let end = self.starts.checked_add(SignedDuration::from_mins(self.lifetime_minutes));
        end.is_ok_and(|end| end <= now)
    }

    /// How it stands with the pass. Who signs in with one does so elsewhere, so none is known to be used up.
    pub fn usability(&self, now: Timestamp) -> Usability {
        if self.is_expired(now) {
            Usability::Expired
        } else if now < self.starts {
            Usability::NotYetValid
        } else {
            Usability::Usable
        }
    }
}

/// How it stands with a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usability {
    /// It is good.
    Usable,
    /// It will be.
    NotYetValid,
    /// It was.
    Expired,
}

impl Usability {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usable => "EnabledByPolicy",
            Self::NotYetValid => "NotYetValid",
            Self::Expired => "Expired",
        }
    }
}

/// Another way in which somebody signs in.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthenticationMethod {
    /// Public id.
    pub id: MethodId,
    /// Whose it is, by number.
    pub user: i64,
    /// Graph's type, such as `phoneAuthenticationMethod`.
    pub kind: String,
    /// Its properties as Graph has them.
    pub properties: Map<String, Json>,
    /// When it was registered.
    pub created: Timestamp,
}

/// A directory role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignment {
    /// Public id.
    pub id: RoleAssignmentId,
    /// Who holds it, by number.
    pub user: i64,
    /// The role definition.
    pub role: Uuid,
    /// Where it holds; `/` is everywhere.
    pub scope: String,
    /// Since when.
    pub created: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_good_from_its_start_until_its_end() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let pass = Pass {
            id: MethodId(Uuid::nil()),
            user: 1,
            created: at("2026-03-01T08:00:00Z"),
            starts: at("2026-03-01T09:00:00Z"),
            lifetime_minutes: 60,
            is_usable_once: false,
        };
        for (now, expected) in [
            ("2026-03-01T08:59:59.999Z", Usability::NotYetValid),
            ("2026-03-01T09:00:00Z", Usability::Usable),
            ("2026-03-01T09:59:59.999Z", Usability::Usable),
            ("2026-03-01T10:00:00Z", Usability::Expired),
        ] {
            assert_eq!(pass.usability(at(now)), expected, "{now}");
        }
    }
}
