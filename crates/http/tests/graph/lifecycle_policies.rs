//! `/beta/identityGovernance/lifecycleWorkflows/lifecyclePolicies`

use serde_json::json;

use crate::api::Api;
use crate::dump::Dump;

const BETA: &str = "/beta/identityGovernance/lifecycleWorkflows";

#[test]
fn there_are_none_and_none_can_be_made() {
    let api = Api::new();
    for list in
        ["lifecyclePolicies", "deletedItems/lifecyclePolicies", "lifecyclePolicyPriorityConfigurations"]
    {
        assert_eq!(api.get(&format!("{BETA}/{list}")).is(200)["value"], json!([]), "{list}");
        assert_eq!(api.get(&format!("{BETA}/{list}/$count")).is(200), "0");
        api.get(&format!("@/{list}")).refused(404, list);
    }
    let nobody = "00000000-0000-4000-8000-000000000001";
    for below in [
        "",
        "/rules",
        "/versions/1/report/subjects/$count",
        "/impact(startDateTime=2026-01-01T00:00:00Z,endDateTime=2026-02-01T00:00:00Z)",
    ] {
        api.get(&format!("{BETA}/lifecyclePolicies/{nobody}{below}")).refused(404, nobody);
    }
    api.delete(&format!("{BETA}/lifecyclePolicies/{nobody}")).refused(404, nobody);
    api.post(&format!("{BETA}/deletedItems/lifecyclePolicies/{nobody}/restore"), &json!({}))
        .refused(404, nobody);
    api.patch(&format!("{BETA}/lifecyclePolicyPriorityConfigurations/{nobody}"), &json!({}))
        .refused(404, nobody);
    let before = Dump::of(&api);
    api.post(&format!("{BETA}/lifecyclePolicies"), &json!({ "displayName": "p" }))
        .refused(400, "not available");
    before.is_unchanged(&api, "a refused policy");
}
