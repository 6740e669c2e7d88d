//! The teams port: groups that are teams.

use tenure_lifecycle::directory::Group;
use tenure_lifecycle::ports::{Query, QueryError, Slice, StoreError, Teams};

use super::Store;
use super::groups::{collection, group, groups_segment};
use super::list::{Key, Segment};
use super::rows::database;

const TEAMS: &str = "FROM groups g INDEXED BY groups_teams WHERE g.is_team = 1 AND g.deleted IS NULL";
const JOINED: &str = "FROM memberships m CROSS JOIN groups g ON g.number = m.grp
  WHERE g.is_team = 1 AND g.deleted IS NULL AND m.user = ?";

/// The teams somebody is in, read along the memberships.
fn joined_segment(user: i64, mark: Option<&Key>) -> Segment {
    let mut segment = groups_segment(JOINED, vec![user.into()], mark);
    segment.source = segment.source.replace("g.number >", "m.grp >");
    segment.order = "m.grp";
    segment
}

impl Teams for Store {
    fn list_teams(&self, query: &Query) -> Result<Slice<Group>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(groups_segment(TEAMS, vec![], mark)));
            collection(&segment).slice(connection, query, group)
        })
    }

    fn count_teams(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(groups_segment(TEAMS, vec![], mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn joined_teams(&self, user: i64, query: &Query) -> Result<Slice<Group>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(joined_segment(user, mark)));
            collection(&segment).slice(connection, query, group)
        })
    }

    fn count_joined_teams(&self, user: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(joined_segment(user, mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn is_member(&self, group: i64, user: i64) -> Result<bool, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT 1 FROM memberships WHERE user = ?1 AND grp = ?2")
                .and_then(|mut statement| statement.exists([user, group]))
                .map_err(database)
        })
    }
}
