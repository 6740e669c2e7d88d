//! `microsoft.graph.identityGovernance.quarantineConfiguration`, of the settings and of a workflow.

use serde_json::{Value, json};
use tenure_lifecycle::workflow::{MatchMode, QuarantineCondition, QuarantineConfiguration};

use crate::errors::GraphError;
use crate::odata::{Nullable, Object};

/// The property.
const NAME: &str = "quarantineConfiguration";

/// The JSON of the limits; null if there are none.
pub(super) fn shown(limits: Option<&QuarantineConfiguration>) -> Value {
    limits.map_or(Value::Null, limits_json)
}

/// What a body says of the limits: nothing, that there are none, or which.
pub(super) fn said(body: &Object<'_>) -> Result<Nullable<QuarantineConfiguration>, GraphError> {
    Ok(match body.object(NAME)? {
        Some(inner) => Some(Some(limits(&inner)?)),
        None => body.has(NAME).then_some(None),
    })
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
