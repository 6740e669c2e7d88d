//! What a connection leaves behind that breaks, or is made to wait for too long, in a real PostgreSQL.

use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::clock::RandomIds;
use tenure_lifecycle::ports::Cluster as _;

use super::super::append::append;
use super::super::audit::AuditRow;
use super::super::writer::Turn;
use super::super::{PostgresStore, transaction};
use super::{Connection, Connector};
use server::Postgres;

#[expect(dead_code, reason = "it is shared by the tests of several crates")]
#[path = "../../../../app/tests/harness/postgres.rs"]
mod server;

struct Two {
    one: Connection,
    other: Connection,
    postgres: Postgres,
}

/// Two connections to a store.
fn two() -> Two {
    let postgres = Postgres::start(&["fsync=off"]);
    let url = postgres.url();
    drop(PostgresStore::open(&url, &RandomIds).unwrap());
    let connector = Connector::to(&url).unwrap();
    Two { one: connector.connect().unwrap(), other: connector.connect().unwrap(), postgres }
}

/// Has somebody changed, on record.
fn change(connection: &Connection, user: i64) {
    let row = AuditRow { target: Some(user), ..AuditRow::default() };
    append(connection, 0, Actor::Engine, Activity::UpdateUser, row).unwrap();
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn kill(who: i64, by: &Connection) {
    assert_eq!(number(by, &format!("SELECT count(*) FROM pg_terminate_backend({who})")), 1);
    while number(by, &format!("SELECT count(*) FROM pg_stat_activity WHERE pid = {who}")) > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn what_a_broken_connection_had_to_write_is_written_in_no_later_transaction() {
    let Two { one, other, postgres: _postgres } = two();
    let who = number(&one, "SELECT pg_backend_pid()");
    transaction::begin(&one, Turn::Beside).unwrap();
    change(&one, 1);
    kill(who, &other);
    // It is found out at the next word, by the second at the latest; then the transaction is not ended any more.
    while !one.is_closed() {
        drop(one.query_row("SELECT 1", [], |row| row.get::<_, i64>(0)));
    }
    transaction::begin(&one, Turn::Beside).unwrap();
    change(&one, 2);
    transaction::commit(&one).unwrap();
    assert_eq!(number(&other, "SELECT count(*) FROM audit WHERE target = 1"), 0);
    assert_eq!(number(&other, "SELECT count(*) FROM audit WHERE target = 2"), 1);
}

#[test]
fn numbers_that_were_taken_behind_a_savepoint_are_not_given_when_it_is_gone_back_to() {
    let Two { one, other, postgres: _postgres } = two();
    transaction::begin(&one, Turn::Beside).unwrap();
    transaction::savepoint(&one).unwrap();
    number(&one, "SELECT count(*) FROM audit");
    change(&one, 1);
    transaction::go_back(&one).unwrap();
    transaction::release(&one).unwrap();
    change(&one, 2);
    // Somebody is quicker, with higher numbers; whoever follows the log must not pass those that are still to come.
    transaction::begin(&other, Turn::Beside).unwrap();
    change(&other, 3);
    transaction::commit(&other).unwrap();
    let end = number(&other, "SELECT log_end()");
    transaction::commit(&one).unwrap();
    let late = number(&other, "SELECT number FROM audit WHERE target = 2");
    assert!(late > end, "{late} comes after {end} was the end");
    assert_eq!(number(&other, "SELECT log_end()"), number(&other, "SELECT max(number) FROM audit"));
}

#[test]
fn whoever_asks_whether_the_database_answers_is_not_told_of_connections_that_broke_long_ago() {
    let Two { one: _one, other, postgres } = two();
    let store = PostgresStore::open(&postgres.url(), &RandomIds).unwrap();
    store.answers().unwrap();
    let rest = "FROM pg_stat_activity WHERE application_name = 'tenure' AND pid <> pg_backend_pid()";
    assert!(number(&other, &format!("SELECT count(pg_terminate_backend(pid)) {rest}")) > 1);
    while number(&other, &format!("SELECT count(*) {rest}")) > 0 {
        std::thread::yield_now();
    }
    store.answers().unwrap();
}

#[test]
fn whoever_waits_for_too_long_begins_again() {
    let Two { one, other, postgres: _postgres } = two();
    one.send("SET lock_timeout = '10ms'").unwrap();
    transaction::begin(&other, Turn::Alone).unwrap();
    for _ in 0..3 {
        let error = transaction::begin(&one, Turn::Beside).unwrap_err();
        assert!(error.to_string().contains("timeout"), "{error}");
    }
    transaction::roll_back(&other).unwrap();
    transaction::begin(&one, Turn::Beside).unwrap();
    change(&one, 1);
    transaction::commit(&one).unwrap();
    assert_eq!(number(&other, "SELECT count(*) FROM audit WHERE target = 1"), 1);
}
