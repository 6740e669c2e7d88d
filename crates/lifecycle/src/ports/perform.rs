//! Doing what happens outside the store.

use std::time::Duration;

use crate::effect::Effect;
use crate::ids::EffectKey;

/// Why an outside effect was not done; the one who fails says whether to try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may work later.
    #[error("{0}")]
    Retryable(String),
    /// It will never work.
    #[error("{0}")]
    Permanent(String),
}

/// Performs outside effects.
pub trait Perform: Send + Sync {
    /// Carries out one effect and returns when it is confirmed; a repeat under the same key is harmless where the
    /// world allows it. Returns within `deadline`. The text of a failure is shown to people: it holds no secret.
    fn perform(&self, effect: &Effect, key: EffectKey, deadline: Duration) -> Result<(), Failure>;
}
