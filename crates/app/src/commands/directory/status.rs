//! `tenure directory status`

use clap::Args;
use serde_json::Value as Json;

use crate::client::Client;
use crate::output::{Output, text};

/// Show how the server and its directory are.
#[derive(Args, Debug)]
pub(crate) struct Status {}

impl Status {
    #[expect(clippy::unused_self, reason = "every command runs on its arguments, also when it has none")]
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let status = client.get("/v1.0/tenure.status")?;
        out.say(&status, |page| {
            let names = status.as_object().into_iter().flat_map(serde_json::Map::keys);
            let facts: Vec<(&str, String)> = names
                .filter(|name| !name.starts_with("@odata."))
                .map(|name| (name.as_str(), fact(&status, name)))
                .collect();
            page.facts(&facts);
            Ok(())
        })
    }
}

fn fact(status: &Json, name: &str) -> String {
    match &status[name] {
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        _ => text(status, name),
    }
}
