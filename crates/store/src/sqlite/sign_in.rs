//! The sign-in port: passes and other methods.

use jiff::Timestamp;
use rusqlite::Connection;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{AuthenticationMethod, Pass};
use tenure_lifecycle::ids::{MethodId, Ordinal, RunNumber, Seq};
use tenure_lifecycle::ports::{Issued, SignIn, StoreError, WriteError};

use super::members::{Origin, touch};
use super::rows::database;
use super::{SqliteStore, authentication_methods, passes};

/// Whether there is somebody of that number who is not deleted.
fn is_there(connection: &Connection, user: i64) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM users WHERE number = ?1 AND deleted IS NULL")?.exists([user])
}

impl SignIn for SqliteStore {
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
            let steps = || -> rusqlite::Result<Issued> {
                if !is_there(connection, pass.user)? {
                    return Ok(Issued::NoUser);
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

    fn delete_pass(&self, user: i64, id: MethodId, at: Timestamp, actor: Actor) -> Result<bool, StoreError> {
        self.take_away(user, id, at, actor, passes::delete)
    }

    fn methods(&self, user: i64) -> Result<Vec<AuthenticationMethod>, StoreError> {
        self.read(|connection| authentication_methods::of(connection, user))
    }

    fn add_method(&self, method: &AuthenticationMethod, actor: Actor) -> Result<bool, WriteError> {
        let method = method.clone();
        self.writer.write(move |connection| {
            let steps = || -> rusqlite::Result<Option<bool>> {
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
        self.take_away(user, id, at, actor, authentication_methods::remove)
    }
}

impl SqliteStore {
    fn take_away(
        &self,
        user: i64,
        id: MethodId,
        at: Timestamp,
        who: Actor,
        remove: fn(&Connection, i64, MethodId, Origin) -> rusqlite::Result<bool>,
    ) -> Result<bool, StoreError> {
        self.writer.write(move |connection| {
            let steps = || -> rusqlite::Result<bool> {
                let gone = remove(connection, user, id, Origin { at: at.as_millisecond(), who, task: None })?;
                if gone {
                    touch(connection, user)?;
                }
                Ok(gone)
            };
            steps().map_err(database)
        })
    }
}
