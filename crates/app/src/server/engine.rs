//! The engine's threads: those that work by the machine's clock, or the one that follows a clock that stands still.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tenure_lifecycle::engine::{AdvanceError, Simulation, Threads, WORKERS};
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::Perform;

/// Longest sleep of the thread that follows a clock.
const LONGEST: Duration = Duration::from_secs(30);
/// Its pause after a store failure.
const PAUSE: Duration = Duration::from_secs(1);
/// Time for batches under way when stopping; work that is cut off is taken up again by the next process.
const BATCHES: Duration = Duration::from_secs(4);

/// The running threads.
pub(super) enum Engine {
    /// Workers and a sweeper.
    Real(Threads),
    /// One thread, which takes turns with whoever moves the clock.
    Simulated(Follower),
}

/// Processes what is asked for while the clock stands.
pub(super) struct Follower {
    stop: Arc<AtomicBool>,
    lifecycle: Arc<Lifecycle>,
    thread: JoinHandle<()>,
}

impl Engine {
    /// Starts the threads.
    pub(super) fn start(
        lifecycle: Arc<Lifecycle>,
        performer: Arc<dyn Perform>,
        simulation: Option<Arc<Simulation>>,
    ) -> std::io::Result<Self> {
        let Some(simulation) = simulation else {
            return Ok(Self::Real(Threads::start(lifecycle, performer, WORKERS, true)?));
        };
        let stop = Arc::new(AtomicBool::new(false));
        let (heard, seen) = (stop.clone(), lifecycle.clone());
        let thread = std::thread::Builder::new()
            .name("follower".to_owned())
            .spawn(move || follow(&seen, &simulation, &heard))?;
        Ok(Self::Simulated(Follower { stop, lifecycle, thread }))
    }

    /// Stops the threads, waiting a bounded time: a mail server may keep one of them busy for minutes.
    pub(super) fn stop(self) {
        let (done, waiting) = mpsc::channel::<()>();
        std::thread::spawn(move || {
            match self {
                Self::Real(threads) => threads.stop(),
                Self::Simulated(follower) => follower.stop(),
            }
            drop(done);
        });
        if waiting.recv_timeout(BATCHES) == Err(mpsc::RecvTimeoutError::Timeout) {
            tracing::warn!("a batch did not end in time; the next start takes it up again");
        }
    }
}

impl Follower {
    fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.lifecycle.work.ring();
        if self.thread.join().is_err() {
            tracing::error!("an engine thread ended in a panic");
        }
    }
}

/// Workers beside a clock that is moved would still hold ranges when the move answers that everything is done; so
/// everything is processed by a move of the clock, if need be to where it stands.
fn follow(lifecycle: &Lifecycle, simulation: &Simulation, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let seen = lifecycle.work.rung();
        match simulation.advance(lifecycle.now()) {
            Ok(()) => lifecycle.work.wait(seen, LONGEST),
            // Somebody moved it since it was read.
            Err(AdvanceError::Backwards { .. }) => {}
            Err(AdvanceError::Store(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a batch could not be processed");
                lifecycle.work.wait(seen, PAUSE);
            }
        }
    }
}
