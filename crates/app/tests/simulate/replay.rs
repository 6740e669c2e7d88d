//! On an empty directory: files come in on their days, and everybody gets what is theirs.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::files::{Files, joiner, leaver, told};
use crate::harness::{Done, tenure_in};

#[test]
fn people_come_and_go_on_their_days() {
    let files = Files::new(&[joiner(), leaver()]);
    files.people("2026-03-01.csv", &[("ann", "2026-03-02", ""), ("bo", "2026-02-01", "2026-03-03")]);
    // Ann's last day comes to be known, and somebody comes who was there before.
    files.people(
        "later.csv",
        &[("ann", "2026-03-02", "2026-03-06"), ("bo", "2026-02-01", "2026-03-03"), ("cy", "2026-03-03", "")],
    );
    let feeds = ["--feed", "later.csv@2026-03-05T06:00:00Z", "2026-03-01.csv"];
    let played = files.play("2026-03-01", "2026-03-31", &[&feeds[..], &["--json"]].concat());
    let document = played.json();
    assert_eq!(
        told(&document),
        [
            "2026-03-01 Join bo skipped outsideCatchUp",
            "2026-03-02 Join ann completed",
            "2026-03-03 Leave bo completed",
            "2026-03-05 Join cy completed",
            "2026-03-06 Leave ann completed",
        ]
    );
    let change = &document["days"][1]["results"][0]["changes"][0];
    assert_eq!(
        (&change["activity"], &change["properties"][0]),
        (&json!("Update user"), &json!({ "name": "accountEnabled", "before": null, "after": true }))
    );
    let totals = &document["totals"];
    assert_eq!((&totals["days"], &totals["people"], &totals["created"]), (&json!(31), &json!(3), &json!(3)));
    assert_eq!(
        totals["workflows"]["Join"],
        json!({ "processed": 2, "byStatus": { "completed": 2 }, "skipped": 1, "quarantines": 0 })
    );

    let shown = files.play("2026-03-01", "2026-03-31", &feeds);
    assert!(
        shown.out.starts_with(
            "Sun 2026-03-01\n  2026-03-01.csv: 2 created, 0 changed, 0 unchanged, 0 rejected, 0 missing\n  \
             Join: skipped, outsideCatchUp: bo\nMon 2026-03-02\n  \
             Join: ann completed: accountEnabled: (not set) → true\n"
        ),
        "{shown:?}"
    );
    assert!(shown.out.contains("│ Leave    ┆ 2         ┆ 2 "), "{shown:?}");
    // Only one of the workflows, and nothing is left behind.
    let alone =
        files.play("2026-03-01", "2026-03-31", &[&feeds[..], &["--json", "--workflow", "leave"]].concat());
    assert_eq!(told(&alone.json()), ["2026-03-03 Leave bo completed", "2026-03-06 Leave ann completed"]);
    let mut names: Vec<String> = fs::read_dir(files.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["2026-03-01.csv", "later.csv", "map.toml", "workflows"]);
}

#[test]
fn too_many_who_leave_are_held_back_and_said() {
    let files = Files::new(&[leaver()]);
    fs::write(files.path().join("tenure.toml"), "[limits]\nleaversAtMost = 1\nleaversPercent = 0.0\n")
        .unwrap();
    let leaves = |name, last| (name, "2020-01-01", last);
    files.people(
        "2026-03-01.csv",
        &[
            leaves("ann", "2026-03-02"),
            leaves("bo", "2026-03-05"),
            leaves("cy", "2026-03-05"),
            leaves("di", "2026-03-09"),
        ],
    );
    let document = files.play("2026-03-01", "2026-03-31", &["--feed", "2026-03-01.csv", "--json"]).json();
    assert_eq!(told(&document), ["2026-03-02 Leave ann completed", "2026-03-05 Leave held back"]);
    let reason = document["days"][2]["quarantined"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("2 people are due"), "{reason}");
}

#[test]
fn a_file_that_is_stopped_is_said_and_changes_nobody() {
    let files = Files::new(&[joiner()]);
    let bad: Vec<(&str, &str, &str)> = vec![("x", "never", ""); 9];
    files.people("2026-03-01.csv", &bad);
    let document = files.play("2026-03-01", "2026-03-02", &["--feed", "2026-03-01.csv", "--json"]).json();
    let import = &document["days"][0]["imports"][0];
    assert!(import["stopped"].as_str().unwrap().starts_with("9 of 9 rows are rejected"), "{import}");
    assert_eq!(document["totals"]["people"], 0);
}

/// Five years of a real company: the feeds of the AdventureWorks sample. They are data outside of the repository: without
/// them this test says so and passes.
#[test]
fn five_years_of_a_company_give_what_its_files_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = std::env::var_os("TENURE_TEST_DATA").map_or(root.join("../shared/data"), PathBuf::from);
    let Ok(entries) = fs::read_dir(data.join("adventureworks/feeds")) else {
        println!("skipped: the data directory is not there; TENURE_TEST_DATA can name it");
        return;
    };
    let mut feeds: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    feeds.sort();
    let company = Company::read(&feeds);
    let expected = &company.joined;
    assert_eq!(expected.values().sum::<usize>() + company.late.values().sum::<usize>(), 290);

    let arguments = [
        "simulate",
        "--from",
        "2008-12-31",
        "--to",
        "2013-11-14",
        "--json",
        "--workflows",
        "examples/adventureworks",
        "--map",
        "examples/maps/adventureworks.toml",
        "--feed",
    ];
    let feeds: Vec<&str> = feeds.iter().map(|feed| feed.to_str().unwrap()).collect();
    let document = Done::of(&mut tenure_in(&root, &[&arguments[..], &feeds].concat())).json();

    // Of each year: who joined on their first day, who came to be known too late for it, and who changed the department.
    let mut joined: BTreeMap<i16, usize> = BTreeMap::new();
    let (mut late, mut moved) = (BTreeMap::new(), BTreeMap::new());
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for day in document["days"].as_array().unwrap() {
        let date: Date = day["date"].as_str().unwrap().parse().unwrap();
        for one in day["results"].as_array().unwrap() {
            assert_eq!(one["status"], "completed", "{one}");
            if one["workflow"] == "First day" {
                *joined.entry(date.year()).or_default() += 1;
                *days.entry(date).or_default() += 1;
                let told: Vec<&Json> =
                    one["changes"].as_array().unwrap().iter().map(|one| &one["activity"]).collect();
                assert_eq!(told, ["Update user", "Add member to group", "Send mail"], "{one}");
            } else {
                *moved.entry(date.year()).or_insert(0_usize) += 1;
            }
        }
        for one in day["skipped"].as_array().unwrap() {
            assert_eq!((&one["workflow"], &one["reason"]), (&json!("First day"), &json!("outsideCatchUp")));
            *late.entry(date.year()).or_insert(0_usize) += 1;
        }
    }
    assert_eq!((&joined, &late, &moved), (expected, &company.late, &company.moved));
    assert_eq!(days, company.days);
    let totals = &document["totals"];
    let all: usize = expected.values().sum();
    assert_eq!(
        (&totals["people"], &totals["mails"], &totals["calls"], &totals["waiting"]),
        (&json!(290), &json!(all), &json!(0), &json!(0))
    );
}

/// What the files say, counted here and not by the binary.
#[derive(Default)]
struct Company {
    /// By year, who is known on the first day or at most three days later.
    joined: BTreeMap<i16, usize>,
    /// The same by day.
    days: BTreeMap<Date, usize>,
    /// By year, who comes to be known later.
    late: BTreeMap<i16, usize>,
    /// By year, whose department is another one than in the file before.
    moved: BTreeMap<i16, usize>,
}

impl Company {
    fn read(feeds: &[PathBuf]) -> Self {
        let mut company = Self::default();
        let mut departments: HashMap<String, String> = HashMap::new();
        for feed in feeds {
            let day: Date = feed.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            for row in csv::Reader::from_path(feed).unwrap().records() {
                let row = row.unwrap();
                match departments.insert(row[0].to_owned(), row[5].to_owned()) {
                    Some(before) if before != row[5] => *company.moved.entry(day.year()).or_default() += 1,
                    Some(_) => {}
                    None => {
                        let first = Date::strptime("%m/%d/%Y", &row[8]).unwrap();
                        if (day - first).get_days() <= 3 {
                            let first = first.max(day);
                            *company.joined.entry(first.year()).or_default() += 1;
                            *company.days.entry(first).or_default() += 1;
                        } else {
                            *company.late.entry(day.year()).or_default() += 1;
                        }
                    }
                }
            }
        }
        company
    }
}
