//! A request as clients send it.

use tenure_lifecycle::directory::RequestKind;
use tenure_lifecycle::ids::AssignmentId;
use tenure_lifecycle::operations::WantedPackage;

use crate::errors::GraphError;
use crate::odata::Object;

/// Kinds of requests that are offered.
const KINDS: &[&str] = &["adminAdd", "adminRemove", "userAdd", "userRemove"];

/// What a body asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// That somebody gets a package.
    Add(RequestKind, WantedPackage),
    /// That an assignment ends.
    Remove(RequestKind, AssignmentId),
}

/// Reads a body.
pub(super) fn request_body(body: &Object<'_>) -> Result<Asked, GraphError> {
    let kind = body
        .member("requestType", KINDS, RequestKind::parse)?
        .ok_or_else(|| body.invalid("requestType", format!("is required, one of {}", KINDS.join(", "))))?;
    let assignment = body.object("assignment")?.ok_or_else(|| body.invalid("assignment", "is required"))?;
    let asked = match kind {
        RequestKind::AdminAdd | RequestKind::UserAdd => {
            let wanted = WantedPackage {
                user: needed(&assignment, "targetId")?,
                package: needed(&assignment, "accessPackageId")?,
                policy: needed(&assignment, "assignmentPolicyId")?,
            };
            Asked::Add(kind, wanted)
        }
        RequestKind::AdminRemove | RequestKind::UserRemove => Asked::Remove(kind, needed(&assignment, "id")?),
    };
    assignment.finish()?;
    // Why somebody asks would be for whoever approves, and nobody does yet.
    body.nullable_text("justification")?;
    body.only_nothing("answers", "no policy asks questions")?;
    body.only_nothing("schedule", "the policy says how long an assignment lasts")?;
    body.ignore(&["id", "createdDateTime", "completedDateTime", "state", "status"]);
    body.finish()?;
    Ok(asked)
}

fn needed<T: std::str::FromStr>(object: &Object<'_>, name: &str) -> Result<T, GraphError> {
    object.id(name)?.ok_or_else(|| object.invalid(name, "is required"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const A: &str = "a0000000-0000-4000-8000-000000000001";

    fn read(body: &Value) -> Result<Asked, String> {
        request_body(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn each_kind_names_what_it_is_about() {
        let add = json!({ "targetId": A, "assignmentPolicyId": A, "accessPackageId": A });
        let wanted = WantedPackage {
            user: A.parse().unwrap(),
            package: A.parse().unwrap(),
            policy: A.parse().unwrap(),
        };
        for (kind, expected) in [("adminAdd", RequestKind::AdminAdd), ("UserAdd", RequestKind::UserAdd)] {
            let body = json!({ "requestType": kind, "assignment": add, "justification": "because" });
            assert_eq!(read(&body), Ok(Asked::Add(expected, wanted)));
        }
        let body = json!({ "requestType": "adminRemove", "assignment": { "id": A }, "answers": [] });
        assert_eq!(read(&body), Ok(Asked::Remove(RequestKind::AdminRemove, A.parse().unwrap())));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let add = json!({ "targetId": A, "assignmentPolicyId": A, "accessPackageId": A });
        for (body, named) in [
            (json!({}), "requestType"),
            (json!({ "requestType": "systemAdd" }), "requestType"),
            (json!({ "requestType": "adminUpdate" }), "requestType"),
            (json!({ "requestType": "adminAdd" }), "assignment"),
            (json!({ "requestType": "adminAdd", "assignment": {} }), "assignment/targetId"),
            (
                json!({ "requestType": "adminAdd", "assignment": { "targetId": A } }),
                "assignment/accessPackageId",
            ),
            (json!({ "requestType": "adminAdd", "assignment": { "targetId": "x" } }), "assignment/targetId"),
            (json!({ "requestType": "userRemove", "assignment": {} }), "assignment/id"),
            (
                json!({ "requestType": "userRemove", "assignment": { "id": A, "colour": 1 } }),
                "assignment/colour",
            ),
            (json!({ "requestType": "adminAdd", "assignment": add, "schedule": {} }), "schedule"),
            (json!({ "requestType": "adminAdd", "assignment": add, "answers": [1] }), "answers"),
            (json!({ "requestType": "adminAdd", "assignment": add, "colour": 1 }), "colour"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
