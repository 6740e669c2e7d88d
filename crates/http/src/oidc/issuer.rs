//! An issuer as it is configured.

use std::net::IpAddr;

use axum::http::Uri;
use jiff::SignedDuration;

/// Longest clock skew, in seconds.
const LONGEST_SKEW: u32 = 600;

/// How a token may be signed. Shared secrets and `none` are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with SHA-256, PKCS #1 v1.5.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSA with SHA-256, PSS.
    Ps256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::Ps256];

    /// The name, as tokens and settings write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::Ps256 => "PS256",
        }
    }

    pub(super) fn of(algorithm: jsonwebtoken::Algorithm) -> Option<Self> {
        match algorithm {
            jsonwebtoken::Algorithm::RS256 => Some(Self::Rs256),
            jsonwebtoken::Algorithm::ES256 => Some(Self::Es256),
            jsonwebtoken::Algorithm::PS256 => Some(Self::Ps256),
            _ => None,
        }
    }
}

/// What is said about an issuer.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What its tokens have as `iss`, letter by letter.
    pub issuer: String,
    /// What its tokens have in `aud`; one of these.
    pub audiences: Vec<String>,
    /// Where its keys are; without it, its discovery document says so.
    pub key_set_url: Option<String>,
    /// Seconds by which its clock and ours may differ.
    pub clock_skew_seconds: u32,
    /// Names of algorithms; all that are known if empty.
    pub algorithms: Vec<String>,
    /// Whether people need a directory role (`wids`) as well.
    pub directory_roles: bool,
}

/// Settings that cannot be meant; the text begins with the key at fault.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct IssuerError(String);

/// An issuer whose tokens are accepted.
#[derive(Clone, Debug)]
pub struct Issuer {
    settings: Settings,
    algorithms: Vec<Algorithm>,
}

impl Issuer {
    /// Checks the settings.
    pub fn new(settings: Settings) -> Result<Self, IssuerError> {
        let wrong = |text: String| Err(IssuerError(text));
        if !is_safe(&settings.issuer) {
            return wrong(format!("issuer: '{}' {SAFE}", settings.issuer));
        }
        if let Some(url) = settings.key_set_url.as_ref().filter(|url| !is_safe(url)) {
            return wrong(format!("jwksUrl: '{url}' {SAFE}"));
        }
        if settings.audiences.is_empty() || settings.audiences.iter().any(String::is_empty) {
            return wrong("audiences: at least one is needed, and none may be empty".to_owned());
        }
        if settings.clock_skew_seconds > LONGEST_SKEW {
            return wrong(format!("clockSkewSeconds: at most {LONGEST_SKEW}"));
        }
        let mut algorithms = Vec::new();
        for name in &settings.algorithms {
            match Algorithm::ALL.into_iter().find(|known| known.name() == name) {
                Some(known) => algorithms.push(known),
                None => {
                    let known = Algorithm::ALL.map(Algorithm::name).join(", ");
                    return wrong(format!("algorithms: '{name}' is none of {known}"));
                }
            }
        }
        if algorithms.is_empty() {
            algorithms = Algorithm::ALL.to_vec();
        }
        Ok(Self { settings, algorithms })
    }

    /// What its tokens have as `iss`.
    pub fn name(&self) -> &str {
        &self.settings.issuer
    }

    pub(super) fn audiences(&self) -> &[String] {
        &self.settings.audiences
    }

    pub(super) fn key_set_url(&self) -> Option<&str> {
        self.settings.key_set_url.as_deref()
    }

    pub(super) fn clock_skew(&self) -> SignedDuration {
        SignedDuration::from_secs(self.settings.clock_skew_seconds.into())
    }

    pub(super) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    pub(super) fn needs_directory_role(&self) -> bool {
        self.settings.directory_roles
    }
}

const SAFE: &str = "must be an address with https, or with http on this machine";

/// Whether what is read there comes from who it seems to come from.
pub(super) fn is_safe(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_here = host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback());
    let no_password = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    no_password
        && !host.is_empty()
        && (uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && is_here))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            issuer: "https://id.example.com".to_owned(),
            audiences: vec!["api://tenure".to_owned()],
            key_set_url: None,
            clock_skew_seconds: 60,
            algorithms: vec![],
            directory_roles: false,
        }
    }

    fn refusal(change: impl Fn(&mut Settings)) -> String {
        let mut settings = settings();
        change(&mut settings);
        Issuer::new(settings).unwrap_err().to_string()
    }

    #[test]
    fn without_algorithms_all_known_ones_are_accepted() {
        assert_eq!(Issuer::new(settings()).unwrap().algorithms(), Algorithm::ALL);
        let one = Settings { algorithms: vec!["ES256".to_owned()], ..settings() };
        assert_eq!(Issuer::new(one).unwrap().algorithms(), [Algorithm::Es256]);
    }

    #[test]
    fn settings_that_open_a_hole_are_refused_by_name() {
        for algorithm in ["none", "HS256", "rs256", ""] {
            let refused = refusal(|settings| settings.algorithms = vec![algorithm.to_owned()]);
            assert!(refused.starts_with("algorithms: "), "{refused}");
        }
        for issuer in
            ["", "id.example.com", "http://id.example.com", "https://", "ftp://x", "https://a@b.example"]
        {
            let refused = refusal(|settings| issuer.clone_into(&mut settings.issuer));
            assert!(refused.starts_with("issuer: "), "{refused}");
        }
        assert!(refusal(|settings| settings.audiences.clear()).starts_with("audiences: "));
        assert!(refusal(|settings| settings.audiences.push(String::new())).starts_with("audiences: "));
        assert!(refusal(|settings| settings.clock_skew_seconds = 601).starts_with("clockSkewSeconds: "));
        let elsewhere = Some("http://keys.example.com".to_owned());
        assert!(refusal(|settings| settings.key_set_url.clone_from(&elsewhere)).starts_with("jwksUrl: "));
    }

    #[test]
    fn plain_http_is_fine_on_this_machine_only() {
        for url in
            ["http://127.0.0.1:1/x", "http://localhost:1", "http://[::1]:1", "https://id.example.com/a"]
        {
            assert!(is_safe(url), "{url}");
        }
        assert!(!is_safe("http://127.0.0.1.example.com") && !is_safe("http://10.0.0.1"));
    }
}
