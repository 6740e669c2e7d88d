//! Writing down in the table of operations what was seen.

use crate::Fault;
use crate::operation::{State, operations};

/// What was seen of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its method.
    pub method: String,
    /// Its path, as the table writes it.
    pub written: String,
    /// The states that would agree with what was seen, the likeliest first.
    pub states: Vec<State>,
    /// The status that came, or both if the versions differ.
    pub came: String,
}

/// The table with the states that agree with what was seen; lines that agree already stay, and so does everything else.
///
/// A line whose state changes says in its note what was seen, for somebody to replace by the reason.
pub fn record(table: &str, seen: &[Seen]) -> Result<String, Fault> {
    // Nothing is written into a table that cannot be read.
    operations(table)?;
    let lines = table.lines().map(|line| {
        let mut words = line.split_whitespace();
        let (state, _, method, written) = (words.next(), words.next(), words.next(), words.next());
        let (Some(state), Some(method), Some(written)) = (state, method, written) else {
            return line.to_owned();
        };
        let found = seen.iter().find(|seen| seen.method == method && seen.written == written);
        let Some(found) = found else { return line.to_owned() };
        match found.states.as_slice() {
            [likeliest, ..] if !found.states.iter().any(|known| known.word() == state) => {
                changed(line, state, *likeliest, &found.came)
            }
            _ => line.to_owned(),
        }
    });
    Ok(lines.map(|line| line + "\n").collect())
}

fn changed(line: &str, from: &str, to: State, came: &str) -> String {
    let rest = line.strip_prefix(from).unwrap_or(line).trim_start();
    let (rest, note) = rest.split_once(" | ").map_or((rest, None), |(rest, note)| (rest, Some(note)));
    let note = match (to, note) {
        (State::Works, Some(note)) if !note.starts_with("answers ") => format!(" | {note}"),
        (State::Works | State::ToCome, _) => String::new(),
        (State::Refuses | State::Empty, _) => format!(" | answers {came}"),
    };
    format!("{:8}{rest}{note}", to.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(written: &str, states: &[State], came: &str) -> Seen {
        Seen {
            method: "GET".to_owned(),
            written: written.to_owned(),
            states: states.to_vec(),
            came: came.to_owned(),
        }
    }

    #[test]
    fn only_lines_that_disagree_change() {
        let table = "# GET /a\n## Area\nto-come both GET    /a > 200\nrefuses both GET /b > 200 | why\nto-come beta GET /c > 200 user doc\n";
        let all = [
            seen("/a", &[State::Works], "200"),
            seen("/b", &[State::Refuses, State::ToCome], "405"),
            seen("/c", &[State::Refuses], "409"),
        ];
        assert_eq!(
            record(table, &all).unwrap(),
            "# GET /a\n## Area\nworks   both GET    /a > 200\nrefuses both GET /b > 200 | why\nrefuses beta GET /c > 200 user doc | answers 409\n"
        );
    }

    #[test]
    fn a_note_of_a_person_outlives_the_way_to_works() {
        let table =
            "## A\nto-come both GET /a > 200 | as Graph had it\nrefuses both GET /b > 200 | answers 405\n";
        let all = [seen("/a", &[State::Works], "200"), seen("/b", &[State::Works], "200")];
        let written = record(table, &all).unwrap();
        assert!(
            written.contains("/a > 200 | as Graph had it\n") && written.contains("/b > 200\n"),
            "{written}"
        );
    }
}
