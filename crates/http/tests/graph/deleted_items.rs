//! `/directory/deletedItems`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{on_demand, scheduled};
use crate::dump::Dump;

const USERS: &str = "directory/deletedItems/microsoft.graph.user";
const GROUPS: &str = "directory/deletedItems/microsoft.graph.group";

fn link(id: &str) -> Json {
    json!({ "@odata.id": format!("https://x/users/{id}") })
}

#[test]
fn a_person_comes_back_with_manager_and_memberships() {
    let api = Api::new();
    let (staff, board) = (api.group("Staff"), api.group("Board"));
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&link(&bob)).send().is(204);
    for group in [&staff, &board] {
        api.post(&format!("groups/{group}/members/$ref"), &link(&ann)).is(204);
    }
    api.delete(&format!("users/{ann}")).is(204);
    for nobody in
        [format!("users/{ann}"), "users/ann@example.com".to_owned(), format!("users/{ann}/memberOf")]
    {
        api.get(&nobody).refused(404, "");
    }
    assert_eq!(ids(&api.all("users")), [&bob]);
    assert_eq!(api.get("users/$count").is(200), "1");
    assert_eq!(api.get(&format!("groups/{staff}/members/$count")).is(200), "0");
    let deleted = api.get(&format!("{USERS}?$select=id,deletedDateTime,displayName&$count=true")).is(200);
    assert_eq!(deleted["@odata.count"], 1);
    assert_eq!(
        (&deleted["value"][0]["id"], &deleted["value"][0]["deletedDateTime"]),
        (&json!(ann), &json!(crate::api::NOW))
    );
    assert_eq!(api.get(&format!("{USERS}/$count")).is(200), "1");
    assert_eq!(api.get(&format!("{USERS}?$filter=displayName eq 'bob'")).is(200)["value"], json!([]));
    for path in [
        format!("directory/deletedItems/{ann}"),
        format!("{USERS}/{ann}"),
        format!("directory/deletedItems/{ann}/microsoft.graph.user"),
    ] {
        let got = api.get(&path).is(200);
        assert_eq!(
            (&got["id"], &got["@odata.type"]),
            (&json!(ann), &json!("#microsoft.graph.user")),
            "{path}"
        );
    }
    // One of the groups is gone by then.
    api.delete(&format!("groups/{board}")).is(204);
    let restored = api.ask("POST", &format!("directory/deletedItems/{ann}/restore")).send().is(200);
    assert_eq!((&restored["id"], &restored["userPrincipalName"]), (&json!(ann), &json!("ann@example.com")));
    assert_eq!(api.get(&format!("users/{ann}/manager")).is(200)["id"], json!(bob));
    assert_eq!(ids(&api.all(&format!("users/{ann}/memberOf"))), [&staff]);
    assert_eq!(api.get("users/$count").is(200), "2");
    assert_eq!(api.get("users/ANN@example.com").is(200)["id"], json!(ann));
    api.get(&format!("directory/deletedItems/{ann}")).refused(404, &ann);
    api.post(&format!("directory/deletedItems/{board}/restore"), &json!({})).is(200);
    assert_eq!(ids(&api.all(&format!("users/{ann}/memberOf"))), [&staff, &board]);
}

#[test]
fn a_group_comes_back_with_its_members() {
    let api = Api::new();
    let staff = api.group("Staff");
    let ann = api.person("ann", "IT", None, true);
    api.post(&format!("groups/{staff}/members/$ref"), &link(&ann)).is(204);
    api.delete(&format!("groups/{staff}")).is(204);
    assert!(api.all(&format!("users/{ann}/memberOf")).is_empty());
    assert!(api.all("groups").is_empty());
    assert_eq!(ids(&api.all(GROUPS)), [&staff]);
    assert_eq!(api.get(&format!("{GROUPS}/{staff}")).is(200)["displayName"], "Staff");
    api.get(&format!("{USERS}/{staff}")).refused(404, &staff);
    let restored = api.post(&format!("directory/deletedItems/{staff}/restore"), &json!({})).is(200);
    assert_eq!(restored["@odata.type"], "#microsoft.graph.group");
    assert_eq!(ids(&api.all(&format!("groups/{staff}/members"))), [&ann]);
    api.delete(&format!("groups/{staff}")).is(204);
    api.delete(&format!("directory/deletedItems/{staff}")).is(204);
    api.get(&format!("directory/deletedItems/{staff}")).refused(404, &staff);
    api.get(&format!("groups/{staff}")).refused(404, &staff);
    assert!(api.all(&format!("users/{ann}/memberOf")).is_empty());
}

#[test]
fn whose_name_was_taken_meanwhile_cannot_come_back() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    api.delete(&format!("users/{ann}")).is(204);
    let other = api.person("ann", "HR", None, true);
    let before = Dump::of(&api);
    let restore = format!("directory/deletedItems/{ann}/restore");
    api.post(&restore, &json!({})).refused(409, "userPrincipalName");
    api.post(&restore, &json!({ "colour": 1 })).refused(400, "colour");
    for nobody in ["nonsense", other.as_str(), "00000000-0000-0000-0000-000000000000"] {
        api.post(&format!("directory/deletedItems/{nobody}/restore"), &json!({})).refused(404, nobody);
        api.delete(&format!("directory/deletedItems/{nobody}")).refused(404, nobody);
        api.get(&format!("directory/deletedItems/{nobody}")).refused(404, nobody);
    }
    api.get("directory/deletedItems").refused(400, "microsoft.graph.user");
    before.is_unchanged(&api, "a refused restore");
    api.delete(&format!("users/{other}")).is(204);
    api.post(&restore, &json!({ "autoReconcileProxyConflict": true })).is(200);
}

#[test]
fn nobody_who_is_deleted_is_processed() {
    let api = Api::new();
    let staff = api.group("Staff");
    let ann = api.person("ann", "Sales", Some("2026-03-02T00:00:00Z"), true);
    let bob = api.person("bob", "Sales", Some("2026-03-02T00:00:00Z"), true);
    let cyd = api.person("cyd", "IT", None, true);
    let joiners = api.workflow(&scheduled("Joiners", "department eq 'Sales'"));
    let enable = api.workflow(&on_demand("Enable"));
    // Queued, then deleted.
    api.activate(&enable, &[&cyd]);
    api.delete(&format!("users/{cyd}")).is(204);
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("groups/{staff}")).is(204);
    api.system.drain().unwrap();
    let results = api.all(&format!("@/workflows/{enable}/userProcessingResults"));
    assert_eq!(results[0]["processingStatus"], "canceled");
    let subjects = json!({ "subjects": [{ "id": ann }] });
    api.post(&format!("@/workflows/{enable}/activate"), &subjects).refused(400, "subjects");
    api.system.advance("2026-03-02T12:00:00Z").unwrap();
    let processed = |workflow: &str| -> Vec<String> {
        let results =
            api.all(&format!("@/workflows/{workflow}/userProcessingResults?$expand=subject($select=id)"));
        results.iter().map(|one| one["subject"]["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(processed(&joiners), [bob.as_str()]);
    // Whoever comes back in time is processed then, and once.
    api.post(&format!("directory/deletedItems/{ann}/restore"), &json!({})).is(200);
    api.system.advance("2026-03-02T13:00:00Z").unwrap();
    let mut both = processed(&joiners);
    both.sort_unstable();
    let mut expected = vec![ann.clone(), bob.clone()];
    expected.sort_unstable();
    assert_eq!(both, expected);
    // Going and coming back is no new occasion.
    api.delete(&format!("users/{bob}")).is(204);
    api.post(&format!("directory/deletedItems/{bob}/restore"), &json!({})).is(200);
    api.system.advance("2026-03-02T14:00:00Z").unwrap();
    assert_eq!(processed(&joiners).len(), 2);
}

#[test]
fn what_was_deleted_thirty_days_ago_is_gone_for_good() {
    let api = Api::new();
    let staff = api.group("Staff");
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    api.post(&format!("groups/{staff}/members/$ref"), &link(&ann)).is(204);
    let enable = api.workflow(&on_demand("Enable"));
    api.activate(&enable, &[&ann]);
    api.system.drain().unwrap();
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("groups/{staff}")).is(204);
    api.system.advance("2026-03-11T08:00:00Z").unwrap();
    api.delete(&format!("users/{bob}")).is(204);
    api.system.advance("2026-03-31T07:59:59Z").unwrap();
    assert_eq!(ids(&api.all(USERS)), [&ann, &bob]);
    api.system.advance("2026-03-31T08:00:00Z").unwrap();
    assert_eq!(ids(&api.all(USERS)), [&bob]);
    assert!(api.all(GROUPS).is_empty());
    api.post(&format!("directory/deletedItems/{ann}/restore"), &json!({})).refused(404, &ann);
    // Whom it was about is still known, what was known of them is not.
    let results = api
        .all(&format!("@/workflows/{enable}/userProcessingResults?$expand=subject($select=id,displayName)"));
    assert_eq!(results[0]["subject"]["id"], json!(ann));
    assert_eq!(results[0]["subject"]["displayName"], Json::Null);
    let again = api.person("ann", "IT", None, true);
    assert_ne!(again, ann);
}
