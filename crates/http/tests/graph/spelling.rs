//! Everything that may be written in more than one way.

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{Company, on_demand, with};

const LCW: &str = "/v1.0/identityGovernance/lifecycleWorkflows";

#[test]
fn actions_answer_by_short_and_qualified_name_in_any_letter_case() {
    let api = Api::new();
    let person = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&on_demand("w"));
    let body = json!({ "subjects": [{ "id": person }] });
    let actions = [
        "activate",
        "Activate",
        "microsoft.graph.identityGovernance.activate",
        "MICROSOFT.GRAPH.identitygovernance.ACTIVATE",
        "microsoft.graph.activate",
    ];
    for action in actions {
        for path in [
            format!("{LCW}/workflows/{workflow}/{action}"),
            format!(
                "/V1.0/IDENTITYGOVERNANCE/LIFECYCLEWORKFLOWS/WORKFLOWS('{}')/{action}",
                workflow.to_uppercase()
            ),
            format!("/beta/identityGovernance/lifecycleWorkflows/workflows(%27{workflow}%27)/{action}/"),
        ] {
            api.post(&path, &body).is(204);
        }
    }
    let runs = api.all(&format!("@/workflows/{workflow}/runs"));
    assert_eq!(runs.len(), 3 * actions.len());
    for action in
        ["createNewVersion", "createnewversion", "microsoft.graph.identityGovernance.createNewVersion"]
    {
        let body = json!({ "workflow": with(on_demand("w"), "description", json!(action)) });
        api.post(&format!("@/workflows/{workflow}/{action}"), &body).is(200);
    }
    assert_eq!(api.get(&format!("@/workflows/{workflow}")).is(200)["version"], 4);
    for action in [
        "microsoft.graph.other.activate",
        "identityGovernance.activate",
        "microsoft.graph.identityGovernance",
    ] {
        api.post(&format!("@/workflows/{workflow}/{action}"), &body).refused(404, action);
    }
}

#[test]
fn functions_take_parameters_quoted_and_bare_in_any_order() {
    let company = Company::new();
    let api = &company.api;
    let expected = api
        .get(&format!(
            "{}/runs/summary(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)",
            company.base
        ))
        .is(200);
    assert_eq!(expected["totalRuns"], 5);
    for name in [
        "summary",
        "SUMMARY",
        "microsoft.graph.identityGovernance.summary",
        "microsoft.graph.identitygovernance.Summary",
    ] {
        for parameters in [
            "startDateTime='2026-03-01T00:00:00Z',endDateTime='2026-03-08T00:00:00Z'",
            "STARTdatetime=2026-03-01T00:00:00Z, enddatetime=2026-03-08T00:00:00Z",
            "endDateTime=2026-03-08T00:00:00Z,startDateTime='2026-03-01T00:00:00Z'",
            "startDateTime=2026-03-01T00%3A00%3A00%2B00%3A00,endDateTime=2026-03-08T00%3A00%3A00%2B00%3A00",
            "startDateTime=2026-03-01T00%3A00%3A00.000000%2B00%3A00endDateTime=2026-03-08T01%3A00%3A00%2B01%3A00",
            "startDateTime=%272026-03-01T00:00:00+00:00%27,endDateTime=2026-03-08T00:00:00+00:00",
            "startDateTime=2026-03-01,endDateTime=2026-03-08",
        ] {
            let path = format!("{}/runs/{name}({parameters})", company.base);
            assert_eq!(api.get(&path).is(200), expected, "{path}");
        }
    }
    let users = format!("{}/userProcessingResults", company.base);
    let period = "(startDateTime=2026-03-01,endDateTime=2026-03-08)";
    let sums: Vec<Json> = ["summary", "usersSummary", "userSsummary"]
        .map(|name| with(api.get(&format!("{users}/{name}{period}")).is(200), "@odata.context", Json::Null))
        .into();
    assert!(sums.iter().all(|sum| *sum == sums[0]));
    for (parameters, named) in [
        ("()", "startDateTime"),
        ("(startDateTime=2026-03-01)", "endDateTime"),
        ("(startDateTime=soon,endDateTime=2026-03-08)", "startDateTime"),
        ("(startDateTime=2026-03-01,endDateTime=2026-03-08,endDateTime=2026-03-08)", "endDateTime"),
        ("(startDateTime=2026-03-08,endDateTime=2026-03-01)", "startDateTime"),
    ] {
        api.get(&format!("{users}/summary{parameters}")).refused(400, named);
    }
}

#[test]
fn options_and_what_they_name_are_read_in_any_letter_case_and_encoding() {
    let company = Company::new();
    let api = &company.api;
    let expected = api
        .get("users?$filter=department eq 'IT'&$orderby=displayName desc&$select=displayName&$count=true")
        .is(200);
    assert_eq!(expected["@odata.count"], 2);
    for query in [
        "%24filter=department eq 'IT'&%24orderby=displayName desc&%24select=displayName&%24count=true",
        "$FILTER=DEPARTMENT EQ 'it'&$OrderBy=DISPLAYNAME DESC&$Select=DISPLAYNAME&$COUNT=TRUE",
        "filter=department+eq+%27IT%27&orderby=displayName+desc&select=displayName&count=true",
        "$count=true&$select=displayName&$orderby=displayName%20desc&$filter=department%20eq%20%22IT%22",
        "$filter=(department in ('IT'))&$orderby=displayName desc&$select= displayName &$count",
    ] {
        assert_eq!(api.get(&format!("users?{query}")).is(200), expected, "{query}");
    }
    for path in [
        "users/$count?$filter=department eq 'IT'",
        "USERS/%24count?%24filter=Department eq 'it'",
        "users/$COUNT?filter=department eq 'IT'",
    ] {
        assert_eq!(api.get(path).is(200), "2", "{path}");
    }
    let definitions = api.all("@/taskDefinitions?$filter=CATEGORY has 'Mover'");
    assert!(!definitions.is_empty());
    assert!(definitions.iter().all(|one| one["category"].as_str().unwrap().contains("mover")));
    let qualified = "@/taskDefinitions?$filter=category has microsoft.graph.identityGovernance.lifecycleTaskCategory'joiner,mover'";
    assert!(api.all(qualified).iter().all(|one| one["category"].as_str().unwrap().contains("joiner")));
}

#[test]
fn lists_of_texts_are_asked_for_any_and_all() {
    let api = Api::new();
    for (name, mails) in
        [("ann", json!(["a@x.com", "b@x.com"])), ("bob", json!(["c@x.com", "d@y.com"])), ("cyd", json!([]))]
    {
        let id = api.person(name, "Sales", None, true);
        api.patch(&format!("users/{id}"), &json!({ "otherMails": mails })).is(204);
    }
    for (filter, expected) in [
        ("otherMails/any(m:endsWith(m,'@x.com'))", vec!["ann", "bob"]),
        ("OTHERMAILS/ALL(m:endsWith(m,'@X.COM'))", vec!["ann", "cyd"]),
        ("otherMails/all(m:m ne 'a@x.com')", vec!["bob", "cyd"]),
        ("not otherMails/all(m:startsWith(m,'a'))", vec!["ann", "bob"]),
        ("otherMails/any() and otherMails/all(m:contains(m,'x.com') or department eq 'IT')", vec!["ann"]),
        ("otherMails/all(m:m in ('a@x.com','b@x.com') and department eq 'Sales')", vec!["ann", "cyd"]),
    ] {
        let found = api.all(&format!("users?$filter={filter}"));
        let names: Vec<&str> = found.iter().map(|user| user["displayName"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{filter}");
    }
    for (filter, named) in [
        ("otherMails/all()", "position"),
        ("displayName/all(x:x eq 'a')", "displayName"),
        ("otherMails/any(a:otherMails/any(b:b eq 'x'))", "inside"),
    ] {
        api.get(&format!("users?$filter={filter}")).refused(400, named);
    }
}
