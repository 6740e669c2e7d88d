//! The configuration file of `serve` (docs/configuration.md).

mod extensions;
mod oidc;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use tenure_http::oidc::Issuer;
use tenure_lifecycle::engine::MOST_ADMINISTRATORS;
use tenure_lifecycle::limits::{Limits, Profile};
use tenure_lifecycle::operations::Organization;
use tenure_notify::{Secret, SmtpConfig, Tls};
use toml::{Table, Value};

pub(crate) use extensions::ExtensionsConfig;

use crate::server::TlsFiles;
use crate::wrong_use::WrongUse;

/// Where the configuration is looked for when nobody names a file.
const DEFAULT_FILE: &str = "tenure.toml";
/// Holds the password of the mail server, unless a file does.
const PASSWORD_VARIABLE: &str = "TENURE_SMTP_PASSWORD";
/// What stands for "without limit" in the file.
const UNLIMITED: &str = "unlimited";

/// How an installation is set up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    /// The data directory.
    pub(crate) data: Option<PathBuf>,
    /// The PostgreSQL that the store is on.
    pub(crate) database: Option<String>,
    /// The address to listen at.
    pub(crate) listen: Option<String>,
    /// Mail addresses of the administrators.
    pub(crate) administrators: Vec<String>,
    /// What the organisation calls itself.
    pub(crate) organization: Organization,
    /// What is allowed.
    pub(crate) limits: Limits,
    /// The mail server.
    pub(crate) mail: Option<SmtpConfig>,
    /// How custom task extensions are called.
    pub(crate) extensions: ExtensionsConfig,
    /// Whose access tokens are accepted.
    pub(crate) issuers: Vec<Issuer>,
    /// TLS that ends here.
    pub(crate) tls: Option<TlsFiles>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    #[serde(default)]
    administrators: Vec<String>,
    #[serde(default)]
    profile: Profile,
    #[serde(default)]
    organization: WrittenOrganization,
    limits: Option<Table>,
    mail: Option<WrittenMail>,
    #[serde(default)]
    extensions: extensions::Written,
    oidc: Option<Value>,
    tls: Option<WrittenTls>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenTls {
    certificate: PathBuf,
    key: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct WrittenOrganization {
    display_name: Option<String>,
    verified_domains: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenMail {
    host: String,
    port: Option<u16>,
    #[serde(default = "start_tls")]
    tls: Tls,
    user: Option<String>,
    password_file: Option<PathBuf>,
    from: String,
}

fn start_tls() -> Tls {
    Tls::StartTls
}

impl Configuration {
    /// Reads the file; without one, `tenure.toml` in the working directory if it is there.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let path = match file {
            Some(file) => file,
            None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
            None => return Ok(Self::default()),
        };
        let wrong = |error: &dyn std::fmt::Display| WrongUse::error(format!("{}: {error}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let password = std::env::var(PASSWORD_VARIABLE).ok();
        Self::parse(&text, folder, password).map_err(|error| wrong(&format_args!("{error:#}")))
    }

    /// Reads the text of a file; paths in it are relative to `folder`.
    fn parse(text: &str, folder: &Path, password: Option<String>) -> anyhow::Result<Self> {
        let written: Written = toml::from_str(text)?;
        Ok(Self {
            data: written.data.map(|data| folder.join(data)),
            database: written.database,
            listen: written.listen,
            administrators: administrators(written.administrators)?,
            organization: written.organization.read().context("[organization]")?,
            limits: limits(written.profile, written.limits.unwrap_or_default()).context("[limits]")?,
            mail: written.mail.map(|mail| mail.read(folder, password)).transpose().context("[mail]")?,
            extensions: written.extensions.read(folder).context("[extensions]")?,
            issuers: oidc::read(written.oidc)?,
            tls: written
                .tls
                .map(|tls| TlsFiles { certificate: folder.join(tls.certificate), key: folder.join(tls.key) }),
        })
    }
}

fn administrators(addresses: Vec<String>) -> anyhow::Result<Vec<String>> {
    anyhow::ensure!(
        addresses.len() <= MOST_ADMINISTRATORS,
        "administrators: at most {MOST_ADMINISTRATORS} addresses"
    );
    for address in &addresses {
        tenure_notify::check_address(address)
            .map_err(|reason| anyhow::anyhow!("administrators: '{address}' {reason}"))?;
    }
    Ok(addresses)
}

fn limits(profile: Profile, mut table: Table) -> anyhow::Result<Limits> {
    let of_profile = profile.limits();
    for (name, value) in [
        ("subjectsPerActivate", of_profile.subjects_per_activate as i64),
        ("workflows", of_profile.workflows as i64),
        ("tasksPerWorkflow", of_profile.tasks_per_workflow as i64),
        ("offsetInDays", i64::from(of_profile.offset_in_days)),
        ("customTaskExtensions", of_profile.custom_task_extensions as i64),
    ] {
        table.entry(name).or_insert(Value::Integer(value));
    }
    // TOML has no word for "none".
    let unlimited = table.get("catchUpDays").and_then(Value::as_str) == Some(UNLIMITED);
    if unlimited {
        table.remove("catchUpDays");
    }
    let mut limits = Limits { profile, ..Limits::deserialize(table)? };
    if unlimited {
        limits.catch_up_days = None;
    }
    for (name, percent) in
        [("leaversPercent", limits.leavers_percent), ("importStopPercent", limits.import_stop_percent)]
    {
        anyhow::ensure!((0.0..=100.0).contains(&percent), "{name} must lie between 0 and 100");
    }
    for (name, is_none) in [
        ("subjectsPerActivate", limits.subjects_per_activate == 0),
        ("subjectsPerScope", limits.subjects_per_scope == 0),
        ("workflows", limits.workflows == 0),
        ("tasksPerWorkflow", limits.tasks_per_workflow == 0),
        ("bodyBytes", limits.body_bytes == 0),
        ("importBytes", limits.import_bytes == 0),
        ("attempts", limits.attempts == 0),
    ] {
        anyhow::ensure!(!is_none, "{name} must be at least 1");
    }
    anyhow::ensure!(limits.offset_in_days >= 0, "offsetInDays must not be negative");
    Ok(limits)
}

impl WrittenOrganization {
    fn read(self) -> anyhow::Result<Organization> {
        let display_name = self.display_name.unwrap_or_else(|| Organization::default().display_name);
        anyhow::ensure!(!display_name.trim().is_empty(), "displayName must not be empty");
        for domain in &self.verified_domains {
            tenure_notify::check_address(&format!("x@{domain}"))
                .map_err(|_| anyhow::anyhow!("verifiedDomains: '{domain}' is not a domain"))?;
        }
        Ok(Organization { display_name, verified_domains: self.verified_domains })
    }
}

impl WrittenMail {
    fn read(self, folder: &Path, from_environment: Option<String>) -> anyhow::Result<SmtpConfig> {
        let password = match &self.password_file {
            Some(file) => {
                let path = folder.join(file);
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("passwordFile: {} cannot be read", path.display()))?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            }
            None => from_environment.filter(|_| self.user.is_some()),
        };
        if self.user.is_some() && password.is_none() {
            anyhow::bail!("user: the password is missing; give it with passwordFile or {PASSWORD_VARIABLE}");
        }
        let port = self.port.unwrap_or(match self.tls {
            Tls::None => 25,
            Tls::StartTls => 587,
            Tls::Implicit => 465,
        });
        Ok(SmtpConfig {
            host: self.host,
            port,
            user: self.user,
            password: password.map(Secret::new),
            tls: self.tls,
            from: self.from,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<Configuration> {
        Configuration::parse(text, Path::new("/etc/tenure"), Some("from the environment".to_owned()))
    }

    fn refusal(text: &str) -> String {
        format!("{:#}", read(text).unwrap_err())
    }

    #[test]
    fn an_empty_file_is_the_defaults() {
        let configuration = read("").unwrap();
        assert_eq!(configuration.limits, Limits::default());
        assert!(configuration.data.is_none() && configuration.mail.is_none());
    }

    #[test]
    fn catch_up_has_a_number_or_no_limit() {
        assert_eq!(read("[limits]\ncatchUpDays = 0").unwrap().limits.catch_up_days, Some(0));
        assert_eq!(read("[limits]\ncatchUpDays = \"unlimited\"").unwrap().limits.catch_up_days, None);
        assert!(refusal("[limits]\ncatchUpDays = \"many\"").contains("catchUpDays"));
    }

    #[test]
    fn unknown_keys_are_named() {
        assert!(refusal("dta = \"x\"").contains("`dta`"));
        let strict = read("profile = \"strict\"\n[limits]\nworkflows = 7").unwrap().limits;
        assert_eq!(strict, Limits { workflows: 7, ..Profile::Strict.limits() });
        assert!(refusal("profile = \"lax\"").contains("lax"));
        assert!(refusal("[limits]\ncatchup = 1").contains("`catchup`"));
        assert!(refusal("[mail]\nhost = \"h\"\nfrom = \"a@b.example\"\nsender = \"x\"").contains("`sender`"));
    }

    #[test]
    fn values_that_cannot_be_meant_are_refused() {
        for (text, name) in [
            ("leaversPercent = 101.0", "leaversPercent"),
            ("importStopPercent = nan", "importStopPercent"),
            ("attempts = 0", "attempts"),
            ("offsetInDays = -1", "offsetInDays"),
        ] {
            assert!(refusal(&format!("[limits]\n{text}")).contains(name), "{text}");
        }
        assert!(refusal("administrators = [\"ops\"]").contains("administrators: 'ops'"));
        let administrators = read("administrators = [\"ops@example.com\"]").unwrap().administrators;
        assert_eq!(administrators, ["ops@example.com"]);
    }

    #[test]
    fn an_organization_has_a_name_and_domains() {
        assert_eq!(read("").unwrap().organization, Organization::default());
        let text = "[organization]\ndisplayName = \"Contoso\"\nverifiedDomains = [\"contoso.com\"]";
        let organization = read(text).unwrap().organization;
        assert_eq!(organization.display_name, "Contoso");
        assert_eq!(organization.verified_domains, ["contoso.com"]);
        assert!(refusal("[organization]\ndisplayName = \" \"").contains("displayName"));
        assert!(refusal("[organization]\nverifiedDomains = [\"a b\"]").contains("'a b'"));
        assert!(refusal("[organization]\nname = \"x\"").contains("`name`"));
    }

    #[test]
    fn mail_finds_its_password_and_port() {
        let mail =
            read("[mail]\nhost = \"m.example\"\nuser = \"u\"\nfrom = \"a@m.example\"").unwrap().mail.unwrap();
        assert_eq!((mail.port, mail.tls), (587, Tls::StartTls));
        assert!(mail.password.is_some());
        let open = read("[mail]\nhost = \"localhost\"\ntls = \"none\"\nfrom = \"a@m.example\"").unwrap();
        assert!(open.mail.unwrap().password.is_none());
        assert!(
            refusal("[mail]\nhost = \"h\"\nuser = \"u\"\npasswordFile = \"none\"\nfrom = \"a@b.example\"")
                .contains("/etc/tenure/none")
        );
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        assert_eq!(read("data = \"data\"").unwrap().data.unwrap(), Path::new("/etc/tenure/data"));
        assert_eq!(read("data = \"/srv/t\"").unwrap().data.unwrap(), Path::new("/srv/t"));
        let tls = read("[tls]\ncertificate = \"c.pem\"\nkey = \"/k.pem\"").unwrap().tls.unwrap();
        assert_eq!(
            (tls.certificate.as_path(), tls.key.as_path()),
            (Path::new("/etc/tenure/c.pem"), Path::new("/k.pem"))
        );
        assert!(refusal("[tls]\ncertificate = \"c.pem\"").contains("`key`"));
    }
}
