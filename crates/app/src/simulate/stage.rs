//! What is played on: a copy of a data directory, or an empty one, wired to a clock that is moved and to nobody outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use tempfile::TempDir;
use tenure_lifecycle::clock::{Ids as _, ManualClock, RandomIds};
use tenure_lifecycle::engine::Simulation;
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::Tokens as _;
use tenure_lifecycle::token::Caller;
use tenure_store::SqliteStore;

use super::outside::{Callbacks, Outside};
use super::workflows;
use crate::configuration::Configuration;
use crate::server::make_private;

/// What is to be played.
pub(crate) struct Plan<'a> {
    /// The data directory to copy; none is an empty one.
    pub(crate) data: Option<&'a Path>,
    /// Files of workflows to add, or to put in the place of those of the same name.
    pub(crate) workflows: Option<&'a Path>,
    /// Only these run by themselves; all if none is named.
    pub(crate) only: &'a [String],
    /// Where the copy is kept.
    pub(crate) keep: Option<&'a Path>,
    /// What those say who are called.
    pub(crate) callbacks: Callbacks,
    /// Where the clock begins.
    pub(crate) from: Timestamp,
}

/// A Tenure that nobody outside hears of.
pub(crate) struct Stage {
    pub(crate) lifecycle: Arc<Lifecycle>,
    pub(crate) simulation: Simulation,
    pub(crate) outside: Arc<Outside>,
    /// In whose name files are imported.
    pub(crate) caller: Caller,
    store: Arc<SqliteStore>,
    /// Deleted when this is dropped, unless it is kept.
    _temporary: Option<TempDir>,
}

impl Stage {
    /// Sets it up.
    pub(crate) fn set(plan: &Plan<'_>, configuration: Configuration) -> anyhow::Result<Self> {
        let (folder, temporary) = folder(plan.keep)?;
        let ids = Arc::new(RandomIds);
        if let Some(data) = plan.data {
            SqliteStore::copy(data, &folder, ids.as_ref())?;
        }
        let store = Arc::new(match &temporary {
            Some(_) => SqliteStore::open_scratch(&folder, ids.as_ref())?,
            None => SqliteStore::open(&folder, ids.as_ref())?,
        });
        store.mark_simulated()?;
        store.look_again_from(plan.from)?;
        let clock = Arc::new(ManualClock::at(plan.from));
        let outside = Arc::new(Outside::new(plan.callbacks));
        let lifecycle = Lifecycle::new(store.clone(), clock.clone(), ids.clone(), configuration.limits)
            .with_administrators(configuration.administrators)
            .with_organization(configuration.organization);
        let lifecycle = Arc::new(lifecycle);
        // Whoever held leases on the original does not hold them here.
        lifecycle.store.take_over(plan.from)?;
        let caller = Caller {
            id: CallerId(ids.fresh()),
            name: "tenure simulate".to_owned(),
            person: None,
            application: None,
            scopes: vec!["*".to_owned()],
        };
        if let Some(folder) = plan.workflows {
            workflows::put_in(folder, &lifecycle, &caller)?;
        }
        workflows::only(plan.only, &lifecycle, &caller)?;
        let simulation = Simulation::new(lifecycle.clone(), outside.clone(), clock);
        Ok(Self { lifecycle, simulation, outside, caller, store, _temporary: temporary })
    }

    /// Ends: a copy that is kept is whole in its file.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        Ok(self.store.checkpoint()?)
    }
}

/// The folder to play in: the one to be kept, which has to be empty, or one that is deleted.
fn folder(keep: Option<&Path>) -> anyhow::Result<(PathBuf, Option<TempDir>)> {
    let Some(keep) = keep else {
        let temporary = tempfile::Builder::new().prefix("tenure-simulate-").tempdir();
        let temporary = temporary.context("no temporary directory can be made")?;
        return Ok((temporary.path().to_owned(), Some(temporary)));
    };
    make_private(keep)?;
    let cannot = || format!("{} cannot be looked at", keep.display());
    let is_empty = std::fs::read_dir(keep).with_context(cannot)?.next().is_none();
    ensure!(is_empty, "{} is not empty: the copy is kept in a directory of its own", keep.display());
    Ok((keep.to_owned(), None))
}
