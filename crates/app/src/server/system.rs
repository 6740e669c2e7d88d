//! A Tenure wired together: store, clock, limits, mail.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tenure_lifecycle::clock::{Clock, ManualClock, RandomIds, SystemClock};
use tenure_lifecycle::engine::Simulation;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::{Lifecycle, Organization};
use tenure_lifecycle::ports::{Perform, Tokens as _};
use tenure_notify::{ConfigError, Outbox, Smtp, SmtpConfig};
use tenure_store::SqliteStore;

use crate::wrong_use::WrongUse;

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
    pub(crate) fn open(
        data: &Path,
        limits: Limits,
        administrators: Vec<String>,
        organization: Organization,
        mail: Option<SmtpConfig>,
        now: Option<Timestamp>,
    ) -> anyhow::Result<Self> {
        let ids = Arc::new(RandomIds);
        let store = Arc::new(SqliteStore::open(data, ids.as_ref())?);
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
        let (performer, mail) = performer(data, mail, simulated, &clock)?;
        let lifecycle = Lifecycle::new(store, clock, ids, limits)
            .with_administrators(administrators)
            .with_organization(organization);
        let lifecycle = Arc::new(lifecycle);
        // The lock on the directory proves that whoever held these leases is dead.
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

fn performer(
    data: &Path,
    mail: Option<SmtpConfig>,
    simulated: bool,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<(Arc<dyn Perform>, String)> {
    let wrong = |error: ConfigError| WrongUse::error(format!("[mail]: {error}"));
    match mail {
        Some(mail) if !simulated => {
            let told = format!("{}:{}", mail.host, mail.port);
            let smtp = Smtp::new(mail, clock.clone()).map_err(wrong)?;
            Ok((Arc::new(smtp), told))
        }
        mail => {
            let folder = data.join("outbox");
            let told = folder.display().to_string();
            let outbox = Outbox::new(folder, clock.clone());
            let outbox = match mail {
                Some(mail) => outbox.with_from(&mail.from).map_err(wrong)?,
                None => outbox,
            };
            Ok((Arc::new(outbox), told))
        }
    }
}
