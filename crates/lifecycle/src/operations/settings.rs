//! The settings of the organisation.

use serde_json::json;

use super::{Lifecycle, OperationError};
use crate::audit::{Activity, Actor, Entry};
use crate::calendar::CalendarSettings;
use crate::ports::Settings;
use crate::token::Caller;
use crate::workflow::QuarantineConfiguration;

/// Settings to change; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsPatch {
    /// Longest time between two sweeps, in hours.
    pub workflow_schedule_interval_in_hours: Option<i64>,
    /// Domain that mails come from; `Some(None)` clears.
    pub sender_domain: Option<Option<String>>,
    /// Whether mails carry the organisation's branding.
    pub use_company_branding: Option<bool>,
    /// When workflows are held back; `Some(None)` leaves it to the limits of the installation.
    pub quarantine_configuration: Option<Option<QuarantineConfiguration>>,
    /// How days are counted.
    pub calendar: Option<CalendarSettings>,
    /// For how many days after their end runs are kept; `Some(None)` is for ever.
    pub history_retention_in_days: Option<Option<i64>>,
}

/// Fewest and most days for which history is kept, if not for ever: a day is what the limits of quarantine look back.
const RETENTION: std::ops::RangeInclusive<i64> = 1..=36_500;

impl SettingsPatch {
    /// `domains` are those of the organisation; if nobody has said which these are, mails may come from any.
    fn apply(&self, before: &Settings, domains: &[String]) -> Result<Settings, OperationError> {
        let mut settings = before.clone();
        if let Some(hours) = self.workflow_schedule_interval_in_hours {
            if !(1..=24).contains(&hours) {
                return Err(OperationError::invalid(
                    "workflowScheduleIntervalInHours",
                    "must lie between 1 and 24",
                ));
            }
            settings.workflow_schedule_interval_in_hours = hours;
        }
        if let Some(domain) = &self.sender_domain {
            if domain.as_deref().is_some_and(|domain| !is_domain(domain)) {
                return Err(OperationError::invalid(
                    "emailSettings/senderDomain",
                    "must be a domain such as contoso.com",
                ));
            }
            let is_own = |domain: &str| domains.iter().any(|own| own.eq_ignore_ascii_case(domain));
            if domain.as_deref().is_some_and(|domain| !domains.is_empty() && !is_own(domain)) {
                return Err(OperationError::invalid(
                    "emailSettings/senderDomain",
                    format!("must be one of the organisation's verified domains: {}", domains.join(", ")),
                ));
            }
            settings.sender_domain.clone_from(domain);
        }
        settings.use_company_branding = self.use_company_branding.unwrap_or(settings.use_company_branding);
        if let Some(limits) = &self.quarantine_configuration {
            if let Some(limits) = limits {
                limits.validate("quarantineConfiguration")?;
            }
            settings.quarantine_configuration.clone_from(limits);
        }
        if let Some(calendar) = &self.calendar {
            calendar.validate("@tenure.calendar")?;
            settings.calendar.clone_from(calendar);
        }
        if let Some(days) = self.history_retention_in_days {
            if days.is_some_and(|days| !RETENTION.contains(&days)) {
                let (least, most) = (RETENTION.start(), RETENTION.end());
                return Err(OperationError::invalid(
                    "@tenure.historyRetentionInDays",
                    format!("must lie between {least} and {most}, or be null"),
                ));
            }
            settings.history_retention_in_days = days;
        }
        Ok(settings)
    }
}

impl Lifecycle {
    /// Changes the settings; a change that changes nothing is not recorded.
    pub fn update_settings(
        &self,
        caller: &Caller,
        patch: &SettingsPatch,
    ) -> Result<Settings, OperationError> {
        let before = self.store.settings()?;
        let after = patch.apply(&before, &self.organization.verified_domains)?;
        if after != before {
            let (at, actor) = (self.now(), Actor::Caller(caller.id));
            let (old, new) = (Some(described(&before)), Some(described(&after)));
            let entry = Entry { at, actor, activity: Activity::UpdateSettings, before: old, after: new };
            self.store.write_settings(&after, at, entry)?;
            self.changes.ring();
            self.notices.ring();
        }
        Ok(after)
    }
}

/// The settings for the audit.
fn described(settings: &Settings) -> String {
    json!({
        "workflowScheduleIntervalInHours": settings.workflow_schedule_interval_in_hours,
        "senderDomain": settings.sender_domain,
        "useCompanyBranding": settings.use_company_branding,
        "quarantineConfiguration": settings.quarantine_configuration,
        "@tenure.calendar": settings.calendar,
        "@tenure.historyRetentionInDays": settings.history_retention_in_days,
    })
    .to_string()
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

    #[test]
    fn what_is_not_named_stays() {
        let domain = Some(Some("contoso.com".to_owned()));
        let patch = SettingsPatch { sender_domain: domain, ..SettingsPatch::default() };
        let settings = patch.apply(&Settings::default(), &[]).unwrap();
        assert_eq!(settings.workflow_schedule_interval_in_hours, 3);
        assert_eq!(settings.sender_domain.as_deref(), Some("contoso.com"));
        assert_eq!(SettingsPatch::default().apply(&settings, &[]).unwrap(), settings);
    }

    #[test]
    fn mails_come_from_a_domain_of_the_organisation() {
        let own = ["Contoso.com".to_owned()];
        let of = |domain: &str| SettingsPatch {
            sender_domain: Some(Some(domain.to_owned())),
            ..SettingsPatch::default()
        };
        assert!(of("contoso.com").apply(&Settings::default(), &own).is_ok());
        assert!(of("example.com").apply(&Settings::default(), &own).is_err());
        let cleared = SettingsPatch { sender_domain: Some(None), ..SettingsPatch::default() };
        assert!(cleared.apply(&Settings::default(), &own).is_ok());
    }

    #[test]
    fn an_interval_lies_within_a_day_and_a_domain_is_one() {
        for hours in [-1, 0, 25, i64::MAX] {
            let patch = SettingsPatch {
                workflow_schedule_interval_in_hours: Some(hours),
                ..SettingsPatch::default()
            };
            assert!(patch.apply(&Settings::default(), &[]).is_err(), "{hours}");
        }
        for domain in ["", "a b\r\n", "contoso..com", "-a.com", "a@b.com"] {
            let patch =
                SettingsPatch { sender_domain: Some(Some(domain.to_owned())), ..SettingsPatch::default() };
            assert!(patch.apply(&Settings::default(), &[]).is_err(), "{domain}");
        }
    }
}
