//! What people can ask of Tenure: the API, the command line and the engine call these.

mod access_packages;
mod activate;
mod agents;
mod applications;
mod assignments;
mod conditions;
mod deleted_items;
mod directory;
mod error;
mod extensions;
mod import;
mod licenses;
mod named;
mod results;
mod roles;
mod sessions;
mod settings;
mod sign_in;
mod sponsors;
mod system;
mod teams;
mod tokens;
mod workflows;

pub use activate::ActivationScope;
pub use assignments::WantedPackage;
pub use conditions::{Candidate, FailingTask};
pub use deleted_items::DeletedItem;
pub use directory::NewPerson;
pub use error::OperationError;
pub use import::Import;
pub use settings::SettingsPatch;
pub use sign_in::{NewPass, PassText, hash_pass, new_pass};
pub use system::{Lifecycle, Organization};
pub use tokens::{NewToken, TokenText};
pub use workflows::{TaskPatch, WorkflowPatch};
