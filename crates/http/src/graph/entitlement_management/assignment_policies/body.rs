//! A policy as clients send it.

use tenure_lifecycle::directory::PolicyPatch;
use tenure_lifecycle::ids::AccessPackageId;

use super::expiration::days;
use crate::errors::GraphError;
use crate::odata::Object;

/// What clients echo and Graph ignores, and who may ask, which a token's scopes decide here.
const IGNORED: &[&str] = &[
    "id",
    "createdDateTime",
    "modifiedDateTime",
    "catalog",
    "specificAllowedTargets",
    "requestorSettings",
    "notificationSettings",
];
/// What nobody would carry out here.
const NOT_OFFERED: &[&str] =
    &["automaticRequestSettings", "reviewSettings", "questions", "customExtensionStageSettings"];
const TARGETS: &[&str] = &[
    "notSpecified",
    "specificDirectoryUsers",
    "specificConnectedOrganizationUsers",
    "specificDirectoryServicePrincipals",
    "allMemberUsers",
    "allDirectoryUsers",
    "allDirectoryServicePrincipals",
    "allConfiguredConnectedOrganizationUsers",
    "allExternalUsers",
    "allDirectoryAgentIdentities",
];

/// Reads a body: the policy, and the package it names.
pub(super) fn policy_body(body: &Object<'_>) -> Result<(PolicyPatch, Option<AccessPackageId>), GraphError> {
    let patch = PolicyPatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        description: body.nullable_text("description")?.map(|text| text.map(str::to_owned)),
        expires_after_days: days(body)?,
        requires_approval: approval(body)?,
    };
    let package = match body.object("accessPackage")? {
        None => None,
        Some(package) => {
            let id: Option<AccessPackageId> = package.id("id")?;
            package.ignore(&[
                "displayName",
                "description",
                "isHidden",
                "createdDateTime",
                "modifiedDateTime",
            ]);
            package.finish()?;
            Some(id.ok_or_else(|| package.invalid("id", "is required"))?)
        }
    };
    let known = |text: &str| TARGETS.iter().any(|known| known.eq_ignore_ascii_case(text)).then_some(());
    body.member("allowedTargetScope", TARGETS, known)?;
    for name in NOT_OFFERED {
        body.only_nothing(name, "nothing here would carry it out")?;
    }
    body.ignore(IGNORED);
    body.finish()?;
    Ok((patch, package))
}

/// Whether whoever asks has to wait; who approves, and when, is not kept.
fn approval(body: &Object<'_>) -> Result<Option<bool>, GraphError> {
    let Some(settings) = body.object("requestApprovalSettings")? else {
        // Null is as good as no approval.
        return Ok(body.has("requestApprovalSettings").then_some(false));
    };
    let required = settings.boolean("isApprovalRequiredForAdd")?;
    settings.boolean("isApprovalRequiredForUpdate")?;
    settings.boolean("isRequestorJustificationRequired")?;
    settings.ignore(&["stages"]);
    settings.finish()?;
    Ok(required)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const PACKAGE: &str = "a0000000-0000-4000-8000-000000000001";

    fn read(body: &Value) -> Result<(PolicyPatch, Option<AccessPackageId>), String> {
        policy_body(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn what_examples_of_graph_send_is_read() {
        let (policy, package) = read(&json!({
            "id": "x", "displayName": "All Users", "description": "All users can ask",
            "allowedTargetScope": "allDirectoryUsers", "automaticRequestSettings": null,
            "specificAllowedTargets": [], "expiration": { "type": "afterDuration", "duration": "P365D" },
            "requestorSettings": { "enableTargetsToSelfAddAccess": true, "onBehalfRequestors": [] },
            "requestApprovalSettings": {
                "isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false,
                "stages": [{ "durationBeforeAutomaticDenial": "P2D" }],
            },
            "accessPackage": { "id": PACKAGE },
        }))
        .unwrap();
        assert_eq!(
            policy,
            PolicyPatch {
                display_name: Some("All Users".to_owned()),
                description: Some(Some("All users can ask".to_owned())),
                expires_after_days: Some(Some(365)),
                requires_approval: Some(true),
            }
        );
        assert_eq!(package, PACKAGE.parse().ok());
        assert_eq!(read(&json!({})).unwrap(), (PolicyPatch::default(), None));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, named) in [
            (json!({ "accessPackage": {} }), "accessPackage/id"),
            (json!({ "accessPackage": { "id": "x" } }), "accessPackage/id"),
            (json!({ "accessPackage": { "id": PACKAGE, "colour": 1 } }), "accessPackage/colour"),
            (json!({ "allowedTargetScope": "everybody" }), "allowedTargetScope"),
            (
                json!({ "requestApprovalSettings": { "isApprovalRequiredForAdd": 1 } }),
                "requestApprovalSettings/isApprovalRequiredForAdd",
            ),
            (json!({ "requestApprovalSettings": { "colour": 1 } }), "requestApprovalSettings/colour"),
            (json!({ "reviewSettings": { "isEnabled": true } }), "reviewSettings"),
            (
                json!({ "automaticRequestSettings": { "requestAccessForAllowedTargets": true } }),
                "automaticRequestSettings",
            ),
            (json!({ "questions": [{}] }), "questions"),
            (json!({ "colour": 1 }), "colour"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
