//! `/identityGovernance/lifecycleWorkflows/settings`

use serde_json::{Value, json};
use tenure_lifecycle::calendar::{CalendarSettings, DayOfWeek, WorkDays};
use tenure_lifecycle::directory::attribute;
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::ports::Settings;
use tenure_lifecycle::workflow::{MatchMode, QuarantineCondition, QuarantineConfiguration};

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
    let limits = settings.quarantine_configuration.as_ref().map_or(Value::Null, limits_json);
    item.insert("quarantineConfiguration".to_owned(), limits);
    item.insert(CALENDAR.to_owned(), calendar_json(&settings.calendar));
    item
}

/// How days are counted, which Graph does not know.
const CALENDAR: &str = "@tenure.calendar";

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

fn limits_json(limits: &QuarantineConfiguration) -> Value {
    let kind = |name: &str| format!("#microsoft.graph.identityGovernance.{name}QuarantineCondition");
    let condition = |condition: &QuarantineCondition| match condition {
        QuarantineCondition::Count(threshold) => {
            json!({ "@odata.type": kind("countBased"), "threshold": threshold })
        }
        QuarantineCondition::Percentage(percentage) => {
            json!({ "@odata.type": kind("percentageBased"), "percentage": percentage })
        }
    };
    let conditions: Vec<Value> = limits.conditions.iter().map(condition).collect();
    json!({ "conditions": conditions, "matchMode": limits.match_mode.as_str() })
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
    patch.calendar = body.object(CALENDAR)?.map(|inner| calendar(&inner)).transpose()?;
    patch.quarantine_configuration = match body.object("quarantineConfiguration")? {
        Some(inner) => Some(Some(limits(&inner)?)),
        None => body.has("quarantineConfiguration").then_some(None),
    };
    body.ignore(&["id"]);
    body.finish()?;
    Ok(patch)
}

/// When workflows are held back; what is combined, by any unless somebody says otherwise, is one or more conditions.
fn limits(body: &Object<'_>) -> Result<QuarantineConfiguration, GraphError> {
    let conditions = body.objects("conditions")?.ok_or_else(|| body.invalid("conditions", "is required"))?;
    let match_mode = body.member("matchMode", &["any", "all"], MatchMode::parse)?.unwrap_or(MatchMode::Any);
    let conditions = conditions.iter().map(condition).collect::<Result<_, _>>()?;
    body.finish()?;
    Ok(QuarantineConfiguration { conditions, match_mode })
}

fn condition(body: &Object<'_>) -> Result<QuarantineCondition, GraphError> {
    let kind = body.kind();
    let is =
        |name: &str, member: &str| kind.eq_ignore_ascii_case(name) || (kind.is_empty() && body.has(member));
    let read = if is("countBasedQuarantineCondition", "threshold") {
        let threshold = body.value("threshold").ok_or_else(|| body.invalid("threshold", "is required"))?;
        let threshold =
            threshold.as_i64().ok_or_else(|| body.invalid("threshold", "must be a whole number"))?;
        QuarantineCondition::Count(threshold)
    } else if is("percentageBasedQuarantineCondition", "percentage") {
        let percentage = body.integer("percentage")?;
        QuarantineCondition::Percentage(percentage.ok_or_else(|| body.invalid("percentage", "is required"))?)
    } else {
        return Err(body.invalid(
            "@odata.type",
            "must be #microsoft.graph.identityGovernance.countBasedQuarantineCondition or \
                #microsoft.graph.identityGovernance.percentageBasedQuarantineCondition",
        ));
    };
    body.finish()?;
    Ok(read)
}
