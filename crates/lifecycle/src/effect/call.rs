//! A call of a custom task extension as it is frozen until it is made: what the body says (behaviour §12).

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::clock::from_millis;

use crate::ids::{ExtensionId, TaskId, UserId, WorkflowId};

/// What the endpoint is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The extension; how it is called is looked up when it is.
    pub extension: ExtensionId,
    /// Its number, for the audit.
    pub number: i64,
    /// Whom it is about.
    pub subject: CallSubject,
    /// The task.
    pub task: CallTask,
    /// The workflow.
    pub workflow: CallWorkflow,
    /// When the run was made, in milliseconds since 1970: the `createdDateTime` of the task's result.
    pub created: i64,
}

impl Call {
    /// The body of the request; `task_result` is who resumes.
    pub fn body(&self, task_result: Uuid) -> String {
        let Self { subject, task, workflow, .. } = self;
        // As the API writes it: milliseconds only if there are any.
        let digits = if self.created % 1_000 == 0 { 0 } else { 3 };
        let created = from_millis(self.created);
        let resume = format!(
            "/identityGovernance/lifecycleWorkflows/workflows/{}/tasks/{}/taskProcessingResults/{task_result}/resume",
            workflow.id, task.id
        );
        json!({
            "source": "LifecycleWorkflows",
            "type": "lifecycleEvent",
            "data": {
                "callbackUriPath": resume,
                "subject": subject,
                "task": task,
                "taskProcessingResult": {
                    "id": task_result,
                    "createdDateTime": format!("{created:.digits$}"),
                },
                "workflow": workflow,
            },
        })
        .to_string()
    }
}

/// Whom a call is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSubject {
    /// Public id.
    pub id: UserId,
    /// Name.
    pub display_name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// User principal name.
    pub user_principal_name: Option<String>,
    /// Manager.
    pub manager: Option<CallManager>,
}

/// The manager of whom a call is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallManager {
    /// Public id.
    pub id: UserId,
    /// Name.
    pub display_name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
}

/// The task that calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallTask {
    /// Public id.
    pub id: TaskId,
    /// Name.
    pub display_name: String,
}

/// The workflow of the task that calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallWorkflow {
    /// Public id.
    pub id: WorkflowId,
    /// Name.
    pub display_name: String,
    /// Its version.
    pub workflow_version: i64,
}
