//! Settlements of several servers that overlap: what one commits while another is still to commit is seen by nobody out of turn.

use std::collections::BTreeSet;
use std::sync::Arc;

use postgres::{Client, NoTls, Transaction};
use serde_json::json;
use tenure_testkit::{Database, System};

use crate::company::{self, Company};
use crate::harness::Server;
use crate::harness::postgres::Postgres;
use crate::laws::Laws;

const DELTA: &str = "/v1.0/users/delta?$select=accountEnabled";

/// Reads the changes from a link on; gives who changed, and the link to go on from.
fn changes(server: &Server, link: &str) -> (BTreeSet<String>, String) {
    let (mut people, mut link) = (BTreeSet::new(), link.to_owned());
    loop {
        let (status, page) = server.get(&link);
        assert_eq!(status, 200, "{page}");
        people.extend(
            page["value"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned()),
        );
        let path = |name: &str| {
            page[name].as_str().map(|url| format!("/v1.0{}", url.split_once("/v1.0").unwrap().1))
        };
        if let Some(end) = path("@odata.deltaLink") {
            return (people, end);
        }
        link = path("@odata.nextLink").unwrap();
    }
}

/// Holds up whoever puts somebody into a group, and has numbered by then what is done to them.
fn hold_up(client: &mut Client) -> Transaction<'_> {
    let mut transaction = client.transaction().unwrap();
    let sql = "INSERT INTO memberships (\"user\", grp) SELECT min(u.number), g.number FROM users u, groups g GROUP BY 2";
    assert_eq!(transaction.execute(sql, &[]).unwrap(), 1);
    transaction
}

#[test]
fn numbers_that_cannot_be_taken_keep_nobody_waiting() {
    let postgres = Postgres::start(&["fsync=off"]);
    let server = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", postgres.port);
    let database = Arc::new(Database::on(&server).unwrap());
    let system = System::on(database.clone(), "2026-03-01T12:00:00Z").unwrap();
    let mut other = Client::connect(&database.url().unwrap(), NoTls).unwrap();
    let refused = other.batch_execute("BEGIN READ ONLY; SELECT take_numbers(1, true)").unwrap_err();
    assert!(
        format!("{refused:?}").contains("25006"),
        "a transaction that only reads takes none: {refused:?}"
    );
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(system.people(3).unwrap().len(), 3);
}

#[test]
fn who_follows_changes_misses_none_that_is_committed_after_a_later_one() {
    const PEOPLE: usize = 6_000;
    let company = Company::new(Postgres::start(&["fsync=off"]));
    let (one, other) = (company.server("one"), company.server("other"));
    company::import(&one, PEOPLE, "");
    let mut laws = Laws::of(&company);
    let (everybody, from) = changes(&one, DELTA);
    assert_eq!(everybody.len(), PEOPLE);

    let workflow = company::on_demand(&one);
    let mut client = company.client();
    let held = hold_up(&mut client);
    let run = company::activate_for_all(&one, &workflow);
    let to_lease = "SELECT count(*) FROM runs WHERE leased_to < next_seq - 1";
    laws.wait(|laws| laws.processed() > 0 && laws.number(to_lease) == 0 && laws.owners() == 1);
    let (before, link) = changes(&other, &from);
    let last = laws.number("SELECT max(number) FROM audit");
    // What is counted in slots is added up for whoever reads.
    let (_, shown) = other.get(&run);
    assert_eq!(
        (&shown["processingStatus"], &shown["totalUsersCount"]),
        (&json!("inProgress"), &json!(PEOPLE))
    );
    assert_eq!(shown["successfulUsersCount"], laws.processed());
    assert!(laws.number("SELECT count(*) FROM run_slots") > 1);
    laws.count_right();
    held.rollback().unwrap();

    one.wait_for(&run, |run| run["processingStatus"] == "completed");
    let late = laws.number(&format!("SELECT count(*) FROM audit WHERE number < {last} AND seq = 1"));
    assert_eq!(late, 2, "what came late has lower numbers than what was there");
    let (after, _) = changes(&other, &link);
    assert!(before.len() < PEOPLE, "somebody was held up");
    assert_eq!(before.union(&after).count(), PEOPLE, "{} and then {}", before.len(), after.len());
    laws.hold();
}
