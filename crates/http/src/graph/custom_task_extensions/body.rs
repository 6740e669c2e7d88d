//! A custom task extension as clients send it.

use serde_json::Value;
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, CallbackPatch, ClientPatch, EndpointPatch, ExtensionPatch,
    LogicAppPatch, ReplyMode,
};

use super::shape::{AT_ONCE, reply_modes};
use crate::errors::GraphError;
use crate::odata::{Object, link_target, reference};

/// What clients echo and Graph ignores.
const READ_ONLY: &[&str] = &["id", "createdDateTime", "lastModifiedDateTime", "createdBy", "lastModifiedBy"];

/// Reads what a body says of an extension, a new one or one that is there.
pub(super) fn extension_patch(body: &Object<'_>, new: bool) -> Result<ExtensionPatch, GraphError> {
    for name in ["endpointConfiguration", "authenticationConfiguration"] {
        // Nothing to go back to: an extension always has them.
        if !new && is_null(body, name) {
            return Err(body.invalid(name, "must be an object"));
        }
    }
    let patch = ExtensionPatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        description: body.nullable_text("description")?.map(|text| text.map(str::to_owned)),
        endpoint: body.object("endpointConfiguration")?.map(|inner| endpoint(&inner)).transpose()?,
        authentication: body
            .object("authenticationConfiguration")?
            .map(|inner| authentication(&inner))
            .transpose()?,
        client: match body.object("clientConfiguration")? {
            Some(inner) => Some(client(&inner)?),
            None if is_null(body, "clientConfiguration") => Some(ClientPatch {
                timeout_in_milliseconds: Some(None),
                maximum_retries: Some(None),
                maximum_concurrent_calls: Some(None),
            }),
            None => None,
        },
        callback: match body.object("callbackConfiguration")? {
            Some(inner) => Some(Some(callback(&inner)?)),
            None => is_null(body, "callbackConfiguration").then_some(None),
        },
        reply_mode: body.member("replyMode", &reply_modes(), ReplyMode::parse)?,
    };
    body.ignore(READ_ONLY);
    body.finish()?;
    Ok(patch)
}

fn is_null(body: &Object<'_>, name: &str) -> bool {
    body.value(name).is_some_and(Value::is_null)
}

fn endpoint(body: &Object<'_>) -> Result<EndpointPatch, GraphError> {
    let kind = body.kind();
    let text = |name: &str| Ok::<_, GraphError>(body.nullable_text(name)?.flatten().map(str::to_owned));
    let is_http =
        kind.eq_ignore_ascii_case("httpRequestEndpoint") || (kind.is_empty() && body.has("targetUrl"));
    let patch = if is_http {
        EndpointPatch::Http { target_url: text("targetUrl")? }
    } else if kind.is_empty() || kind.eq_ignore_ascii_case("logicAppTriggerEndpointConfiguration") {
        EndpointPatch::LogicApp(LogicAppPatch {
            subscription_id: text("subscriptionId")?,
            resource_group_name: text("resourceGroupName")?,
            logic_app_workflow_name: text("logicAppWorkflowName")?,
            url: text("url")?,
        })
    } else {
        return Err(body.invalid(
            "@odata.type",
            "must be #microsoft.graph.logicAppTriggerEndpointConfiguration or #microsoft.graph.httpRequestEndpoint",
        ));
    };
    body.finish()?;
    Ok(patch)
}

fn authentication(body: &Object<'_>) -> Result<AuthenticationPatch, GraphError> {
    let kind = body.kind();
    let is = |name: &str| kind.eq_ignore_ascii_case(name);
    let text = |name: &str| Ok::<_, GraphError>(body.nullable_text(name)?.flatten().map(str::to_owned));
    let plain = |kind| AuthenticationPatch { kind, secret: None };
    let read = if is("azureAdPopTokenAuthentication") {
        plain(Authentication::Pop)
    } else if is("azureAdTokenAuthentication") || (kind.is_empty() && body.has("resourceId")) {
        plain(Authentication::Token { resource_id: text("resourceId")? })
    } else if is("noAuthentication") {
        plain(Authentication::None)
    } else if is("bearerToken") {
        AuthenticationPatch { kind: Authentication::Bearer, secret: text("token")? }
    } else if is("basicAuthentication") {
        let user_name = body.required_text("username")?.to_owned();
        AuthenticationPatch { kind: Authentication::Basic { user_name }, secret: text("password")? }
    } else if is("webhookSignature") {
        AuthenticationPatch { kind: Authentication::Signature, secret: text("secret")? }
    } else {
        return Err(body.invalid(
            "@odata.type",
            "must be #microsoft.graph.azureAdPopTokenAuthentication, #microsoft.graph.azureAdTokenAuthentication, \
                #tenure.webhookSignature, #tenure.bearerToken, #tenure.basicAuthentication or \
                #tenure.noAuthentication",
        ));
    };
    body.finish()?;
    Ok(read)
}

fn client(body: &Object<'_>) -> Result<ClientPatch, GraphError> {
    let number = |name: &str| -> Result<_, GraphError> {
        if is_null(body, name) { Ok(Some(None)) } else { Ok(body.integer(name)?.map(|n| Some(i64::from(n)))) }
    };
    let patch = ClientPatch {
        timeout_in_milliseconds: number("timeoutInMilliseconds")?,
        maximum_retries: number("maximumRetries")?,
        maximum_concurrent_calls: number(AT_ONCE)?,
    };
    body.finish()?;
    Ok(patch)
}

fn callback(body: &Object<'_>) -> Result<CallbackPatch, GraphError> {
    let kind = body.kind();
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("customTaskExtensionCallbackConfiguration") {
        return Err(body.invalid(
            "@odata.type",
            "must be #microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
        ));
    }
    let patch = CallbackPatch {
        timeout_duration: body.nullable_text("timeoutDuration")?.flatten().map(str::to_owned),
        authorized_apps: authorized_apps(body)?,
    };
    body.finish()?;
    Ok(patch)
}

/// The ids of the applications: texts, objects or links, under the name or bound.
fn authorized_apps(body: &Object<'_>) -> Result<Option<Vec<String>>, GraphError> {
    const APPS: &str = "authorizedApps";
    const BOUND: &str = "authorizedApps@odata.bind";
    let mut ids: Option<Vec<String>> = None;
    match body.value(APPS) {
        None => {}
        Some(Value::Null) => ids = Some(vec![]),
        Some(Value::Array(items)) if items.iter().any(Value::is_object) => {
            let apps = body.objects(APPS)?.unwrap_or_default();
            ids = Some(apps.iter().map(reference).collect::<Result<_, _>>()?);
        }
        Some(_) => {
            let texts = body.texts(APPS)?.unwrap_or_default();
            ids = Some(texts.into_iter().map(str::to_owned).collect());
        }
    }
    for link in body.texts(BOUND)?.into_iter().flatten() {
        let id = link_target(link).ok_or_else(|| body.invalid(BOUND, "must hold links that end in an id"))?;
        ids.get_or_insert_default().push(id);
    }
    if ids.is_none() && body.has(BOUND) {
        ids = Some(vec![]);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const APP: &str = "a0000000-0000-4000-8000-000000000001";

    fn apps(callback: Value) -> Result<Option<Vec<String>>, String> {
        let body = json!({ "callbackConfiguration": callback });
        let body = Object::root(&body).unwrap();
        extension_patch(&body, false)
            .map(|patch| patch.callback.unwrap().unwrap().authorized_apps)
            .map_err(|error| error.target.unwrap_or(error.message))
    }

    #[test]
    fn applications_are_named_in_each_way() {
        let one = Ok(Some(vec![APP.to_owned()]));
        for callback in [
            json!({ "authorizedApps": [APP] }),
            json!({ "authorizedApps": [{ "@odata.type": "#microsoft.graph.application", "id": APP }] }),
            json!({ "authorizedApps": [{ "@odata.id": format!("https://h/v1.0/applications/{APP}") }] }),
            json!({ "AUTHORIZEDAPPS": [{ "Id": APP, "displayName": "app" }] }),
            json!({ "authorizedApps@odata.bind": [format!("https://h/v1.0/applications('{APP}')")] }),
            json!({ "authorizedApps@odata.bind": [format!("applications/{APP}")] }),
        ] {
            assert_eq!(apps(callback.clone()), one, "{callback}");
        }
        assert_eq!(apps(json!({ "authorizedApps": [] })), Ok(Some(vec![])));
        assert_eq!(apps(json!({ "authorizedApps": null })), Ok(Some(vec![])));
        assert_eq!(apps(json!({})), Ok(None));
        assert_eq!(apps(json!({ "authorizedApps@odata.bind": [] })), Ok(Some(vec![])));
        assert_eq!(apps(json!({ "timeoutDuration": "PT1H" })), Ok(None));
        let named = "callbackConfiguration/authorizedApps";
        for (callback, property) in [
            (json!({ "authorizedApps": APP }), named.to_owned()),
            (json!({ "authorizedApps": [5] }), named.to_owned()),
            (json!({ "authorizedApps": [{ "appId": APP }] }), format!("{named}/0/id")),
            (json!({ "authorizedApps": [{ "id": APP }, APP] }), format!("{named}/1")),
            (json!({ "authorizedApps@odata.bind": [""] }), format!("{named}@odata.bind")),
        ] {
            assert_eq!(apps(callback), Err(property));
        }
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (body, named) in [
            (json!({ "colour": 1 }), "colour"),
            (json!({ "endpointConfiguration": null }), "endpointConfiguration"),
            (
                json!({ "endpointConfiguration": { "@odata.type": "#microsoft.graph.carrierPigeon" } }),
                "endpointConfiguration/@odata.type",
            ),
            (
                json!({ "endpointConfiguration": { "targetUrl": "x", "subscriptionId": "y" } }),
                "endpointConfiguration/subscriptionId",
            ),
            (json!({ "authenticationConfiguration": {} }), "authenticationConfiguration/@odata.type"),
            (
                json!({ "authenticationConfiguration":
                    { "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication", "password": "x" } }),
                "authenticationConfiguration/password",
            ),
            (
                json!({ "clientConfiguration": { "timeoutInMilliseconds": "1" } }),
                "clientConfiguration/timeoutInMilliseconds",
            ),
            (
                json!({ "callbackConfiguration": { "@odata.type": "#x.y" } }),
                "callbackConfiguration/@odata.type",
            ),
            (json!({ "replyMode": "later" }), "replyMode"),
        ] {
            let body_object = Object::root(&body).unwrap();
            let error = extension_patch(&body_object, false).unwrap_err();
            assert_eq!(error.target.as_deref(), Some(named), "{body}");
        }
    }
}
