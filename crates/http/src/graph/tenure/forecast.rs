//! `GET …/tenure.forecast` and `GET …/tenure.forecastSummary`, of one workflow and of all

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tenure_lifecycle::engine::{Foreseen, Until};
use tenure_lifecycle::operations::{Outlook, OutlookDay, Place, Reason};
use tenure_lifecycle::workflow::Workflow;

use crate::errors::GraphError;
use crate::odata::{self, Item, List, Properties, Property, time, time_or_null, whole_list};
use crate::request::Request;
use crate::response::Response;

/// Days when nobody says.
const DAYS: u32 = 7;
/// Most days.
const MOST: u32 = 3_650;
/// People that a request for a list looks at.
const EXAMINED: usize = 10_000;
/// People that a request for numbers looks at.
const COUNTED: usize = 100_000;

const FORESEEN: Properties = Properties {
    of: "somebody who becomes due",
    list: &[
        Property::shown("workflow"),
        Property::shown("subject"),
        Property::shown("attribute"),
        Property::shown("attributeDateTime"),
        Property::shown("dueDateTime"),
        Property::shown("runDateTime"),
        Property::shown("untilDateTime"),
        Property::shown("isProcessed"),
        Property::shown("reasons"),
    ],
};

const OUTLOOK: Properties = Properties { of: "a forecast", list: &[] };

/// Who becomes due for a workflow, whether or not it is run by itself now.
pub(super) fn of_workflow(request: &Request) -> Result<Response, GraphError> {
    people(request, vec![request.workflow()?])
}

/// Who becomes due for any workflow that is run by itself now.
pub(super) fn of_all(request: &Request) -> Result<Response, GraphError> {
    let mut workflows = request.lifecycle().store.workflows(false)?;
    workflows.retain(Workflow::is_scheduled);
    people(request, workflows)
}

/// How many people become due for a workflow, day by day.
pub(super) fn summary_of_workflow(request: &Request) -> Result<Response, GraphError> {
    outlook(request, vec![request.workflow()?])
}

/// How many people become due for each workflow, day by day.
pub(super) fn summary_of_all(request: &Request) -> Result<Response, GraphError> {
    outlook(request, request.lifecycle().store.workflows(false)?)
}

fn days(request: &Request) -> Result<u32, GraphError> {
    Ok(request.options.number("days", 1..=MOST)?.unwrap_or(DAYS))
}

fn people(request: &Request, workflows: Vec<Workflow>) -> Result<Response, GraphError> {
    request.options.refuse(&["count"])?;
    request.expansion(&[])?;
    let (query, days) = (request.query(&FORESEEN)?, days(request)?);
    let after = query.after.as_deref().map(read).transpose()?;
    let foreseen = request.lifecycle().forecast(&workflows, days, after, query.limit, EXAMINED)?;
    let items = foreseen.found.iter().map(|(place, one)| item(&workflows[*place], one)).collect();
    let list = List { items, next: foreseen.next.map(written), ..List::default() };
    odata::list(request, &FORESEEN, &request.context_path, list)
}

fn item(workflow: &Workflow, one: &Foreseen) -> Item {
    let until = match one.due.until {
        Until::At(until) => Some(until),
        Until::CatchUp | Until::Never => None,
    };
    let attribute = workflow.conditions.trigger_and_scope().and_then(|(_, trigger)| trigger.attribute());
    let mut reasons = Vec::new();
    if !one.in_scope {
        reasons.push(Reason::OutOfScope);
    }
    if one.used {
        reasons.push(Reason::OccasionUsed);
    }
    let mut item = Item::new();
    let mut set = |name: &str, value: Json| item.insert(name.to_owned(), value);
    set("workflow", json!({ "id": workflow.id, "displayName": workflow.display_name }));
    set("subject", json!({ "id": one.user.id, "displayName": one.user.text("displayName") }));
    set("attribute", json!(attribute));
    set("attributeDateTime", time(one.date));
    set("dueDateTime", time(one.due.at));
    set("runDateTime", time(one.runs));
    set("untilDateTime", time_or_null(until));
    set("isProcessed", one.is_processed().into());
    set("reasons", reasons.into_iter().map(reason).collect());
    item
}

fn outlook(request: &Request, workflows: Vec<Workflow>) -> Result<Response, GraphError> {
    let options = ["filter", "orderby", "select", "expand", "top", "skip", "skiptoken", "count", "search"];
    request.options.refuse(&options)?;
    let found = request.lifecycle().outlook(workflows, days(request)?, COUNTED)?;
    let items: Vec<Json> = found.iter().map(shown).collect();
    whole_list(request, &OUTLOOK, &items, None, None)
}

fn shown(outlook: &Outlook) -> Json {
    let day = |day: &OutlookDay| {
        json!({
            "date": day.date.to_string(),
            "peopleCount": day.people,
            "outOfScopeCount": day.out_of_scope,
            "occasionUsedCount": day.used,
        })
    };
    let Outlook { workflow, .. } = outlook;
    json!({
        "workflow": {
            "id": workflow.id, "displayName": workflow.display_name, "category": workflow.category.as_str(),
        },
        "attribute": outlook.attribute,
        "reasons": outlook.reasons.iter().map(|one| reason(*one)).collect::<Vec<_>>(),
        "peopleCount": outlook.people,
        "isComplete": outlook.is_complete,
        "days": outlook.days.iter().map(day).collect::<Vec<_>>(),
        "quarantine": outlook.held_back.as_ref().map(|(at, reason)| {
            json!({ "quarantinedDateTime": time(*at), "quarantineReason": reason })
        }),
    })
}

pub(super) fn reason(reason: Reason) -> Json {
    json!({ "code": reason.as_str(), "message": reason.message() })
}

/// A place in the list as a mark.
fn written((workflow, (date, number)): Place) -> String {
    format!("{workflow} {} {number}", date.as_millisecond())
}

fn read(mark: &str) -> Result<Place, GraphError> {
    let parse = || {
        let [workflow, date, number] = mark.splitn(3, ' ').collect::<Vec<_>>().try_into().ok()?;
        let date = Timestamp::from_millisecond(date.parse().ok()?).ok()?;
        Some((workflow.parse().ok()?, (date, number.parse().ok()?)))
    };
    parse().ok_or_else(|| GraphError::option("$skiptoken", "does not belong to this list"))
}
