//! Local tokens, and what the store knows about itself.

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::ports::{Installation, StoreError, Tokens};
use tenure_lifecycle::token::{Caller, Token, VouchedCaller};

use super::Store;
use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, last_number, params};
use super::meta;
use super::rows::{corrupt, database, guid, maybe_time, time};

const COLUMNS: &str = "id, name, scopes, hash, created, expires, revoked";

fn token(row: &Row<'_>) -> db::Result<(Token, String)> {
    Ok((
        Token {
            caller: Caller {
                id: CallerId(guid(row, 0)?),
                name: row.get(1)?,
                person: None,
                application: None,
                scopes: Vec::new(),
            },
            hash: row.get(3)?,
            created: time(row, 4)?,
            expires: maybe_time(row, 5)?,
            revoked: maybe_time(row, 6)?,
        },
        row.get(2)?,
    ))
}

fn with_scopes((mut token, scopes): (Token, String)) -> Result<Token, StoreError> {
    token.caller.scopes =
        serde_json::from_str(&scopes).map_err(|_| corrupt("tokens", "scopes", token.caller.id))?;
    Ok(token)
}

fn number(connection: &Connection, id: CallerId) -> db::Result<i64> {
    connection.query_row("SELECT number FROM tokens WHERE id = ?1", [id.0.as_bytes()], |row| row.get(0))
}

impl Tokens for Store {
    fn installation(&self) -> Result<Installation, StoreError> {
        self.read(|connection| {
            let simulated = meta::number(connection, "simulated").map_err(database)?.is_some();
            let organization = meta::organization(connection).map_err(database)?;
            let created = connection
                .query_row("SELECT at FROM audit ORDER BY number LIMIT 1", [], |row| time(row, 0))
                .optional()
                .map_err(database)?;
            Ok(Installation { epoch: self.epoch, simulated, organization, created })
        })
    }

    fn mark_simulated(&self) -> Result<(), StoreError> {
        self.writer.write(|connection| meta::set_number(connection, "simulated", 1).map_err(database))
    }

    fn add_token(&self, token: &Token, actor: Actor) -> Result<(), StoreError> {
        let token = token.clone();
        self.writer.write(move |connection| {
            let scopes = serde_json::to_string(&token.caller.scopes).unwrap_or_default();
            connection
                .execute(
                    "INSERT INTO tokens (id, name, scopes, hash, created, expires, revoked)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)",
                    params![
                        token.caller.id.0.as_bytes(),
                        token.caller.name,
                        scopes,
                        token.hash,
                        token.created.as_millisecond(),
                        token.expires.map(Timestamp::as_millisecond)
                    ],
                )
                .map_err(database)?;
            let row = AuditRow {
                target: Some(last_number(connection).map_err(database)?),
                after: Some(&token.caller.name),
                ..AuditRow::default()
            };
            append(connection, token.created.as_millisecond(), actor, Activity::CreateToken, row)
                .map_err(database)?;
            Ok(())
        })
    }

    fn token_by_hash(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM tokens WHERE hash = ?1");
            let found = connection
                .prepare_cached(&sql)
                .and_then(|mut statement| statement.query_row([hash], token).optional())
                .map_err(database)?;
            found.map(with_scopes).transpose()
        })
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM tokens ORDER BY number");
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let rows = statement.query_map([], token).map_err(database)?;
            rows.map(|row| row.map_err(database).and_then(with_scopes)).collect()
        })
    }

    fn revoke_token(&self, caller: CallerId, at: Timestamp, actor: Actor) -> Result<bool, StoreError> {
        self.writer.write(move |connection| {
            let changed = connection
                .execute(
                    "UPDATE tokens SET revoked = ?2
                      WHERE id = ?1 AND revoked IS NULL AND (expires IS NULL OR expires > ?2)",
                    params![caller.0.as_bytes(), at.as_millisecond()],
                )
                .map_err(database)?;
            if changed == 0 {
                return Ok(false);
            }
            let row = AuditRow {
                target: Some(number(connection, caller).map_err(database)?),
                ..AuditRow::default()
            };
            append(connection, at.as_millisecond(), actor, Activity::RevokeToken, row).map_err(database)?;
            Ok(true)
        })
    }

    fn know_caller(&self, caller: &VouchedCaller) -> Result<bool, StoreError> {
        let caller = caller.clone();
        self.writer.write(move |connection| {
            let changed = connection
                .execute(
                    "INSERT INTO callers (id, issuer, subject, name, is_application, since)
                     SELECT ?1, ?2, ?3, ?4, ?5, ?6
                      WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE id = ?1)
                     ON CONFLICT (id) DO UPDATE SET name = excluded.name
                      WHERE callers.issuer = excluded.issuer AND callers.subject = excluded.subject",
                    params![
                        caller.id.0.as_bytes(),
                        caller.issuer,
                        caller.subject,
                        caller.name,
                        caller.is_application,
                        caller.since.as_millisecond()
                    ],
                )
                .map_err(database)?;
            Ok(changed > 0)
        })
    }

    fn vouched_caller(&self, id: CallerId) -> Result<Option<VouchedCaller>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT issuer, subject, name, is_application, since FROM callers WHERE id = ?1",
                )
                .and_then(|mut statement| {
                    let caller = |row: &Row<'_>| {
                        Ok(VouchedCaller {
                            id,
                            issuer: row.get(0)?,
                            subject: row.get(1)?,
                            name: row.get(2)?,
                            is_application: row.get(3)?,
                            since: time(row, 4)?,
                        })
                    };
                    statement.query_row([id.0.as_bytes()], caller).optional()
                })
                .map_err(database)
        })
    }
}
