//! What people can ask of Tenure: the API, the command line and the engine call these.

mod activate;
mod conditions;
mod directory;
mod error;
mod import;
mod results;
mod settings;
mod system;
mod tokens;
mod workflows;

pub use activate::ActivationScope;
pub use conditions::{Candidate, FailingTask};
pub use directory::NewPerson;
pub use error::OperationError;
pub use import::Import;
pub use settings::SettingsPatch;
pub use system::Lifecycle;
pub use tokens::{NewToken, TokenText};
pub use workflows::WorkflowPatch;
