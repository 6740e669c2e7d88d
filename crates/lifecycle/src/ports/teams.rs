//! Groups that are teams.

use super::{Query, QueryError, Slice, StoreError};
use crate::directory::Group;

/// Teams: groups, whose members are theirs.
pub trait Teams {
    /// Teams that are not deleted.
    fn list_teams(&self, query: &Query) -> Result<Slice<Group>, QueryError>;
    /// How many fit.
    fn count_teams(&self, query: &Query) -> Result<i64, QueryError>;
    /// Teams that a person (by number) is a member of.
    fn joined_teams(&self, user: i64, query: &Query) -> Result<Slice<Group>, QueryError>;
    /// How many fit.
    fn count_joined_teams(&self, user: i64, query: &Query) -> Result<i64, QueryError>;
    /// Whether a person is a member of a group, both by number.
    fn is_member(&self, group: i64, user: i64) -> Result<bool, StoreError>;
}
