//! What people can ask of Tenure: the API, the command line and the engine call these.

mod activate;
mod applications;
mod conditions;
mod deleted_items;
mod directory;
mod error;
mod extensions;
mod import;
mod results;
mod settings;
mod system;
mod tokens;
mod workflows;

pub use activate::ActivationScope;
pub use conditions::{Candidate, FailingTask};
pub use deleted_items::DeletedItem;
pub use directory::NewPerson;
pub use error::OperationError;
pub use import::Import;
pub use settings::SettingsPatch;
pub use system::{Lifecycle, Organization};
pub use tokens::{NewToken, TokenText};
pub use workflows::{TaskPatch, WorkflowPatch};
