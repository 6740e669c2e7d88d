//! Execution conditions: scope (who) and trigger (when).

use serde::{Deserialize, Serialize};

use super::Trigger;
use crate::ids::GroupId;

/// When and for whom a workflow runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ExecutionConditions {
    /// Only when somebody activates it.
    OnDemandOnly,
    /// By itself, for those in scope when the trigger says so.
    #[serde(alias = "eventAndScope")]
    TriggerAndScope {
        /// Who.
        scope: Scope,
        /// When.
        trigger: Trigger,
    },
}

impl ExecutionConditions {
    /// Why it cannot run by itself; `None` if it can.
    pub fn unscheduled(&self) -> Option<String> {
        match self {
            Self::OnDemandOnly => Some("cannot be true for a workflow that only runs on demand".to_owned()),
            Self::TriggerAndScope { .. } => None,
        }
    }

    /// Who and when, unless it only runs on demand.
    pub fn trigger_and_scope(&self) -> Option<(&Scope, &Trigger)> {
        match self {
            Self::OnDemandOnly => None,
            Self::TriggerAndScope { scope, trigger } => Some((scope, trigger)),
        }
    }
}

/// Who.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Scope {
    /// Those whom a rule describes; kept as text, checked when the workflow is written.
    Rule {
        /// The rule.
        rule: String,
    },
    /// Members of any of these groups.
    Groups {
        /// The groups.
        groups: Vec<GroupId>,
    },
}
