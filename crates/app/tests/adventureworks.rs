//! Five years of a real company: the feeds of the AdventureWorks sample, imported on their days with the map that is
//! shipped for them. They are data outside of the repository: without them these tests say so and pass.

#![expect(clippy::unwrap_used, reason = "tests")]

mod harness;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use harness::{Done, Server};
use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

const FIRST: Date = date(2008, 12, 31);
const LAST: Date = date(2013, 11, 14);
const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";
const USERS: &str = "/v1.0/users?$top=999&$select=id,displayName,employeeId,accountEnabled,department,jobTitle,\
                     employeeHireDate,businessPhones,city,mail";

#[test]
fn who_was_hired_before_the_days_caught_up_with_is_skipped_and_everybody_else_processed_once() {
    let Some(company) = Company::found() else { return };
    let history = company.history("");
    let expected = company.expected_days(Some(3));
    assert_eq!((expected.len(), history.people.len() - expected.len()), (95, 195));
    history.check(&expected);
}

#[test]
fn everybody_is_processed_once_when_catching_up_is_unlimited() {
    let Some(company) = Company::found() else { return };
    let history = company.history("[limits]\ncatchUpDays = \"unlimited\"\n");
    let expected = company.expected_days(None);
    assert_eq!(expected.len(), 290);
    history.check(&expected);
}

#[test]
fn an_import_is_repeatable_and_stands_bad_rows_up_to_a_bound() {
    let Some(company) = Company::found() else { return };
    let server = Server::start();
    let last = company.feeds.last_key_value().unwrap().1;
    let report = import(&server, last, &[]).json();
    assert_eq!(figures(&report), json!([290, 290, 0, 0, 0, 0]));

    // The same again finds nothing to do.
    let before = all(&server, USERS);
    let report = import(&server, last, &[]).json();
    assert_eq!(figures(&report), json!([290, 0, 0, 290, 0, 0]));
    assert_eq!(all(&server, USERS), before);

    // Somebody new, somebody who moved on, and a date that there is not.
    let text = fs::read_to_string(last).unwrap();
    let newcomer =
        "900,Ann,Lee,Ann.Lee@adventure-works.com,Buyer,Purchasing,Bothell,United States,11/20/2013,1";
    let moved = text.replacen("Vice President of Engineering", "Chief Technology Officer", 1);
    let bad = moved.replacen(",01/14/2009,", ",02/30/2009,", 1);
    assert!(text != moved && moved != bad);
    let changed = company.write("changed.csv", &format!("{}\n{newcomer}\n", bad.trim_end()));
    let rejected = changed.with_extension("rejected.csv");

    let report = import(&server, &changed, &["--dry-run"]).json();
    assert_eq!((figures(&report), &report["dryRun"]), (json!([291, 1, 1, 288, 1, 0]), &json!(true)));
    assert_eq!(all(&server, USERS), before, "a dry run changes nothing");
    fs::remove_file(&rejected).unwrap();

    let report = import(&server, &changed, &[]).json();
    assert_eq!((figures(&report), &report["dryRun"]), (json!([291, 1, 1, 288, 1, 0]), &json!(false)));
    let after = all(&server, USERS);
    assert_eq!(after.len(), 291);
    assert_eq!(person(&after, "900")["mail"], "Ann.Lee@adventure-works.com");
    assert_eq!(person(&after, "2")["jobTitle"], "Chief Technology Officer");
    assert_eq!(person(&after, "1"), person(&before, "1"), "the rejected row changed nothing");
    let written = fs::read_to_string(&rejected).unwrap();
    let (header, row) = written.trim_end().split_once('\n').unwrap();
    assert!(header.starts_with("line,column,reason,Employee ID,First Name,"), "{header}");
    assert!(row.starts_with("2,Start Date,") && row.contains("02/30/2009"), "{row}");
    assert_eq!(row.lines().count(), 1, "{row}");

    // More than five per cent of the rows are bad: the good ones stay out too.
    let far = text.replacen("Vice President of Engineering", "Nobody", 1).replace("/2008,", "/20x8,");
    let worse = company.write("worse.csv", &far);
    let wrong = far.matches("/20x8,").count();
    assert!(wrong > 15, "{wrong}");
    let stopped = import(&server, &worse, &[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(stopped.err.contains("THE IMPORT WAS STOPPED and nothing was changed"), "{stopped:?}");
    assert_eq!(all(&server, USERS), after);
    let written = fs::read_to_string(worse.with_extension("rejected.csv")).unwrap();
    assert_eq!(written.lines().count(), 1 + wrong);

    // So does a file in which too many are missing.
    let first = company.feeds.first_key_value().unwrap().1;
    let stopped = import(&server, first, &[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(stopped.err.contains("THE IMPORT WAS STOPPED and nothing was changed"), "{stopped:?}");
    assert_eq!(all(&server, USERS), after);
}

/// The feeds, copied to where files can be written beside them.
struct Company {
    folder: TempDir,
    feeds: BTreeMap<Date, PathBuf>,
}

impl Company {
    fn found() -> Option<Self> {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        let data = std::env::var_os("TENURE_TEST_DATA").map_or(beside, PathBuf::from);
        let Ok(files) = fs::read_dir(data.join("adventureworks/feeds")) else {
            println!("skipped: the data directory is not there; TENURE_TEST_DATA can name it");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let mut feeds = BTreeMap::new();
        for file in files {
            let file = file.unwrap().path();
            let copy = folder.path().join(file.file_name().unwrap());
            fs::write(&copy, fs::read(&file).unwrap()).unwrap();
            feeds.insert(file.file_stem().unwrap().to_str().unwrap().parse().unwrap(), copy);
        }
        assert_eq!((feeds.len(), feeds.keys().next(), feeds.keys().last()), (5, Some(&FIRST), Some(&LAST)));
        Some(Self { folder, feeds })
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::write(&file, text).unwrap();
        file
    }

    /// On which day people have to be processed, by employee id; read off the feeds, not asked of the binary.
    fn expected_days(&self, catch_up_days: Option<i32>) -> BTreeMap<String, Date> {
        let mut expected = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (day, feed) in &self.feeds {
            for row in csv::Reader::from_path(feed).unwrap().records() {
                let row = row.unwrap();
                if seen.insert(row[0].to_owned()) {
                    let hired = Date::strptime("%m/%d/%Y", &row[8]).unwrap();
                    if catch_up_days.is_none_or(|days| (*day - hired).get_days() <= days) {
                        expected.insert(row[0].to_owned(), hired.max(*day));
                    }
                }
            }
        }
        expected
    }

    /// Lives through all days with a joiner workflow that fits everybody.
    fn history(&self, configuration: &str) -> History {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("tenure.toml"), configuration).unwrap();
        let server = Server::start_in(folder.path(), &["--now", "2008-12-31T00:00:00Z"]);
        let workflow = server.create(WORKFLOWS, &joiner());
        let mut day = FIRST;
        loop {
            if let Some(feed) = self.feeds.get(&day) {
                let report = import(&server, feed, &[]).json();
                assert_eq!(
                    (&report["rejected"], &report["missing"]),
                    (&json!(0), &json!(0)),
                    "{day}: {report}"
                );
            }
            // Moving to where the clock stands processes what has just become due.
            advance(&server, day);
            if day == LAST {
                break;
            }
            day = day.tomorrow().unwrap();
            advance(&server, day);
        }
        let people = all(&server, USERS);
        assert_eq!(people.len(), 290);
        History { server, workflow, people, _folder: folder }
    }
}

/// What a server knows when all days are over.
struct History {
    server: Server,
    workflow: String,
    people: Vec<Json>,
    _folder: TempDir,
}

impl History {
    /// Everybody expected was processed on their day, once; everybody else was skipped, once.
    fn check(&self, expected: &BTreeMap<String, Date>) {
        let server = &self.server;
        let of = |path: &str| all(server, &format!("{WORKFLOWS}/{}/{path}", self.workflow));
        let names: BTreeMap<&str, &str> = self
            .people
            .iter()
            .map(|person| (person["id"].as_str().unwrap(), person["employeeId"].as_str().unwrap()))
            .collect();
        let employee = |of: &Json| names[of["subject"]["id"].as_str().unwrap()].to_owned();

        let results = of("userProcessingResults");
        let processed: BTreeMap<String, Date> = results
            .iter()
            .map(|result| {
                let started = result["startedDateTime"].as_str().unwrap();
                (employee(result), started[..10].parse().unwrap())
            })
            .collect();
        assert_eq!(&processed, expected);
        assert_eq!(results.len(), expected.len(), "once each");
        for result in &results {
            assert_eq!(result["processingStatus"], "completed", "{result}");
            assert_eq!(result["workflowExecutionType"], "scheduled", "{result}");
        }

        let skipped = of("tenure.skipped");
        let unique: BTreeSet<String> = skipped.iter().map(employee).collect();
        assert_eq!((skipped.len(), unique.len()), (290 - expected.len(), 290 - expected.len()));
        assert!(unique.iter().all(|skipped| !expected.contains_key(skipped)));
        for skipped in &skipped {
            assert_eq!(skipped["reason"], "outsideCatchUp");
            let hired = &person(&self.people, &employee(skipped))["employeeHireDate"];
            assert_eq!(&skipped["dueDateTime"], hired);
        }

        // The accounts, the mails and the counters say the same.
        for person in &self.people {
            let opened = expected.contains_key(person["employeeId"].as_str().unwrap());
            assert_eq!(person["accountEnabled"] == true, opened, "{person}");
        }
        assert_eq!(fs::read_dir(server.data.join("outbox")).map_or(0, Iterator::count), expected.len());
        let runs = of("runs");
        let days: BTreeSet<&Date> = expected.values().collect();
        assert_eq!(runs.len(), days.len(), "a run for each day on which there was somebody");
        let total: u64 = runs.iter().map(|run| run["successfulUsersCount"].as_u64().unwrap()).sum();
        assert_eq!(total, expected.len() as u64);
        let span = "startDateTime=2008-12-31T00:00:00Z,endDateTime=2013-11-15T00:00:00Z";
        let (_, summary) =
            server.get(&format!("{WORKFLOWS}/{}/userProcessingResults/summary({span})", self.workflow));
        let found = ["totalUsers", "successfulUsers", "failedUsers", "totalTasks", "failedTasks"]
            .map(|name| summary[name].as_u64().unwrap());
        assert_eq!(found, [total, total, 0, 2 * total, 0]);
    }
}

fn joiner() -> Json {
    json!({
        "category": "joiner",
        "displayName": "First day",
        "isEnabled": true,
        "isSchedulingEnabled": true,
        "executionConditions": {
            "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
            "scope": {
                "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                "rule": "companyName eq 'Adventure Works'"
            },
            "trigger": {
                "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                "timeBasedAttribute": "employeeHireDate",
                "offsetInDays": 0
            }
        },
        "tasks": [
            {
                "displayName": "Enable user account",
                "taskDefinitionId": "6fc52c9d-398b-4305-9763-15f42c1676fc",
                "isEnabled": true,
                "arguments": []
            },
            {
                "displayName": "Send welcome email",
                "taskDefinitionId": "70b29d51-b59a-4773-9280-8841dfd3f2ea",
                "isEnabled": true,
                "arguments": []
            }
        ]
    })
}

fn advance(server: &Server, day: Date) {
    let (status, answer) =
        server.post("/v1.0/tenure.advanceClock", &json!({ "to": format!("{day}T00:00:00Z") }));
    assert_eq!(status, 204, "{day}: {answer}");
}

/// Imports a file with the map that is shipped for these feeds.
fn import(server: &Server, file: &Path, options: &[&str]) -> Done {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/maps/adventureworks.toml");
    let arguments = ["directory", "import", file.to_str().unwrap(), "--map", map.to_str().unwrap(), "--json"];
    server.tenure(&[&arguments, options].concat())
}

fn figures(report: &Json) -> Json {
    ["rows", "created", "changed", "unchanged", "rejected", "missing"]
        .map(|name| report[name].clone())
        .into_iter()
        .collect()
}

/// All pages of a list.
fn all(server: &Server, path: &str) -> Vec<Json> {
    let mut items = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let (status, page) = server.get(&path);
        assert_eq!(status, 200, "{path}: {page}");
        items.extend(page["value"].as_array().unwrap().iter().cloned());
        next =
            page["@odata.nextLink"].as_str().map(|link| link.strip_prefix(&server.url).unwrap().to_owned());
    }
    items
}

fn person<'p>(people: &'p [Json], employee: &str) -> &'p Json {
    people.iter().find(|person| person["employeeId"] == employee).unwrap()
}
