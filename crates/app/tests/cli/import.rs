//! `tenure directory import`

use crate::harness::Server;

const MAP: &str = r#"
feed = "hr"
[columns]
employeeId = "Id"
displayName = "Name"
userPrincipalName = "{Name|ascii|lower}@example.com"
department = "Department"
employeeHireDate = "Start"
manager = "Manager"
"#;

const PEOPLE: &str = "\u{feff}Id,Name,Department,Start,Manager\n\
    1,Ada,Sales,2026-03-01,\n\
    2,Bo,Sales,2026-03-02,1\n\
    3,Cy,Sales,not a date,1\n";

fn server_with(people: &str) -> Server {
    let server = Server::start();
    std::fs::write(server.folder.join("people.csv"), people).unwrap();
    std::fs::write(server.folder.join("people.toml"), MAP).unwrap();
    server
}

#[test]
fn good_rows_go_in_and_rejected_ones_stand_beside_the_file() {
    let server = server_with(PEOPLE);
    let rejected = server.folder.join("people.rejected.csv");

    let dry = server.tenure(&["directory", "import", "people.csv", "--dry-run", "--json"]).json();
    assert_eq!((&dry["created"], &dry["rejected"], &dry["dryRun"]), (&2.into(), &1.into(), &true.into()));
    assert_eq!(server.get("/v1.0/users").1["value"].as_array().unwrap().len(), 0, "nothing is changed");
    assert!(rejected.exists());
    std::fs::remove_file(&rejected).unwrap();

    let done = server.tenure(&["directory", "import", "people.csv"]);
    assert_eq!(done.code, 0, "{done:?}");
    for line in ["created    2", "changed    0", "unchanged  0", "rejected   1", "missing    0"] {
        assert!(done.out.contains(line), "{line}: {}", done.out);
    }
    let text = std::fs::read_to_string(&rejected).unwrap();
    assert!(text.starts_with("line,column,reason,Id,Name,Department,Start,Manager\n4,Start,"), "{text}");
    assert_eq!(server.get("/v1.0/users").1["value"].as_array().unwrap().len(), 2);
    let (_, manager) = server.get("/v1.0/users/bo@example.com/manager");
    assert_eq!(manager["userPrincipalName"], "ada@example.com");

    let again = server.tenure(&["directory", "import", "people.csv", "--json"]).json();
    assert_eq!((&again["created"], &again["unchanged"]), (&0.into(), &2.into()));
    let status = server.tenure(&["directory", "status", "--json"]).json();
    assert!(status.is_object());
}

#[test]
fn a_file_without_faults_leaves_no_file_behind() {
    let server = server_with("Id,Name,Department,Start,Manager\n1,Ada,Sales,2026-03-01,\n");
    assert_eq!(server.tenure(&["directory", "import", "people.csv"]).code, 0);
    assert!(!server.folder.join("people.rejected.csv").exists());
}

#[test]
fn too_much_wrong_stops_the_import_and_says_so() {
    let rows: Vec<String> = (1..=20).map(|n| format!("{n},Person {n},Sales,wrong,\n")).collect();
    let server = server_with(&format!("Id,Name,Department,Start,Manager\n{}", rows.concat()));
    let stopped = server.tenure(&["directory", "import", "people.csv"]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(stopped.err.contains("THE IMPORT WAS STOPPED"), "{stopped:?}");
    assert!(stopped.out.contains("nothing was changed"), "{stopped:?}");
    assert_eq!(server.get("/v1.0/users").1["value"].as_array().unwrap().len(), 0);
    assert_eq!(
        std::fs::read_to_string(server.folder.join("people.rejected.csv")).unwrap().lines().count(),
        21
    );
}

#[test]
fn a_map_or_file_that_cannot_be_used_is_said_in_the_servers_words() {
    let server = server_with(PEOPLE);
    std::fs::write(server.folder.join("bad.toml"), MAP.replace("\"Name\"", "\"No such column\"")).unwrap();
    let refused = server.tenure(&["directory", "import", "people.csv", "--map", "bad.toml"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("No such column"), "{refused:?}");
    for missing in [["nobody.csv", "people.toml"], ["people.csv", "nothing.toml"]] {
        let refused = server.tenure(&["directory", "import", missing[0], "--map", missing[1]]);
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.err.contains("cannot be read"), "{refused:?}");
    }
}

#[test]
fn a_large_file_is_streamed() {
    let rows: Vec<String> =
        (1..=50_000).map(|n| format!("{n},Person {n},Department of a long name {n},2026-03-01,\n")).collect();
    let server = server_with(&format!("Id,Name,Department,Start,Manager\n{}", rows.concat()));
    let done = server.tenure(&["directory", "import", "people.csv", "--dry-run", "--json"]).json();
    assert_eq!((&done["rows"], &done["created"]), (&50_000.into(), &50_000.into()));
}
