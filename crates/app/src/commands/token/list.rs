//! `tenure token list`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::output::{Output, text, time};

/// List tokens; what opens doors is never shown again.
#[derive(Args, Debug)]
pub(crate) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "every command runs on its arguments, also when it has none")]
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let tokens = client.list("/v1.0/tenure.tokens", usize::MAX)?.items;
        out.say(&json!({ "value": tokens }), |page| {
            let row = |token: &Json| {
                [
                    text(token, "id"),
                    text(token, "name"),
                    scopes(token),
                    time(token, "createdDateTime"),
                    time(token, "expirationDateTime"),
                    time(token, "revokedDateTime"),
                ]
            };
            page.table(
                ["id", "name", "scopes", "created", "expires", "revoked"],
                tokens.iter().map(row).collect(),
            );
            Ok(())
        })
    }
}

/// The scopes of a token, one after the other.
pub(super) fn scopes(token: &Json) -> String {
    let scopes = token["scopes"].as_array().map(Vec::as_slice).unwrap_or_default();
    scopes.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" ")
}
