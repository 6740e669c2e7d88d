//! A whole Tenure in one value, for tests: the real store in a directory of its own, a clock that is moved by hand,
//! a worker that is stepped by hand, and outside effects that are written down instead of done.

mod books;
mod crash;
mod database;
mod deliveries;
mod directory;
mod system;
mod workflows;

pub use books::Found;
pub use crash::{Call, Cut, Power, Powered};
pub use database::{Database, cases};
pub use deliveries::Deliveries;
pub use directory::Person;
pub use system::System;
pub use workflows::{WorkflowSpec, definition};
