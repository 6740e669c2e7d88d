//! `/identityGovernance/lifecycleWorkflows`, `deletedItems` and `insights`

use serde_json::json;

use crate::api::Api;

#[test]
fn containers_are_there_and_stay_as_they_are() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        for (path, id) in
            [("", "lifecycleWorkflows"), ("/deletedItems", "deletedItems"), ("/insights", "insights")]
        {
            let path = format!("{base}/identityGovernance/lifecycleWorkflows{path}");
            let body = api.get(&path).is(200);
            let context = body["@odata.context"].as_str().unwrap();
            let expected =
                path.replacen(base, &format!("http://localhost{base}/$metadata#"), 1).replacen("#/", "#", 1);
            assert_eq!(context, format!("{expected}/$entity"));
            assert_eq!(body["id"], id);
            api.patch(&path, &json!({})).refused(405, "GET");
            api.delete(&path).refused(405, "GET");
        }
    }
}
