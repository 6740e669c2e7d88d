//! `…/userProcessingResults/{id}/subject`: get, add, remove (seed-surface §3.8 to §3.10)

use serde_json::json;

use crate::company::Company;
use crate::dump::Dump;

#[test]
fn the_subject_is_one_person() {
    for company in [Company::new(), Company::deleted()] {
        let id = company.result(1, 1);
        for parent in company.parents(1) {
            let person = company.api.get(&format!("{parent}/{id}/subject")).is(200);
            assert_eq!((&person["id"], &person["displayName"]), (&json!(company.bob), &json!("bob")));
            let selected = company.api.get(&format!("{parent}/{id}/subject?$select=displayName")).is(200);
            assert!(selected.get("id").is_none());
        }
        let path = format!("{}/{}/subject", company.parents(0)[0], company.reported[1]);
        company.api.get(&path).refused(404, "subject");
    }
}

#[test]
fn a_person_who_is_deleted_stays_an_id() {
    let company = Company::new();
    company.api.delete(&format!("users/{}", company.bob)).is(204);
    let path = company.path_of(1, 1);
    company.api.get(&format!("{path}/subject")).refused(404, &company.bob);
    for expand in ["", "?$expand=subject"] {
        let result = company.api.get(&format!("{path}{expand}")).is(200);
        assert_eq!(result["subject"], json!({ "id": company.bob }), "{expand}");
    }
}

#[test]
fn a_subject_is_added_by_link_or_as_a_user_and_removed_in_both_forms() {
    for company in [Company::new(), Company::deleted()] {
        // All that the first page calls required.
        let user = json!({
            "@odata.type": "#microsoft.graph.user", "id": company.eve, "assignedLicenses": [], "assignedPlans": [],
            "birthday": "1990-01-01T00:00:00Z", "businessPhones": [], "deviceEnrollmentLimit": 5, "deviceKeys": [],
            "hireDate": "2020-01-01T00:00:00Z", "infoCatalogs": [], "otherMails": [], "provisionedPlans": [],
            "proxyAddresses": [],
        });
        let link = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", company.eve) });
        for parent in company.parents(0) {
            let result = format!("{parent}/{}", company.reported[1]);
            for (body, removal) in
                [(&user, format!("subject/{}/$ref", company.eve)), (&link, "subject/$ref".to_owned())]
            {
                company.api.post(&format!("{result}/subject/$ref"), body).is(204);
                assert_eq!(company.api.get(&result).is(200)["subject"], json!({ "id": company.eve }));
                assert_eq!(company.api.get(&format!("{result}/subject")).is(200)["displayName"], "eve");
                company.api.delete(&format!("{result}/{removal}")).is(204);
                assert!(company.api.get(&result).is(200)["subject"].is_null());
                // The link is gone, the person is not.
                company.api.get(&format!("users/{}", company.eve)).is(200);
            }
        }
    }
}

#[test]
fn a_subject_that_does_not_fit_is_refused_and_nothing_changed() {
    let company = Company::new();
    let run = &company.parents(0)[1];
    let (about_bob, about_nobody) =
        (format!("{run}/{}", company.reported[0]), format!("{run}/{}", company.reported[1]));
    let before = Dump::of(&company.api);
    for (body, named) in [
        (json!({}), "@odata.id"),
        (json!({ "displayName": "eve" }), "id"),
        (json!({ "id": 5 }), "id"),
        (json!({ "id": "nobody" }), "nobody"),
        (json!({ "id": "00000000-0000-4000-8000-0000000000ff" }), "id"),
        (json!({ "@odata.id": "" }), "@odata.id"),
        (json!({ "@odata.id": "https://x/users/nobody" }), "@odata.id"),
        (json!([]), "object"),
    ] {
        company.api.post(&format!("{about_nobody}/subject/$ref"), &body).refused(400, named);
    }
    let eve = json!({ "id": company.eve });
    company.api.post(&format!("{about_bob}/subject/$ref"), &eve).refused(409, "subject");
    company.api.post(&format!("{}/subject/$ref", company.path_of(1, 0)), &eve).refused(409, "engine");
    company.api.delete(&format!("{}/subject/$ref", company.path_of(1, 0))).refused(409, "engine");
    company.api.delete(&format!("{about_bob}/subject/{}/$ref", company.eve)).refused(404, "");
    company.api.delete(&format!("{about_nobody}/subject/$ref")).refused(404, "");
    // Whoever is set already may be set again.
    company.api.post(&format!("{about_bob}/subject/$ref"), &json!({ "id": company.bob })).is(204);
    before.is_unchanged(&company.api, "a refused subject");
}
