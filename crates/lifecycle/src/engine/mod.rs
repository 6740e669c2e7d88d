//! The engine: who is due, what is planned for them, how it is carried out exactly once.

mod candidates;
mod due;
mod evaluation;
mod handover;
mod housekeeping;
mod interval;
mod notices;
mod outside;
mod pending;
mod perform;
mod plan;
mod quarantine;
mod reply;
mod retry;
mod signal;
mod simulation;
mod sweep;
mod threads;
mod turn;
mod worker;

pub(crate) use candidates::{of, whom};
pub use due::{DateRule, Due, DueDate, Until};
pub use evaluation::ScopeExplained;
pub(crate) use evaluation::{Evaluated, Evaluation};
pub use housekeeping::{RESTORABLE, keep_house};
pub(crate) use interval::is_time;
pub use interval::next_interval;
pub use notices::{MOST_ADMINISTRATORS, tell_administrators};
pub use perform::{Attempt, Done};
pub use plan::Planning;
pub use retry::back_off;
pub use signal::Signal;
pub use simulation::{AdvanceError, Simulation};
pub use sweep::{SweepReport, next_due, sweep, sweep_all};
pub use threads::Threads;
pub use worker::{Step, Worker};
