//! Changes of people that are not made to everybody every day: each by its own writes.

use tenure_lifecycle::directory::{RequestKind, UserPatch};
use tenure_lifecycle::effect::Change;

use super::super::db::{self, Connection, OptionalExtension as _, params};
use super::super::members::Origin;
use super::super::package_assignments::NewAssignment;
use super::super::{licenses, package_assignments, passes, sessions, sponsorships, user_deletion, users};

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// It was made; the person's version is the caller's to raise.
    Changed,
    /// It was made, and the person's version is raised.
    Raised,
    /// It was so already.
    AsBefore,
}

impl Made {
    fn of(changed: bool) -> Self {
        if changed { Self::Changed } else { Self::AsBefore }
    }
}

/// What cannot be done although it was planned: somebody was quicker. It is planned anew.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Overtaken(&'static str);

fn overtaken(what: &'static str) -> db::Error {
    db::Error::ToSqlConversionFailure(Box::new(Overtaken(what)))
}

/// Whether an error is that somebody was quicker.
pub(super) fn is_overtaken(error: &db::Error) -> bool {
    matches!(error, db::Error::ToSqlConversionFailure(cause) if cause.is::<Overtaken>())
}

/// Makes a change of a person.
pub(super) fn make(connection: &Connection, user: i64, change: &Change, origin: Origin) -> db::Result<Made> {
    match change {
        // What is made to most the caller writes itself.
        Change::AddMember { .. } | Change::RemoveMember { .. } | Change::SetAccountEnabled { .. } => {
            Ok(Made::AsBefore)
        }
        Change::SetAttribute { attribute, value } => {
            let set = vec![(*attribute, value.clone())];
            update(connection, user, UserPatch { set, ..UserPatch::default() }, origin)
        }
        Change::RevokeSessions => {
            sessions::revoke(connection, user, origin)?;
            Ok(Made::Changed)
        }
        Change::AssignLicense { sku } => match licenses::assign(connection, *sku, user, origin)? {
            licenses::Given::Changed => Ok(Made::Changed),
            licenses::Given::AsBefore => Ok(Made::AsBefore),
            licenses::Given::UsedUp => Err(overtaken("no licence is left")),
        },
        Change::RemoveLicense { sku } => licenses::remove(connection, *sku, user, origin).map(Made::of),
        Change::AssignPackage { id, request, package, policy, expires } => {
            // Only what nobody has can be deleted, and this is not yet on record.
            if !package_assignments::is_offered(connection, *package, *policy)? {
                return Err(overtaken("the access package, or its policy, was deleted"));
            }
            let new = NewAssignment {
                id: *id,
                request: *request,
                kind: RequestKind::AdminAdd,
                user,
                package: *package,
                policy: *policy,
                expires: expires.map(jiff::Timestamp::as_millisecond),
            };
            package_assignments::assign(connection, &new, origin).map(Made::of)
        }
        Change::EndAssignment { id, request, at, .. } => {
            let number: Option<i64> = connection
                .prepare_cached("SELECT number FROM package_assignments WHERE id = ?1")?
                .query_row(params![id.0.as_bytes()], |row| row.get(0))
                .optional()?;
            let Some(number) = number else { return Ok(Made::AsBefore) };
            let at = at.map(jiff::Timestamp::as_millisecond);
            package_assignments::end(connection, number, *request, at, origin).map(Made::of)
        }
        Change::CancelRequest { request, .. } => {
            package_assignments::cancel_request(connection, *request, origin).map(Made::of)
        }
        Change::AddAgentSponsor { agent, sponsor } => {
            sponsorships::add_to_agent(connection, *agent, *sponsor, origin).map(Made::of)
        }
        Change::RemoveAgentSponsor { agent, sponsor } => {
            if !sponsorships::has_other(connection, *agent, *sponsor)? {
                return Err(overtaken("an agent identity would be left without a sponsor"));
            }
            sponsorships::remove_from_agent(connection, *agent, *sponsor, origin).map(Made::of)
        }
        Change::ReopenAssignment { id, expires, .. } => {
            // Nobody may have a package that is deleted, or have it by a policy that is.
            if !package_assignments::can_reopen(connection, *id)? {
                return Err(overtaken("the access package, or its policy, was deleted"));
            }
            package_assignments::reopen(connection, *id, *expires, origin).map(Made::of)
        }
        Change::ReopenRequest { request, .. } => {
            if !package_assignments::can_reopen_request(connection, *request)? {
                return Err(overtaken("the access package, or its policy, was deleted"));
            }
            package_assignments::reopen_request(connection, *request, origin).map(Made::of)
        }
        Change::DeletePass { id } => passes::delete(connection, user, *id, origin).map(Made::of),
        Change::Delete => {
            let deleted = user_deletion::delete_by_number(connection, user, origin)?;
            Ok(if deleted { Made::Raised } else { Made::AsBefore })
        }
        Change::Restore => {
            user_deletion::restore_by_number(connection, user, origin).map_err(refused)?;
            Ok(Made::Raised)
        }
    }
}

fn update(connection: &Connection, user: i64, patch: UserPatch, origin: Origin) -> db::Result<Made> {
    let found = users::find(connection, "u.number = ?1", &user)?;
    let Some(found) = found else { return Ok(Made::AsBefore) };
    users::update(connection, found, &patch, None, origin).map_err(refused)?;
    users::write_out(connection).map_err(refused)?;
    Ok(Made::Raised)
}

fn refused(error: tenure_lifecycle::ports::WriteError) -> db::Error {
    db::Error::ToSqlConversionFailure(Box::new(error))
}
