//! A Tenure wired together: store, clock, limits, mail.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use tenure_lifecycle::clock::{Clock, ManualClock, RandomIds, SystemClock};
use tenure_lifecycle::effect::Mailbox;
use tenure_lifecycle::engine::Simulation;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::{Lifecycle, Organization};
use tenure_lifecycle::ports::{Endpoints, Perform, Store, Together};
use tenure_notify::{CallBook, Calls, ConfigError, Outbox, Smtp, SmtpConfig, Vault};
use tenure_store::{PostgresStore, SqliteStore};

use crate::configuration::ExtensionsConfig;
use crate::wrong_use::WrongUse;

/// The key that secrets are sealed with.
const KEY_FILE: &str = "secret-key";

/// How a system is set up.
#[derive(Default)]
pub(crate) struct Setup {
    /// What is allowed.
    pub(crate) limits: Limits,
    /// Mail addresses of the administrators.
    pub(crate) administrators: Vec<String>,
    /// What the organisation calls itself.
    pub(crate) organization: Organization,
    /// The mail server.
    pub(crate) mail: Option<SmtpConfig>,
    /// How custom task extensions are called.
    pub(crate) extensions: ExtensionsConfig,
    /// The PostgreSQL that the store is on, which other processes may share; else it is in the data directory.
    pub(crate) database: Option<String>,
}

/// Everything that serves one data directory.
pub(crate) struct System {
    /// The data directory.
    pub(crate) data: PathBuf,
    /// Folder for uploads.
    pub(crate) spool: PathBuf,
    /// The domain.
    pub(crate) lifecycle: Arc<Lifecycle>,
    /// Who performs outside effects.
    pub(crate) performer: Arc<dyn Perform>,
    /// The clock that somebody moves.
    pub(crate) simulation: Option<Arc<Simulation>>,
    /// Where mail goes, for people.
    pub(crate) mail: String,
}

impl System {
    /// Opens a data directory that is there. `now` lets the clock stand there; the directory then sends nothing
    /// outside, for good.
    pub(crate) fn open(data: &Path, setup: Setup, now: Option<Timestamp>) -> anyhow::Result<Self> {
        let Setup { limits, administrators, organization, mail, extensions, database } = setup;
        let ids = Arc::new(RandomIds);
        let store: Arc<dyn Store> = match &database {
            None => Arc::new(SqliteStore::open(data, ids.as_ref())?),
            Some(url) => Arc::new(PostgresStore::open(url, ids.as_ref())?),
        };
        let spool = super::prepare(data)?;
        if now.is_some() {
            store.mark_simulated()?;
        }
        let simulated = store.installation()?.simulated;
        let manual = now.map(|now| Arc::new(ManualClock::at(now)));
        let clock: Arc<dyn Clock> = match &manual {
            Some(manual) => manual.clone(),
            None => Arc::new(SystemClock),
        };
        if simulated && now.is_none() {
            tracing::warn!(
                "this data directory was once driven by a clock that stands still: it sends nothing outside, \
                 mail goes to its outbox"
            );
        }
        if database.is_some() {
            tracing::info!(
                process = store.process(),
                "the store is on PostgreSQL, for all servers that name it"
            );
        }
        let vault = vault(data, store.as_ref(), database.is_some())?;
        let Outward { performer, endpoints, sender, mail } =
            outward(data, mail, (extensions, vault), simulated, &clock)?;
        let lifecycle = Lifecycle::new(store, clock, ids, limits)
            .with_administrators(administrators)
            .with_organization(organization)
            .with_sender(sender)
            .with_endpoints(endpoints);
        let lifecycle = Arc::new(lifecycle);
        let taken = lifecycle.store.take_over(lifecycle.now())?;
        if taken > 0 {
            tracing::info!(
                leases = taken,
                "work that a process before this one left unfinished is taken up again"
            );
        }
        let simulation =
            manual.map(|clock| Arc::new(Simulation::new(lifecycle.clone(), performer.clone(), clock)));
        Ok(Self { data: data.to_owned(), spool, lifecycle, performer, simulation, mail })
    }
}

/// Who performs outside effects, and who knows where calls may go; and where mail goes, for people.
struct Outward {
    performer: Arc<dyn Perform>,
    endpoints: Arc<dyn Endpoints>,
    /// Whom mails come from.
    sender: Mailbox,
    mail: String,
}

/// The vault of the data directory, which has to have the key of all who share the store.
fn vault(data: &Path, store: &dyn Store, is_shared: bool) -> anyhow::Result<Vault> {
    const PROOF: &str = "the key of this store";
    let key = data.join(KEY_FILE);
    let vault = Vault::open(&key).with_context(|| format!("{} cannot be used", key.display()))?;
    if is_shared {
        let sealed = vault.seal(PROOF).context("the system gives no random bytes")?;
        let known = vault.unseal(&store.agree(&sealed)?);
        anyhow::ensure!(
            known.is_some(),
            "{} is not the key that the secrets in this database are sealed with; copy that file from the data \
             directory of a server that uses the database",
            key.display()
        );
    }
    Ok(vault)
}

fn outward(
    data: &Path,
    mail: Option<SmtpConfig>,
    (extensions, vault): (ExtensionsConfig, Vault),
    simulated: bool,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Outward> {
    let wrong = |error: ConfigError| WrongUse::error(format!("[mail]: {error}"));
    let calls = Calls::new(extensions.policy, vault, extensions.tokens, clock.clone());
    let calls = Arc::new(if simulated { calls.written_down() } else { calls });
    let endpoints: Arc<dyn Endpoints> = calls.clone();
    let outbox = data.join("outbox");
    let told = outbox.display().to_string();
    if simulated {
        let from = mail.map(|mail| mail.from);
        let mail = in_folder(outbox.clone(), from.as_deref(), clock).map_err(wrong)?;
        let sender = mail.sender();
        let performer = Arc::new(Together { mail, calls: CallBook::new(outbox) });
        return Ok(Outward { performer, endpoints, sender, mail: told });
    }
    Ok(match mail {
        Some(mail) => {
            let told = format!("{}:{}", mail.host, mail.port);
            let mail = Smtp::new(mail, clock.clone()).map_err(wrong)?;
            let sender = mail.sender();
            Outward { performer: Arc::new(Together { mail, calls }), endpoints, sender, mail: told }
        }
        None => {
            let mail = in_folder(outbox, None, clock).map_err(wrong)?;
            let sender = mail.sender();
            Outward { performer: Arc::new(Together { mail, calls }), endpoints, sender, mail: told }
        }
    })
}

fn in_folder(folder: PathBuf, from: Option<&str>, clock: &Arc<dyn Clock>) -> Result<Outbox, ConfigError> {
    let outbox = Outbox::new(folder, clock.clone());
    match from {
        Some(from) => outbox.with_from(from),
        None => Ok(outbox),
    }
}
