//! `/users/{id}/authentication`: passes and other methods

use serde_json::{Value as Json, json};

use crate::api::{Api, NOW, ids};
use crate::dump::Dump;

const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
const EMAIL: &str = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

fn version(api: &Api, user: &str) -> i64 {
    api.system.user(user.parse().unwrap()).unwrap().version
}

/// What the audit says was done to somebody, newest first.
fn told(api: &Api, user: &str) -> Vec<String> {
    let filter = format!("category eq 'AuthenticationMethods' and targetResources/any(t:t/id eq '{user}')");
    let entries = api.all(&format!("auditLogs/directoryAudits?$filter={filter}"));
    entries.iter().map(|entry| entry["activityDisplayName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_pass_is_shown_once() {
    let api = Api::new();
    for (base, name) in [("/v1.0", "ann"), ("/beta", "bob")] {
        let user = api.person(name, "IT", None, true);
        let list = format!("{base}/users/{user}/authentication/temporaryAccessPassMethods");
        let before = version(&api, &user);
        let made = api.post(&list, &json!({})).is(201);
        assert!(
            made["@odata.context"]
                .as_str()
                .unwrap()
                .ends_with(&format!("#users('{user}')/authentication/temporaryAccessPassMethods/$entity"))
        );
        let id = made["id"].as_str().unwrap();
        let pass = made["temporaryAccessPass"].as_str().unwrap();
        assert_eq!(pass.len(), 12);
        assert_eq!(version(&api, &user), before + 1);
        let expected = json!({
            "id": id, "temporaryAccessPass": null, "createdDateTime": NOW, "startDateTime": NOW,
            "lifetimeInMinutes": 60, "isUsableOnce": false, "isUsable": true,
            "methodUsabilityReason": "EnabledByPolicy",
        });
        assert_eq!(api.all(&list), std::slice::from_ref(&expected));
        let mut got = api.get(&format!("{list}/{id}")).is(200);
        got.as_object_mut().unwrap().shift_remove("@odata.context");
        assert_eq!(got, expected);
        let by_name =
            format!("{base}/users/{name}@example.com/authentication/temporaryAccessPassMethods/{id}");
        assert_eq!(api.get(&by_name).is(200)["id"], id);
        assert_eq!(told(&api, &user), ["Create temporary access pass method for user"]);
        api.delete(&format!("{list}/{id}")).is(204);
        assert_eq!(version(&api, &user), before + 2);
        api.delete(&format!("{list}/{id}")).refused(404, id);
        api.get(&format!("{list}/{id}")).refused(404, id);
        assert!(api.all(&list).is_empty());
        assert_eq!(told(&api, &user)[0], "Delete temporary access pass method of user");
    }
}

/// Every file below the data directory, whatever it is called.
fn files(api: &Api) -> Vec<u8> {
    api.system.checkpoint().unwrap();
    let mut all = vec![];
    for entry in std::fs::read_dir(api.system.directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

#[test]
fn a_pass_is_found_nowhere() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let list = format!("users/{ann}/authentication/temporaryAccessPassMethods");
    let made = api.post(&list, &json!({ "isUsableOnce": true })).is(201);
    let pass = made["temporaryAccessPass"].as_str().unwrap();
    api.delete(&format!("{list}/{}", made["id"].as_str().unwrap())).is(204);
    let second = api.post(&list, &json!({})).is(201);
    let second = second["temporaryAccessPass"].as_str().unwrap();
    assert_ne!(pass, second);
    let hash = tenure_lifecycle::operations::hash_pass(second);
    let files = files(&api);
    let holds = |needle: &[u8]| files.windows(needle.len()).any(|window| window == needle);
    // In a file as it is, in rows as they are shown.
    let shown = blake3::Hash::from_bytes(hash).to_hex();
    assert!(holds(&hash) || holds(shown.as_bytes()), "the hash of the pass is there");
    for pass in [pass, second] {
        assert!(!holds(pass.as_bytes()), "the pass is in a file");
        for path in [
            list.clone(),
            format!("users/{ann}/authentication/methods"),
            format!("users/{ann}?$select=*"),
            "users?$select=*".to_owned(),
            "users/delta".to_owned(),
            "auditLogs/directoryAudits".to_owned(),
            "identityGovernance/entitlementManagement/assignmentRequests".to_owned(),
            "roleManagement/directory/roleAssignments".to_owned(),
        ] {
            let answer = api.get(&path).is(200).to_string();
            assert!(!answer.contains(pass), "{path}");
        }
    }
}

#[test]
fn a_pass_is_good_for_its_time_and_then_another_can_be_had() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let list = format!("users/{ann}/authentication/temporaryAccessPassMethods");
    let body = json!({ "lifetimeInMinutes": 10, "isUsableOnce": true, "startDateTime": "2026-03-01T10:00:00+01:00" });
    let first = api.post(&list, &body).is(201);
    let state = |at: &str| {
        api.system.clock.set(at.parse().unwrap());
        let pass = api.all(&list).remove(0);
        (pass["isUsable"].as_bool().unwrap(), pass["methodUsabilityReason"].as_str().unwrap().to_owned())
    };
    assert_eq!(first["startDateTime"], "2026-03-01T09:00:00Z");
    assert_eq!(state("2026-03-01T08:59:59Z"), (false, "NotYetValid".to_owned()));
    api.post(&list, &json!({})).refused(400, "temporaryAccessPass");
    assert_eq!(state("2026-03-01T09:00:00Z"), (true, "EnabledByPolicy".to_owned()));
    api.post(&list, &json!({})).refused(400, "temporaryAccessPass");
    assert_eq!(state("2026-03-01T09:10:00Z"), (false, "Expired".to_owned()));
    let second = api.post(&list, &json!({})).is(201);
    assert_eq!(ids(&api.all(&list)), [second["id"].as_str().unwrap()]);
    assert_ne!(first["temporaryAccessPass"], second["temporaryAccessPass"]);
}

#[test]
fn phones_and_addresses_are_registered_one_of_a_kind() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let path = format!("users/{ann}/authentication");
    let before = version(&api, &ann);
    let mobile = json!({ "phoneNumber": "+1 5555551234x12", "phoneType": "Mobile" });
    let made = api.post(&format!("{path}/phoneMethods"), &mobile).is(201);
    assert_eq!(
        (&made["id"], &made["phoneNumber"], &made["phoneType"], &made["createdDateTime"]),
        (&json!(MOBILE), &json!("+1 5555551234x12"), &json!("mobile"), &json!(NOW))
    );
    assert_eq!(version(&api, &ann), before + 1);
    let other = json!({ "phoneNumber": "+49 2281234567", "phoneType": "alternateMobile" });
    api.post(&format!("{path}/phoneMethods"), &other).is(201);
    let address = json!({ "emailAddress": "ann@home.example" });
    assert_eq!(api.post(&format!("{path}/emailMethods"), &address).is(201)["id"], EMAIL);
    api.post(&format!("{path}/temporaryAccessPassMethods"), &json!({})).is(201);
    // Other people's methods have the same ids.
    api.post(&format!("users/{bob}/authentication/phoneMethods"), &mobile).is(201);

    assert_eq!(api.all(&format!("{path}/phoneMethods")).len(), 2);
    assert_eq!(api.all(&format!("{path}/fido2Methods")), Vec::<Json>::new());
    let all = api.all(&format!("{path}/methods"));
    let kinds: Vec<&str> = all.iter().map(|method| method["@odata.type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
            "#microsoft.graph.phoneAuthenticationMethod",
            "#microsoft.graph.phoneAuthenticationMethod",
            "#microsoft.graph.emailAuthenticationMethod",
        ]
    );
    assert_eq!(api.get(&format!("{path}/methods/{EMAIL}")).is(200)["emailAddress"], "ann@home.example");
    api.get(&format!("{path}/phoneMethods/{EMAIL}")).refused(404, EMAIL);

    let refused = Dump::of(&api);
    for (kind, body, named) in [
        ("phoneMethods", mobile.clone(), "phoneType"),
        ("phoneMethods", json!({ "phoneType": "office" }), "phoneNumber"),
        ("phoneMethods", json!({ "phoneNumber": "+1 5", "phoneType": "car" }), "phoneType"),
        ("phoneMethods", json!({ "phoneNumber": "+1 5" }), "phoneType"),
        ("phoneMethods", json!({ "phoneNumber": "555", "phoneType": "office" }), "phoneNumber"),
        ("phoneMethods", json!({ "phoneNumber": "+1 5", "phoneType": "office", "colour": 1 }), "colour"),
        ("emailMethods", address, "emailAddress"),
        ("emailMethods", json!({ "emailAddress": "ann" }), "emailAddress"),
        ("emailMethods", json!({}), "emailAddress"),
        ("temporaryAccessPassMethods", json!({ "lifetimeInMinutes": 9 }), "lifetimeInMinutes"),
        ("temporaryAccessPassMethods", json!({ "lifetimeInMinutes": 43_201 }), "lifetimeInMinutes"),
        ("temporaryAccessPassMethods", json!({ "isUsableOnce": "no" }), "isUsableOnce"),
        ("temporaryAccessPassMethods", json!({ "startDateTime": "soon" }), "startDateTime"),
        ("temporaryAccessPassMethods", json!({ "startDateTime": "2026-03-01T06:00:00Z" }), "startDateTime"),
        ("temporaryAccessPassMethods", json!({ "startDateTime": "9999-12-30T23:59:59Z" }), "startDateTime"),
        ("temporaryAccessPassMethods", json!({ "temporaryAccessPass": "hunter2" }), "temporaryAccessPass"),
    ] {
        api.post(&format!("{path}/{kind}"), &body).refused(400, named);
    }
    let without = json!({ "phoneNumber": "+1 5", "phoneType": "alternateMobile" });
    let cyd = format!("users/{NOBODY}/authentication/phoneMethods");
    api.post(&cyd, &without).refused(404, NOBODY);
    api.get(&format!("users/{NOBODY}/authentication/methods")).refused(404, NOBODY);
    api.delete(&format!("{path}/phoneMethods/{NOBODY}")).refused(404, NOBODY);
    api.delete(&format!("{path}/emailMethods/{MOBILE}")).refused(404, MOBILE);
    refused.is_unchanged(&api, "a refused method");

    api.delete(&format!("{path}/phoneMethods/{MOBILE}")).is(204);
    api.post(&format!("users/{ann}/authentication/phoneMethods"), &mobile).is(201);
    assert_eq!(api.all(&format!("users/{bob}/authentication/phoneMethods")).len(), 1);
    let entries = told(&api, &ann);
    assert_eq!(entries[..2], ["Admin registered security info", "Admin deleted security info"]);
    // What a number or an address is stands in no entry.
    let audits = api.get("auditLogs/directoryAudits").is(200).to_string();
    assert!(!audits.contains("5555551234") && !audits.contains("home.example"));
    assert!(audits.contains("phoneAuthenticationMethod"));
}

#[test]
fn an_alternate_mobile_needs_a_mobile() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let list = format!("users/{ann}/authentication/phoneMethods");
    let other = json!({ "phoneNumber": "+49 2281234567", "phoneType": "alternateMobile" });
    api.post(&list, &other).refused(400, "phoneType");
    api.post(&list, &json!({ "phoneNumber": "+49 228", "phoneType": "office" })).is(201);
    api.post(&list, &other).refused(400, "phoneType");
}

#[test]
fn who_is_deleted_for_good_signs_in_no_more() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let path = format!("users/{ann}/authentication");
    api.post(&format!("{path}/temporaryAccessPassMethods"), &json!({})).is(201);
    api.post(&format!("{path}/emailMethods"), &json!({ "emailAddress": "ann@home.example" })).is(201);
    api.delete(&format!("users/{ann}")).is(204);
    api.get(&format!("{path}/methods")).refused(404, &ann);
    api.post(&format!("directory/deletedItems/{ann}/restore"), &json!({})).is(200);
    assert_eq!(api.all(&format!("{path}/methods")).len(), 2);
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("directory/deletedItems/{ann}")).is(204);
    let left = Dump::of(&api);
    assert_eq!((left.rows("passes"), left.rows("authentication_methods")), (0, 0));
    let entries = told(&api, &ann);
    assert_eq!(entries[..2], ["Admin deleted security info", "Delete temporary access pass method of user"]);
}
