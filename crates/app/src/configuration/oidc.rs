//! `[oidc]`: whose access tokens are accepted.

use anyhow::Context as _;
use serde::Deserialize;
use tenure_http::oidc::{Issuer, Settings};
use toml::Value;

/// Seconds by which clocks may differ when nobody says.
const CLOCK_SKEW: u32 = 60;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    issuer: String,
    audiences: Vec<String>,
    jwks_url: Option<String>,
    clock_skew_seconds: Option<u32>,
    #[serde(default)]
    algorithms: Vec<String>,
    #[serde(default)]
    directory_roles: bool,
}

/// Reads one `[oidc]`, or each `[[oidc]]`.
pub(super) fn issuers(value: Value) -> anyhow::Result<Vec<Issuer>> {
    let tables = match value {
        Value::Array(tables) => tables,
        table => vec![table],
    };
    let mut issuers: Vec<Issuer> = Vec::new();
    for table in tables {
        let written = Written::deserialize(table)?;
        let issuer = Issuer::new(Settings {
            issuer: written.issuer,
            audiences: written.audiences,
            key_set_url: written.jwks_url,
            clock_skew_seconds: written.clock_skew_seconds.unwrap_or(CLOCK_SKEW),
            algorithms: written.algorithms,
            directory_roles: written.directory_roles,
        })?;
        let name = issuer.name();
        anyhow::ensure!(issuers.iter().all(|other| other.name() != name), "issuer: '{name}' is there twice");
        issuers.push(issuer);
    }
    Ok(issuers)
}

/// The issuers of a file, or what is wrong with them.
pub(super) fn read(value: Option<Value>) -> anyhow::Result<Vec<Issuer>> {
    value.map_or_else(|| Ok(Vec::new()), issuers).context("[oidc]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> anyhow::Result<Vec<Issuer>> {
        let mut table: toml::Table = toml::from_str(text).unwrap();
        read(table.remove("oidc"))
    }

    fn refusal(text: &str) -> String {
        format!("{:#}", found(text).unwrap_err())
    }

    #[test]
    fn there_is_one_issuer_or_there_are_several() {
        assert!(found("").unwrap().is_empty());
        let one = found("[oidc]\nissuer = \"https://a.example\"\naudiences = [\"t\"]").unwrap();
        assert_eq!(one.iter().map(Issuer::name).collect::<Vec<_>>(), ["https://a.example"]);
        let two = found(
            "[[oidc]]\nissuer = \"https://a.example\"\naudiences = [\"t\"]\n\
             [[oidc]]\nissuer = \"https://b.example\"\naudiences = [\"t\"]\njwksUrl = \"https://b.example/k\"\n\
             clockSkewSeconds = 0\nalgorithms = [\"RS256\"]\ndirectoryRoles = true",
        );
        assert_eq!(two.unwrap().len(), 2);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, named) in [
            ("[oidc]\nissuer = \"https://a.example\"", "`audiences`"),
            ("[oidc]\nissuer = \"https://a.example\"\naudiences = [\"t\"]\nsecret = 1", "`secret`"),
            (
                "[oidc]\nissuer = \"https://a.example\"\naudiences = [\"t\"]\nalgorithms = [\"none\"]",
                "'none'",
            ),
            ("oidc = 1", "[oidc]"),
            (
                "[[oidc]]\nissuer = \"https://a.example\"\naudiences = [\"t\"]\n\
                 [[oidc]]\nissuer = \"https://a.example\"\naudiences = [\"u\"]",
                "twice",
            ),
        ] {
            let refused = refusal(text);
            assert!(refused.contains("[oidc]") && refused.contains(named), "{refused}");
        }
    }
}
