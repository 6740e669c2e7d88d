//! The settings of the organisation: one row of `meta`.

use tenure_lifecycle::audit::Entry;
use tenure_lifecycle::ports::{Settings, StoreError};
use tenure_lifecycle::workflow::QuarantineConfiguration;

use super::audit::append_entry;
use super::db::Connection;
use super::meta;
use super::rows::{corrupt, database};

/// Reads the stored settings; those of before had three members or more.
fn stored_settings(text: &str) -> Option<Settings> {
    let mut stored: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let retention = if stored.len() == 6 { stored.pop() } else { None };
    let calendar = if stored.len() == 5 { stored.pop() } else { None };
    let quarantine = if stored.len() == 4 { stored.pop() } else { None };
    let (interval, domain, branding): (i64, Option<String>, bool) =
        serde_json::from_value(stored.into()).ok()?;
    let quarantine: Option<Option<QuarantineConfiguration>> =
        quarantine.map(serde_json::from_value).transpose().ok()?;
    Some(Settings {
        workflow_schedule_interval_in_hours: interval,
        sender_domain: domain,
        use_company_branding: branding,
        quarantine_configuration: quarantine.flatten(),
        calendar: calendar.map(serde_json::from_value).transpose().ok()?.unwrap_or_default(),
        history_retention_in_days: retention.map(serde_json::from_value).transpose().ok()?.flatten(),
    })
}

/// The settings; the defaults when nobody has written any.
pub(super) fn read(connection: &Connection) -> Result<Settings, StoreError> {
    let found = meta::text(connection, "settings").map_err(database)?;
    let Some(text) = found else { return Ok(Settings::default()) };
    stored_settings(&text).ok_or_else(|| corrupt("meta", "value", "settings"))
}

/// Writes the settings.
pub(super) fn write(connection: &Connection, settings: &Settings, entry: &Entry) -> Result<(), StoreError> {
    let text = serde_json::json!([
        settings.workflow_schedule_interval_in_hours,
        settings.sender_domain,
        settings.use_company_branding,
        settings.quarantine_configuration,
        settings.calendar,
        settings.history_retention_in_days
    ])
    .to_string();
    meta::set_text(connection, "settings", &text).map_err(database)?;
    append_entry(connection, entry, 0, None).map_err(database)
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::workflow::{MatchMode, QuarantineCondition};

    use super::*;

    #[test]
    fn settings_of_before_are_read() {
        let settings = stored_settings(r#"[6, "contoso.com", true]"#).unwrap();
        assert_eq!(
            (settings.workflow_schedule_interval_in_hours, settings.quarantine_configuration),
            (6, None)
        );
        let text = r#"[6, null, false, {"conditions": [{"count": 7}], "matchMode": "all"}]"#;
        let limits = QuarantineConfiguration {
            conditions: vec![QuarantineCondition::Count(7)],
            match_mode: MatchMode::All,
        };
        assert_eq!(stored_settings(text).unwrap().quarantine_configuration, Some(limits));
        assert_eq!(stored_settings(r"[6, null, false, null]").unwrap().quarantine_configuration, None);
        let calendar = serde_json::to_string(&settings.calendar).unwrap();
        let kept = |text: &str| stored_settings(text).unwrap().history_retention_in_days;
        assert_eq!(kept(&format!("[6, null, false, null, {calendar}]")), None);
        assert_eq!(kept(&format!("[6, null, false, null, {calendar}, 400]")), Some(400));
        assert_eq!(stored_settings(r"[6, null]"), None);
    }
}
