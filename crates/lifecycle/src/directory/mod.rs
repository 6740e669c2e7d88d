//! People, groups and the log of what changed about them.

mod attribute;
mod change;
pub mod feed;
mod group;
mod person;
mod record;

pub use attribute::{Attribute, Kind, PLAN_MEMBERS, attribute, attributes};
pub use change::{AttributeChange, UserPatch, Value, ValueError, changes};
pub use group::{Group, GroupPatch};
pub use person::{Attributes, User};
