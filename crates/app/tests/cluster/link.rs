//! A link between a server and its database, which can be cut.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) struct Link {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_cut: AtomicBool,
    is_silent: AtomicBool,
    loses_leases: AtomicBool,
    lost: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
}

impl Link {
    pub(crate) fn to(database: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let of = state.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let mut open = of.open.lock().unwrap();
                if of.is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let far = TcpStream::connect(("127.0.0.1", database)).unwrap();
                let ends = [near.try_clone().unwrap(), far.try_clone().unwrap()];
                open.extend(ends);
                drop(open);
                let commits = Arc::new(AtomicBool::new(false));
                let (of, are_seen) = (of.clone(), commits.clone());
                let mut watched = Watched::default();
                pass(of.clone(), near.try_clone().unwrap(), far.try_clone().unwrap(), move |bytes, of| {
                    let is_lease = watched.commits_a_lease(bytes);
                    are_seen.store(is_lease && of.loses_leases.load(Ordering::SeqCst), Ordering::SeqCst);
                    true
                });
                pass(of, far, near, move |_, of| {
                    let is_lost = commits.load(Ordering::SeqCst);
                    of.lost.fetch_add(usize::from(is_lost), Ordering::SeqCst);
                    !is_lost
                });
            }
        });
        Self { port, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub(crate) fn cut(&self) {
        let mut open = self.state.open.lock().unwrap();
        self.state.is_cut.store(true, Ordering::SeqCst);
        for end in open.drain(..) {
            // It may be closed already.
            drop(end.shutdown(Shutdown::Both));
        }
    }

    /// Lets nothing through, and says nothing of it.
    pub(crate) fn fall_silent(&self) {
        self.state.is_silent.store(true, Ordering::SeqCst);
    }

    /// Breaks a connection when the database answers that somebody has a lease now: nobody is told.
    pub(crate) fn lose_leases(&self) {
        self.state.loses_leases.store(true, Ordering::SeqCst);
    }

    /// How many answers were lost.
    pub(crate) fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }

    pub(crate) fn mend(&self) {
        self.state.loses_leases.store(false, Ordering::SeqCst);
        self.state.is_cut.store(false, Ordering::SeqCst);
        self.state.is_silent.store(false, Ordering::SeqCst);
    }
}

/// What a server asks for.
#[derive(Default)]
struct Watched {
    /// The name of the statement that leases, between zeros as it is sent.
    statement: Option<Vec<u8>>,
    leases: bool,
}

impl Watched {
    /// Whether these bytes commit what leases something.
    fn commits_a_lease(&mut self, bytes: &[u8]) -> bool {
        let has = |wanted: &[u8]| bytes.windows(wanted.len()).position(|part| part == wanted);
        self.leases |= self.statement.as_ref().is_some_and(|name| has(name).is_some());
        // It is prepared as `P`, four bytes of length, its name, a zero, and its words.
        if let Some(words) = has(b"INSERT INTO leases") {
            let from = bytes[..words].iter().rposition(|byte| *byte == b'P').unwrap();
            self.statement = Some([&[0], &bytes[from + 5..words]].concat());
        }
        let is_over = has(b"COMMIT").is_some() || has(b"ROLLBACK\0").is_some();
        is_over && std::mem::take(&mut self.leases)
    }
}

/// Passes on what `goes_on` says goes on; what does not ends the connection.
fn pass(
    state: Arc<State>,
    mut from: TcpStream,
    mut to: TcpStream,
    mut goes_on: impl FnMut(&[u8], &State) -> bool + Send + 'static,
) {
    std::thread::spawn(move || {
        let mut bytes = [0; 16_384];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            while state.is_silent.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(50));
            }
            if !goes_on(&bytes[..length], &state) || to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
    });
}
