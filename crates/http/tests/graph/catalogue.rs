//! `…/taskDefinitions` and `…/settings`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{ENABLE, WELCOME};
use crate::dump::Dump;

#[test]
fn task_definitions_are_listed_filtered_and_got() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        let path = format!("{base}/identityGovernance/lifecycleWorkflows/taskDefinitions");
        let all = api.all(&path);
        assert_eq!(all.len(), 6);
        assert_eq!(api.get(&format!("{path}/$count")).is(200), "6");
        let welcome = api.get(&format!("{path}/{WELCOME}")).is(200);
        assert_eq!(
            (&welcome["category"], &welcome["displayName"]),
            (&json!("joiner"), &json!("Send welcome email"))
        );
        assert!(welcome["parameters"].is_array() && welcome["version"].is_number());
        let of_leavers = api.all(&format!("{path}?$filter=category has 'leaver'"));
        assert!(ids(&of_leavers).contains(&ENABLE) && !ids(&of_leavers).contains(&WELCOME));
        for missing in ["nonsense", "00000000-0000-4000-8000-0000000000ff"] {
            api.get(&format!("{path}/{missing}")).refused(404, missing);
        }
        api.post(&path, &json!({})).refused(405, "GET");
    }
}

#[test]
fn settings_are_merged() {
    let api = Api::new();
    let whole = |interval: i64, domain: Json, branding: bool| {
        json!({
            "workflowScheduleIntervalInHours": interval,
            "emailSettings": { "senderDomain": domain, "useCompanyBranding": branding },
        })
    };
    for base in ["/v1.0", "/beta"] {
        let path = format!("{base}/identityGovernance/lifecycleWorkflows/settings");
        let get = || {
            let mut settings = api.get(&path).is(200);
            settings.as_object_mut().unwrap().shift_remove("@odata.context");
            settings
        };
        assert_eq!(get(), whole(3, Json::Null, false));
        let change =
            json!({ "emailSettings": { "senderDomain": "contoso.com", "useCompanyBranding": true } });
        assert_eq!(api.patch(&path, &change).is(204), Json::Null);
        assert_eq!(get(), whole(3, json!("contoso.com"), true));
        let change =
            json!({ "workflowScheduleIntervalInHours": 24, "emailSettings": { "senderDomain": "" } });
        api.patch(&path, &change).is(204);
        assert_eq!(get(), whole(24, Json::Null, true));
        let before = Dump::of(&api);
        api.patch(&path, &get()).is(204);
        before.is_unchanged(&api, "settings as they are");
        for (body, named) in [
            (json!({ "workflowScheduleIntervalInHours": 0 }), "workflowScheduleIntervalInHours"),
            (json!({ "workflowScheduleIntervalInHours": 25 }), "workflowScheduleIntervalInHours"),
            (json!({ "workflowScheduleIntervalInHours": "3" }), "workflowScheduleIntervalInHours"),
            (json!({ "workflowScheduleIntervalInHours": null }), "workflowScheduleIntervalInHours"),
            (json!({ "emailSettings": { "senderDomain": "a b\r\n" } }), "emailSettings/senderDomain"),
            (json!({ "emailSettings": { "senderDomain": 5 } }), "emailSettings/senderDomain"),
            (json!({ "emailSettings": { "logo": 1 } }), "emailSettings/logo"),
            (json!({ "emailSettings": "x" }), "emailSettings"),
            (json!({ "quarantineConfiguration": {} }), "quarantineConfiguration"),
            (json!({ "colour": 1 }), "colour"),
        ] {
            api.patch(&path, &body).refused(400, named);
        }
        before.is_unchanged(&api, "refused settings");
        api.patch(&path, &whole(3, Json::Null, false)).is(204);
    }
}
