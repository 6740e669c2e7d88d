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
        assert_eq!(all.len(), 31);
        assert_eq!(api.get(&format!("{path}/$count")).is(200), "31");
        let welcome = api.get(&format!("{path}/{WELCOME}")).is(200);
        assert_eq!(
            (&welcome["category"], &welcome["displayName"]),
            (&json!("joiner"), &json!("Send welcome email"))
        );
        assert!(welcome["parameters"].is_array() && welcome["version"].is_number());
        let of_leavers = api.all(&format!("{path}?$filter=category has 'leaver'"));
        assert!(ids(&of_leavers).contains(&ENABLE) && !ids(&of_leavers).contains(&WELCOME));
        for definition in &all {
            let definition = api.get(&format!("{path}/{}", definition["id"].as_str().unwrap())).is(200);
            for property in ["category", "description", "displayName"] {
                assert!(definition[property].as_str().is_some_and(|text| !text.is_empty()), "{definition}");
            }
            assert_eq!((&definition["continueOnError"], &definition["version"]), (&json!(false), &json!(1)));
            assert!(definition["parameters"].is_array(), "{definition}");
        }
        let pass = api.get(&format!("{path}/1b555e50-7f65-41d5-b514-5894a026d10d")).is(200);
        assert_eq!(
            pass["parameters"][1],
            json!({ "name": "tapIsUsableOnce", "values": ["true", "false"], "valueType": "enum" })
        );
        let with_group = api.all(&format!("{path}?$filter=parameters/any(p:p/name eq 'groupID')"));
        assert_eq!(with_group.len(), 2);
        assert_eq!(api.all(&format!("{path}?$search=%22license%22")).len(), 3);
        let last = api.all(&format!("{path}?$orderby=displayName desc&$top=7&$select=displayName"));
        assert_eq!((last.len(), &last[0]["displayName"]), (31, &json!("Update user attributes (preview)")));
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
            "quarantineConfiguration": null,
            "@tenure.calendar": {
                "timeZone": null, "timeZoneAttribute": null, "holidays": [],
                "workDays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            },
            "@tenure.historyRetentionInDays": null,
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

#[test]
fn limits_that_hold_workflows_back_are_kept() {
    let api = Api::new();
    let kind = |name: &str| format!("#microsoft.graph.identityGovernance.{name}QuarantineCondition");
    let count = |threshold: i64| json!({ "@odata.type": kind("countBased"), "threshold": threshold });
    let share = |percentage: i64| json!({ "@odata.type": kind("percentageBased"), "percentage": percentage });
    for base in ["/v1.0", "/beta"] {
        let path = format!("{base}/identityGovernance/lifecycleWorkflows/settings");
        let get = || api.get(&path).is(200)["quarantineConfiguration"].clone();
        let limits = json!({ "conditions": [count(10), share(5)], "matchMode": "all" });
        api.patch(&path, &json!({ "quarantineConfiguration": limits })).is(204);
        assert_eq!(get(), limits);
        api.patch(&path, &json!({ "workflowScheduleIntervalInHours": 6 })).is(204);
        assert_eq!(get(), limits);
        api.patch(&path, &json!({ "quarantineConfiguration": { "conditions": [{ "Threshold": 7 }] } }))
            .is(204);
        assert_eq!(get(), json!({ "conditions": [count(7)], "matchMode": "any" }));
        let before = Dump::of(&api);
        for (limits, named) in [
            (json!({ "conditions": [], "matchMode": "any" }), "quarantineConfiguration/conditions"),
            (json!({ "conditions": [count(0)] }), "quarantineConfiguration/conditions/0/threshold"),
            (
                json!({ "conditions": [count(1), share(101)] }),
                "quarantineConfiguration/conditions/1/percentage",
            ),
            (json!({ "conditions": [share(0)] }), "quarantineConfiguration/conditions/0/percentage"),
            (json!({ "conditions": [{ "@odata.type": "#x.y" }] }), "conditions/0/@odata.type"),
            (json!({ "conditions": [{ "threshold": 1.5 }] }), "conditions/0/threshold"),
            (json!({ "conditions": [{ "threshold": 1, "x": 1 }] }), "conditions/0/x"),
            (json!({ "conditions": [count(1)], "matchMode": "some" }), "quarantineConfiguration/matchMode"),
            (json!([]), "quarantineConfiguration"),
        ] {
            api.patch(&path, &json!({ "quarantineConfiguration": limits })).refused(400, named);
        }
        before.is_unchanged(&api, "refused limits");
        api.patch(&path, &json!({ "quarantineConfiguration": null })).is(204);
        assert_eq!(get(), Json::Null);
    }
}
