//! Query options that cannot be meant.

use crate::company::Company;
use crate::dump::Dump;

#[test]
fn a_hostile_option_is_named_on_every_list() {
    let company = Company::new();
    let api = &company.api;
    let base = &company.base;
    let before = Dump::of(api);
    let result = company.path_of(1, 1);
    let deep_filter = format!("$filter={}id eq 'x'{}", "(".repeat(5_000), ")".repeat(5_000));
    let deep_not = format!("$filter={}id eq 'x'", "not ".repeat(5_000));
    let long_filter = format!("$filter=id eq '{}'", "x".repeat(10_000));
    let many = format!("$filter={}", vec!["id eq 'x'"; 2_000].join(" or "));
    for list in [
        "@/workflows".to_owned(),
        "@/deletedItems/workflows".to_owned(),
        "@/taskDefinitions".to_owned(),
        "users".to_owned(),
        "groups".to_owned(),
        "applications".to_owned(),
        "directory/deletedItems/microsoft.graph.user".to_owned(),
        "directory/deletedItems/microsoft.graph.group".to_owned(),
        format!("groups/{}/members", company.staff),
        format!("users/{}/memberOf", company.ann),
        format!("{base}/tasks"),
        format!("{base}/runs"),
        format!("{base}/userProcessingResults"),
        format!("{base}/taskReports"),
        format!("{base}/runs/{}/userProcessingResults", company.runs[0]),
        format!("{base}/runs/{}/taskProcessingResults", company.runs[0]),
        format!("{result}/taskProcessingResults"),
    ] {
        for (options, named) in [
            (deep_filter.as_str(), "$filter"),
            (&deep_not, "$filter"),
            (&long_filter, "$filter"),
            (&many, "$filter"),
            ("$filter=", "$filter"),
            ("$filter=id", "position"),
            ("$filter=id eq", "position"),
            ("$filter=id eq 'x", "position"),
            ("$filter=id is 'x'", "position 3"),
            ("$filter=(id eq 'x'", "position"),
            ("$filter=toLower(id) eq 'x'", "toLower"),
            ("$filter=id eq displayName", "position"),
            ("$filter=noSuchProperty eq 1", "noSuchProperty"),
            ("$filter=id gt 'a'", "'id'"),
            ("$filter=id eq 5", "'id'"),
            ("$filter=id/any(x:x eq 1)", "id"),
            ("$filter=id eq 1e400", "$filter"),
            ("$filter=%00", "$filter"),
            ("$filter=id%00eq 'x'", "$filter"),
            ("$filter=%ff", "UTF-8"),
            ("$filter=id eq 'x'&$filter=id eq 'y'", "$filter"),
            ("$filter=id eq 'x'&%24filter=id eq 'y'", "$filter"),
            ("$filter=id eq 'x'&filter=id eq 'y'", "$filter"),
            ("$orderby=noSuchProperty", "noSuchProperty"),
            ("$orderby=id sideways", "$orderby"),
            ("$orderby=id asc desc", "$orderby"),
            ("$orderby=id,id desc", "$orderby"),
            ("$orderby=", "$orderby"),
            ("$orderby=id;drop table users", "$orderby"),
            ("$select=noSuchProperty", "noSuchProperty"),
            ("$select=", "$select"),
            ("$expand=noSuchThing", "noSuchThing"),
            ("$expand=", "$expand"),
            ("$expand=tasks(", "$expand"),
            ("$top=0", "$top"),
            ("$top=-1", "$top"),
            ("$top=1000", "$top"),
            ("$top=1.5", "$top"),
            ("$top=", "$top"),
            ("$top=99999999999999999999999", "$top"),
            ("$skip=-1", "$skip"),
            ("$skip=x", "$skip"),
            ("$count=maybe", "$count"),
            ("$skiptoken=junk", "$skiptoken"),
            ("$skiptoken=", "$skiptoken"),
            ("$skiptoken=AAAAAAAAAAAAAAAA", "$skiptoken"),
            ("$skiptoken=%00", "$skiptoken"),
            ("$format=xml", "$format"),
            ("$apply=groupby((id))", "$apply"),
            ("$compute=1", "$compute"),
            ("$%00=1", "$"),
            ("$deltatoken=x", "$deltatoken"),
        ] {
            api.get(&format!("{list}?{options}")).refused(400, named);
        }
    }
    before.is_unchanged(api, "a hostile option");
}

#[test]
fn a_token_that_was_tampered_with_is_refused_and_none_gives_an_error_of_the_server() {
    let company = Company::new();
    let api = &company.api;
    for list in ["users?$top=1", "users?$top=1&$orderby=displayName", "groups?$top=1"] {
        let list = if list.starts_with("groups") {
            api.group("Second");
            list
        } else {
            list
        };
        let page = api.get(list).is(200);
        let token =
            page["@odata.nextLink"].as_str().unwrap().rsplit("$skiptoken=").next().unwrap().to_owned();
        for place in 0..token.len() {
            for letter in ["A", "b", "9", "_", "%", ""] {
                let mut tampered = token.clone();
                tampered.replace_range(place..=place, letter);
                let path = format!("{list}&$skiptoken={tampered}");
                let answer = api.get(&path);
                if answer.status != 200 {
                    answer.refused(400, "");
                }
            }
        }
        api.get(&format!("{list}&$skiptoken={token}")).is(200);
    }
}
