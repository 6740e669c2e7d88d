//! People, groups and the log of what changed about them.

mod access_package;
mod agent;
mod attribute;
mod change;
pub mod feed;
mod group;
mod license;
mod person;
mod record;
mod role;
mod sign_in;

pub use access_package::{
    AccessPackage, AccessPackagePatch, Assignment, AssignmentPolicy, AssignmentRequest, PolicyPatch,
    RequestKind, RequestState,
};
pub use agent::{Agent, AgentPatch};
pub use attribute::{Attribute, Kind, PLAN_MEMBERS, attribute, attributes};
pub use change::{AttributeChange, UserPatch, Value, ValueError, changes};
pub use group::{Group, GroupPatch};
pub use license::{LicenseChange, Sku, SkuPatch};
pub use person::{Attributes, User};
pub use role::{ROLES, RoleDefinition};
pub use sign_in::{AuthenticationMethod, Pass, RoleAssignment, Usability};
