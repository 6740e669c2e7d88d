//! The sponsors port: who vouches for people.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::User;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{Membership, Query, QueryError, Slice, Sponsors, WriteError};

use super::Store;
use super::db;
use super::list::{Key, Segment};
use super::members::{Origin, touch};
use super::rows::database;
use super::sponsorships::{add_to_person, remove_from_person};
use super::users::{collection, find, people_segment, user};

const SPONSORS: &str =
    "FROM sponsors s CROSS JOIN users u ON u.number = s.sponsor WHERE u.deleted IS NULL AND s.user = ?";

/// The sponsors of a person, read along the sponsorships.
fn segment(person: i64, mark: Option<&Key>) -> Segment {
    let mut segment = people_segment(SPONSORS, vec![person.into()], mark);
    segment.source = segment.source.replace("u.number >", "s.sponsor >");
    segment.order = "s.sponsor";
    segment
}

impl Store {
    fn change_sponsorship(
        &self,
        user: UserId,
        sponsor: UserId,
        at: Timestamp,
        who: Actor,
        change: impl Fn(&db::Connection, i64, i64, Origin) -> db::Result<bool> + Send + 'static,
    ) -> Result<Membership, WriteError> {
        self.writer.write(move |connection| {
            let person = |id: UserId| {
                let found = find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes());
                found.map_err(database)?.map(|person| person.number).ok_or(WriteError::Missing)
            };
            let (user, sponsor) = (person(user)?, person(sponsor)?);
            let origin = Origin { at: at.as_millisecond(), who, task: None };
            if !change(connection, user, sponsor, origin).map_err(database)? {
                return Ok(Membership::AsBefore);
            }
            touch(connection, user).map_err(database)?;
            touch(connection, sponsor).map_err(database)?;
            Ok(Membership::Changed)
        })
    }
}

impl Sponsors for Store {
    fn sponsors(&self, person: i64, query: &Query) -> Result<Slice<User>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(person, mark)));
            collection(&segment).slice(connection, query, |row| user(row, 0).map_err(database))
        })
    }

    fn count_sponsors(&self, person: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(person, mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn add_sponsor(
        &self,
        user: UserId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError> {
        self.change_sponsorship(user, sponsor, at, actor, add_to_person)
    }

    fn remove_sponsor(
        &self,
        user: UserId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError> {
        self.change_sponsorship(user, sponsor, at, actor, remove_from_person)
    }
}
