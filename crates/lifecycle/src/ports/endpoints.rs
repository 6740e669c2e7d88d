//! Where calls may go, and how secrets are kept: asked when an extension is written, and when a call of one is planned.

use crate::extension::{CustomTaskExtension, Sealed};

/// Knows where calls may go, and keeps secrets.
pub trait Endpoints: Send + Sync {
    /// Says why an address cannot be called; the text does not repeat it.
    fn check_url(&self, url: &str) -> Result<(), String>;
    /// Says why nothing can be signed with a secret; the text does not repeat it.
    fn check_signing_secret(&self, secret: &str) -> Result<(), String>;
    /// Seals a secret so that only this installation opens it; `None` where there is no key.
    fn seal(&self, secret: &str) -> Option<Sealed>;
    /// Why no call of an extension can be made, as it and this installation are configured; `None` if nothing speaks against
    /// it. Nobody is asked.
    fn refusal(&self, extension: &CustomTaskExtension) -> Option<String>;
}

/// Nothing is called and no secret is kept: where there is nobody to do it.
pub struct NoEndpoints;

impl Endpoints for NoEndpoints {
    fn check_url(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn check_signing_secret(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn seal(&self, _: &str) -> Option<Sealed> {
        None
    }

    fn refusal(&self, _: &CustomTaskExtension) -> Option<String> {
        None
    }
}
