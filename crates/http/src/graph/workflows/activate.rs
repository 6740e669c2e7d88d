//! `POST /identityGovernance/lifecycleWorkflows/workflows/{id}/activate`

use serde_json::Value;
use tenure_lifecycle::ids::UserId;

use crate::errors::GraphError;
use crate::odata::{Object, reference};
use crate::request::Request;
use crate::response::Response;

/// Runs a workflow for these people now; one run, durable when this answers.
pub(super) fn activate(request: &Request) -> Result<Response, GraphError> {
    let id = request.id("workflow", "workflow")?;
    let subjects = subjects(&request.json()?)?;
    request.lifecycle().activate(&request.caller, id, &subjects)?;
    Ok(Response::no_content())
}

fn subjects(body: &Value) -> Result<Vec<UserId>, GraphError> {
    let body = Object::root(body)?;
    let named = users(&body, "subjects")?;
    body.finish()?;
    Ok(named)
}

/// The users that a property names; whatever else is said of them is let be.
pub(super) fn users(object: &Object<'_>, property: &str) -> Result<Vec<UserId>, GraphError> {
    let named = object.objects(property)?.ok_or_else(|| object.invalid(property, "is required"))?;
    named
        .iter()
        .map(|subject| {
            let id = reference(subject)?;
            id.parse()
                .map_err(|_| subject.invalid("id", format!("'{}' is not the id of a user", shortened(&id))))
        })
        .collect()
}

fn shortened(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn subjects_are_named_by_id_or_link() {
        let id = "a1e2c3d4-0001-4aaa-8bbb-000000000001";
        let body = json!({"Subjects": [
            {"id": id, "displayName": "x", "@odata.type": "#microsoft.graph.user"},
            {"@odata.id": format!("https://host/v1.0/users/{id}")},
        ]});
        assert_eq!(subjects(&body).unwrap(), [id.parse().unwrap(), id.parse().unwrap()]);
    }

    #[test]
    fn a_wrong_subject_is_named_by_its_place() {
        let id = "a1e2c3d4-0001-4aaa-8bbb-000000000001";
        for (body, named) in [
            (json!({"subjects": [{"id": id}, {"id": "x"}]}), "subjects/1/id"),
            (json!({"subjects": [{"id": id}, {}]}), "subjects/1/id"),
            (json!({"subjects": [{"id": id}, 5]}), "subjects/1"),
            (json!({"subjects": {}}), "subjects"),
            (json!({}), "subjects"),
            (json!({"subjects": [], "shoe": 1}), "shoe"),
        ] {
            assert_eq!(subjects(&body).unwrap_err().target.as_deref(), Some(named), "{body}");
        }
    }
}
