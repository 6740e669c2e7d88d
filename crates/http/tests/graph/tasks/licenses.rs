//! "Assign licenses to user", "Remove licenses from user" and "Remove all licenses for user".

use serde_json::{Value as Json, json};

use super::world::NOBODY;
use crate::api::Api;

pub(super) const ASSIGN: &str = "683c87a4-2ad4-420b-97d4-220d90afcd24";
pub(super) const REMOVE: &str = "5fc402a8-daaf-4b7b-9203-da868b05fc5f";
pub(super) const REMOVE_ALL: &str = "8fa97d28-3e52-4985-b3a9-a1126f9b8b4e";
const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const E5: &str = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
const ASSIGNED: &str = "Assign license to user";
const REMOVED: &str = "Remove license from user";
const NO_PLACE: &str = "the user has no usageLocation, without which no licence can be assigned";

impl Api {
    /// Enters licences of a kind, so many of them; null is without limit.
    pub(super) fn sku(&self, id: &str, name: &str, enabled: &Json) {
        let body = json!({ "skuId": id, "skuPartNumber": name, "prepaidUnits": { "enabled": enabled } });
        self.post("subscribedSkus", &body).is(201);
    }

    /// Gives somebody a licence, as an administrator does.
    pub(super) fn license(&self, sku: &str, user: &str) {
        let body = json!({ "addLicenses": [{ "skuId": sku }], "removeLicenses": [] });
        self.post(&format!("users/{user}/assignLicense"), &body).is(200);
    }

    fn consumed(&self, sku: &str) -> Json {
        self.get(&format!("subscribedSkus/{sku}")).is(200)["consumedUnits"].clone()
    }
}

/// A system with both kinds of licences.
fn world() -> Api {
    let api = Api::new();
    api.sku(E3, "SPE_E3", &Json::Null);
    api.sku(E5, "SPE_E5", &json!(1));
    api
}

#[test]
fn licenses_are_assigned_and_removed() {
    let api = world();
    let ann = api.somebody("ann", &[]);
    let both = format!("{E3}, {E5},{E3}");
    let assigns =
        ["joiner", "mover"].map(|category| api.workflow_of(category, ASSIGN, &[("licenses", &both)]));
    let removes =
        ["leaver", "mover"].map(|category| api.workflow_of(category, REMOVE, &[("Licenses", &both)]));
    for (assign, remove) in assigns.iter().zip(&removes) {
        api.process(assign, &ann)
            .was_foretold("would assign the licence 'SPE_E3', assign the licence 'SPE_E5'")
            .did(&[(ASSIGNED, &[&ann, E3]), (ASSIGNED, &[&ann, E5])]);
        assert_eq!(api.ids_below(&ann, "licenseDetails"), [E3, E5]);
        assert_eq!((api.consumed(E3), api.consumed(E5)), (json!(1), json!(1)));
        api.process(assign, &ann).had_nothing_to_do("the user has the licences already");
        api.process(remove, &ann)
            .was_foretold("would remove the licence 'SPE_E3', remove the licence 'SPE_E5'")
            .did(&[(REMOVED, &[&ann, E3]), (REMOVED, &[&ann, E5])]);
        assert!(api.ids_below(&ann, "licenseDetails").is_empty());
        assert_eq!((api.consumed(E3), api.consumed(E5)), (json!(0), json!(0)));
        api.process(remove, &ann).had_nothing_to_do("the user has none of these licences");
    }
}

#[test]
fn only_what_is_missing_is_assigned_and_only_what_is_there_removed() {
    let api = world();
    let ann = api.somebody("ann", &[]);
    let both = format!("{E3},{E5}");
    let assign = api.workflow_of("mover", ASSIGN, &[("licenses", &both)]);
    let remove = api.workflow_of("mover", REMOVE, &[("licenses", &both)]);
    api.license(E5, &ann);
    // None of that kind is left, but there is one that the user has.
    api.process(&assign, &ann).did(&[(ASSIGNED, &[&ann, E3])]);
    let body = json!({ "addLicenses": [], "removeLicenses": [E3] });
    api.post(&format!("users/{ann}/assignLicense"), &body).is(200);
    api.process(&remove, &ann).did(&[(REMOVED, &[&ann, E5])]);
}

#[test]
fn without_a_place_no_license_is_assigned_and_any_is_removed() {
    let api = world();
    let ann = api.somebody("ann", &[]);
    let assign = api.workflow_of("joiner", ASSIGN, &[("licenses", E3)]);
    let remove = api.workflow_of("leaver", REMOVE, &[("licenses", E3)]);
    api.set(&ann, &[("usageLocation", Json::Null)]);
    api.process(&assign, &ann).was_refused(NO_PLACE);
    api.set(&ann, &[("usageLocation", json!("DE"))]);
    api.license(E3, &ann);
    api.set(&ann, &[("usageLocation", Json::Null)]);
    api.process(&assign, &ann).had_nothing_to_do("the user has the licences already");
    api.process(&remove, &ann).did(&[(REMOVED, &[&ann, E3])]);
}

#[test]
fn the_last_license_goes_to_one() {
    let api = world();
    let (ann, bob) = (api.somebody("ann", &[]), api.somebody("bob", &[]));
    let both = format!("{E3},{E5}");
    let assign = api.workflow_of("joiner", ASSIGN, &[("licenses", &both)]);
    // They are planned together; whoever is later is refused all the same.
    api.activate(&assign, &[&ann, &bob]);
    api.system.drain().unwrap();
    let results = api.all(&format!("@/workflows/{assign}/runs"));
    assert_eq!(
        (&results[0]["successfulUsersCount"], &results[0]["failedUsersCount"]),
        (&json!(1), &json!(1))
    );
    assert_eq!((api.consumed(E3), api.consumed(E5)), (json!(1), json!(1)));
    let (has, has_none) =
        if api.ids_below(&ann, "licenseDetails").is_empty() { (&bob, &ann) } else { (&ann, &bob) };
    assert_eq!(api.ids_below(has, "licenseDetails"), [E3, E5]);
    assert!(api.ids_below(has_none, "licenseDetails").is_empty());
    api.process(&assign, has_none).was_refused("no licence 'SPE_E5' is left");
    api.process(&api.workflow_of("leaver", REMOVE_ALL, &[]), has)
        .did(&[(REMOVED, &[has, E3]), (REMOVED, &[has, E5])]);
    api.process(&assign, has_none).did(&[(ASSIGNED, &[has_none, E3]), (ASSIGNED, &[has_none, E5])]);
}

#[test]
fn all_licenses_are_removed() {
    let api = world();
    let ann = api.somebody("ann", &[]);
    let id = api.workflow_of("leaver", REMOVE_ALL, &[]);
    api.process(&id, &ann).had_nothing_to_do("the user has no licence");
    api.license(E5, &ann);
    api.license(E3, &ann);
    api.process(&id, &ann)
        .was_foretold("would remove the licence 'SPE_E3', remove the licence 'SPE_E5'")
        .did(&[(REMOVED, &[&ann, E3]), (REMOVED, &[&ann, E5])]);
    assert!(api.ids_below(&ann, "licenseDetails").is_empty());
    api.process(&id, &ann).had_nothing_to_do("the user has no licence");
}

#[test]
fn a_license_that_the_organisation_has_no_more_fails_the_task() {
    let api = world();
    let ann = api.somebody("ann", &[]);
    let ids = [(ASSIGN, "mover"), (REMOVE, "mover")]
        .map(|(definition, category)| api.workflow_of(category, definition, &[("licenses", E3)]));
    api.delete(&format!("subscribedSkus/{E3}")).is(204);
    let said = format!("the licence {E3} does not exist");
    for id in ids {
        api.process(&id, &ann).was_refused(&said);
        let failures = api.ask("POST", &format!("@/workflows/{id}/previewTaskFailures")).send().is(200);
        assert_eq!(failures["value"][0]["failureReason"], said);
    }
}

#[test]
fn licenses_have_to_be_named_and_to_be_there() {
    let api = world();
    for definition in [ASSIGN, REMOVE] {
        for (value, named) in [
            ("", "licenses"),
            (",", "licenses"),
            ("SPE_E3", "'SPE_E3' is no id"),
            (NOBODY, NOBODY),
            (&format!("{E3},{NOBODY}"), NOBODY),
        ] {
            api.arguments_refused("mover", definition, &[("licenses", value)], named);
        }
        api.arguments_refused("mover", definition, &[], "licenses");
        api.arguments_refused("mover", definition, &[("licenses", E3), ("LICENSES", E5)], "twice");
    }
    api.arguments_refused("leaver", REMOVE_ALL, &[("licenses", E3)], "licenses");
}
