//! Custom task extensions as Graph shows them.

use serde_json::{Value, json};
use tenure_lifecycle::extension::{
    Authentication, Callback, Client, CustomTaskExtension, Endpoint, ReplyMode, iso_duration,
};

use crate::odata::{Item, Kind, Properties, Property, operators, time};

/// Properties of a custom task extension.
pub(super) const EXTENSION: Properties = Properties {
    of: "a custom task extension",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::shown("authenticationConfiguration"),
        Property::shown("callbackConfiguration"),
        Property::shown("clientConfiguration"),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::shown("description"),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("endpointConfiguration"),
        Property::ordered("lastModifiedDateTime", Kind::DateTime, operators::ORDER),
        Property::shown("replyMode"),
        Property::ordered("createdBy/id", Kind::Id, operators::EQUALITY),
        Property::ordered("lastModifiedBy/id", Kind::Id, operators::EQUALITY),
    ],
};

/// Our own property of `clientConfiguration`: how many calls may be under way at once.
pub(super) const AT_ONCE: &str = "@tenure.maximumConcurrentCalls";

/// Members of `customTaskExtensionReplyMode`.
pub(super) fn reply_modes() -> Vec<&'static str> {
    ReplyMode::ALL.into_iter().map(ReplyMode::as_str).collect()
}

/// A whole extension; who made and changed it by their ids.
pub(super) fn extension_item(extension: &CustomTaskExtension) -> Item {
    let configuration = &extension.configuration;
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(extension.id));
    set("displayName", json!(extension.display_name));
    set("description", json!(extension.description));
    set("createdDateTime", time(extension.created));
    set("lastModifiedDateTime", time(extension.modified));
    set("endpointConfiguration", endpoint(&configuration.endpoint));
    set("authenticationConfiguration", authentication(&configuration.authentication));
    set("clientConfiguration", client(configuration.client));
    set("callbackConfiguration", configuration.callback.as_ref().map_or(Value::Null, callback));
    set("replyMode", json!(configuration.reply_mode.as_str()));
    set("createdBy", json!({ "id": extension.created_by }));
    set("lastModifiedBy", json!({ "id": extension.modified_by }));
    item
}

fn client(client: Client) -> Value {
    let mut shown = json!({
        "maximumRetries": client.maximum_retries,
        "timeoutInMilliseconds": client.timeout_in_milliseconds,
    });
    if let Some(calls) = client.maximum_concurrent_calls {
        shown[AT_ONCE] = json!(calls);
    }
    shown
}

fn endpoint(endpoint: &Endpoint) -> Value {
    match endpoint {
        Endpoint::LogicApp { subscription_id, resource_group_name, logic_app_workflow_name, url } => json!({
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": subscription_id,
            "resourceGroupName": resource_group_name,
            "logicAppWorkflowName": logic_app_workflow_name,
            // Without the signature in its query.
            "url": url,
        }),
        Endpoint::Http { target_url } => json!({
            "@odata.type": "#microsoft.graph.httpRequestEndpoint",
            "targetUrl": target_url,
        }),
    }
}

/// What is secret about it is never shown.
fn authentication(authentication: &Authentication) -> Value {
    match authentication {
        Authentication::Pop => json!({ "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" }),
        Authentication::Token { resource_id } => json!({
            "@odata.type": "#microsoft.graph.azureAdTokenAuthentication",
            "resourceId": resource_id,
        }),
        Authentication::None => json!({ "@odata.type": "#tenure.noAuthentication" }),
        Authentication::Bearer => json!({ "@odata.type": "#tenure.bearerToken" }),
        Authentication::Basic { user_name } => {
            json!({ "@odata.type": "#tenure.basicAuthentication", "username": user_name })
        }
        Authentication::Signature => json!({ "@odata.type": "#tenure.webhookSignature" }),
    }
}

fn callback(callback: &Callback) -> Value {
    let apps: Vec<Value> = callback.authorized_apps.iter().map(|app| json!({ "id": app })).collect();
    json!({
        "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
        "timeoutDuration": iso_duration(callback.timeout_in_seconds),
        "authorizedApps": apps,
    })
}
