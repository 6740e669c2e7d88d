//! People from a file: managers wherever their rows are, what is written again, and what somebody does meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicUsize, Ordering};

use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::directory::feed::ImportReport;
use tenure_lifecycle::operations::Import;
use tenure_lifecycle::ports::{Order, Query};
use tenure_lifecycle::workflow::{Category, ExecutionConditions, Scope, Trigger};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-10T12:00:00Z";
const MAP: &str = r#"
feed = "people"

[columns]
employeeId = "Id"
displayName = "Name"
userPrincipalName = "{Id}@example.com"
jobTitle = "Title"
manager = "Manager"
"#;

struct Row(usize, &'static str, Option<usize>);

fn file(rows: &[Row]) -> String {
    let mut text = "Id,Name,Title,Manager\n".to_owned();
    for Row(id, title, manager) in rows {
        let manager = manager.map(|manager| manager.to_string()).unwrap_or_default();
        text.push_str(&format!("{id},Person {id},{title},{manager}\n"));
    }
    text
}

/// Imports a file; `meanwhile` is done when it is opened for that time, from 1.
fn import_with(system: &System, text: &str, meanwhile: (usize, &dyn Fn())) -> ImportReport {
    let opened = AtomicUsize::new(0);
    let open = || {
        if opened.fetch_add(1, Ordering::SeqCst) + 1 == meanwhile.0 {
            (meanwhile.1)();
        }
        Ok(Box::new(Cursor::new(text.to_owned())) as Box<dyn Read + Send>)
    };
    let import = Import { reader: &CsvFeed, map: MAP, open: &open, dry_run: false };
    system.lifecycle.import(&system.caller, &import).unwrap()
}

fn import(system: &System, rows: &[Row]) -> ImportReport {
    import_with(system, &file(rows), (0, &|| ()))
}

/// Whose manager is whose, by employee id.
fn managers(system: &System) -> Vec<(String, Option<String>)> {
    let order = vec![Order { property: "employeeId".to_owned(), descending: false }];
    let query = Query { filter: None, order, after: None, limit: 10_000 };
    let people = system.lifecycle.store.list_users(&query).unwrap().items;
    let id_of = |number: i64| {
        let found = people.iter().find(|person| person.number == number).unwrap();
        found.text("employeeId").unwrap().to_owned()
    };
    people
        .iter()
        .filter(|person| person.text("employeeId").is_some())
        .map(|person| (person.text("employeeId").unwrap().to_owned(), person.manager.map(id_of)))
        .collect()
}

fn named(pairs: &[(usize, Option<usize>)]) -> Vec<(String, Option<String>)> {
    let mut named: Vec<_> =
        pairs.iter().map(|(id, manager)| (id.to_string(), manager.map(|one| one.to_string()))).collect();
    named.sort();
    named
}

#[test]
fn a_manager_is_found_wherever_their_row_is() {
    // More rows than are looked at in one step, each with a manager far behind or far before it.
    let system = System::at(NOW).unwrap();
    let count = 2_500;
    let manager = |id: usize| (id != count / 2).then_some(count + 1 - id).filter(|manager| *manager != id);
    let rows: Vec<Row> = (1..=count).map(|id| Row(id, "Clerk", manager(id))).collect();
    let report = import(&system, &rows);
    assert_eq!((report.created, report.rejected), (count as u64, 0));
    let expected: Vec<_> = (1..=count).map(|id| (id, manager(id))).collect();
    assert_eq!(managers(&system), named(&expected));
    // The same again is no change to anybody.
    let again = import(&system, &rows);
    assert_eq!((again.created, again.changed, again.unchanged), (0, 0, count as u64));
}

#[test]
fn a_manager_who_is_nowhere_is_a_rejection_and_one_who_is_rejected_changes_nothing() {
    let system = System::with_limits(
        NOW,
        tenure_lifecycle::limits::Limits { import_stop_at_least: 10, ..Default::default() },
    )
    .unwrap();
    import(&system, &[Row(1, "Boss", None), Row(2, "Clerk", Some(1)), Row(3, "Clerk", Some(1))]);
    system.person(&Person::named("4")).unwrap();
    let text =
        "Id,Name,Title,Manager\n2,Person 2,Lead,9\n4,Person 4,Boss,\n3,Person 3,Lead,4\n1,Person 1,Boss,2\n";
    let report = import_with(&system, text, (0, &|| ()));
    let said: Vec<_> =
        report.rejections.iter().map(|one| (one.line, one.column.as_str(), one.reason.as_str())).collect();
    assert_eq!(
        said,
        [
            (2, "Manager", "nobody has the employee id '9'"),
            (3, "Id", "'4@example.com' belongs to somebody else"),
        ]
    );
    assert_eq!((report.created, report.changed, report.rejected), (0, 2, 2));
    // Whose manager's row was rejected keeps the one they had, and has the rest of what the file says.
    assert_eq!(managers(&system), named(&[(1, Some(2)), (2, Some(1)), (3, Some(1))]));
    let person = system.lifecycle.user("3@example.com").unwrap();
    assert_eq!(person.text("jobTitle"), Some("Lead"));
    let person = system.lifecycle.user("2@example.com").unwrap();
    assert_eq!(person.text("jobTitle"), Some("Clerk"));
}

#[test]
fn whoever_is_new_has_not_changed_and_who_gets_another_manager_has() {
    let system = System::at(NOW).unwrap();
    let mut spec = WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[]);
    spec.0.is_scheduling_enabled = true;
    spec.0.conditions = ExecutionConditions::TriggerAndScope {
        scope: Scope::Rule { rule: "userType ne 'x'".to_owned() },
        trigger: Trigger::AttributeChange { attributes: vec!["manager".to_owned()] },
    };
    let workflow = system.workflow(spec).unwrap();
    system.sweep().unwrap();
    import(&system, &[Row(1, "Boss", None), Row(2, "Boss", None)]);
    // The manager of one is there, that of the other comes later in the file.
    let new =
        || [Row(1, "Boss", None), Row(2, "Boss", None), Row(3, "Clerk", Some(1)), Row(4, "Clerk", Some(5))];
    let last = || [Row(5, "Boss", None)];
    import(&system, &new().into_iter().chain(last()).collect::<Vec<_>>());
    assert_eq!(managers(&system)[3], named(&[(4, Some(5))])[0]);
    assert_eq!(system.sweep().unwrap().admitted, 0);
    let changed =
        [Row(1, "Boss", None), Row(2, "Boss", None), Row(3, "Clerk", Some(2)), Row(4, "Clerk", Some(5))];
    import(&system, &changed.into_iter().chain(last()).collect::<Vec<_>>());
    assert_eq!(system.sweep().unwrap().admitted, 1);
    let runs = system.runs(&workflow).unwrap();
    let person = system.lifecycle.user("3@example.com").unwrap();
    assert_eq!(system.results(runs[0].number).unwrap()[0].subject, Some(person.id));
}

#[test]
fn whoever_is_deleted_while_a_file_is_imported_stays_deleted_and_the_others_go_in() {
    let system = System::at(NOW).unwrap();
    import(&system, &[Row(1, "Clerk", None), Row(2, "Clerk", None)]);
    let one = system.lifecycle.user("1@example.com").unwrap();
    let rows = file(&[Row(1, "Lead", None), Row(2, "Lead", None)]);
    // Looked through by then, and about to be written.
    let report =
        import_with(&system, &rows, (2, &|| system.lifecycle.delete_user(&system.caller, one.id).unwrap()));
    assert_eq!(report.changed, 2);
    assert!(system.lifecycle.user("1@example.com").is_err());
    assert_eq!(system.lifecycle.user("2@example.com").unwrap().text("jobTitle"), Some("Lead"));
}

#[test]
fn a_file_that_says_nothing_new_is_read_once() {
    let system = System::at(NOW).unwrap();
    let rows = [Row(1, "Clerk", None), Row(2, "Clerk", Some(1))];
    import(&system, &rows);
    let again = import_with(&system, &file(&rows), (2, &|| panic!("it is opened a second time")));
    assert_eq!((again.unchanged, again.changed), (2, 0));
}
