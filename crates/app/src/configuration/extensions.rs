//! `[extensions]`: where custom task extensions may be called, and who issues tokens for calls.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use tenure_notify::{CallPolicy, Network, Secret, TokensConfig};

/// How custom task extensions are called.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExtensionsConfig {
    /// Where calls may go.
    pub(crate) policy: CallPolicy,
    /// Who issues tokens for calls.
    pub(crate) tokens: Option<TokensConfig>,
}

/// The section as it is written.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Written {
    allow_http: bool,
    allowed_networks: Vec<Network>,
    most_answer_bytes: Option<usize>,
    tokens: Option<WrittenTokens>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenTokens {
    endpoint: String,
    client_id: String,
    client_secret_file: PathBuf,
}

impl Written {
    /// Reads the section; paths are relative to `folder`.
    pub(super) fn read(self, folder: &Path) -> anyhow::Result<ExtensionsConfig> {
        let default = CallPolicy::default();
        let policy = CallPolicy {
            allow_http: self.allow_http,
            allowed_networks: self.allowed_networks,
            most_answer_bytes: self.most_answer_bytes.unwrap_or(default.most_answer_bytes),
        };
        anyhow::ensure!(
            (1_024..=16 * 1_024 * 1_024).contains(&policy.most_answer_bytes),
            "mostAnswerBytes must lie between 1024 and 16777216"
        );
        let tokens = self.tokens.map(|tokens| tokens.read(folder)).transpose().context("tokens")?;
        Ok(ExtensionsConfig { policy, tokens })
    }
}

impl WrittenTokens {
    fn read(self, folder: &Path) -> anyhow::Result<TokensConfig> {
        let path = folder.join(&self.client_secret_file);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("clientSecretFile: {} cannot be read", path.display()))?;
        let config = TokensConfig {
            endpoint: self.endpoint,
            client_id: self.client_id,
            client_secret: Secret::new(text.trim_end_matches(['\r', '\n'])),
        };
        config.check().map_err(anyhow::Error::msg)?;
        Ok(config)
    }
}
