//! `/identityGovernance/lifecycleWorkflows/settings`

use serde_json::json;
use tenure_lifecycle::operations::SettingsPatch;
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
    if body.value("quarantineConfiguration").is_some_and(|value| !value.is_null()) {
        return Err(body.invalid("quarantineConfiguration", "is not supported yet"));
    }
    body.ignore(&["id"]);
    body.finish()?;
    Ok(patch)
}
