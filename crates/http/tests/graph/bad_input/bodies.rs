//! Bodies that are no JSON, not the JSON that is needed, too large, or called something else.

use crate::company::{Company, on_demand};
use crate::dump::Dump;

/// Every operation that reads a body.
fn writes(company: &Company) -> Vec<(&'static str, String)> {
    let base = &company.base;
    let task = company.api.all(&format!("{base}/tasks"))[0]["id"].as_str().unwrap().to_owned();
    let results = format!("{base}/runs/{}/userProcessingResults", company.runs[0]);
    let result = format!("{results}/{}", company.reported[1]);
    vec![
        ("POST", "@/workflows".to_owned()),
        ("PATCH", base.clone()),
        ("POST", format!("{base}/createNewVersion")),
        ("POST", format!("{base}/activate")),
        ("PATCH", format!("{base}/tasks/{task}")),
        ("POST", results),
        ("PATCH", result.clone()),
        ("POST", format!("{result}/subject/$ref")),
        ("POST", format!("{result}/taskProcessingResults")),
        ("PATCH", "@/settings".to_owned()),
        ("POST", "users".to_owned()),
        ("PATCH", format!("users/{}", company.ann)),
        ("PUT", format!("users/{}/manager/$ref", company.ann)),
        ("POST", "groups".to_owned()),
        ("PATCH", format!("groups/{}", company.staff)),
        ("POST", format!("groups/{}/members/$ref", company.staff)),
        ("POST", "tenure.tokens".to_owned()),
        ("POST", "tenure.advanceClock".to_owned()),
    ]
}

#[test]
fn what_is_no_json_object_is_refused_everywhere() {
    let company = Company::new();
    let before = Dump::of(&company.api);
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let objects = format!("{}1{}", "{\"displayName\":".repeat(50_000), "}".repeat(50_000));
    for (method, path) in writes(&company) {
        for (body, named) in [
            (b"".as_slice(), "JSON"),
            (b"   ", "JSON"),
            (b"{", "JSON"),
            (b"{\"displayName\":}", "JSON"),
            (b"{\"displayName\":\"x\"} trailing", "JSON"),
            (b"{'displayName':'x'}", "JSON"),
            (b"{\"a\":1e999}", "JSON"),
            (b"{\"displayName\":\"\xff\xfe\"}", "JSON"),
            (b"\x00\x01\x02", "JSON"),
            (b"\xff\xfe{\x00}\x00", "JSON"),
            (b"null", "object"),
            (b"[]", "object"),
            (b"\"text\"", "object"),
            (b"5", "object"),
            (b"true", "object"),
            (deep.as_bytes(), "JSON"),
            (objects.as_bytes(), "JSON"),
            (b"{\"displayName\":\"a\",\"DISPLAYNAME\":\"b\"}", "displayname"),
            (b"{\"displayName\":\"a\",\"displayName\":\"b\"}", "'displayName' is given twice"),
            (b"{\"a\":[{\"b\":1,\"b\":1}]}", "'b' is given twice"),
            (b"{\"noSuchProperty\":1}", ""),
        ] {
            company.api.ask(method, &path).bytes(body).send().refused(400, named);
        }
        let ask = || company.api.ask(method, &path);
        for kind in
            ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx", ""]
        {
            ask().header("content-type", kind).bytes("{}").send().refused(415, "application/json");
        }
    }
    before.is_unchanged(&company.api, "a body that is none");
}

#[test]
fn actions_without_parameters_take_none() {
    let company = Company::new();
    let (api, base) = (&company.api, &company.base);
    let actions = [
        format!("users/{}/revokeSignInSessions", company.ann),
        format!("{base}/previewTaskFailures"),
        format!("{base}/clearQuarantine"),
    ];
    let before = Dump::of(api);
    for path in &actions {
        for (body, named) in
            [(b"{".as_slice(), "JSON"), (b"[]", "object"), (b"\xff", "JSON"), (b"{\"why\":1}", "why")]
        {
            api.ask("POST", path).bytes(body).send().refused(400, named);
        }
    }
    before.is_unchanged(api, "a body that means nothing");
    for path in &actions[..2] {
        for body in [b"".as_slice(), b"{}", b" {} "] {
            api.ask("POST", path).bytes(body).send().is(200);
        }
    }
}

#[test]
fn an_unknown_property_is_named_by_its_path() {
    let company = Company::new();
    let before = Dump::of(&company.api);
    for (method, path) in writes(&company) {
        // Whose body is a whole user that is passed over, or whose other properties are asked for first.
        if path.ends_with("subject/$ref") || path.ends_with("members/$ref") || path.ends_with("manager/$ref")
        {
            continue;
        }
        let mut body = match (method, path.as_str()) {
            ("POST", path) if path.ends_with("workflows") || path.ends_with("createNewVersion") => {
                on_demand("w")
            }
            ("POST", path) if path.ends_with("userProcessingResults") => crate::company::reported(),
            ("POST", path) if path.ends_with("activate") => serde_json::json!({"subjects": []}),
            ("POST", path) if path.ends_with("tokens") => serde_json::json!({"name": "x", "scopes": ["*"]}),
            ("POST", path) if path.ends_with("Clock") => serde_json::json!({"to": "2026-03-04T00:00:00Z"}),
            _ => serde_json::json!({}),
        };
        body["noSuchProperty"] = serde_json::json!({ "a": 1 });
        company.api.ask(method, &path).json(&body).send().refused(400, "noSuchProperty");
    }
    before.is_unchanged(&company.api, "an unknown property");
}

#[test]
fn a_huge_body_is_refused_before_it_is_read() {
    let limits = tenure_lifecycle::limits::Limits { body_bytes: 1_000, ..Default::default() };
    let api = crate::api::Api::with_limits(limits);
    let before = Dump::of(&api);
    let mut body = on_demand("w");
    body["description"] = serde_json::json!("x".repeat(1_000));
    for (method, path) in
        [("POST", "@/workflows"), ("POST", "users"), ("PATCH", "@/settings"), ("GET", "users")]
    {
        api.ask(method, path).json(&body).send().refused(413, "1000 bytes");
        let announced = api.ask(method, path).header("content-length", "99999999999").json(&body);
        announced.send().refused(413, "1000 bytes");
        let nonsense = api.ask(method, path).header("content-length", "many").json(&body);
        nonsense.send().refused(413, "1000 bytes");
    }
    before.is_unchanged(&api, "a huge body");
}

#[test]
fn a_huge_import_is_cut_off_and_leaves_nothing() {
    let limits = tenure_lifecycle::limits::Limits { import_bytes: 1_000, ..Default::default() };
    let api = crate::api::Api::with_limits(limits);
    let before = Dump::of(&api);
    let part = |name: &str, text: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"x\"\r\n\r\n{text}\r\n")
    };
    let form = format!("{}{}--b--\r\n", part("map", ""), part("file", &"x".repeat(1_001)));
    let ask = api.ask("POST", "directory/tenure.import");
    ask.header("content-type", "multipart/form-data; boundary=b")
        .bytes(form)
        .send()
        .refused(413, "1000 bytes");
    before.is_unchanged(&api, "a huge import");
}

#[test]
fn a_body_that_is_json_by_another_name_is_read() {
    let api = crate::api::Api::new();
    for kind in
        ["application/json", "Application/JSON; charset=utf-8", "application/json;odata.metadata=minimal"]
    {
        api.ask("POST", "@/workflows").header("content-type", kind).json(&on_demand("w")).send().is(201);
    }
    let marked = format!("\u{feff}{}", on_demand("w"));
    api.ask("POST", "@/workflows").bytes(marked).send().is(201);
}

#[test]
fn what_was_sent_is_not_sent_back_at_any_length() {
    let company = Company::new();
    let before = Dump::of(&company.api);
    let long = "x".repeat(1_000_000);
    for (method, path) in writes(&company) {
        for body in [
            serde_json::json!({ long.as_str(): 1 }),
            serde_json::json!({ "id": long, "@odata.id": format!("https://x/users/{long}"), "displayName": long }),
        ] {
            let answer = company.api.ask(method, &path).json(&body).send();
            assert_eq!(answer.status, 400, "{method} {path}");
            assert!(answer.body.to_string().len() < 5_000, "{method} {path}");
        }
    }
    before.is_unchanged(&company.api, "a long name");
}
