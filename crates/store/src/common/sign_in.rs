//! The sign-in port: passes and other methods.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{AuthenticationMethod, Pass};
use tenure_lifecycle::ids::{MethodId, Ordinal, RunNumber, Seq};
use tenure_lifecycle::ports::{Issued, SignIn, StoreError, WriteError};

use super::db::{self, Connection};
use super::members::{Origin, touch};
use super::rows::database;
use super::sql;
use super::{Store, authentication_methods, passes};

/// Whether there is somebody of that number who is not deleted.
fn is_there(connection: &Connection, user: i64) -> db::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM users WHERE number = ?1 AND deleted IS NULL")?.exists([user])
}

/// Why a task that was planned some time ago, for somebody it could be for then, must not issue a pass to them now.
fn refusal(connection: &Connection, user: i64) -> db::Result<Option<&'static str>> {
    let found = |sql: &str| connection.prepare_cached(sql)?.exists([user]);
    for (sql, why) in [
        (
            "SELECT 1 FROM users WHERE number = ?1 AND protected = 1",
            "the user is protected: no task may touch them",
        ),
        ("SELECT 1 FROM role_assignments WHERE user = ?1", "the user holds a directory role"),
        (
            "SELECT 1 FROM memberships m JOIN groups g ON g.number = m.grp
              WHERE m.user = ?1 AND g.deleted IS NULL AND g.is_assignable_to_role = 1",
            "the user is a member of a role-assignable group",
        ),
        (
            "SELECT 1 FROM authentication_methods WHERE user = ?1",
            "the user has another way to sign in already",
        ),
        (
            &format!(
                "SELECT 1 FROM users u WHERE u.number = ?1
                    AND EXISTS (SELECT 1 FROM {} a WHERE substr(a.key, 1, 15) = 'signInActivity/')",
                sql::keys("u.attributes")
            ),
            "the user has signed in before",
        ),
    ] {
        if found(sql)? {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

impl SignIn for Store {
    fn passes(&self, user: i64) -> Result<Vec<Pass>, StoreError> {
        self.read(|connection| passes::of(connection, user).map_err(database))
    }

    fn issue_pass(
        &self,
        pass: &Pass,
        hash: &[u8; 32],
        task: Option<(RunNumber, Seq, Ordinal)>,
        actor: Actor,
    ) -> Result<Issued, StoreError> {
        let (pass, hash) = (pass.clone(), *hash);
        self.writer.write(move |connection| {
            let steps = || -> db::Result<Issued> {
                if !is_there(connection, pass.user)? {
                    return Ok(Issued::NoUser);
                }
                if task.is_some()
                    && let Some(why) = refusal(connection, pass.user)?
                {
                    return Ok(Issued::Refused(why));
                }
                let has = passes::of(connection, pass.user)?;
                if task.is_none() && has.iter().any(|one| !one.is_expired(pass.created)) {
                    return Ok(Issued::HasOne);
                }
                let origin = Origin { at: pass.created.as_millisecond(), who: actor, task };
                passes::issue(connection, &pass, &hash, origin)?;
                touch(connection, pass.user)?;
                Ok(Issued::Issued)
            };
            steps().map_err(database)
        })
    }

    fn delete_pass(
        &self,
        user: i64,
        id: MethodId,
        at: Timestamp,
        task: Option<(RunNumber, Seq, Ordinal)>,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        let origin = Origin { at: at.as_millisecond(), who: actor, task };
        self.take_away(user, id, origin, passes::delete)
    }

    fn replace_passes(
        &self,
        user: i64,
        by: MethodId,
        at: Timestamp,
        task: (RunNumber, Seq, Ordinal),
    ) -> Result<(), StoreError> {
        let origin = Origin { at: at.as_millisecond(), who: Actor::Engine, task: Some(task) };
        self.writer.write(move |connection| {
            let steps = || -> db::Result<()> {
                if passes::replace(connection, user, by, origin)? {
                    touch(connection, user)?;
                }
                Ok(())
            };
            steps().map_err(database)
        })
    }

    fn methods(&self, user: i64) -> Result<Vec<AuthenticationMethod>, StoreError> {
        self.read(|connection| authentication_methods::of(connection, user))
    }

    fn add_method(&self, method: &AuthenticationMethod, actor: Actor) -> Result<bool, WriteError> {
        let method = method.clone();
        self.writer.write(move |connection| {
            let steps = || -> db::Result<Option<bool>> {
                if !is_there(connection, method.user)? {
                    return Ok(None);
                }
                let origin = Origin { at: method.created.as_millisecond(), who: actor, task: None };
                let added = authentication_methods::add(connection, &method, origin)?;
                if added {
                    touch(connection, method.user)?;
                }
                Ok(Some(added))
            };
            steps().map_err(database)?.ok_or(WriteError::Missing)
        })
    }

    fn remove_method(
        &self,
        user: i64,
        id: MethodId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        let origin = Origin { at: at.as_millisecond(), who: actor, task: None };
        self.take_away(user, id, origin, authentication_methods::remove)
    }
}

impl Store {
    fn take_away(
        &self,
        user: i64,
        id: MethodId,
        origin: Origin,
        remove: fn(&Connection, i64, MethodId, Origin) -> db::Result<bool>,
    ) -> Result<bool, StoreError> {
        self.writer.write(move |connection| {
            let steps = || -> db::Result<bool> {
                let gone = remove(connection, user, id, origin)?;
                if gone {
                    touch(connection, user)?;
                }
                Ok(gone)
            };
            steps().map_err(database)
        })
    }
}
