//! Paging tokens: the store's mark, tied to the list and the order it belongs to.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tenure_lifecycle::expression::Expression;
use tenure_lifecycle::ports::Order;

use crate::errors::GraphError;

/// What a token has to fit.
pub(super) type Digest = [u8; 8];

/// The digest of a list as it is asked for.
pub(super) fn digest(list: &str, filter: Option<&Expression>, order: &[Order]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(list.to_ascii_lowercase().as_bytes());
    hasher.update(&[0]);
    hasher.update(filter.map(ToString::to_string).unwrap_or_default().as_bytes());
    for term in order {
        hasher.update(&[0, u8::from(term.descending)]);
        hasher.update(term.property.as_bytes());
    }
    let mut digest = Digest::default();
    digest.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    digest
}

/// A token for a mark.
pub(super) fn write(mark: &str, digest: Digest) -> String {
    let mut bytes = digest.to_vec();
    bytes.extend_from_slice(mark.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The mark of a token that belongs to this list.
pub(super) fn read(token: &str, digest: Digest) -> Result<String, GraphError> {
    let refused = || GraphError::option("$skiptoken", "does not belong to this list");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).map_err(|_| refused())?;
    let mark = bytes.strip_prefix(&digest).ok_or_else(refused)?;
    String::from_utf8(mark.to_vec()).map_err(|_| refused())
}
