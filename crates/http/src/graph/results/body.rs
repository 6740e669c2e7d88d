//! What clients send about results. Every mistake names the property.

use jiff::Timestamp;
use tenure_lifecycle::run::{ExecutionType, NewResult, ResultPatch, Status, TaskCounts};

use crate::errors::GraphError;
use crate::odata::{Object, reference};

/// A task result that somebody reports.
#[derive(Debug, PartialEq)]
pub(crate) struct NewTaskResult {
    pub(crate) status: Status,
    pub(crate) created: Timestamp,
    pub(crate) started: Option<Timestamp>,
    pub(crate) completed: Option<Timestamp>,
    pub(crate) failure_reason: Option<String>,
}

/// The body of a create: the result, and the key of the user it names as its subject.
///
/// The `id` is given by the server; one in the body is passed over.
pub(crate) fn new_result(body: &Object<'_>) -> Result<(NewResult, Option<String>), GraphError> {
    body.ignore(&["id"]);
    let said = read(body)?;
    let subject = body.object("subject")?.map(|subject| reference(&subject)).transpose()?;
    body.finish()?;
    let result = NewResult {
        status: required(body, "processingStatus", said.status)?,
        scheduled: required(body, "scheduledDateTime", said.scheduled)?,
        started: said.started.flatten(),
        completed: said.completed.flatten(),
        execution_type: required(body, "workflowExecutionType", said.execution_type)?,
        version: required(body, "workflowVersion", said.version)?,
        tasks: TaskCounts {
            total: required(body, "totalTasksCount", said.total)?,
            failed: required(body, "failedTasksCount", said.failed)?,
            unprocessed: required(body, "totalUnprocessedTasksCount", said.unprocessed)?,
        },
        subject: None,
    };
    Ok((result, subject))
}

/// The body of a change to the result of that id; what is not named stays.
pub(crate) fn result_patch(body: &Object<'_>, id: &str) -> Result<ResultPatch, GraphError> {
    if body.text("id")?.is_some_and(|given| !given.eq_ignore_ascii_case(id)) {
        return Err(body.invalid("id", "never changes"));
    }
    if body.has("subject") {
        return Err(body.invalid("subject", "is set and removed through subject/$ref"));
    }
    let patch = read(body)?;
    body.finish()?;
    Ok(patch)
}

fn read(body: &Object<'_>) -> Result<ResultPatch, GraphError> {
    check_type(body, "userProcessingResult")?;
    for name in ["taskProcessingResults", "reprocessedRuns"] {
        let is_nothing =
            |value: &serde_json::Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if body.value(name).is_some_and(|value| !is_nothing(value)) {
            return Err(body.invalid(name, "cannot be written with the result"));
        }
    }
    let count = |name| body.integer(name).map(|count| count.map(i64::from));
    Ok(ResultPatch {
        status: status(body)?,
        scheduled: body.time("scheduledDateTime")?,
        started: body.nullable_time("startedDateTime")?,
        completed: body.nullable_time("completedDateTime")?,
        execution_type: body.member(
            "workflowExecutionType",
            &names(&ExecutionType::NAMES),
            ExecutionType::parse,
        )?,
        version: count("workflowVersion")?,
        total: count("totalTasksCount")?,
        failed: count("failedTasksCount")?,
        unprocessed: count("totalUnprocessedTasksCount")?,
    })
}

/// The body of a create. The `id` is given by the server; one in the body is passed over.
pub(crate) fn new_task_result(body: &Object<'_>) -> Result<NewTaskResult, GraphError> {
    check_type(body, "taskProcessingResult")?;
    body.ignore(&["id"]);
    for (name, rule) in [
        ("processingInfo", "is kept for tasks of the workflow itself"),
        ("task", "is kept for tasks of the workflow itself"),
        ("subject", "is that of the user result and is not written here"),
        ("workflowSubject", "is that of the user result and is not written here"),
    ] {
        if body.value(name).is_some_and(|value| !value.is_null()) {
            return Err(body.invalid(name, rule));
        }
    }
    let failure_reason = body.nullable_text("failureReason")?.flatten();
    if failure_reason.is_some_and(|reason| reason.contains('\0')) {
        return Err(body.invalid("failureReason", "must not hold a NUL character"));
    }
    let (processing, created) = (status(body)?, body.time("createdDateTime")?);
    let (started, completed) =
        (body.nullable_time("startedDateTime")?, body.nullable_time("completedDateTime")?);
    body.finish()?;
    Ok(NewTaskResult {
        status: required(body, "processingStatus", processing)?,
        created: required(body, "createdDateTime", created)?,
        started: started.flatten(),
        completed: completed.flatten(),
        failure_reason: failure_reason.map(str::to_owned),
    })
}

fn status(body: &Object<'_>) -> Result<Option<Status>, GraphError> {
    body.member("processingStatus", &names(&Status::NAMES), Status::parse)
}

fn names<const N: usize>(members: &[(&'static str, i64); N]) -> [&'static str; N] {
    members.map(|(name, _)| name)
}

fn check_type(body: &Object<'_>, name: &str) -> Result<(), GraphError> {
    if body.kind().is_empty() || body.kind().eq_ignore_ascii_case(name) {
        return Ok(());
    }
    Err(body.invalid("@odata.type", format!("must be '#microsoft.graph.identityGovernance.{name}'")))
}

fn required<T>(body: &Object<'_>, name: &str, value: Option<T>) -> Result<T, GraphError> {
    value.ok_or_else(|| body.invalid(name, "is required"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    /// What is read, or the property at fault.
    fn read_as<T>(body: &Json, read: impl FnOnce(&Object<'_>) -> Result<T, GraphError>) -> Result<T, String> {
        read(&Object::root(body).unwrap()).map_err(|error| {
            assert_eq!(error.status.as_u16(), 400);
            error.target.unwrap()
        })
    }

    fn body() -> Json {
        json!({
            "@odata.type": "#microsoft.graph.identityGovernance.userProcessingResult",
            "completedDateTime": "2026-03-02T10:00:00.1234567+01:00",
            "failedTasksCount": 1,
            "processingStatus": "CompletedWithErrors",
            "scheduledDateTime": "2026-03-02T09:00:00Z",
            "startedDateTime": null,
            "totalTasksCount": 3,
            "totalUnprocessedTasksCount": 0,
            "workflowExecutionType": "ondemand",
            "WORKFLOWVERSION": 2,
        })
    }

    #[test]
    fn a_whole_result_is_read_in_any_letter_case() {
        let (result, subject) = read_as(&body(), new_result).unwrap();
        assert_eq!(result.status, Status::CompletedWithErrors);
        assert_eq!(result.execution_type, ExecutionType::OnDemand);
        assert_eq!(result.completed, "2026-03-02T09:00:00.123Z".parse().ok());
        assert_eq!((result.started, result.version), (None, 2));
        assert_eq!(result.tasks, TaskCounts { total: 3, failed: 1, unprocessed: 0 });
        assert_eq!(subject, None);
        let mut about_somebody = body();
        about_somebody["subject"] = json!({ "id": "abc" });
        about_somebody["id"] = json!("ignored");
        assert_eq!(read_as(&about_somebody, new_result).unwrap().1.as_deref(), Some("abc"));
    }

    #[test]
    fn each_required_property_that_is_missing_or_null_is_named() {
        for property in [
            "failedTasksCount",
            "processingStatus",
            "scheduledDateTime",
            "totalTasksCount",
            "totalUnprocessedTasksCount",
            "workflowExecutionType",
            "workflowVersion",
        ] {
            let mut missing = body();
            missing.as_object_mut().unwrap().retain(|name, _| !name.eq_ignore_ascii_case(property));
            assert_eq!(read_as(&missing, new_result).unwrap_err(), property);
            missing[property] = Json::Null;
            assert_eq!(read_as(&missing, new_result).unwrap_err(), property);
        }
    }

    #[test]
    fn each_wrong_value_is_named() {
        for (property, wrong, named) in [
            ("totalTasksCount", json!(2_147_483_648_i64), "totalTasksCount"),
            ("totalUnprocessedTasksCount", json!("3"), "totalUnprocessedTasksCount"),
            ("failedTasksCount", json!(1.5), "failedTasksCount"),
            ("processingStatus", json!("done"), "processingStatus"),
            ("processingStatus", json!("unknownFutureValue"), "processingStatus"),
            ("workflowExecutionType", json!(0), "workflowExecutionType"),
            ("scheduledDateTime", json!("yesterday"), "scheduledDateTime"),
            ("completedDateTime", json!(5), "completedDateTime"),
            ("taskProcessingResults", json!([{}]), "taskProcessingResults"),
            ("subject", json!("somebody"), "subject"),
            ("subject", json!({}), "subject/id"),
            ("shoeSize", json!(43), "shoeSize"),
            ("@odata.type", json!("#microsoft.graph.user"), "@odata.type"),
        ] {
            let mut wrong_body = body();
            wrong_body[property] = wrong;
            assert_eq!(read_as(&wrong_body, new_result).unwrap_err(), named);
        }
    }

    #[test]
    fn a_change_may_name_any_part_and_clear_times() {
        let body = json!({ "completedDateTime": null, "failedTasksCount": 2, "id": "A" });
        let patch = read_as(&body, |body| result_patch(body, "a")).unwrap();
        assert_eq!(patch, ResultPatch { completed: Some(None), failed: Some(2), ..ResultPatch::default() });
        assert_eq!(read_as(&body, |body| result_patch(body, "b")).unwrap_err(), "id");
        let body = json!({ "subject": null });
        assert_eq!(read_as(&body, |body| result_patch(body, "a")).unwrap_err(), "subject");
        let body = json!({ "scheduledDateTime": null });
        assert_eq!(read_as(&body, |body| result_patch(body, "a")).unwrap_err(), "scheduledDateTime");
    }

    #[test]
    fn a_task_result_needs_its_status_and_creation() {
        let created = "2026-03-02T09:00:00Z";
        let whole = json!({ "createdDateTime": created, "processingstatus": "FAILED", "failureReason": "no", "task": null });
        assert_eq!(
            read_as(&whole, new_task_result),
            Ok(NewTaskResult {
                status: Status::Failed,
                created: created.parse().unwrap(),
                started: None,
                completed: None,
                failure_reason: Some("no".to_owned()),
            })
        );
        for (property, wrong) in [
            ("createdDateTime", json!(null)),
            ("startedDateTime", json!("2026-13-01T00:00:00Z")),
            ("failureReason", json!(["a"])),
            ("failureReason", json!("a\0b")),
            ("processingStatus", json!("ok")),
            ("processingInfo", json!("x")),
            ("task", json!({ "id": "x" })),
            ("subject", json!({ "id": "x" })),
            ("colour", json!("blue")),
        ] {
            let mut body = json!({ "createdDateTime": created, "processingStatus": "queued" });
            body[property] = wrong;
            assert_eq!(read_as(&body, new_task_result).unwrap_err(), property);
        }
        let body = json!({ "createdDateTime": created });
        assert_eq!(read_as(&body, new_task_result).unwrap_err(), "processingStatus");
    }
}
