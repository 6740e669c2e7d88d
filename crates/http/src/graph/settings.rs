//! `/identityGovernance/lifecycleWorkflows/settings`

use serde_json::{Value, json};
use tenure_lifecycle::audit::{Activity, Actor, Entry};
use tenure_lifecycle::ports::Settings;

use crate::auth::Permission;
use crate::errors::GraphError;
use crate::odata::{self, Item, Object, Properties, Property};
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
    list: &[Property::shown("workflowScheduleIntervalInHours"), Property::shown("emailSettings")],
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
    item
}

fn get(request: &Request) -> Result<Response, GraphError> {
    let settings = request.lifecycle().store.settings()?;
    odata::entity(request, &SETTINGS, &request.context_path, item(&settings), &[])
}

fn update(request: &Request) -> Result<Response, GraphError> {
    let lifecycle = request.lifecycle();
    let before = lifecycle.store.settings()?;
    let body = request.json()?;
    let after = patched(&before, &Object::root(&body)?)?;
    if after != before {
        let text = |settings: &Settings| Some(Value::Object(item(settings)).to_string());
        let (at, actor) = (request.now(), Actor::Caller(request.caller.id));
        let activity = Activity::UpdateSettings;
        let entry = Entry { at, actor, activity, before: text(&before), after: text(&after) };
        lifecycle.store.write_settings(&after, at, entry)?;
        lifecycle.changes.ring();
    }
    Ok(Response::no_content())
}

/// The settings with what the body says.
fn patched(before: &Settings, body: &Object<'_>) -> Result<Settings, GraphError> {
    let mut settings = before.clone();
    let interval = "workflowScheduleIntervalInHours";
    if let Some(hours) = body.integer(interval)? {
        if !(1..=24).contains(&hours) {
            return Err(body.invalid(interval, "must lie between 1 and 24"));
        }
        settings.workflow_schedule_interval_in_hours = i64::from(hours);
    }
    if let Some(mail) = body.object("emailSettings")? {
        if let Some(domain) = mail.nullable_text("senderDomain")? {
            let domain = domain.filter(|domain| !domain.is_empty());
            if domain.is_some_and(|domain| !is_domain(domain)) {
                return Err(mail.invalid("senderDomain", "must be a domain such as contoso.com"));
            }
            settings.sender_domain = domain.map(str::to_owned);
        }
        if let Some(branding) = mail.boolean("useCompanyBranding")? {
            settings.use_company_branding = branding;
        }
        mail.finish()?;
    }
    if body.value("quarantineConfiguration").is_some_and(|value| !value.is_null()) {
        return Err(body.invalid("quarantineConfiguration", "is not supported yet"));
    }
    body.ignore(&["id"]);
    body.finish()?;
    Ok(settings)
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(body: &Value) -> Result<Settings, String> {
        let object = Object::root(body).unwrap();
        patched(&Settings::default(), &object).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn what_is_not_named_stays() {
        let settings = patch(&json!({"emailSettings": {"senderDomain": "contoso.com"}})).unwrap();
        assert_eq!(settings.workflow_schedule_interval_in_hours, 3);
        assert_eq!(settings.sender_domain.as_deref(), Some("contoso.com"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, named) in [
            (json!({"workflowScheduleIntervalInHours": 0}), "workflowScheduleIntervalInHours"),
            (json!({"workflowScheduleIntervalInHours": 25}), "workflowScheduleIntervalInHours"),
            (json!({"workflowScheduleIntervalInHours": "3"}), "workflowScheduleIntervalInHours"),
            (json!({"emailSettings": {"senderDomain": "a b\r\n"}}), "emailSettings/senderDomain"),
            (json!({"emailSettings": {"logo": 1}}), "emailSettings/logo"),
            (json!({"quarantineConfiguration": {}}), "quarantineConfiguration"),
        ] {
            assert_eq!(patch(&body), Err(named.to_owned()), "{body}");
        }
    }
}
