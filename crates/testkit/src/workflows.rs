//! Workflows for tests.

use tenure_lifecycle::ids::TaskDefinitionId;
use tenure_lifecycle::task::task_definitions;
use tenure_lifecycle::workflow::{
    Argument, Category, ExecutionConditions, NewTask, NewWorkflow, Offset, Scope, TimeAttribute, Trigger,
};

/// The id of the built-in task whose name begins so.
pub fn definition(name: &str) -> TaskDefinitionId {
    let found = task_definitions().find(|task| task.display_name.starts_with(name));
    found.map_or(TaskDefinitionId(uuid::Uuid::nil()), tenure_lifecycle::task::TaskDefinition::id)
}

/// A workflow to be.
#[derive(Clone, Debug)]
pub struct WorkflowSpec(pub NewWorkflow);

impl WorkflowSpec {
    /// A workflow that only runs on demand, without tasks yet.
    pub fn on_demand(category: Category) -> Self {
        Self(NewWorkflow {
            category,
            display_name: format!("a {} workflow", category.as_str()),
            description: None,
            is_enabled: true,
            is_scheduling_enabled: false,
            is_by_interval: None,
            quarantine_configuration: None,
            conditions: ExecutionConditions::OnDemandOnly,
            tasks: Vec::new(),
        })
    }

    /// A workflow that runs by itself on a date, for those whom a rule describes.
    pub fn scheduled(category: Category, attribute: TimeAttribute, offset_in_days: i32, rule: &str) -> Self {
        let mut spec = Self::on_demand(category);
        spec.0.is_scheduling_enabled = true;
        spec.0.conditions = ExecutionConditions::TriggerAndScope {
            scope: Scope::Rule { rule: rule.to_owned() },
            trigger: Trigger::TimeBased { attribute, offset: Offset::Days(offset_in_days) },
        };
        spec
    }

    /// The same with one more task; names of arguments and their values.
    pub fn task(mut self, name: &str, arguments: &[(&str, &str)]) -> Self {
        self.0.tasks.push(NewTask {
            task_definition_id: definition(name),
            display_name: format!("{name} {}", self.0.tasks.len() + 1),
            description: None,
            is_enabled: true,
            continue_on_error: None,
            execution_sequence: None,
            arguments: arguments
                .iter()
                .map(|(name, value)| Argument { name: (*name).to_owned(), value: (*value).to_owned() })
                .collect(),
            retry: None,
        });
        self
    }

    /// The same; when its last task fails the next one is run.
    pub fn continuing(mut self) -> Self {
        if let Some(task) = self.0.tasks.last_mut() {
            task.continue_on_error = Some(true);
        }
        self
    }
}
