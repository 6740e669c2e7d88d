//! An access package as clients send it.

use tenure_lifecycle::directory::AccessPackagePatch;

use crate::errors::GraphError;
use crate::odata::Object;

/// What clients echo and Graph ignores.
const READ_ONLY: &[&str] = &["id", "createdDateTime", "modifiedDateTime"];

/// Reads a body. There are no catalogues, so which one is named makes no difference.
pub(super) fn package_body(body: &Object<'_>) -> Result<AccessPackagePatch, GraphError> {
    let patch = AccessPackagePatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        description: body.nullable_text("description")?.map(|text| text.map(str::to_owned)),
        is_hidden: body.boolean("isHidden")?,
    };
    if let Some(catalog) = body.object("catalog")? {
        catalog.text("id")?;
        catalog.ignore(&["displayName", "description"]);
        catalog.finish()?;
    }
    body.ignore(READ_ONLY);
    body.finish()?;
    Ok(patch)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &Value) -> Result<AccessPackagePatch, String> {
        package_body(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn a_package_is_read_whatever_its_catalogue() {
        let package = read(&json!({
            "displayName": "Sales", "description": null, "ISHIDDEN": true, "catalog": { "id": "x" }, "id": "y",
        }));
        let expected = AccessPackagePatch {
            display_name: Some("Sales".to_owned()),
            description: Some(None),
            is_hidden: Some(true),
        };
        assert_eq!(package, Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, named) in [
            (json!({ "displayName": 5 }), "displayName"),
            (json!({ "isHidden": "no" }), "isHidden"),
            (json!({ "catalog": "x" }), "catalog"),
            (json!({ "catalog": { "id": 5 } }), "catalog/id"),
            (json!({ "catalog": { "colour": 5 } }), "catalog/colour"),
            (json!({ "resourceRoleScopes": [] }), "resourceRoleScopes"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
