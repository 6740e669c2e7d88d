//! Mail by SMTP: connections are kept and used again, and a call ends by its deadline whatever the server does.

mod failure;
mod session;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use lettre::transport::smtp::extension::ClientId;
use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::effect::{self, Mail};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{Failure, SendMail};

use crate::config::{ConfigError, SmtpConfig, Tls};
use crate::message::{compose, plain};
use crate::text::repeats;
use failure::late;
use session::{Deadline, Session};

/// Connections kept open for the next mail.
const KEPT: usize = 32;
/// How long an unused connection is kept; servers give up after five minutes (RFC 5321, 4.5.3.2.7).
const IDLE: Duration = Duration::from_mins(1);
/// Mails under way at once, those included that nobody waits for any more.
const AT_ONCE: usize = 64;

/// A mail server.
pub struct Smtp {
    server: Arc<Server>,
    clock: Arc<dyn Clock>,
    from: Mailbox,
}

/// How to reach the server, and the connections to it.
struct Server {
    host: String,
    port: u16,
    tls: Security,
    credentials: Option<Credentials>,
    /// The password in the ways in which it is sent: what the server says is left out when it repeats one.
    confidential: Vec<String>,
    hello: ClientId,
    idle: Mutex<Vec<(Session, Instant)>>,
    under_way: AtomicUsize,
}

/// [`Tls`] with what it takes.
enum Security {
    None,
    StartTls(TlsParameters),
    Implicit(TlsParameters),
}

impl Smtp {
    /// Checks the configuration; the server is first talked to when the first mail is sent.
    pub fn new(config: SmtpConfig, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let from = config.check()?;
        let parameters = || TlsParameters::new(config.host.clone()).map_err(ConfigError::Tls);
        let tls = match config.tls {
            Tls::None => Security::None,
            Tls::StartTls => Security::StartTls(parameters()?),
            Tls::Implicit => Security::Implicit(parameters()?),
        };
        let signs_in = config.user.zip(config.password);
        let confidential = signs_in.as_ref().map(|(user, password)| sent(user, password.reveal()));
        let credentials =
            signs_in.map(|(user, password)| Credentials::new(user, password.reveal().to_owned()));
        let server = Server {
            host: config.host,
            port: config.port,
            tls,
            credentials,
            confidential: confidential.unwrap_or_default(),
            hello: ClientId::default(),
            idle: Mutex::new(Vec::new()),
            under_way: AtomicUsize::new(0),
        };
        Ok(Self { server: Arc::new(server), clock, from })
    }

    /// Whom mails come from when nothing else is set.
    pub fn sender(&self) -> effect::Mailbox {
        plain(&self.from)
    }
}

impl SendMail for Smtp {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        let deadline = Deadline::after(deadline);
        let message = compose(mail, key, &self.from, self.clock.now())?;
        let slot = Slot::take(&self.server)?;
        // A thread of its own: socket time-outs bound one read, not a name look-up, nor a server that sends a byte
        // now and then. After the deadline the thread begins no further step, and its outcome is dropped.
        let (tell, told) = mpsc::sync_channel(1);
        let hand_over = move || {
            let server = &slot.0;
            let outcome = server
                .deliver(message.envelope(), &message.formatted(), deadline)
                .map_err(|failure| server.discreet(failure));
            drop(tell.send(outcome));
        };
        thread::Builder::new()
            .name("smtp".to_owned())
            .spawn(hand_over)
            .map_err(|error| Failure::Retryable(format!("the mail cannot be sent now: {error}")))?;
        told.recv_timeout(deadline.left().unwrap_or_default()).unwrap_or_else(|_| Err(late()))
    }
}

/// A password as it is sent: as it is (to be found decoded), and as `PLAIN` and `LOGIN` encode it.
fn sent(user: &str, password: &str) -> Vec<String> {
    vec![password.to_owned(), STANDARD.encode(password), STANDARD.encode(format!("\0{user}\0{password}"))]
}

impl Server {
    /// The failure without the words of a server that repeats the password.
    fn discreet(&self, failure: Failure) -> Failure {
        let is_repeated = |text: &str| self.confidential.iter().any(|secret| repeats(text, secret));
        let instead = || {
            "the mail server did not take the mail (its words are left out: they repeat the password)"
                .to_owned()
        };
        match failure {
            Failure::Retryable(text) if is_repeated(&text) => Failure::Retryable(instead()),
            Failure::Permanent(text) if is_repeated(&text) => Failure::Permanent(instead()),
            other => other,
        }
    }

    fn deliver(&self, envelope: &Envelope, message: &[u8], deadline: Deadline) -> Result<(), Failure> {
        let mut session = match self.idle_session(deadline) {
            Some(session) => session,
            None => Session::open(self, deadline)?,
        };
        match session.deliver(envelope, message, deadline) {
            Ok(()) => {
                self.keep(session);
                Ok(())
            }
            Err(failure) => {
                session.leave();
                Err(failure)
            }
        }
    }

    /// A kept connection that still answers.
    fn idle_session(&self, deadline: Deadline) -> Option<Session> {
        loop {
            let (mut session, since) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if since.elapsed() < IDLE && session.answers(deadline) {
                return Some(session);
            }
        }
    }

    fn keep(&self, session: Session) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push((session, Instant::now()));
        }
    }
}

/// The right to have one more mail under way.
struct Slot(Arc<Server>);

impl Slot {
    fn take(server: &Arc<Server>) -> Result<Self, Failure> {
        let slot = Self(Arc::clone(server));
        if server.under_way.fetch_add(1, Ordering::Relaxed) < AT_ONCE {
            return Ok(slot);
        }
        Err(Failure::NotNow("the mail server is slow: too many mails are under way".to_owned()))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
