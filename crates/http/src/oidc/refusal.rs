//! Why a token does not open the door.

use crate::errors::GraphError;

/// Why a token of an issuer is refused. The texts are for whoever sent it; where Graph has words for it they are Graph's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("CompactToken parsing failed: the token is no signed JWT of a kind that is accepted here.")]
    Malformed,
    #[error("Access token validation failure. The token is of a type that is no access token.")]
    Kind,
    #[error("Access token validation failure. The algorithm of the signature is not accepted.")]
    Algorithm,
    #[error("Access token validation failure. Invalid issuer.")]
    Issuer,
    #[error("Access token validation failure. The issuer has no such signing key.")]
    Key,
    #[error("Access token validation failure. Invalid signature.")]
    Signature,
    #[error("Access token validation failure. Invalid audience.")]
    Audience,
    #[error("Lifetime validation failed, the token is expired.")]
    Expired,
    #[error("Lifetime validation failed, the token is not yet valid.")]
    NotYetValid,
    #[error(
        "Access token validation failure. The token is bound to a key and is not accepted as a bearer token."
    )]
    Bound,
    #[error("Access token validation failure. The token names nobody.")]
    Nobody,
    #[error("Access token validation failure. The token's subject has the id of another caller.")]
    SomebodyElse,
    /// Not the token's fault; the log says why.
    #[error("the keys of the issuer cannot be read")]
    NoKeys,
}

impl From<Refusal> for GraphError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoKeys => Self::unavailable(refusal),
            Refusal::Malformed
            | Refusal::Kind
            | Refusal::Algorithm
            | Refusal::Issuer
            | Refusal::Key
            | Refusal::Signature
            | Refusal::Audience
            | Refusal::Expired
            | Refusal::NotYetValid
            | Refusal::Bound
            | Refusal::Nobody
            | Refusal::SomebodyElse => Self::unauthenticated(&refusal.to_string()),
        }
    }
}
