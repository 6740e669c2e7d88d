//! The domain and the engine of Tenure: who is due for which workflow, what its tasks would change,
//! and how that is carried out exactly once. No SQL, HTTP, LDAP or SMTP library is known here; what
//! the engine needs from outside it asks for through [`ports`].
//!
//! ```text
//! directory  ──►  engine::sweep  ──►  run + queued user results
//! (people,            ▲                     │ engine::worker leases a range
//!  groups,            │                     ▼
//!  change log)     scope, trigger       task: (subject, arguments, now) → effects     (pure)
//!                                           │ engine::perform: mail and other outside effects
//!                                           ▼
//!                                       ports::Runs::settle: results, directory, counters, audit
//! ```

pub mod audit;
pub mod calendar;
pub mod clock;
pub mod directory;
pub mod effect;
pub mod engine;
pub mod expression;
pub mod extension;
pub mod ids;
pub mod limits;
pub mod operations;
pub mod ports;
pub mod run;
pub mod task;
pub mod template;
pub mod token;
pub mod words;
pub mod workflow;
