//! `…/administrationScopeTargets`: there are no administrative units.

use serde_json::{Value as Json, json};

use crate::company::{Company, on_demand, with};
use crate::dump::Dump;

#[test]
fn there_are_no_targets() {
    for company in [Company::new(), Company::deleted()] {
        let api = &company.api;
        for parent in ["administrationScopeTargets", "versions/1/administrationScopeTargets"] {
            for path in company.both(parent) {
                let body = api.get(&path).is(200);
                assert!(body["@odata.context"].as_str().unwrap().ends_with("$metadata#directoryObjects"));
                assert_eq!(body["value"], json!([]));
                assert_eq!(api.get(&format!("{path}/$count")).is(200), "0");
                api.get(&format!("{path}/x")).refused(404, "scope target 'x'");
            }
        }
        let missing = format!("{}/versions/9/administrationScopeTargets", company.base);
        api.get(&missing).refused(404, "ersion '9'");
        let expanded = api.get(&format!("{}?$expand=administrationScopeTargets", company.base)).is(200);
        assert_eq!(expanded["administrationScopeTargets"], json!([]));
        let list = company.base.rsplit_once('/').unwrap().0;
        let expanded = api.all(&format!("{list}?$expand=administrationScopeTargets"));
        assert_eq!(expanded[0]["administrationScopeTargets"], json!([]));
    }
}

#[test]
fn only_an_empty_list_can_be_written() {
    let company = Company::new();
    let api = &company.api;
    let (list, bind) = ("administrationScopeTargets", "administrationScopeTargets@odata.bind");
    let before = Dump::of(api);
    let unit = json!(["https://graph.microsoft.com/v1.0/administrativeUnits/0c4ee3f8"]);
    for (name, value) in [(list, json!([{ "id": "x" }])), (bind, unit)] {
        let body = with(on_demand("x"), name, value.clone());
        api.post("@/workflows", &body).refused(400, name);
        api.post(&format!("{}/createNewVersion", company.base), &json!({ "workflow": body }))
            .refused(400, name);
        api.patch(&company.base, &with(json!({}), name, value)).refused(400, name);
    }
    before.is_unchanged(api, "targets that are refused");
    for (name, value) in [(list, json!([])), (bind, json!([])), (list, Json::Null)] {
        api.post("@/workflows", &with(on_demand("x"), name, value.clone())).is(201);
        api.patch(&company.base, &with(json!({}), name, value)).is(204);
    }
}
