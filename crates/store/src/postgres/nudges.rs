//! Nudges between processes, by NOTIFY: nothing depends on one that is lost.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator as _;
use tenure_lifecycle::ports::{Bell, Told};

use super::db::{Connector, Result};

/// Bells that ring in so short a time ring once.
const TOGETHER: Duration = Duration::from_millis(5);
/// How soon a thread sees that it is to stop.
const LOOK: Duration = Duration::from_millis(500);

const BELLS: [(Bell, &str); 3] =
    [(Bell::Work, "work"), (Bell::Changes, "changes"), (Bell::Notices, "notices")];

/// The threads that tell and hear.
pub(super) struct Nudges {
    shared: Arc<Shared>,
    connector: Connector,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    /// The bells that have rung and are to be told, a bit each.
    rung: AtomicU8,
    /// Whether there are others to tell: somebody listens, so this process serves.
    is_heard: AtomicBool,
    stop: AtomicBool,
    wake: (Mutex<()>, Condvar),
}

impl Nudges {
    pub(super) fn new(connector: Connector) -> Self {
        Self { shared: Arc::default(), connector, threads: Mutex::default() }
    }

    /// Has a bell rung elsewhere, soon.
    pub(super) fn tell(&self, bell: Bell) {
        if self.shared.is_heard.load(Ordering::Relaxed) {
            self.shared.rung.fetch_or(1 << bell as u8, Ordering::Relaxed);
            // Whoever has seen no bell and does not wait yet holds this.
            drop(self.shared.wake.0.lock());
            self.shared.wake.1.notify_one();
        }
    }

    /// Begins to listen, and to tell.
    pub(super) fn hear(&self, told: Told) {
        self.shared.is_heard.store(true, Ordering::Relaxed);
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        type Run = Box<dyn FnOnce() + Send>;
        let (shared, connector) = (self.shared.clone(), self.connector.clone());
        let telling: Run = Box::new(move || again_and_again(&shared, || tell_on(&shared, &connector)));
        let (shared, connector) = (self.shared.clone(), self.connector.clone());
        let hearing: Run = Box::new(move || again_and_again(&shared, || hear_on(&shared, &connector, &told)));
        for (name, run) in [("store-tells", telling), ("store-hears", hearing)] {
            match std::thread::Builder::new().name(name.to_owned()).spawn(run) {
                Ok(thread) => threads.push(thread),
                Err(error) => tracing::error!(%error, "the other processes are not told, and wait"),
            }
        }
    }
}

impl Drop for Nudges {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.wake.1.notify_all();
        for thread in self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            drop(thread.join());
        }
    }
}

/// Does something that ends when its connection breaks, until it is to stop.
fn again_and_again(shared: &Shared, work: impl Fn() -> Result<()>) {
    while !shared.stop.load(Ordering::Relaxed) {
        if let Err(error) = work() {
            tracing::debug!(%error, "the connection to the other processes broke");
            std::thread::sleep(LOOK);
        }
    }
}

fn tell_on(shared: &Shared, connector: &Connector) -> Result<()> {
    let connection = connector.connect()?;
    while !shared.stop.load(Ordering::Relaxed) {
        let rung = shared.rung.swap(0, Ordering::Relaxed);
        for (bell, name) in BELLS {
            if rung & 1 << bell as u8 != 0 {
                connection
                    .execute_batch(&format!("SELECT pg_notify('tenure_' || current_schema(), '{name}')"))?;
            }
        }
        if rung == 0 {
            let waiting = shared.wake.0.lock().unwrap_or_else(PoisonError::into_inner);
            if shared.rung.load(Ordering::Relaxed) == 0 {
                drop(shared.wake.1.wait_timeout(waiting, LOOK));
            }
        } else {
            std::thread::sleep(TOGETHER);
        }
    }
    Ok(())
}

fn hear_on(shared: &Shared, connector: &Connector, told: &Told) -> Result<()> {
    let mut client = connector.client()?;
    let listen = "DO $$ BEGIN EXECUTE format('LISTEN %I', 'tenure_' || current_schema()); END $$";
    client.batch_execute(listen).map_err(super::db::failed)?;
    // Whatever was told before is looked for.
    for (bell, _) in BELLS {
        told(bell);
    }
    while !shared.stop.load(Ordering::Relaxed) {
        {
            let mut notifications = client.notifications();
            let mut heard = notifications.timeout_iter(LOOK);
            while let Some(notification) = heard.next().map_err(super::db::failed)? {
                if let Some((bell, _)) = BELLS.into_iter().find(|(_, name)| *name == notification.payload()) {
                    told(bell);
                }
            }
        }
        if client.is_closed() {
            return Ok(());
        }
    }
    Ok(())
}
