//! Triggers as Graph writes them, and what Tenure adds.

use serde_json::{Value, json};
use tenure_lifecycle::directory::attribute;
use tenure_lifecycle::workflow::{
    MANAGER, MembershipChange, Offset, TimeAttribute, TimeOperator, Timing, Trigger,
};

use super::shape::kind;
use crate::errors::GraphError;
use crate::odata::Object;

/// Offsets of our own, beside `offsetInDays`.
const HOURS: &str = "@tenure.offsetInHours";
const BUSINESS_DAYS: &str = "@tenure.offsetInBusinessDays";

/// Members of `workflowTriggerTimeBasedAttribute`.
fn time_attributes() -> Vec<&'static str> {
    TimeAttribute::GRAPH.into_iter().map(TimeAttribute::as_str).collect()
}

/// Reads a trigger.
pub(super) fn read(body: &Object<'_>) -> Result<Trigger, GraphError> {
    let given = body.kind();
    let is = |name: &str| given.eq_ignore_ascii_case(name);
    let says = |name: &str, property: &str| is(name) || (given.is_empty() && body.has(property));
    let number = |name: &str| body.integer(name)?.ok_or_else(|| body.invalid(name, "is required"));
    let trigger = if is("timeBasedAttributeTriggerV2") || (given.is_empty() && body.has("operator")) {
        window(body)?
    } else if says("timeBasedAttributeTrigger", "timeBasedAttribute") {
        let attribute = body
            .member("timeBasedAttribute", &time_attributes(), |text| {
                TimeAttribute::GRAPH.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text))
            })?
            .ok_or_else(|| body.invalid("timeBasedAttribute", "is required"))?;
        Trigger::TimeBased { attribute, offset: offset(body)? }
    } else if says("attributeChangeTrigger", "triggerAttributes") {
        let named = body.objects("triggerAttributes")?;
        let named = named.ok_or_else(|| body.invalid("triggerAttributes", "is required"))?;
        let attributes = named.iter().map(trigger_attribute).collect::<Result<_, _>>()?;
        Trigger::AttributeChange { attributes }
    } else if says("membershipChangeTrigger", "changeType") {
        let change = body
            .member("changeType", &["add", "remove"], MembershipChange::parse)?
            .ok_or_else(|| body.invalid("changeType", "is required"))?;
        Trigger::MembershipChange { change }
    } else if says("userInactivityTrigger", "inactivityPeriodInDays") {
        Trigger::UserInactivity { period_in_days: number("inactivityPeriodInDays")? }
    } else if says("guestSponsorTrigger", "minimumRequiredSponsors") {
        Trigger::GuestSponsor { minimum_required_sponsors: number("minimumRequiredSponsors")? }
    } else {
        return Err(body.invalid(
            "@odata.type",
            "must be #microsoft.graph.identityGovernance.timeBasedAttributeTrigger, timeBasedAttributeTriggerV2, \
             attributeChangeTrigger, membershipChangeTrigger, userInactivityTrigger or guestSponsorTrigger",
        ));
    };
    body.finish()?;
    Ok(trigger)
}

/// How far from the date: in days, or in one of our own units, beside which `offsetInDays` says nothing.
fn offset(body: &Object<'_>) -> Result<Offset, GraphError> {
    let (hours, working) = (body.integer(HOURS)?, body.integer(BUSINESS_DAYS)?);
    let days = body.integer("offsetInDays")?;
    match (hours, working) {
        (None, None) => days.map(Offset::Days).ok_or_else(|| body.invalid("offsetInDays", "is required")),
        (Some(_), Some(_)) => Err(body.invalid(BUSINESS_DAYS, format!("cannot stand beside {HOURS}"))),
        _ if days.is_some_and(|days| days != 0) => {
            let own = if hours.is_some() { HOURS } else { BUSINESS_DAYS };
            Err(body.invalid("offsetInDays", format!("must be 0, or left out, beside {own}")))
        }
        (Some(hours), None) => Ok(Offset::Hours(hours)),
        (None, Some(days)) => Ok(Offset::BusinessDays(days)),
    }
}

/// Graph's second kind of time-based trigger.
fn window(body: &Object<'_>) -> Result<Trigger, GraphError> {
    let name = body.required_text("attribute")?;
    let attribute = TimeAttribute::parse(name.trim()).ok_or_else(|| {
        let dates: Vec<&str> = TimeAttribute::all()
            .map(TimeAttribute::as_str)
            .filter(|name| !name.starts_with("onPremisesExtensionAttributes/"))
            .collect();
        let dates = dates.join(", ");
        body.invalid("attribute", format!("must be a date of a user: {dates}, or an extension attribute"))
    })?;
    let operator = body.object("operator")?.ok_or_else(|| body.invalid("operator", "is required"))?;
    let number = |name: &str| operator.integer(name)?.ok_or_else(|| operator.invalid(name, "is required"));
    let days = Timing::ALL.map(Timing::as_str);
    let timing = operator
        .member("eventTiming", &days, Timing::parse)?
        .ok_or_else(|| operator.invalid("eventTiming", "is required"))?;
    let kind = operator.kind().to_ascii_lowercase();
    let found = match kind.as_str() {
        "operatorequalto" => TimeOperator::EqualTo { offset_in_days: number("offsetInDays")? },
        "operatorlessthanequalto" => {
            TimeOperator::LessThanEqualTo { offset_in_days: number("offsetInDays")? }
        }
        "operatorbetween" => TimeOperator::Between {
            greater_than_offset_in_days: number("greaterThanOffsetInDays")?,
            less_than_offset_in_days: number("lessThanOffsetInDays")?,
        },
        _ => {
            return Err(operator.invalid(
                "@odata.type",
                "must be #microsoft.graph.identityGovernance.operatorEqualTo, operatorLessThanEqualTo or operatorBetween",
            ));
        }
    };
    operator.finish()?;
    Ok(Trigger::TimeWindow { attribute, operator: found, timing })
}

/// The name of an attribute, as Graph spells it if it is known.
fn trigger_attribute(body: &Object<'_>) -> Result<String, GraphError> {
    let name = body.required_text("name")?.trim();
    let known = if name.eq_ignore_ascii_case(MANAGER) {
        Some(MANAGER)
    } else {
        attribute(name).map(|known| known.name)
    };
    let name = known.unwrap_or(name).to_owned();
    body.finish()?;
    Ok(name)
}

/// A trigger, with its type.
pub(super) fn trigger_json(trigger: &Trigger) -> Value {
    let mut json = match trigger {
        Trigger::TimeBased { attribute, offset } => {
            let mut json = json!({ "timeBasedAttribute": attribute.as_str(), "offsetInDays": 0 });
            match offset {
                Offset::Days(days) => json["offsetInDays"] = json!(days),
                Offset::Hours(hours) => json[HOURS] = json!(hours),
                Offset::BusinessDays(days) => json[BUSINESS_DAYS] = json!(days),
            }
            json
        }
        Trigger::TimeWindow { attribute, operator, timing } => {
            let (name, mut operator) = match operator {
                TimeOperator::EqualTo { offset_in_days } => {
                    ("operatorEqualTo", json!({ "offsetInDays": offset_in_days }))
                }
                TimeOperator::LessThanEqualTo { offset_in_days } => {
                    ("operatorLessThanEqualTo", json!({ "offsetInDays": offset_in_days }))
                }
                TimeOperator::Between { greater_than_offset_in_days, less_than_offset_in_days } => (
                    "operatorBetween",
                    json!({
                        "greaterThanOffsetInDays": greater_than_offset_in_days,
                        "lessThanOffsetInDays": less_than_offset_in_days,
                    }),
                ),
            };
            operator["@odata.type"] = json!(kind(name));
            operator["eventTiming"] = json!(timing.as_str());
            json!({ "attribute": attribute.as_str(), "operator": operator })
        }
        Trigger::AttributeChange { attributes } => {
            let named: Vec<Value> = attributes.iter().map(|name| json!({ "name": name })).collect();
            json!({ "triggerAttributes": named })
        }
        Trigger::MembershipChange { change } => json!({ "changeType": change.as_str() }),
        Trigger::UserInactivity { period_in_days } => json!({ "inactivityPeriodInDays": period_in_days }),
        Trigger::GuestSponsor { minimum_required_sponsors } => {
            json!({ "minimumRequiredSponsors": minimum_required_sponsors })
        }
    };
    json["@odata.type"] = json!(kind(trigger.kind()));
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(body: &Value) -> Result<Value, String> {
        let trigger = read(&Object::root(body).unwrap());
        trigger.map(|trigger| trigger_json(&trigger)).map_err(|error| error.target.unwrap_or(error.message))
    }

    fn typed(name: &str, mut body: Value) -> Value {
        body["@odata.type"] = json!(kind(name));
        body
    }

    #[test]
    fn every_trigger_is_shown_as_it_was_sent() {
        let window = |operator: Value| {
            typed(
                "timeBasedAttributeTriggerV2",
                json!({ "attribute": "employeeHireDate", "operator": operator }),
            )
        };
        for body in [
            typed(
                "timeBasedAttributeTrigger",
                json!({ "timeBasedAttribute": "employeeHireDate", "offsetInDays": -2 }),
            ),
            typed(
                "timeBasedAttributeTrigger",
                json!({ "timeBasedAttribute": "createdDateTime", "offsetInDays": 0, HOURS: -36 }),
            ),
            typed(
                "timeBasedAttributeTrigger",
                json!({ "timeBasedAttribute": "employeeLeaveDateTime", "offsetInDays": 0, BUSINESS_DAYS: 5 }),
            ),
            window(typed("operatorEqualTo", json!({ "offsetInDays": 0, "eventTiming": "on" }))),
            window(typed("operatorLessThanEqualTo", json!({ "offsetInDays": 7, "eventTiming": "before" }))),
            window(typed(
                "operatorBetween",
                json!({ "greaterThanOffsetInDays": 3, "lessThanOffsetInDays": 9, "eventTiming": "after" }),
            )),
            typed(
                "attributeChangeTrigger",
                json!({ "triggerAttributes": [{ "name": "department" }, { "name": "manager" }] }),
            ),
            typed("membershipChangeTrigger", json!({ "changeType": "remove" })),
            typed("userInactivityTrigger", json!({ "inactivityPeriodInDays": 90 })),
            typed("guestSponsorTrigger", json!({ "minimumRequiredSponsors": 0 })),
        ] {
            assert_eq!(kept(&body), Ok(body.clone()));
        }
    }

    #[test]
    fn what_does_not_go_together_is_named() {
        let time = |more: Value| {
            let mut body = json!({ "timeBasedAttribute": "employeeHireDate" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        for (body, named) in [
            (time(json!({})), "offsetInDays"),
            (time(json!({ "offsetInDays": 1, HOURS: 1 })), "offsetInDays"),
            (time(json!({ HOURS: 1, BUSINESS_DAYS: 1 })), BUSINESS_DAYS),
            (time(json!({ HOURS: "1" })), HOURS),
            (json!({ "operator": {} }), "attribute"),
            (json!({ "attribute": "department", "operator": {} }), "attribute"),
            (
                json!({ "attribute": "employeeHireDate", "operator": { "eventTiming": "soon" } }),
                "operator/eventTiming",
            ),
            (
                json!({ "attribute": "employeeHireDate", "operator": { "eventTiming": "on", "offsetInDays": 0 } }),
                "operator/@odata.type",
            ),
            (json!({ "shoe": 1 }), "@odata.type"),
        ] {
            assert_eq!(kept(&body), Err(named.to_owned()), "{body}");
        }
    }
}
