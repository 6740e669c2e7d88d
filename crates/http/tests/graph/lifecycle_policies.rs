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
    let before = Dump::of(&api);
    api.post(&format!("{BETA}/lifecyclePolicies"), &json!({ "displayName": "p" }))
        .refused(400, "not available");
    before.is_unchanged(&api, "a refused policy");
}
