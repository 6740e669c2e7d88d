//! `cargo xtask generate`: pages made of data, and the table of operations brought up to date.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tenure_surface::{Seen, State, compatibility, operations, record};

use crate::run::{Outcome, cargo, root, run, target};

/// Writes the generated pages; with `observe`, walks all operations first and writes down what was seen.
pub(crate) fn generate(observe: bool) -> Outcome {
    if observe {
        let table = record(&read(&table_path())?, &walked()?).map_err(|fault| fault.to_string())?;
        write(&table_path(), &table)?;
    }
    write(&page_path(), &page()?)
}

/// Says whether the generated pages are what `generate` would write.
pub(crate) fn is_fresh() -> Outcome {
    if read(&page_path())? == page()? {
        return Ok(());
    }
    Err(format!("{} is stale: run `cargo xtask generate`", page_path().display()))
}

fn page() -> Outcome<String> {
    // Read now, not when this program was built: `generate` may just have changed it.
    let table = read(&table_path())?;
    let areas = operations(&table).map_err(|fault| fault.to_string())?;
    Ok(compatibility::page(&areas))
}

/// Asks every operation of a server in a test of `http`, which writes down what came.
fn walked() -> Outcome<Vec<Seen>> {
    let file = target().join("walked.json");
    let test = ["test", "--quiet", "--package", "tenure-http", "--test", "graph", "walk::"];
    run(cargo(test).env("TENURE_WALKED", &file))?;
    let text = read(&file)?;
    let seen: Vec<Value> =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(seen.iter().map(seen_of).collect())
}

fn seen_of(seen: &Value) -> Seen {
    let text = |name: &str| seen[name].as_str().unwrap_or_default().to_owned();
    let states = seen["states"].as_array().into_iter().flatten();
    let states = states.filter_map(Value::as_str).filter_map(State::of_word).collect();
    Seen { method: text("method"), written: text("written"), states, came: text("came") }
}

fn table_path() -> PathBuf {
    root().join("crates/surface/data/operations.txt")
}

fn page_path() -> PathBuf {
    root().join("docs/graph-compatibility.md")
}

fn read(path: &PathBuf) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &PathBuf, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
