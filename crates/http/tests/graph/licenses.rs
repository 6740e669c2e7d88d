//! `/subscribedSkus`, `assignLicense`, `licenseDetails`, and what the licences of a person show

use serde_json::{Value as Json, json};

use crate::api::{Api, ids, local};
use crate::dump::Dump;

const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const E5: &str = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
const AUDITS: &str = "auditLogs/directoryAudits";

/// Enters licences, so many of them.
fn sku(api: &Api, id: &str, name: &str, enabled: Json) {
    let body = json!({ "skuId": id, "skuPartNumber": name, "prepaidUnits": { "enabled": enabled } });
    api.post("subscribedSkus", &body).is(201);
}

/// Somebody who can have licences.
fn somewhere(api: &Api, name: &str) -> String {
    let id = api.person(name, "IT", None, true);
    api.patch(&format!("users/{id}"), &json!({ "usageLocation": "DE" })).is(204);
    id
}

fn change(add: &[&str], remove: &[&str]) -> Json {
    let add: Vec<Json> = add.iter().map(|id| json!({ "skuId": id, "disabledPlans": [] })).collect();
    json!({ "addLicenses": add, "removeLicenses": remove })
}

fn assigned(skus: &[&str]) -> Json {
    skus.iter().map(|id| json!({ "disabledPlans": [], "skuId": id })).collect()
}

fn consumed(api: &Api, sku: &str) -> Json {
    api.get(&format!("subscribedSkus/{sku}")).is(200)["consumedUnits"].clone()
}

#[test]
fn licenses_are_entered_changed_and_deleted() {
    let api = Api::new();
    sku(&api, E3, "SPE_E3", json!(2));
    let got = api.get(&format!("subscribedSkus/{E3}")).is(200);
    assert!(got["@odata.context"].as_str().unwrap().ends_with("#subscribedSkus/$entity"));
    assert_eq!(got["prepaidUnits"], json!({ "enabled": 2, "suspended": 0, "warning": 0 }));
    for (name, value) in [
        ("id", json!(E3)),
        ("skuId", json!(E3)),
        ("skuPartNumber", json!("SPE_E3")),
        ("capabilityStatus", json!("Enabled")),
        ("consumedUnits", json!(0)),
        ("appliesTo", json!("User")),
        ("servicePlans", json!([])),
    ] {
        assert_eq!(got[name], value, "{name}");
    }
    // Graph's own id begins with that of the organisation.
    let tenant = api.all("organization")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(api.get(&format!("subscribedSkus/{tenant}_{E3}")).is(200)["id"], E3);
    for nobody in ["x", E5, &format!("{E3}_{E3}")] {
        api.get(&format!("subscribedSkus/{nobody}")).refused(404, nobody);
    }
    let fresh = api.post("/beta/subscribedSkus", &json!({ "SKUPARTNUMBER": "FLOW_FREE" })).is(201);
    assert_eq!(fresh["prepaidUnits"]["enabled"], Json::Null);
    assert_eq!(api.get("subscribedSkus/$count").is(200), "2");
    for (filter, found) in [
        ("skuPartNumber eq 'spe_e3'", 1),
        ("prepaidUnits/enabled ge 2", 1),
        ("capabilityStatus eq 'enabled'", 2),
        ("consumedUnits gt 0", 0),
        (&format!("skuId eq '{E3}'"), 1),
    ] {
        assert_eq!(api.all(&format!("subscribedSkus?$filter={filter}")).len(), found, "{filter}");
    }
    assert_eq!(ids(&api.all("subscribedSkus?$orderby=skuPartNumber desc&$top=1"))[0], E3);
    api.patch(&format!("subscribedSkus/{E3}"), &json!({ "prepaidUnits": { "enabled": 0 } })).is(204);
    assert_eq!(api.get(&format!("subscribedSkus/{E3}")).is(200)["capabilityStatus"], "Suspended");
    let before = Dump::of(&api);
    let path = format!("subscribedSkus/{E3}");
    for (body, named) in [
        (json!({ "skuPartNumber": "" }), "skuPartNumber"),
        (json!({ "prepaidUnits": { "enabled": -1 } }), "prepaidUnits/enabled"),
        (json!({ "skuId": E5 }), "skuId"),
        (json!({ "price": 5 }), "price"),
    ] {
        api.patch(&path, &body).refused(400, named);
    }
    api.post("subscribedSkus", &json!({ "skuId": E5 })).refused(400, "skuPartNumber");
    api.post("subscribedSkus", &json!({ "skuPartNumber": "x", "skuId": "x" })).refused(400, "skuId");
    api.post("subscribedSkus", &json!({ "skuPartNumber": "x", "skuId": E3 })).refused(409, "skuId");
    before.is_unchanged(&api, "a refused sku");
    api.delete(&path).is(204);
    api.delete(&path).refused(404, E3);
    // What is bought again comes back.
    sku(&api, E3, "SPE_E3_NEW", json!(1));
    assert_eq!(api.all("subscribedSkus").len(), 2);
    let entries = api.all(&format!("{AUDITS}?$filter=targetResources/any(t:t/id eq '{E3}')"));
    let names: Vec<&str> =
        entries.iter().map(|entry| entry["activityDisplayName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Add subscription", "Delete subscription", "Update subscription", "Add subscription"]);
    assert_eq!(
        entries[2]["targetResources"][0]["modifiedProperties"],
        json!([{ "displayName": "prepaidUnits", "oldValue": "{\"enabled\":2}", "newValue": "{\"enabled\":0}" }])
    );
}

#[test]
fn licenses_are_given_and_taken_as_one() {
    let api = Api::new();
    sku(&api, E3, "SPE_E3", json!(1));
    sku(&api, E5, "SPE_E5", Json::Null);
    let (ann, bob) = (somewhere(&api, "ann"), somewhere(&api, "bob"));
    for base in ["/v1.0", "/beta"] {
        let path = format!("{base}/users/{ann}/assignLicense");
        let user = api.post(&path, &change(&[E3, E5, E3], &[])).is(200);
        assert!(user["@odata.context"].as_str().unwrap().ends_with("#users/$entity"));
        assert_eq!((&user["id"], &user["assignedLicenses"]), (&json!(ann), &assigned(&[E3, E5])));
        assert_eq!((consumed(&api, E3), consumed(&api, E5)), (json!(1), json!(1)));
        // Giving what somebody has changes nothing.
        let before = Dump::of(&api);
        api.post(&path, &change(&[E3], &[])).is(200);
        before.is_unchanged(&api, "a license that somebody had");
        let user = api.post(&path, &change(&[], &[E3, E5, E5])).is(200);
        assert_eq!(user["assignedLicenses"], json!([]));
        assert_eq!((consumed(&api, E3), consumed(&api, E5)), (json!(0), json!(0)));
    }
    let path = format!("users/{ann}/assignLicense");
    api.post(&path, &change(&[E3], &[])).is(200);
    let cyd = api.person("cyd", "IT", None, true);
    let before = Dump::of(&api);
    let unknown = "00000000-0000-4000-8000-000000000001";
    for (user, body, named) in [
        (&bob, change(&[E5, E3], &[]), E3),
        (&bob, change(&[E5, E3], &[]), "addLicenses/1/skuId"),
        (&bob, change(&[unknown], &[]), unknown),
        (&bob, change(&[E5], &[E3]), "removeLicenses/0"),
        (&ann, change(&[], &[E3, unknown]), "removeLicenses/1"),
        (&ann, change(&[E3], &[E3]), "addLicenses/0/skuId"),
        (&ann, json!({}), "addLicenses"),
        (
            &ann,
            json!({ "addLicenses": [{ "skuId": E5, "disabledPlans": [E5] }] }),
            "addLicenses/0/disabledPlans",
        ),
        (&ann, json!({ "addLicenses": [], "licenses": [] }), "licenses"),
        (&cyd, change(&[E5], &[]), "usageLocation"),
    ] {
        api.post(&format!("users/{user}/assignLicense"), &body).refused(400, named);
    }
    api.post(&format!("users/{unknown}/assignLicense"), &change(&[E5], &[])).refused(404, unknown);
    api.patch(&format!("users/{ann}"), &json!({ "assignedLicenses": [] })).refused(400, "assignedLicenses");
    api.delete(&format!("subscribedSkus/{E3}")).refused(409, E3);
    before.is_unchanged(&api, "a refused assignment");
    // Fewer than there were: who has one keeps it.
    api.patch(&format!("subscribedSkus/{E3}"), &json!({ "prepaidUnits": { "enabled": 0 } })).is(204);
    assert_eq!(consumed(&api, E3), 1);
    // Taking one needs no usage location.
    api.patch(&format!("users/{ann}"), &json!({ "usageLocation": null })).is(204);
    api.post(&path, &change(&[], &[E3])).is(200);
    let entries =
        api.all(&format!("{AUDITS}?$filter=category eq 'UserManagement' and operationType eq 'Unassign'"));
    let (user, sku) = (&entries[0]["targetResources"][0], &entries[0]["targetResources"][1]);
    assert_eq!(entries[0]["activityDisplayName"], "Remove license from user");
    assert_eq!((&user["id"], &sku["id"], &sku["displayName"]), (&json!(ann), &json!(E3), &json!("SPE_E3")));
    assert_eq!(sku["type"], "SubscribedSku");
    let given = api.all(&format!("{AUDITS}?$filter=activityDisplayName eq 'Assign license to user'"));
    assert_eq!(given.len(), 5);
}

#[test]
fn what_somebody_has_is_shown_wherever_people_are() {
    let api = Api::new();
    sku(&api, E3, "SPE_E3", Json::Null);
    sku(&api, E5, "SPE_E5", Json::Null);
    let (ann, bob) = (somewhere(&api, "ann"), somewhere(&api, "bob"));
    let staff = api.group("Staff");
    let link = |id: &str| json!({ "@odata.id": format!("users/{id}") });
    api.post(&format!("groups/{staff}/members/$ref"), &link(&ann)).is(204);
    api.ask("PUT", &format!("users/{bob}/manager/$ref")).json(&link(&ann)).send().is(204);
    api.post(&format!("users/{ann}/assignLicense"), &change(&[E5, E3], &[])).is(200);
    let select = "$select=id,assignedLicenses";
    for path in [
        format!("users/{ann}?{select}"),
        format!("users/{bob}/manager?{select}"),
        format!("users/ann@example.com?{select},assignedPlans"),
    ] {
        assert_eq!(api.get(&path).is(200)["assignedLicenses"], assigned(&[E3, E5]), "{path}");
    }
    assert_eq!(
        api.all(&format!("groups/{staff}/members?{select}"))[0]["assignedLicenses"],
        assigned(&[E3, E5])
    );
    let people = api.all(&format!("users?{select}&$expand=manager({select})"));
    assert_eq!(people[1]["assignedLicenses"], json!([]));
    assert_eq!(people[1]["manager"]["assignedLicenses"], assigned(&[E3, E5]));
    assert!(api.get(&format!("users/{ann}")).is(200).get("assignedLicenses").is_none());
    for (filter, found) in [
        (format!("assignedLicenses/any(l:l/skuId eq {E3})"), vec![&ann]),
        (format!("not (assignedLicenses/any(l:l/skuId eq '{E3}'))"), vec![&bob]),
        ("assignedLicenses/any()".to_owned(), vec![&ann]),
    ] {
        assert_eq!(ids(&api.all(&format!("users?$filter={filter}"))), found, "{filter}");
    }
    api.get("users?$orderby=assignedLicenses").refused(400, "assignedLicenses");
    let details = format!("users/{ann}/licenseDetails");
    let all = api.all(&details);
    assert_eq!(all[0], json!({ "id": E3, "servicePlans": [], "skuId": E3, "skuPartNumber": "SPE_E3" }));
    assert_eq!(api.get(&format!("{details}/$count")).is(200), "2");
    assert_eq!(api.get(&format!("{details}/{E5}")).is(200)["skuPartNumber"], "SPE_E5");
    assert_eq!(ids(&api.all(&format!("{details}?$filter=startsWith(skuPartNumber,'spe_e5')"))), [E5]);
    api.get(&format!("users/{bob}/licenseDetails/{E5}")).refused(404, E5);
    let full = api.get(&format!("{details}?$format=json;odata.metadata=full")).is(200);
    assert_eq!(full["value"][0]["@odata.type"], "#microsoft.graph.licenseDetails");
    api.get(local(full["value"][0]["@odata.id"].as_str().unwrap())).is(200);
}

#[test]
fn a_delta_follows_licenses_that_it_selects() {
    let api = Api::new();
    sku(&api, E3, "SPE_E3", Json::Null);
    let ann = somewhere(&api, "ann");
    let first = api.get("users/delta?$select=assignedLicenses").is(200);
    assert_eq!(first["value"][0]["assignedLicenses"], json!([]));
    let link = |page: &Json| local(page["@odata.deltaLink"].as_str().unwrap()).to_owned();
    api.patch(&format!("users/{ann}"), &json!({ "city": "Bonn" })).is(204);
    let second = api.get(&link(&first)).is(200);
    assert_eq!(second["value"], json!([]));
    api.post(&format!("users/{ann}/assignLicense"), &change(&[E3], &[])).is(200);
    let minimal = api.ask("GET", &link(&second)).header("prefer", "return=minimal").send().is(200);
    assert_eq!(
        minimal["value"],
        json!([{ "assignedLicenses": assigned(&[E3]), "@tenure.protected": false, "id": ann }])
    );
}

#[test]
fn who_is_deleted_keeps_licenses_that_nobody_sees_until_they_are_free() {
    let api = Api::new();
    sku(&api, E3, "SPE_E3", json!(1));
    let (ann, bob) = (somewhere(&api, "ann"), somewhere(&api, "bob"));
    let deleted = format!("directory/deletedItems/{ann}");
    api.post(&format!("users/{ann}/assignLicense"), &change(&[E3], &[])).is(200);
    api.delete(&format!("users/{ann}")).is(204);
    assert_eq!(consumed(&api, E3), 1);
    api.post(&format!("users/{bob}/assignLicense"), &change(&[E3], &[])).refused(400, E3);
    api.delete(&format!("subscribedSkus/{E3}")).refused(409, "deleted");
    let list = "directory/deletedItems/microsoft.graph.user?$select=assignedLicenses";
    assert_eq!(api.all(list)[0]["assignedLicenses"], json!([]));
    assert_eq!(
        api.get(&format!("{deleted}?$select=assignedLicenses")).is(200)["assignedLicenses"],
        json!([])
    );
    api.post(&format!("{deleted}/restore"), &json!({})).is(200);
    let shown = api.get(&format!("users/{ann}?$select=assignedLicenses")).is(200);
    assert_eq!(shown["assignedLicenses"], assigned(&[E3]));
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&deleted).is(204);
    assert_eq!(consumed(&api, E3), 0);
    let freed = api.all(&format!("{AUDITS}?$filter=activityDisplayName eq 'Remove license from user'"));
    assert_eq!(freed[0]["targetResources"][0]["id"], json!(ann));
    api.post(&format!("users/{bob}/assignLicense"), &change(&[E3], &[])).is(200);
    // After 30 days too.
    api.delete(&format!("users/{bob}")).is(204);
    api.system.advance("2026-04-01T08:00:00Z").unwrap();
    assert_eq!(consumed(&api, E3), 0);
    api.delete(&format!("subscribedSkus/{E3}")).is(204);
}
