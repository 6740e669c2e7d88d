//! Which states of the table an answer agrees with.

use serde_json::Value as Json;
use tenure_surface::{Operation, State};

use crate::api::Answer;

/// What is thought of an answer.
pub(super) struct Verdict {
    /// The states that it agrees with, the likeliest first.
    pub(super) states: Vec<State>,
    /// The status that came.
    pub(super) came: u16,
    /// What an error said.
    pub(super) message: String,
    /// No state excuses it.
    pub(super) wrong: Option<String>,
}

impl Verdict {
    /// `nobody` says that there is nothing whose id could be asked with.
    pub(super) fn of(operation: &Operation, answer: &Answer, nobody: bool) -> Self {
        use State::{Empty, Refuses, ToCome, Works};
        let no_such_path = answer.status == 404
            && answer.body["error"]["message"]
                .as_str()
                .is_some_and(|message| message.starts_with("The path '"));
        let states: &[State] = match answer.status {
            status if status == operation.status && is_nothing(&answer.body) => &[Works, Empty],
            status if status == operation.status => &[Works],
            409 if operation.acts_on_deleted() => &[Refuses],
            // What acts on a deleted workflow says that this cannot be; nothing else will do.
            _ if operation.acts_on_deleted() => &[ToCome],
            404 if no_such_path => &[ToCome],
            // What would be there is to come.
            404 if operation.documented && nobody => &[Empty],
            404 | 405 if operation.documented => &[ToCome],
            404 => &[Refuses, Empty],
            400..500 => &[Refuses],
            _ => &[],
        };
        let message = answer.body["error"]["message"].as_str().unwrap_or_default().to_owned();
        let wrong = match answer.status {
            500.. => Some(format!("{}: {message}", answer.status)),
            400.. => misshapen(answer),
            200..300 if states.is_empty() => {
                Some(format!("answers {} and the table says {}", answer.status, operation.status))
            }
            _ => None,
        };
        Self { states: states.to_vec(), came: answer.status, message, wrong }
    }
}

/// An empty list or a count of nothing.
fn is_nothing(body: &Json) -> bool {
    body == "0" || body["value"].as_array().is_some_and(Vec::is_empty)
}

/// What an error lacks of Graph's shape.
fn misshapen(answer: &Answer) -> Option<String> {
    let error = &answer.body["error"];
    let texts =
        [&error["code"], &error["message"], &error["innerError"]["request-id"], &error["innerError"]["date"]];
    let whole = answer.header("content-type").starts_with("application/json")
        && texts.iter().all(|text| text.is_string());
    (!whole).then(|| format!("an error in no shape of Graph's: {}", answer.body))
}
