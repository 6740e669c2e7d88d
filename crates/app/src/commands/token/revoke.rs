//! `tenure token revoke`

use clap::Args;
use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::output::Output;

/// Withdraw a token; it is refused from now on.
#[derive(Args, Debug)]
pub(crate) struct Revoke {
    /// Id of the token, as `tenure token list` shows it
    id: Uuid,
}

impl Revoke {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        client.delete(&format!("/v1.0/tenure.tokens/{}", self.id))?;
        out.say(&json!({ "id": self.id.to_string(), "revoked": true }), |page| {
            page.line(format!("The token {} is refused from now on.", self.id));
            Ok(())
        })
    }
}
