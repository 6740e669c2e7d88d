//! What the answer to a call says of the task, where the outcome comes from it.

use serde_json::Value as Json;

use super::perform::Done;

/// Reads `data.operationStatus`, or `operationStatus` without `data`, in any letter case, as a callback has it.
pub(super) fn outcome(body: Option<&str>) -> Done {
    let unclear = |reason: &str| Done::Failed(format!("the endpoint's answer {reason}"));
    let Some(body) = body.filter(|body| !body.trim().is_empty()) else {
        return unclear("is empty; it has to say operationStatus: completed or failed");
    };
    let Ok(json) = serde_json::from_str::<Json>(body) else {
        return unclear("is no JSON; it has to say operationStatus: completed or failed");
    };
    let inner = member(&json, "data").filter(|data| !data.is_null()).unwrap_or(&json);
    match member(inner, "operationStatus").and_then(Json::as_str) {
        Some(status) if status.eq_ignore_ascii_case("completed") => Done::Through,
        Some(status) if status.eq_ignore_ascii_case("failed") => unclear("says that it failed"),
        _ => unclear("does not say operationStatus: completed or failed"),
    }
}

fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    json.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_to_say_it() {
        let says = |body| match outcome(body) {
            Done::Failed(reason) => reason,
            done => format!("{done:?}"),
        };
        assert_eq!(says(Some(r#"{"Data":{"OperationStatus":"Completed"}}"#)), "Through");
        assert_eq!(says(Some(r#"{"operationStatus":"completed"}"#)), "Through");
        assert_eq!(says(Some(r#"{"data":null,"operationStatus":"completed"}"#)), "Through");
        assert!(says(Some(r#"{"data":{"operationStatus":"Failed"}}"#)).ends_with("says that it failed"));
        for unclear in
            [None, Some(" "), Some("ok"), Some("[]"), Some(r#"{"data":{"operationStatus":"maybe"}}"#)]
        {
            assert!(says(unclear).contains("operationStatus"), "{unclear:?}");
        }
    }
}
