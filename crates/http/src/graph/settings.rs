//! `/identityGovernance/lifecycleWorkflows/settings`

use serde_json::{Value, json};
use tenure_lifecycle::calendar::{CalendarSettings, DayOfWeek, WorkDays};
use tenure_lifecycle::directory::attribute;
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::ports::Settings;

use super::quarantine_configuration;
use crate::errors::GraphError;
use crate::odata::{self, Item, Object, Properties, Property};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("@lcw/settings", Permission::ReadCatalogue, get);
    table.patch("@lcw/settings", Permission::WriteSettings, update);
    table
}

const SETTINGS: Properties = Properties {
    of: "the settings",
    list: &[
        Property::shown("workflowScheduleIntervalInHours"),
        Property::shown("emailSettings"),
        Property::shown("quarantineConfiguration"),
        Property::shown(CALENDAR),
        Property::shown(RETENTION),
    ],
};

fn item(settings: &Settings) -> Item {
    let mut item = Item::new();
    let interval = settings.workflow_schedule_interval_in_hours;
    item.insert("workflowScheduleIntervalInHours".to_owned(), interval.into());
    let mail = json!({
        "senderDomain": settings.sender_domain,
        "useCompanyBranding": settings.use_company_branding,
    });
    item.insert("emailSettings".to_owned(), mail);
    let limits = quarantine_configuration::shown(settings.quarantine_configuration.as_ref());
    item.insert("quarantineConfiguration".to_owned(), limits);
    item.insert(CALENDAR.to_owned(), calendar_json(&settings.calendar));
    item.insert(RETENTION.to_owned(), settings.history_retention_in_days.into());
    item
}

/// How days are counted, which Graph does not know.
const CALENDAR: &str = "@tenure.calendar";

/// For how many days history is kept, which Graph does not know.
const RETENTION: &str = "@tenure.historyRetentionInDays";

fn calendar_json(calendar: &CalendarSettings) -> Value {
    let days: Vec<&str> = calendar.work_days.work_days.iter().map(|day| day.as_str()).collect();
    let holidays: Vec<String> = calendar.work_days.holidays.iter().map(ToString::to_string).collect();
    json!({
        "timeZone": calendar.time_zone, "timeZoneAttribute": calendar.time_zone_attribute, "workDays": days,
        "holidays": holidays,
    })
}

/// What the body says of the calendar; what it does not name is as if nobody had ever set it.
fn calendar(body: &Object<'_>) -> Result<CalendarSettings, GraphError> {
    let text = |name: &str| -> Result<Option<String>, GraphError> {
        Ok(body
            .nullable_text(name)?
            .flatten()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned))
    };
    let mut settings = CalendarSettings {
        time_zone: text("timeZone")?,
        time_zone_attribute: text("timeZoneAttribute")?
            .map(|name| attribute(&name).map_or(name, |known| known.name.to_owned())),
        work_days: WorkDays::default(),
    };
    if let Some(days) = body.texts("workDays")? {
        let day = |text: &&str| {
            DayOfWeek::parse(text).ok_or_else(|| body.invalid("workDays", "must hold days such as monday"))
        };
        let mut days: Vec<DayOfWeek> = days.iter().map(day).collect::<Result<_, _>>()?;
        days.sort_unstable_by_key(|day| *day as u8);
        days.dedup();
        settings.work_days.work_days = days;
    }
    for text in body.texts("holidays")?.unwrap_or_default() {
        let day = text.parse().map_err(|_| body.invalid("holidays", "must hold dates such as 2026-12-25"))?;
        settings.work_days.holidays.insert(day);
    }
    body.finish()?;
    Ok(settings)
}

fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let settings = request.lifecycle().store.settings()?;
    odata::entity(request, &SETTINGS, &request.context_path, item(&settings), &[])
}

fn update(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let patch = patch(&Object::root(&body)?)?;
    request.lifecycle().update_settings(&request.caller, &patch)?;
    Ok(Response::no_content())
}

/// What the body says of the settings.
fn patch(body: &Object<'_>) -> Result<SettingsPatch, GraphError> {
    let interval = body.integer("workflowScheduleIntervalInHours")?.map(i64::from);
    let mut patch =
        SettingsPatch { workflow_schedule_interval_in_hours: interval, ..SettingsPatch::default() };
    if let Some(mail) = body.object("emailSettings")? {
        // Clients that know no null send nothing as "".
        let domain = mail.nullable_text("senderDomain")?;
        patch.sender_domain =
            domain.map(|domain| domain.filter(|domain| !domain.is_empty()).map(str::to_owned));
        patch.use_company_branding = mail.boolean("useCompanyBranding")?;
        mail.finish()?;
    }
    let kept = body.nullable_integer(RETENTION)?;
    patch.history_retention_in_days = kept.map(|days| days.map(i64::from));
    patch.calendar = body.object(CALENDAR)?.map(|inner| calendar(&inner)).transpose()?;
    patch.quarantine_configuration = quarantine_configuration::said(body)?;
    body.ignore(&["id"]);
    body.finish()?;
    Ok(patch)
}
