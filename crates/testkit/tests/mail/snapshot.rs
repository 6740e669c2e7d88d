//! Mails as another program reads them, compared with what is kept beside the tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value as Json;

/// Set to 1, what arrives is written down instead of compared.
const UPDATE: &str = "TENURE_UPDATE_SNAPSHOTS";

fn is_written_down() -> bool {
    std::env::var_os(UPDATE).is_some_and(|value| value == "1")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail/snapshots")
}

/// A mail as Python's reader gives it, as text for people.
fn written(mail: &Json) -> String {
    let people = |header: &str| {
        let people = mail[header].as_array().unwrap().iter();
        let one = |person: &Json| {
            format!("{} <{}>", person[0].as_str().unwrap(), person[1].as_str().unwrap()).trim().to_owned()
        };
        people.map(one).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(mail["defects"], serde_json::json!([]), "{mail}");
    let mut written = String::new();
    for (name, value) in [
        ("From", people("from")),
        ("To", people("to")),
        ("Cc", people("cc")),
        ("Subject", mail["subject"].as_str().unwrap().to_owned()),
    ] {
        let _ = writeln!(written, "{}", format!("{name}: {value}").trim_end());
    }
    for part in ["text", "html"] {
        let _ = write!(written, "\n----- {part}\n{}\n", mail[part].as_str().unwrap().trim_end());
    }
    written
}

/// Compares a mail with the one of that name; one that is not there differs.
pub(crate) fn compare(name: &str, mail: &Json) {
    let (file, arrived) = (folder().join(format!("{name}.txt")), written(mail));
    if is_written_down() {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(file, arrived).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        arrived == kept,
        "{} is not what arrived; if it should be, run the test with {UPDATE}=1\n----- kept\n{kept}\n----- arrived\n{arrived}",
        file.display()
    );
}

/// Compares the names of all that is kept.
pub(crate) fn are_all_there(names: &[String]) {
    let kept =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.iter().map(|name| format!("{name}.txt")).collect();
    assert!(is_written_down() || kept.collect::<BTreeSet<_>>() == names, "{names:?}");
}
