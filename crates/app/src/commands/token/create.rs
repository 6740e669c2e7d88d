//! `tenure token create`

use clap::Args;
use serde_json::json;

use crate::client::Client;
use crate::output::{Output, text, time};

/// Make a token and print it, this once.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// What the token is for
    #[arg(long)]
    name: String,
    /// A scope as Graph names it, such as LifecycleWorkflows.Read.All; `*` is every scope
    #[arg(long, required = true, num_args = 1.., value_name = "SCOPE")]
    scope: Vec<String>,
    /// How long it is good, such as 12h or 30d [default: until it is revoked]
    #[arg(long, value_parser = seconds)]
    ttl: Option<i64>,
}

impl Create {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let mut wanted = json!({ "name": self.name, "scopes": self.scope });
        if let Some(ttl) = self.ttl {
            wanted["ttlSeconds"] = json!(ttl);
        }
        let token = client.post("/v1.0/tenure.tokens", &wanted)?;
        out.say(&token, |page| {
            let expires = time(&token, "expirationDateTime");
            page.facts(&[
                ("id", text(&token, "id")),
                ("name", text(&token, "name")),
                ("scopes", super::list::scopes(&token)),
                ("expires", if expires.is_empty() { "never".to_owned() } else { expires }),
            ]);
            page.line("").line("The token, which is shown this once:").line("").line(text(&token, "token"));
            Ok(())
        })
    }
}

/// A length of time such as `90s`, `15m`, `12h`, `30d` or `8w`, in seconds.
fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || "expected a number and one of s, m, h, d, w, such as 30d".to_owned();
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        Some('w') => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    if number == 0 { Err("must be longer than nothing".to_owned()) } else { Ok(i64::from(number) * unit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ttl_is_a_number_and_a_unit() {
        assert_eq!(seconds("30d"), Ok(30 * 86_400));
        assert_eq!(seconds("12h"), Ok(12 * 3_600));
        for wrong in ["", "d", "30", "0d", "-1d", "1.5h", "1y", "30ä", "99999999999d"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
