use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::workflow::Invalid;

const APP: &str = "a0000000-0000-4000-8000-000000000001";

fn logic_app() -> LogicAppPatch {
    LogicAppPatch {
        subscription_id: Some("11112222-3333-4444-5555-666677778888".to_owned()),
        resource_group_name: Some("rg".to_owned()),
        logic_app_workflow_name: Some("badge".to_owned()),
    }
}

fn whole() -> ExtensionPatch {
    ExtensionPatch {
        display_name: Some("Badge".to_owned()),
        endpoint: Some(logic_app()),
        ..ExtensionPatch::default()
    }
}

fn waiting(timeout: &str) -> CallbackPatch {
    CallbackPatch {
        timeout_duration: Some(timeout.to_owned()),
        authorized_apps: Some(vec![APP.to_owned(), APP.to_uppercase()]),
    }
}

fn stored(patch: &ExtensionPatch) -> CustomTaskExtension {
    let draft = patch.apply(None).unwrap();
    let (at, by) = (Timestamp::UNIX_EPOCH, CallerId(Uuid::nil()));
    CustomTaskExtension {
        number: 1,
        id: ExtensionId(Uuid::nil()),
        revision: 1,
        display_name: draft.display_name,
        description: draft.description,
        configuration: draft.configuration,
        created: at,
        created_by: by,
        modified: at,
        modified_by: by,
    }
}

fn refused(patch: &ExtensionPatch, before: Option<&CustomTaskExtension>) -> String {
    let Invalid { property, .. } = patch.apply(before).unwrap_err();
    property
}

#[test]
fn a_new_one_gets_the_defaults() {
    let configuration = stored(&whole()).configuration;
    assert_eq!(configuration.authentication, Authentication::Pop);
    assert_eq!(configuration.client, Client { timeout_in_milliseconds: 1_000, maximum_retries: 1 });
    assert_eq!((configuration.callback, configuration.reply_mode), (None, ReplyMode::None));
}

#[test]
fn what_is_not_named_stays() {
    let before = stored(&ExtensionPatch { callback: Some(Some(waiting("PT1H"))), ..whole() });
    assert_eq!(before.configuration.reply_mode, ReplyMode::Callback);
    assert_eq!(before.configuration.callback.as_ref().unwrap().authorized_apps.len(), 1);
    let patch = ExtensionPatch {
        endpoint: Some(LogicAppPatch {
            logic_app_workflow_name: Some("key".to_owned()),
            ..LogicAppPatch::default()
        }),
        callback: Some(Some(CallbackPatch {
            timeout_duration: Some("PT2H".to_owned()),
            authorized_apps: None,
        })),
        ..ExtensionPatch::default()
    };
    let after = patch.apply(Some(&before)).unwrap();
    let Endpoint::LogicApp { resource_group_name, logic_app_workflow_name, .. } =
        &after.configuration.endpoint;
    assert_eq!((resource_group_name.as_str(), logic_app_workflow_name.as_str()), ("rg", "key"));
    let callback = after.configuration.callback.unwrap();
    assert_eq!((callback.timeout_in_seconds, callback.authorized_apps.len()), (7_200, 1));
    let patch = ExtensionPatch { callback: Some(None), ..ExtensionPatch::default() };
    assert_eq!(patch.apply(Some(&before)).unwrap().configuration.reply_mode, ReplyMode::None);
}

#[test]
fn each_rule_is_named_by_its_property() {
    let client = |timeout, retries| {
        Some(ClientPatch {
            timeout_in_milliseconds: Some(Some(timeout)),
            maximum_retries: Some(Some(retries)),
        })
    };
    let token = Some(Authentication::Token { resource_id: Some(String::new()) });
    let cases = [
        (ExtensionPatch { display_name: None, ..whole() }, "displayName"),
        (ExtensionPatch { display_name: Some(" ".to_owned()), ..whole() }, "displayName"),
        (ExtensionPatch { endpoint: None, ..whole() }, "endpointConfiguration"),
        (
            ExtensionPatch { endpoint: Some(LogicAppPatch::default()), ..whole() },
            "endpointConfiguration/subscriptionId",
        ),
        (
            ExtensionPatch {
                endpoint: Some(LogicAppPatch { subscription_id: Some("x".to_owned()), ..logic_app() }),
                ..whole()
            },
            "endpointConfiguration/subscriptionId",
        ),
        (ExtensionPatch { client: client(199, 0), ..whole() }, "clientConfiguration/timeoutInMilliseconds"),
        (ExtensionPatch { client: client(2_001, 0), ..whole() }, "clientConfiguration/timeoutInMilliseconds"),
        (ExtensionPatch { client: client(200, 2), ..whole() }, "clientConfiguration/maximumRetries"),
        (
            ExtensionPatch { callback: Some(Some(waiting("PT4M59S"))), ..whole() },
            "callbackConfiguration/timeoutDuration",
        ),
        (
            ExtensionPatch { callback: Some(Some(waiting("PT3H1S"))), ..whole() },
            "callbackConfiguration/timeoutDuration",
        ),
        (
            ExtensionPatch { callback: Some(Some(waiting("soon"))), ..whole() },
            "callbackConfiguration/timeoutDuration",
        ),
        (
            ExtensionPatch { callback: Some(Some(CallbackPatch::default())), ..whole() },
            "callbackConfiguration/timeoutDuration",
        ),
        (ExtensionPatch { authentication: token, ..whole() }, "authenticationConfiguration/resourceId"),
        (ExtensionPatch { reply_mode: Some(ReplyMode::Callback), ..whole() }, "replyMode"),
        (
            ExtensionPatch {
                reply_mode: Some(ReplyMode::None),
                callback: Some(Some(waiting("PT1H"))),
                ..whole()
            },
            "replyMode",
        ),
    ];
    for (patch, property) in cases {
        assert_eq!(refused(&patch, None), property);
    }
    let apps = CallbackPatch {
        timeout_duration: Some("PT1H".to_owned()),
        authorized_apps: Some(vec![APP.to_owned(), "x".to_owned()]),
    };
    let patch = ExtensionPatch { callback: Some(Some(apps)), ..whole() };
    assert_eq!(refused(&patch, None), "callbackConfiguration/authorizedApps/1");
}

#[test]
fn one_kind_of_authentication_never_becomes_the_other() {
    let token = |resource: &str| ExtensionPatch {
        authentication: Some(Authentication::Token { resource_id: Some(resource.to_owned()) }),
        ..ExtensionPatch::default()
    };
    let property = "authenticationConfiguration/@odata.type";
    assert_eq!(refused(&token("app"), Some(&stored(&whole()))), property);
    let before = stored(&ExtensionPatch { authentication: token("app").authentication, ..whole() });
    assert!(token("other").apply(Some(&before)).is_ok());
    let pop = ExtensionPatch { authentication: Some(Authentication::Pop), ..ExtensionPatch::default() };
    assert_eq!(refused(&pop, Some(&before)), property);
}
