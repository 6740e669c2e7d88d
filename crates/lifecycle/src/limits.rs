//! What an installation allows; the defaults are generous, the configuration may narrow them.

use serde::Deserialize;

/// Limits and engine settings of an installation.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Whose these are; the strict profile also hides later members of enumerations, as Graph does.
    #[serde(skip)]
    pub profile: Profile,
    /// Most subjects of one activate call.
    pub subjects_per_activate: usize,
    /// Most people of one activation for a group or of one whole run again.
    pub subjects_per_scope: usize,
    /// Most workflows that are not deleted.
    pub workflows: usize,
    /// Most tasks of one workflow.
    pub tasks_per_workflow: usize,
    /// Most custom task extensions.
    pub custom_task_extensions: usize,
    /// Largest distance of a trigger from its date, in days, before or after.
    pub offset_in_days: i32,
    /// Largest request body, in bytes; the file of an import has a bound of its own.
    pub body_bytes: usize,
    /// Largest file of an import, in bytes; it is streamed to disk.
    pub import_bytes: u64,
    /// Days after the trigger date on which a person is still processed; `None` is without limit.
    pub catch_up_days: Option<u32>,
    /// People that a scheduled leaver run may hold whatever their share.
    pub leavers_at_most: u64,
    /// Share of all people, in percent, that a scheduled leaver run may hold.
    pub leavers_percent: f64,
    /// Scope rules compare text without regard to case.
    pub scope_rules_ignore_case: bool,
    /// Attempts at an outside effect before it has failed for good.
    pub attempts: u32,
    /// Share of rejected or disappeared rows, in percent, that stops an import.
    pub import_stop_percent: f64,
    /// Rejected or disappeared rows that are always borne.
    pub import_stop_at_least: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            profile: Profile::Generous,
            subjects_per_activate: 100_000,
            subjects_per_scope: 100_000,
            workflows: 10_000,
            tasks_per_workflow: 100,
            custom_task_extensions: 1_000,
            offset_in_days: 3_650,
            body_bytes: 32 * 1024 * 1024,
            import_bytes: 4 * 1024 * 1024 * 1024,
            catch_up_days: Some(3),
            leavers_at_most: 50,
            leavers_percent: 5.0,
            scope_rules_ignore_case: false,
            attempts: 12,
            import_stop_percent: 5.0,
            import_stop_at_least: 5,
        }
    }
}

/// Whose limits hold.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Profile {
    /// Tenure's own.
    #[default]
    Generous,
    /// Graph's, for people who test what they will run against Graph.
    Strict,
}

impl Profile {
    /// What it allows where the configuration says nothing else.
    pub fn limits(self) -> Limits {
        match self {
            Self::Generous => Limits::default(),
            Self::Strict => Limits {
                profile: self,
                subjects_per_activate: 10,
                workflows: 100,
                tasks_per_workflow: 25,
                offset_in_days: 180,
                custom_task_extensions: 100,
                ..Limits::default()
            },
        }
    }
}

impl Limits {
    /// How many people a scheduled leaver run may hold in a directory of `population` people.
    pub fn leavers(&self, population: u64) -> u64 {
        self.leavers_at_most.max((population as f64 * self.leavers_percent / 100.0).floor() as u64)
    }

    /// How many rejected or disappeared rows an import of `rows` rows bears.
    pub fn import_bears(&self, rows: u64) -> u64 {
        self.import_stop_at_least.max((rows as f64 * self.import_stop_percent / 100.0).floor() as u64)
    }
}
