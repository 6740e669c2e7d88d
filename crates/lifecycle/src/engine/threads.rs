//! The threads that keep the engine going: one that sweeps, some that process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use super::handover::Handover;
use super::hands::Hands;
use super::housekeeping::keep_house;
use super::notices::tell_administrators;
use super::outside::Outside;
use super::sweep::{next_due, sweep_all};
use super::worker::{Step, Worker};
use crate::operations::Lifecycle;
use crate::ports::{Bell, Perform, QueuedWork, StoreError};

/// Longest sleep of a thread, so that a moved clock or a changed setting is noticed.
const LONGEST: Duration = Duration::from_secs(30);
/// Threads that plan. While one waits for what it has planned to be written others load and plan, on two cores too: whoever
/// writes should not wait for them.
pub const WORKERS: u64 = 4;
/// How often a process that shares its store looks whether another is gone.
const PATROL: Duration = Duration::from_secs(2);
/// Pause after a store failure.
const PAUSE: Duration = Duration::from_secs(1);

/// The running threads.
pub struct Threads {
    stop: Arc<AtomicBool>,
    lifecycle: Arc<Lifecycle>,
    handover: Arc<Handover>,
    handles: Vec<JoinHandle<()>>,
}

/// Threads that do what goes outside.
const OUTSIDE: u64 = 8;

impl Threads {
    /// Starts the sweeper (unless somebody moves the clock, who then sweeps too) and that many workers.
    pub fn start(
        lifecycle: Arc<Lifecycle>,
        performer: Arc<dyn Perform>,
        workers: u64,
        sweeper: bool,
    ) -> std::io::Result<Self> {
        ring_together(&lifecycle);
        let stop = Arc::new(AtomicBool::new(false));
        let handover = Arc::new(Handover::default());
        let mut handles = Vec::new();
        for owner in 1..=workers + OUTSIDE {
            let (lifecycle, performer, stop) = (lifecycle.clone(), performer.clone(), stop.clone());
            let handover = handover.clone();
            let run = move || {
                let performer = performer.as_ref();
                if owner <= workers {
                    let worker = Worker::new(&lifecycle, performer, owner).handing_over_to(&handover);
                    work(&lifecycle, &stop, || worker.step(), |wait| wait());
                } else {
                    let (lifecycle, hands) = (&*lifecycle, Hands::new(&lifecycle, owner));
                    let outside = Outside { lifecycle, performer, handover: &handover, hands, stop: &stop };
                    work(lifecycle, &stop, || outside.step(), |wait| handover.wait(wait));
                }
            };
            let name = if owner <= workers { "worker" } else { "outside" };
            handles.push(std::thread::Builder::new().name(format!("{name}-{owner}")).spawn(run)?);
        }
        if sweeper {
            let (lifecycle, stop) = (lifecycle.clone(), stop.clone());
            handles.push(
                std::thread::Builder::new()
                    .name("sweeper".to_owned())
                    .spawn(move || sweep_on(&lifecycle, &stop))?,
            );
        }
        {
            // Apart from the sweeper, which neither a slow mail server nor a long purge must keep from its work.
            let (lifecycle, stop) = (lifecycle.clone(), stop.clone());
            handles.push(
                std::thread::Builder::new()
                    .name("housekeeping".to_owned())
                    .spawn(move || look_after(&lifecycle, performer.as_ref(), &stop))?,
            );
        }
        Ok(Self { stop, lifecycle, handover, handles })
    }

    /// Lets every thread finish its portion and waits for them.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.lifecycle.work.ring();
        self.lifecycle.changes.ring();
        self.lifecycle.notices.ring();
        for handle in self.handles {
            if handle.join().is_err() {
                tracing::error!("an engine thread ended in a panic");
            }
        }
        for lease in self.handover.left_over() {
            if let Err(error) = self.lifecycle.store.abandon(&lease, self.lifecycle.clock.now()) {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a lease could not be given back; the next start takes it over"
                );
            }
        }
    }
}

/// Takes steps until it is to stop; `pause` wraps the waiting in between.
fn work(
    lifecycle: &Lifecycle,
    stop: &AtomicBool,
    step: impl Fn() -> Result<Step, StoreError>,
    pause: impl Fn(&dyn Fn()),
) {
    while !stop.load(Ordering::SeqCst) {
        let seen = lifecycle.work.rung();
        let stepped = catch_unwind(AssertUnwindSafe(&step))
            .unwrap_or_else(|_| Err(StoreError::Database("a batch panicked".into())));
        let wait = |at_most: Duration| pause(&|| lifecycle.work.wait(seen, at_most));
        match stepped {
            Ok(Step::Worked | Step::Idle(QueuedWork::Now)) => {}
            Ok(Step::Idle(QueuedWork::At(at))) => wait(until(at, lifecycle.clock.now())),
            Ok(Step::Idle(QueuedWork::Nothing)) => wait(LONGEST),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a batch could not be processed");
                wait(PAUSE);
            }
        }
    }
}

fn sweep_on(lifecycle: &Lifecycle, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let seen = lifecycle.changes.rung();
        match lifecycle.store.lead() {
            Ok(true) => {}
            // Somebody else does.
            Ok(false) => {
                lifecycle.changes.wait(lifecycle.changes.rung(), PATROL);
                continue;
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "it is not known who sweeps");
                lifecycle.changes.wait(seen, PAUSE);
                continue;
            }
        }
        let now = lifecycle.clock.now();
        let next = sweep_all(lifecycle, now).and_then(|_| next_due(lifecycle, now));
        match next {
            Ok(Some(at)) => lifecycle.changes.wait(seen, until(at, lifecycle.clock.now())),
            Ok(None) => lifecycle.changes.wait(seen, LONGEST),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a sweep failed");
                lifecycle.changes.wait(seen, PAUSE);
            }
        }
    }
}

fn look_after(lifecycle: &Lifecycle, performer: &dyn Perform, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let seen = lifecycle.notices.rung();
        take_over(lifecycle);
        if !lifecycle.store.lead().unwrap_or(false) {
            lifecycle.notices.wait(lifecycle.notices.rung(), PATROL);
            continue;
        }
        if let Err(error) = tell_administrators(lifecycle, performer) {
            tracing::error!(error = &error as &dyn std::error::Error, "administrators could not be told");
        }
        match keep_house(lifecycle, lifecycle.now()) {
            // In turns, so that a long purge keeps nobody from being told.
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "what is deleted could not be taken away"
            ),
        }
        lifecycle.notices.wait(seen, PATROL);
    }
}

/// What a process left behind that is gone is queued again.
fn take_over(lifecycle: &Lifecycle) {
    match lifecycle.store.take_over(lifecycle.now()) {
        Ok(0) => {}
        Ok(leases) => {
            tracing::warn!(leases, "work that a process left unfinished which is gone is taken up again");
            lifecycle.work.ring();
        }
        Err(error) => tracing::error!(
            error = &error as &dyn std::error::Error,
            "it is not known whether a process is gone"
        ),
    }
}

/// Whatever rings here rings in the other processes, and the other way round.
fn ring_together(lifecycle: &Arc<Lifecycle>) {
    for (signal, bell) in [
        (&lifecycle.work, Bell::Work),
        (&lifecycle.changes, Bell::Changes),
        (&lifecycle.notices, Bell::Notices),
    ] {
        let store = lifecycle.store.clone();
        signal.told_elsewhere(move || store.tell(bell));
    }
    let here = Arc::downgrade(lifecycle);
    lifecycle.store.hear(Box::new(move |bell| {
        if let Some(lifecycle) = here.upgrade() {
            match bell {
                Bell::Work => lifecycle.work.ring_here(),
                Bell::Changes => lifecycle.changes.ring_here(),
                Bell::Notices => lifecycle.notices.ring_here(),
            }
        }
    }));
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default().clamp(Duration::from_millis(1), LONGEST)
}
