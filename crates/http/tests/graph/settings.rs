//! Tenure's own of `…/settings`: how days are counted, and for how long history is kept

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::scheduled;
use crate::dump::Dump;

const WEEK: [&str; 5] = ["monday", "tuesday", "wednesday", "thursday", "friday"];

fn set(api: &Api, calendar: &Json) -> Json {
    api.patch("@/settings", &json!({ "@tenure.calendar": calendar })).is(204);
    api.get("@/settings").is(200)["@tenure.calendar"].clone()
}

#[test]
fn the_calendar_is_kept_and_what_it_leaves_out_is_as_at_the_beginning() {
    let api = Api::new();
    let nothing = json!({ "timeZone": null, "timeZoneAttribute": null, "workDays": WEEK, "holidays": [] });
    assert_eq!(api.get("@/settings").is(200)["@tenure.calendar"], nothing);
    let all = json!({
        "timeZone": "Europe/Berlin", "timeZoneAttribute": "OFFICELocation",
        "workDays": ["Friday", "sunday", "monday", "monday"], "holidays": ["2026-12-26", "2026-12-25", "2026-12-25"],
    });
    let kept = json!({
        "timeZone": "Europe/Berlin", "timeZoneAttribute": "officeLocation", "workDays": ["monday", "friday", "sunday"],
        "holidays": ["2026-12-25", "2026-12-26"],
    });
    assert_eq!(set(&api, &all), kept);
    // Other settings leave it alone.
    api.patch("@/settings", &json!({ "workflowScheduleIntervalInHours": 4 })).is(204);
    assert_eq!(api.get("@/settings").is(200)["@tenure.calendar"], kept);
    assert_eq!(set(&api, &json!({ "timeZone": null })), nothing);
}

#[test]
fn how_long_history_is_kept_is_said_in_days() {
    let api = Api::new();
    let kept = || api.get("@/settings").is(200)["@tenure.historyRetentionInDays"].clone();
    assert_eq!(kept(), Json::Null);
    api.patch("@/settings", &json!({ "@tenure.historyRetentionInDays": 400 })).is(204);
    api.patch("@/settings", &json!({ "workflowScheduleIntervalInHours": 4 })).is(204);
    assert_eq!(kept(), 400);
    let before = Dump::of(&api);
    for days in [json!(0), json!(-1), json!(36_501), json!("400"), json!(1.5), json!(i64::MAX)] {
        let body = json!({ "@tenure.historyRetentionInDays": days });
        api.patch("@/settings", &body).refused(400, "@tenure.historyRetentionInDays");
    }
    before.is_unchanged(&api, "a refused number of days");
    api.patch("@/settings", &json!({ "@tenure.historyRetentionInDays": null })).is(204);
    assert_eq!(kept(), Json::Null);
}

#[test]
fn what_is_wrong_with_a_calendar_is_named() {
    let api = Api::new();
    let before = Dump::of(&api);
    let many: Vec<String> = (2_000..2_008)
        .flat_map(|year| {
            (1..=12).flat_map(move |month| (1..=28).map(move |day| format!("{year}-{month:02}-{day:02}")))
        })
        .collect();
    for (calendar, named) in [
        (json!({ "timeZone": "Mars/Olympus" }), "@tenure.calendar/timeZone"),
        (json!({ "timeZone": 1 }), "@tenure.calendar/timeZone"),
        (json!({ "timeZoneAttribute": "shoeSize" }), "@tenure.calendar/timeZoneAttribute"),
        (json!({ "timeZoneAttribute": "employeeHireDate" }), "@tenure.calendar/timeZoneAttribute"),
        (json!({ "workDays": [] }), "@tenure.calendar/workDays"),
        (json!({ "workDays": ["someday"] }), "@tenure.calendar/workDays"),
        (json!({ "holidays": ["Christmas"] }), "@tenure.calendar/holidays"),
        (json!({ "holidays": ["2026-02-29"] }), "@tenure.calendar/holidays"),
        (json!({ "holidays": many }), "@tenure.calendar/holidays"),
        (json!({ "colour": 1 }), "@tenure.calendar/colour"),
        (json!("Europe/Berlin"), "@tenure.calendar"),
    ] {
        api.patch("@/settings", &json!({ "@tenure.calendar": calendar })).refused(400, named);
    }
    before.is_unchanged(&api, "a refused calendar");
}

/// It is 2026-03-01, 08:00 in UTC, 17:00 in Tokyo: the second has not begun anywhere, and begins there first.
#[test]
fn a_date_is_due_where_the_person_lives() {
    let api = Api::new();
    let zone = "Asia/Tokyo";
    set(&api, &json!({ "timeZone": "Europe/Berlin", "timeZoneAttribute": "officeLocation" }));
    let [tokyo, elsewhere] = [Some(zone), None].map(|zone| {
        let person = api.person(zone.unwrap_or("elsewhere").rsplit('/').next().unwrap(), "Sales", None, true);
        api.patch(
            &format!("users/{person}"),
            &json!({ "officeLocation": zone, "employeeHireDate": "2026-03-02T00:00:00Z" }),
        )
        .is(204);
        person
    });
    let workflow = api.workflow(&scheduled("Joiners", "department eq 'Sales'"));
    for (now, processed) in [
        ("2026-03-01T14:59:59Z", vec![]),
        ("2026-03-01T15:00:00Z", vec![&tokyo]),
        ("2026-03-01T22:59:59Z", vec![&tokyo]),
        ("2026-03-01T23:00:00Z", vec![&tokyo, &elsewhere]),
    ] {
        api.system.advance(now).unwrap();
        let results =
            api.all(&format!("@/workflows/{workflow}/userProcessingResults?$orderby=startedDateTime"));
        let people: Vec<&Json> = results.iter().map(|one| &one["subject"]["id"]).collect();
        assert_eq!(people, processed, "{now}");
    }
}
