//! `@tenure.schedule`: at once, or when the organisation's interval is over

use serde_json::json;

use crate::api::Api;
use crate::company::{scheduled, with};

const SCHEDULE: &str = "@tenure.schedule";

#[test]
fn it_is_continuous_unless_somebody_says_otherwise_and_changes_without_a_new_version() {
    let api = Api::new();
    let body = scheduled("w", "department eq 'Sales'");
    let path = format!("@/workflows/{}", api.workflow(&body));
    assert_eq!(api.get(&path).is(200)[SCHEDULE], "continuous");
    api.patch(&path, &json!({ SCHEDULE: "Interval" })).is(204);
    let kept = api.get(&path).is(200);
    assert_eq!((&kept[SCHEDULE], &kept["version"]), (&json!("interval"), &json!(1)));
    // Whoever does not speak of it leaves it alone.
    api.patch(&path, &json!({ "description": "x" })).is(204);
    let version = api.post(&format!("{path}/createNewVersion"), &json!({ "workflow": body })).is(200);
    assert_eq!((&version[SCHEDULE], &version["version"]), (&json!("interval"), &json!(2)));
    for value in [json!("hourly"), json!(3), json!("")] {
        api.patch(&path, &json!({ SCHEDULE: value })).refused(400, SCHEDULE);
        api.post("@/workflows", &with(body.clone(), SCHEDULE, value)).refused(400, SCHEDULE);
    }
    let made = api.post("@/workflows", &with(body, SCHEDULE, json!("interval"))).is(201);
    assert_eq!(made[SCHEDULE], "interval");
}

#[test]
fn by_interval_nobody_is_processed_before_it_is_over() {
    let api = Api::new();
    api.patch("@/settings", &json!({ "workflowScheduleIntervalInHours": 3 })).is(204);
    api.person("ann", "Sales", Some("2026-03-01T09:30:00Z"), true);
    let body = scheduled("w", "department eq 'Sales'");
    let [at_once, later] = ["continuous", "interval"]
        .map(|schedule| api.workflow(&with(body.clone(), SCHEDULE, json!(schedule))));
    let processed = |workflow: &str| api.all(&format!("@/workflows/{workflow}/userProcessingResults")).len();
    for (now, expected) in
        [("2026-03-01T09:30:00Z", (1, 0)), ("2026-03-01T11:59:59Z", (1, 0)), ("2026-03-01T12:00:00Z", (1, 1))]
    {
        api.system.advance(now).unwrap();
        assert_eq!((processed(&at_once), processed(&later)), expected, "{now}");
    }
}
