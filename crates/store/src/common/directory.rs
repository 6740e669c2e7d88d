//! The directory port: people, groups and memberships.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{Group, GroupPatch, User, UserPatch};
use tenure_lifecycle::expression::fold;
use tenure_lifecycle::ids::{GroupId, UserId};
use tenure_lifecycle::ports::{
    Directory, FeedMatch, Membership, NewGroup, NewUser, PersonWrite, Query, QueryError, Slice, StoreError,
    WriteError,
};

use super::db;
use super::list::{Key, Segment};
use super::members::{Origin, add, remove, touch};
use super::meta;
use super::rows::{database, json_numbers};
use super::sql::ELEMENTS;
use super::users::{USER, find, people_segment, user};
use super::{Store, groups, import, sessions, user_deletion, users};

const PEOPLE: &str = "FROM users u WHERE u.deleted IS NULL";
const GROUPS: &str = "FROM groups g WHERE g.deleted IS NULL";
const MEMBERS: &str =
    "FROM memberships m CROSS JOIN users u ON u.number = m.user WHERE u.deleted IS NULL AND m.grp = ?";
const MEMBER_OF: &str =
    "FROM memberships m CROSS JOIN groups g ON g.number = m.grp WHERE g.deleted IS NULL AND m.user = ?";

/// The members of a group, read along the index of memberships.
fn members_segment(group: i64, mark: Option<&Key>) -> Segment {
    let mut segment = people_segment(MEMBERS, vec![group.into()], mark);
    segment.source = segment.source.replace("u.number >", "m.user >");
    segment.order = "m.user";
    segment
}

/// The groups somebody is in, read along the memberships.
fn member_of_segment(user: i64, mark: Option<&Key>) -> Segment {
    let mut segment = groups::groups_segment(MEMBER_OF, vec![user.into()], mark);
    segment.source = segment.source.replace("g.number >", "m.grp >");
    segment.order = "m.grp";
    segment
}

impl Store {
    fn change_membership(
        &self,
        group: GroupId,
        user: UserId,
        at: Timestamp,
        who: Actor,
        change: impl Fn(&db::Connection, i64, i64, Origin) -> db::Result<bool> + Send + 'static,
    ) -> Result<Membership, WriteError> {
        self.writer.write(move |connection| {
            let group = groups::find(connection, group)?.ok_or(WriteError::Missing)?;
            let person =
                find(connection, "u.id = ?1 AND u.deleted IS NULL", &user.0.as_bytes()).map_err(database)?;
            let person = person.ok_or(WriteError::Missing)?;
            let origin = Origin { at: at.as_millisecond(), who, task: None };
            if !change(connection, group.number, person.number, origin).map_err(database)? {
                return Ok(Membership::AsBefore);
            }
            touch(connection, person.number).map_err(database)?;
            Ok(Membership::Changed)
        })
    }
}

impl Directory for Store {
    fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.read(|connection| {
            find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)
        })
    }

    fn user_by_principal_name(&self, name: &str) -> Result<Option<User>, StoreError> {
        // Nobody has such a name, and not every database can be asked for it.
        if name.contains('\0') {
            return Ok(None);
        }
        self.read(|connection| {
            find(connection, "u.principal_name = ?1", &fold(name).as_ref()).map_err(database)
        })
    }

    fn users_by_number(&self, numbers: &[i64]) -> Result<Vec<User>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {USER} FROM json_each(?1) n CROSS JOIN users u ON u.number = n.value");
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let rows = statement.query_map([json_numbers(numbers)], |row| user(row, 0)).map_err(database)?;
            rows.collect::<db::Result<_>>().map_err(database)
        })
    }

    fn user_numbers(&self, ids: &[UserId]) -> Result<Vec<Option<i64>>, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached(&format!(
                    "SELECT u.number
                       FROM {ELEMENTS}(?1) k
                       LEFT JOIN users u ON u.id = unhex(k.value) AND u.deleted IS NULL
                      ORDER BY k.key"
                ))
                .map_err(database)?;
            let mut numbers = Vec::with_capacity(ids.len());
            // Many in one look, but not so many that their text fills the memory.
            for ids in ids.chunks(1_000) {
                let ids: Vec<String> = ids.iter().map(|id| id.0.simple().to_string()).collect();
                let ids = serde_json::to_string(&ids).unwrap_or_default();
                for number in statement.query_map([ids], |row| row.get(0)).map_err(database)? {
                    numbers.push(number.map_err(database)?);
                }
            }
            Ok(numbers)
        })
    }

    fn population(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            Ok(meta::number(connection, "population").map_err(database)?.unwrap_or(0) as u64)
        })
    }

    fn list_users(&self, query: &Query) -> Result<Slice<User>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(people_segment(PEOPLE, vec![], mark)));
            let collection = users::collection(&segment);
            collection.slice_by(connection, query, &users::INDEXED, &[], |row| user(row, 0).map_err(database))
        })
    }

    fn count_users(&self, query: &Query) -> Result<i64, QueryError> {
        if query.filter.is_none() {
            return Ok(self.population()? as i64);
        }
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(people_segment(PEOPLE, vec![], mark)));
            users::collection(&segment).count(connection, query)
        })
    }

    fn create_user(&self, new: &NewUser, at: Timestamp, actor: Actor) -> Result<User, WriteError> {
        let new = new.clone();
        self.writer.write(move |connection| {
            let number = users::next_number(connection).map_err(database)?;
            let created = users::create(connection, number, &new, at, actor)?;
            users::write_out(connection)?;
            users::population(connection, 1).map_err(database)?;
            Ok(created)
        })
    }

    fn update_user(
        &self,
        id: UserId,
        patch: &UserPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<User, WriteError> {
        let patch = patch.clone();
        self.writer.write(move |connection| {
            let person =
                find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)?;
            let origin = Origin { at: at.as_millisecond(), who: actor, task: None };
            let updated =
                users::update(connection, person.ok_or(WriteError::Missing)?, &patch, None, origin)?;
            users::write_out(connection)?;
            Ok(updated)
        })
    }

    fn delete_user(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| user_deletion::delete(connection, id, at, actor))
    }

    fn revoke_sessions(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| {
            let person =
                find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)?;
            let user = person.ok_or(WriteError::Missing)?.number;
            let origin = Origin { at: at.as_millisecond(), who: actor, task: None };
            sessions::revoke(connection, user, origin).map_err(database)?;
            Ok(touch(connection, user).map_err(database)?)
        })
    }

    fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        self.read(|connection| groups::find(connection, id))
    }

    fn group_numbers(&self, ids: &[GroupId]) -> Result<Vec<Option<i64>>, StoreError> {
        self.read(|connection| {
            ids.iter().map(|id| groups::number(connection, *id).map_err(database)).collect()
        })
    }

    fn list_groups(&self, query: &Query) -> Result<Slice<Group>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(groups::groups_segment(GROUPS, vec![], mark)));
            groups::collection(&segment).slice(connection, query, groups::group)
        })
    }

    fn count_groups(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(groups::groups_segment(GROUPS, vec![], mark)));
            groups::collection(&segment).count(connection, query)
        })
    }

    fn create_group(&self, group: &NewGroup, at: Timestamp, actor: Actor) -> Result<Group, WriteError> {
        let group = group.clone();
        self.writer.write(move |connection| groups::create(connection, &group, at, actor))
    }

    fn update_group(
        &self,
        id: GroupId,
        patch: &GroupPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Group, WriteError> {
        let patch = patch.clone();
        self.writer.write(move |connection| groups::update(connection, id, &patch, at, actor))
    }

    fn delete_group(&self, id: GroupId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| groups::delete(connection, id, at, actor))
    }

    fn add_member(
        &self,
        group: GroupId,
        user: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError> {
        self.change_membership(group, user, at, actor, add)
    }

    fn remove_member(
        &self,
        group: GroupId,
        user: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError> {
        self.change_membership(group, user, at, actor, remove)
    }

    fn members(&self, group: i64, query: &Query) -> Result<Slice<User>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(members_segment(group, mark)));
            users::collection(&segment).slice(connection, query, |row| user(row, 0).map_err(database))
        })
    }

    fn count_members(&self, group: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(members_segment(group, mark)));
            users::collection(&segment).count(connection, query)
        })
    }

    fn member_of(&self, user: i64, query: &Query) -> Result<Slice<Group>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(member_of_segment(user, mark)));
            groups::collection(&segment).slice(connection, query, groups::group)
        })
    }

    fn count_member_of(&self, user: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(member_of_segment(user, mark)));
            groups::collection(&segment).count(connection, query)
        })
    }

    fn people_by_employee_id(&self, ids: &[&str]) -> Result<Vec<Option<FeedMatch>>, StoreError> {
        self.read(|connection| import::people_by_employee_id(connection, ids))
    }

    fn numbers_by_employee_id(&self, ids: &[&str]) -> Result<Vec<Option<i64>>, StoreError> {
        self.read(|connection| import::numbers_by_employee_id(connection, ids))
    }

    fn holders_of_principal_names(&self, names: &[&str]) -> Result<Vec<(String, i64)>, StoreError> {
        self.read(|connection| import::holders(connection, names))
    }

    fn feed_population(&self, feed: &str) -> Result<u64, StoreError> {
        self.read(|connection| {
            connection
                .query_row("SELECT count(*) FROM users WHERE feed = ?1 AND deleted IS NULL", [feed], |row| {
                    row.get::<_, i64>(0)
                })
                .map(|count| count as u64)
                .map_err(database)
        })
    }

    fn write_people(&self, writes: &[PersonWrite], at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        let writes = writes.to_vec();
        self.writer.write(move |connection| import::write_people(connection, &writes, at, actor))
    }
}
