use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::limits::Profile;
use crate::workflow::Invalid;

const APP: &str = "a0000000-0000-4000-8000-000000000001";

fn endpoint(patch: LogicAppPatch) -> Option<EndpointPatch> {
    Some(EndpointPatch::LogicApp(patch))
}

fn kind(kind: Authentication) -> Option<AuthenticationPatch> {
    Some(AuthenticationPatch { kind, secret: None })
}

fn logic_app() -> LogicAppPatch {
    LogicAppPatch {
        subscription_id: Some("11112222-3333-4444-5555-666677778888".to_owned()),
        resource_group_name: Some("rg".to_owned()),
        logic_app_workflow_name: Some("badge".to_owned()),
        url: None,
    }
}

fn whole() -> ExtensionPatch {
    ExtensionPatch {
        display_name: Some("Badge".to_owned()),
        endpoint: endpoint(logic_app()),
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
    let draft = patch.apply(None, Profile::Strict).unwrap();
    let (at, by) = (Timestamp::UNIX_EPOCH, CallerId(Uuid::nil()));
    CustomTaskExtension {
        number: 1,
        id: ExtensionId(Uuid::nil()),
        revision: 1,
        display_name: draft.display_name,
        description: draft.description,
        configuration: draft.configuration,
        sealed_url: None,
        sealed_secret: None,
        created: at,
        created_by: by,
        modified: at,
        modified_by: by,
    }
}

fn refused(patch: &ExtensionPatch, before: Option<&CustomTaskExtension>) -> String {
    let Invalid { property, .. } = patch.apply(before, Profile::Strict).unwrap_err();
    property
}

#[test]
fn a_new_one_gets_the_defaults() {
    let configuration = stored(&whole()).configuration;
    assert_eq!(configuration.authentication, Authentication::Pop);
    let client =
        Client { timeout_in_milliseconds: 1_000, maximum_retries: 1, maximum_concurrent_calls: None };
    assert_eq!((configuration.client, client.at_once()), (client, 16));
    assert_eq!((configuration.callback, configuration.reply_mode), (None, ReplyMode::None));
}

#[test]
fn what_is_not_named_stays() {
    let before = stored(&ExtensionPatch { callback: Some(Some(waiting("PT1H"))), ..whole() });
    assert_eq!(before.configuration.reply_mode, ReplyMode::Callback);
    assert_eq!(before.configuration.callback.as_ref().unwrap().authorized_apps.len(), 1);
    let patch = ExtensionPatch {
        endpoint: endpoint(LogicAppPatch {
            logic_app_workflow_name: Some("key".to_owned()),
            ..LogicAppPatch::default()
        }),
        callback: Some(Some(CallbackPatch {
            timeout_duration: Some("PT2H".to_owned()),
            authorized_apps: None,
        })),
        ..ExtensionPatch::default()
    };
    let after = patch.apply(Some(&before), Profile::Strict).unwrap();
    let Endpoint::LogicApp { resource_group_name, logic_app_workflow_name, .. } =
        &after.configuration.endpoint
    else {
        panic!("a Logic App is expected")
    };
    assert_eq!((resource_group_name.as_str(), logic_app_workflow_name.as_str()), ("rg", "key"));
    let callback = after.configuration.callback.unwrap();
    assert_eq!((callback.timeout_in_seconds, callback.authorized_apps.len()), (7_200, 1));
    let patch = ExtensionPatch { callback: Some(None), ..ExtensionPatch::default() };
    assert_eq!(
        patch.apply(Some(&before), Profile::Strict).unwrap().configuration.reply_mode,
        ReplyMode::None
    );
}

#[test]
fn each_rule_is_named_by_its_property() {
    let client = |timeout, retries| {
        Some(ClientPatch {
            timeout_in_milliseconds: Some(Some(timeout)),
            maximum_retries: Some(Some(retries)),
            ..ClientPatch::default()
        })
    };
    let token = kind(Authentication::Token { resource_id: Some(String::new()) });
    let cases = [
        (ExtensionPatch { display_name: None, ..whole() }, "displayName"),
        (ExtensionPatch { display_name: Some(" ".to_owned()), ..whole() }, "displayName"),
        (ExtensionPatch { endpoint: None, ..whole() }, "endpointConfiguration"),
        (
            ExtensionPatch { endpoint: endpoint(LogicAppPatch::default()), ..whole() },
            "endpointConfiguration/subscriptionId",
        ),
        (
            ExtensionPatch {
                endpoint: endpoint(LogicAppPatch { subscription_id: Some("x".to_owned()), ..logic_app() }),
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
        authentication: kind(Authentication::Token { resource_id: Some(resource.to_owned()) }),
        ..ExtensionPatch::default()
    };
    let property = "authenticationConfiguration/@odata.type";
    assert_eq!(refused(&token("app"), Some(&stored(&whole()))), property);
    let before = stored(&ExtensionPatch { authentication: token("app").authentication, ..whole() });
    assert!(token("other").apply(Some(&before), Profile::Strict).is_ok());
    let pop = ExtensionPatch { authentication: kind(Authentication::Pop), ..ExtensionPatch::default() };
    assert_eq!(refused(&pop, Some(&before)), property);
}

#[test]
fn a_key_is_kept_apart_and_stays_until_it_is_changed() {
    let url = "https://prod.example.com/workflows/1/invoke?sig=s3cret";
    let whole = ExtensionPatch {
        endpoint: endpoint(LogicAppPatch { url: Some(url.to_owned()), ..logic_app() }),
        authentication: Some(AuthenticationPatch {
            kind: Authentication::Basic { user_name: "tenure".to_owned() },
            secret: Some("s3cret".to_owned()),
        }),
        ..whole()
    };
    let draft = whole.apply(None, Profile::Generous).unwrap();
    assert!(draft.url == Kept::New(url.to_owned()) && draft.secret == Kept::New("s3cret".to_owned()));
    let shown = serde_json::to_string(&draft.configuration).unwrap();
    assert!(
        !shown.contains("s3cret") && shown.contains("https://prod.example.com/workflows/1/invoke"),
        "{shown}"
    );
    assert!(!format!("{whole:?}").contains("s3cret"));
    let before = stored(&whole);
    // What is shown is written back, as declarative tools do.
    let shown =
        LogicAppPatch { url: Some("https://prod.example.com/workflows/1/invoke".to_owned()), ..logic_app() };
    let back = ExtensionPatch { endpoint: endpoint(shown), ..ExtensionPatch::default() };
    let after = back.apply(Some(&before), Profile::Generous).unwrap();
    assert!(after.url == Kept::AsItIs && after.secret == Kept::AsItIs);
    // A secret that is sent goes to no other host unless whoever sends it there knows it.
    for (elsewhere, moves) in [
        ("https://evil.example.com/workflows/1/invoke", true),
        ("https://prod.example.com:8443/workflows/1/invoke", true),
        ("https://prod.example.com.evil.example/workflows/1/invoke", true),
        ("https://PROD.example.com/workflows/2/invoke", false),
    ] {
        let moved = ExtensionPatch {
            endpoint: endpoint(LogicAppPatch { url: Some(elsewhere.to_owned()), ..logic_app() }),
            ..ExtensionPatch::default()
        };
        let knowing = ExtensionPatch { authentication: whole.authentication.clone(), ..moved.clone() };
        assert!(knowing.apply(Some(&before), Profile::Generous).is_ok(), "{elsewhere}");
        match moved.apply(Some(&before), Profile::Generous) {
            Ok(after) => assert!(!moves && after.secret == Kept::AsItIs, "{elsewhere}"),
            Err(error) => {
                assert!(moves && error.property == "authenticationConfiguration/password", "{error}");
            }
        }
    }
    let signed =
        ExtensionPatch { authentication: kind(Authentication::Signature), ..ExtensionPatch::default() };
    assert_eq!(refused(&signed, Some(&before)), "authenticationConfiguration/secret");
    let open = ExtensionPatch { authentication: kind(Authentication::None), ..ExtensionPatch::default() };
    assert!(open.apply(Some(&before), Profile::Generous).unwrap().secret == Kept::Gone);
}
