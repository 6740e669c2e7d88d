//! Every operation of the surface's table, asked in both versions with ids that exist: its answer has to agree with its
//! state there. `cargo xtask generate --observe` runs this to write down what is seen instead of judging it.

mod places;
mod verdict;
mod waiting;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tenure_surface::{Content, Operation, State, Surface, Version};

use crate::api::Answer;
use places::Places;
use verdict::Verdict;

#[test]
fn every_operation_answers_as_its_state_says() {
    let surface = Surface::embedded().unwrap();
    let mut seen: BTreeMap<(&str, &str), Vec<(Version, Verdict)>> = BTreeMap::new();
    let mut wrong = vec![];
    for version in Version::ALL {
        let mut places = Places::new(version);
        for operation in in_order(&surface, version) {
            let (answer, nobody) = ask(&mut places, &surface, operation);
            let verdict = Verdict::of(operation, &answer, nobody);
            if let Some(reason) = &verdict.wrong {
                wrong.push(format!("{version} {} {}: {reason}", operation.method, operation.written));
            }
            seen.entry((operation.method, operation.written)).or_default().push((version, verdict));
        }
    }
    // Answers that no state excuses are worth more than a table of them.
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let Some(file) = std::env::var_os("TENURE_WALKED") else { return judge(&surface, &seen) };
    let seen: Vec<Json> =
        seen.iter().map(|((method, written), verdicts)| noted(method, written, verdicts)).collect();
    std::fs::write(file, Json::Array(seen).to_string()).unwrap();
}

/// What reads first, what destroys last; the clock, which sets off what is scheduled, at the very end.
fn in_order(surface: &Surface, version: Version) -> Vec<&Operation<'static>> {
    let mut all: Vec<&Operation> = surface.operations(version).collect();
    all.sort_by_key(|operation| match operation.method {
        _ if operation.written.ends_with("advanceClock") => 3,
        "GET" => 0,
        "DELETE" => 2,
        _ => 1,
    });
    all
}

/// The answer, and whether there was nothing whose id could be asked with.
fn ask(places: &mut Places, surface: &Surface, operation: &Operation) -> (Answer, bool) {
    let place = places.of(operation);
    let nobody = place.path.contains(places::NOBODY);
    let ask = place.api.ask(operation.method, &place.path);
    if operation.request == Some(Content::Form) {
        let part =
            |name, text| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        let map = "feed = \"hr\"\n[columns]\nemployeeId = \"number\"\nuserPrincipalName = \"login\"\ndisplayName = \"name\"\n";
        let form = format!(
            "{}{}--b--\r\n",
            part("map", map),
            part("file", "number,login,name\n7,zoe@example.com,Zoe\n")
        );
        return (ask.header("content-type", "multipart/form-data; boundary=b").bytes(form).send(), nobody);
    }
    let replace = |name: &str| place.names.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let answer = match surface.bodies.of(operation, &replace) {
        Some(body) => ask.json(&body).send(),
        None => ask.send(),
    };
    (answer, nobody)
}

/// Both versions have to answer as the one state of their line says.
fn judge(surface: &Surface, seen: &BTreeMap<(&str, &str), Vec<(Version, Verdict)>>) {
    let mut complaints = vec![];
    for operation in surface.areas.iter().flat_map(|area| &area.operations) {
        for (version, verdict) in &seen[&(operation.method, operation.written)] {
            if !verdict.states.contains(&operation.state) {
                complaints.push(format!(
                    "{version} {} {}: {} in the table, but it answers {} {}",
                    operation.method, operation.written, operation.state, verdict.came, verdict.message
                ));
            }
        }
    }
    assert!(
        complaints.is_empty(),
        "{} of {} operations are not as the table says; if they are as they should be, \
         `cargo xtask generate --observe` brings it up to date:\n{}",
        complaints.len(),
        seen.len(),
        complaints.join("\n")
    );
}

fn noted(method: &str, written: &str, verdicts: &[(Version, Verdict)]) -> Json {
    let (_, first) = &verdicts[0];
    let agreed = |state: &&State| verdicts.iter().all(|(_, verdict)| verdict.states.contains(state));
    let states: Vec<&str> = first.states.iter().filter(agreed).map(|state| state.word()).collect();
    let mut came: Vec<String> = verdicts.iter().map(|(_, verdict)| verdict.came.to_string()).collect();
    came.dedup();
    json!({ "method": method, "written": written, "states": states, "came": came.join(" or ") })
}
