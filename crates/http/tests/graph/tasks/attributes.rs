//! "Update user attributes (preview)".

use serde_json::{Value as Json, json};

use super::world::{task, workflow};
use crate::api::Api;

pub(super) const UPDATE: &str = "2c8f4a1b-7d3e-4f9c-8a5b-6e1d2c3f4a5b";
const UPDATED: &str = "Update user";

/// The value of the argument; attributes and their values.
fn updates(attributes: &[(&str, &str)]) -> String {
    let update = |(attribute, value): &(&str, &str)| json!({ "attribute": attribute, "value": value });
    attributes.iter().map(update).collect::<Json>().to_string()
}

impl Api {
    fn update(&self, category: &str, attributes: &[(&str, &str)]) -> String {
        self.workflow_of(category, UPDATE, &[("attributeUpdates", &updates(attributes))])
    }
}

#[test]
fn attributes_are_set() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    for (category, department) in [("joiner", "Sales"), ("mover", "IT"), ("leaver", "Former")] {
        let id = api.update(category, &[("department", department), ("JobTitle", "Clerk")]);
        api.set(&ann, &[("jobTitle", Json::Null)]);
        api.process(&id, &ann)
            .was_foretold(&format!("would set department to \"{department}\", set jobTitle to \"Clerk\""))
            .did(&[(UPDATED, &[&ann]), (UPDATED, &[&ann])]);
        assert_eq!(
            (api.property(&ann, "department"), api.property(&ann, "jobTitle")),
            (json!(department), json!("Clerk"))
        );
        api.process(&id, &ann).had_nothing_to_do("the attributes have these values already");
    }
    let entry = api.all("auditLogs/directoryAudits?$filter=activityDisplayName eq 'Update user'").remove(0);
    assert_eq!(
        entry["targetResources"][0]["modifiedProperties"],
        json!([{ "displayName": "jobTitle", "oldValue": null, "newValue": "\"Clerk\"" }])
    );
}

#[test]
fn an_empty_value_clears() {
    let api = Api::new();
    let ann = api.somebody("ann", &[("city", json!("Bonn"))]);
    let value = r#"[{"attribute":"city","value":""},{"attribute":"state","value":""},{"attribute":"department","value":null}]"#;
    let id = api.workflow_of("leaver", UPDATE, &[("attributeUpdates", value)]);
    api.process(&id, &ann)
        .was_foretold("would clear city, clear department")
        .did(&[(UPDATED, &[&ann]), (UPDATED, &[&ann])]);
    assert_eq!((api.property(&ann, "city"), api.property(&ann, "department")), (Json::Null, Json::Null));
    api.process(&id, &ann).had_nothing_to_do("the attributes have these values already");
    // Who forgets the value does not clear.
    let forgotten = [("attributeUpdates", r#"[{"attribute":"city"}]"#)];
    api.arguments_refused("leaver", UPDATE, &forgotten, "value");
}

#[test]
fn built_in_and_extension_attributes_are_set() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let mut values = vec![
        ("displayName", "Ann Lee"),
        ("givenName", "Ann"),
        ("surname", "Lee"),
        ("companyName", "Contoso"),
        ("country", "DE"),
        ("employeeType", "Contractor"),
        ("mobilePhone", "+49 228 1"),
        ("preferredLanguage", "de-DE"),
        ("usageLocation", "FR"),
        ("employeeOrgData/costCenter", "C-17"),
        ("employeeOrgData/division", "North"),
    ];
    let names: Vec<String> =
        (1..=15).map(|number| format!("onPremisesExtensionAttributes/extensionAttribute{number}")).collect();
    values.extend(names.iter().map(|name| (name.as_str(), "x")));
    for ten in values.chunks(10) {
        let id = api.update("joiner", ten);
        let whom = [ann.as_str()];
        api.process(&id, &ann).did(&vec![(UPDATED, &whom[..]); ten.len()]);
        for (name, value) in ten {
            assert_eq!(api.property(&ann, name), *value, "{name}");
        }
        api.process(&id, &ann).had_nothing_to_do("the attributes have these values already");
    }
    let id = api.update("joiner", &[("employeeHireDate", "2026-04-01T01:00:00+01:00")]);
    api.process(&id, &ann).did(&[(UPDATED, &[&ann])]);
    assert_eq!(api.property(&ann, "employeeHireDate"), "2026-04-01T00:00:00Z");
    api.process(&id, &ann).had_nothing_to_do("the attributes have these values already");
}

#[test]
fn somebody_of_another_directory_is_left_alone() {
    let api = Api::new();
    let ann = api.somebody("ann", &[("onPremisesSyncEnabled", json!(true))]);
    api.process(&api.update("mover", &[("department", "IT")]), &ann)
        .was_refused("the account is synced from another directory, which keeps its attributes");
}

#[test]
fn later_tasks_see_what_was_set() {
    let api = Api::new();
    let ann = api.somebody("ann", &[("usageLocation", Json::Null)]);
    let sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
    api.sku(sku, "SPE_E3", &Json::Null);
    let value = updates(&[("usageLocation", "DE"), ("givenName", "Annie")]);
    let tasks = vec![
        task(UPDATE, &[("attributeUpdates", &value)]),
        task(super::licenses::ASSIGN, &[("licenses", sku)]),
        task(crate::company::WELCOME, &[("customSubject", "Hello {{userGivenName}}")]),
    ];
    let came = api.process(&api.workflow(&workflow("joiner", tasks)), &ann);
    assert_eq!((came.status.as_str(), came.tasks.len()), ("completed", 3));
    assert_eq!(came.foretold[2], "would send the mail 'Hello Annie' to ann@example.com");
    assert_eq!(api.system.deliveries.mails()[0].subject, "Hello Annie");
}

#[test]
fn what_is_set_may_bring_somebody_into_scope() {
    let api = Api::new();
    let hired = [("employeeHireDate", json!("2026-03-01T07:00:00Z"))];
    let ann = api.somebody("ann", &hired);
    let scheduled = api.workflow(&crate::company::scheduled("Sales", "department eq 'Sales'"));
    api.system.sweep().unwrap();
    assert!(api.all(&format!("@/workflows/{scheduled}/userProcessingResults")).is_empty());
    api.process(&api.update("joiner", &[("department", "Sales")]), &ann).did(&[(UPDATED, &[&ann])]);
    api.system.sweep().unwrap();
    assert_eq!(api.all(&format!("@/workflows/{scheduled}/userProcessingResults")).len(), 1);
    api.system.drain().unwrap();
}

#[test]
fn attributes_have_to_be_ones_that_may_be_set() {
    let api = Api::new();
    let refused = |value: &str, named: &str| {
        api.arguments_refused("mover", UPDATE, &[("attributeUpdates", value)], named);
    };
    api.arguments_refused("mover", UPDATE, &[], "attributeUpdates");
    for text in ["", "department=IT", "{}", "[]", "null", "5", r#"["department"]"#, r#"[{"value":"x"}]"#] {
        refused(text, "attributeUpdates");
    }
    refused(r#"[{"attribute":"city","value":5}]"#, "attributeUpdates");
    refused(r#"[{"attribute":"city","value":"x","colour":"red"}]"#, "colour");
    for name in [
        "shoeSize",
        "employeeLeaveDateTime",
        "accountEnabled",
        "userPrincipalName",
        "createdDateTime",
        "id",
        "signInSessionsValidFromDateTime",
        "signInActivity/lastSignInDateTime",
        "onPremisesSyncEnabled",
        "onPremisesSecurityIdentifier",
        "customSecurityAttributes/Set/Name",
        "onPremisesExtensionAttributes/extensionAttribute16",
        "onPremisesExtensionAttributes/extensionAttribute0",
        "assignedPlans",
        "@tenure.protected",
        "manager",
    ] {
        refused(&updates(&[(name, "x")]), &format!("'{name}'"));
    }
    // What nobody could be without stays.
    refused(&updates(&[("displayName", "")]), "displayName");
    refused(&updates(&[("displayName", " ")]), "displayName");
    refused(&updates(&[("displayName", &"x".repeat(257))]), "displayName");
    refused(&updates(&[("employeeHireDate", "soon")]), "employeeHireDate");
    refused(&updates(&[("city", &"x".repeat(5_000))]), "city");
    refused(&updates(&[("city", "a\r\nb")]), "city");
    refused(&updates(&[("city", "a"), ("CITY", "b")]), "twice");
    let eleven: Vec<(&str, &str)> = [
        "city",
        "state",
        "country",
        "department",
        "jobTitle",
        "companyName",
        "officeLocation",
        "postalCode",
        "givenName",
        "surname",
        "employeeType",
    ]
    .map(|name| (name, "x"))
    .into();
    refused(&updates(&eleven), "10");
    api.update("mover", &eleven[..10]);
}
