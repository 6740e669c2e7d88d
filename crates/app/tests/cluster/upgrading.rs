//! Old and new servers together, for one release: the newer has made its tables, the older goes on and can be started.

use postgres::Client;

use crate::company::{self, Company};
use crate::harness::postgres::Postgres;
use crate::harness::{Done, tenure_in};
use crate::laws::Laws;

/// What a later version may do to the tables: each has another column, and there is another table.
fn a_later_version_was_here(client: &mut Client) {
    let tables = "SELECT relname FROM pg_class
                   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition";
    for table in client.query(tables, &[]).unwrap() {
        let table: &str = table.get(0);
        client.batch_execute(&format!("ALTER TABLE {table} ADD COLUMN later bigint DEFAULT 7")).unwrap();
    }
    client.batch_execute("CREATE TABLE later (number bigint)").unwrap();
    client.batch_execute("INSERT INTO schema_steps (step) SELECT max(step) + 1 FROM schema_steps").unwrap();
}

#[test]
fn an_older_server_goes_on_beside_a_newer_one_and_can_be_started() {
    let company = Company::new(Postgres::start(&["fsync=off"]));
    let one = company.server("one");
    company::import(&one, 2_000, "");
    let mut client = company.client();
    a_later_version_was_here(&mut client);
    client.batch_execute("DELETE FROM meta WHERE key = 'functions'").unwrap();

    let other = company.server("other");
    let run = company::activate(&one);
    one.kill();
    other.wait_for(&run, |run| run["processingStatus"] == "completed");
    let mut laws = Laws::of(&company);
    laws.hold();
    assert_eq!(laws.processed(), 2_000);
    let registered: i64 =
        client.query_one("SELECT count(*) FROM meta WHERE key = 'functions'", &[]).unwrap().get(0);
    assert_eq!(registered, 0, "the older server leaves the functions as the newer one has them");
}

#[test]
fn a_server_that_a_newer_one_left_behind_says_so() {
    let company = Company::new(Postgres::start(&["fsync=off"]));
    company.server("one").kill();
    let mut client = company.client();
    a_later_version_was_here(&mut client);
    client
        .batch_execute(
            "UPDATE meta SET number = (SELECT max(step) FROM schema_steps) WHERE key = 'compatible'",
        )
        .unwrap();
    let folder = company.folder("one");
    let url = company.postgres.url();
    let refused =
        Done::of(&mut tenure_in(&folder, &["serve", "--listen", "127.0.0.1:0", "--database", &url]));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("written by a later version"), "{refused:?}");
}
