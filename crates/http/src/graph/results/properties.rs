//! What `$select`, `$filter` and `$orderby` may name on runs, results and reports (seed-surface §1 and §5).

use crate::odata::{Kind, Properties, Property, operators};

/// `lifecycleWorkflowProcessingStatus`, in the order of its numbers.
pub(crate) const STATUSES: &[&str] = &[
    "queued",
    "inProgress",
    "completed",
    "completedWithErrors",
    "canceled",
    "failed",
    "unknownFutureValue",
    "canceling",
    "quarantined",
];

/// `workflowExecutionType`, in the order of its numbers.
pub(crate) const EXECUTION_TYPES: &[&str] = &[
    "scheduled",
    "onDemand",
    "unknownFutureValue",
    "activatedWithScope",
    "preview",
    "extensibilityOnDemand",
];

const fn id(name: &'static str) -> Property {
    Property::ordered(name, Kind::Id, operators::EQUALITY)
}

const fn link(name: &'static str) -> Property {
    Property::filtered(name, Kind::Id, operators::EQUALITY)
}

const fn moment(name: &'static str) -> Property {
    Property::ordered(name, Kind::DateTime, operators::ORDER)
}

const fn count(name: &'static str) -> Property {
    Property::ordered(name, Kind::Integer, operators::ORDER)
}

const STATUS: Property = Property::ordered("processingStatus", Kind::Enum(STATUSES), operators::EQUALITY);

/// Of a run.
pub(crate) const RUN: Properties = Properties {
    of: "a run",
    list: &[
        id("id"),
        Property::shown("activatedOnScope"),
        moment("completedDateTime"),
        Property::shown("failedTasksCount"),
        Property::shown("failedUsersCount"),
        moment("lastUpdatedDateTime"),
        STATUS,
        moment("scheduledDateTime"),
        moment("startedDateTime"),
        Property::shown("successfulUsersCount"),
        Property::shown("totalTasksCount"),
        Property::shown("totalUnprocessedTasksCount"),
        Property::shown("totalUsersCount"),
        Property::ordered("workflowExecutionType", Kind::Enum(EXECUTION_TYPES), operators::EQUALITY),
        Property::shown("reprocessedRuns"),
        Property::shown("taskProcessingResults"),
        Property::shown("userProcessingResults"),
    ],
};

/// Of a subject result.
pub(crate) const SUBJECT_RESULT: Properties = Properties {
    of: "a subjectProcessingResult",
    list: &[
        id("id"),
        moment("completedDateTime"),
        Property::shown("failedTasksCount"),
        STATUS,
        moment("scheduledDateTime"),
        moment("startedDateTime"),
        Property::shown("subjectType"),
        Property::shown("totalTasksCount"),
        Property::shown("totalUnprocessedTasksCount"),
        Property::ordered("workflowExecutionType", Kind::Enum(EXECUTION_TYPES), operators::ORDER),
        Property::shown("workflowVersion"),
        Property::shown("subject"),
        Property::shown("taskProcessingResults"),
        Property::shown("reprocessedRuns"),
    ],
};

/// Of a user result.
pub(crate) const USER_RESULT: Properties = Properties {
    of: "a userProcessingResult",
    list: &[
        id("id"),
        moment("completedDateTime"),
        Property::shown("failedTasksCount"),
        STATUS,
        moment("scheduledDateTime"),
        moment("startedDateTime"),
        Property::shown("totalTasksCount"),
        Property::shown("totalUnprocessedTasksCount"),
        Property::ordered("workflowExecutionType", Kind::Enum(EXECUTION_TYPES), operators::ORDER),
        Property::shown("workflowVersion"),
        link("subject"),
        link("subject/id"),
        Property::shown("taskProcessingResults"),
        Property::shown("reprocessedRuns"),
    ],
};

/// Of a task result.
pub(crate) const TASK_RESULT: Properties = Properties {
    of: "a taskProcessingResult",
    list: &[
        id("id"),
        moment("completedDateTime"),
        moment("createdDateTime"),
        Property::shown("failureReason"),
        Property::shown("processingInfo"),
        STATUS,
        moment("startedDateTime"),
        link("subject"),
        link("subject/id"),
        Property::shown("task"),
    ],
};

/// Of a task report.
pub(crate) const REPORT: Properties = Properties {
    of: "a taskReport",
    list: &[
        id("id"),
        moment("completedDateTime"),
        count("failedUsersCount"),
        moment("lastUpdatedDateTime"),
        STATUS,
        id("runId"),
        moment("startedDateTime"),
        count("successfulUsersCount"),
        count("totalUsersCount"),
        count("unprocessedUsersCount"),
        link("task"),
        link("task/id"),
        link("taskDefinition"),
        link("taskDefinition/id"),
        Property::shown("taskProcessingResults"),
    ],
};
