//! The feeds of the AdventureWorks sample company, with the map that is shipped for them. They are
//! data outside of the repository: without them the test says so and passes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::directory::Value;
use tenure_lifecycle::directory::feed::{FeedPerson, FeedReader};

const MAP: &str = include_str!("../../../examples/maps/adventureworks.toml");

fn feeds() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("TENURE_TEST_DATA").map_or(beside, PathBuf::from);
    Some(data.join("adventureworks/feeds")).filter(|feeds| feeds.is_dir())
}

fn people(file: &Path) -> Vec<FeedPerson> {
    let feed = CsvFeed.read(MAP, Box::new(File::open(file).unwrap())).unwrap();
    assert_eq!(feed.name, "adventureworks");
    feed.rows.map(|row| row.unwrap_or_else(|rejection| panic!("{}: {rejection:?}", file.display()))).collect()
}

fn value<'p>(person: &'p FeedPerson, name: &str) -> &'p Value {
    &person.set.iter().find(|(attribute, _)| attribute.name == name).unwrap().1
}

#[test]
fn every_row_of_the_real_feeds_is_a_person() {
    let Some(feeds) = feeds() else {
        println!("skipped: the data directory is not there; TENURE_TEST_DATA can name it");
        return;
    };
    let mut files: Vec<PathBuf> = fs::read_dir(feeds).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let counts: Vec<usize> = files.iter().map(|file| people(file).len()).collect();
    assert_eq!(counts, [139, 171, 262, 286, 290]);

    let last = people(files.last().unwrap());
    let first = &last[0];
    assert_eq!((first.line, first.employee_id.as_str(), &first.manager_employee_id), (2, "1", &None));
    assert_eq!(value(first, "displayName"), &Value::Text("Ke Sánchez".into()));
    assert_eq!(value(first, "userPrincipalName"), &Value::Text("ken0@adventure-works.com".into()));
    assert_eq!(value(first, "employeeHireDate"), &Value::DateTime("2009-01-14T00:00:00Z".parse().unwrap()));
    assert_eq!(value(first, "businessPhones"), &Value::List(["697-555-0142"].into_iter().collect()));
    assert!(last.iter().all(|person| matches!(value(person, "employeeHireDate"), Value::DateTime(_))));
    assert!(first.set.iter().all(|(attribute, _)| attribute.name != "accountEnabled"));
}
