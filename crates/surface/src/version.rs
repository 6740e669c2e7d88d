//! The two versions of the API.

use std::fmt;

/// A version of the API; beta has everything that v1.0 has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// `v1.0`.
    V1,
    /// `beta`.
    Beta,
}

impl Version {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V1, Self::Beta];

    /// Whether something that may be beta's alone is in it.
    pub(crate) fn has(self, beta_only: bool) -> bool {
        self == Self::Beta || !beta_only
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        })
    }
}
