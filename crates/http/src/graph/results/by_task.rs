//! A filter of task reports by their task or its definition, turned into one by version and place.
//!
//! A report is one place of one version, and which task stood there only the workflow's versions know.

use tenure_lifecycle::expression::{Expression, Literal, Operator, Path};
use tenure_lifecycle::workflow::Task;

use crate::odata::UNKNOWN;

/// Whether the filter asks for a task or a definition.
pub(crate) fn is_asked(filter: &Expression) -> bool {
    filter.paths().iter().any(|path| Wanted::of(path).is_some())
}

/// The same filter in terms of `workflowVersion` and `executionSequence`.
pub(crate) fn stored(filter: Expression, versions: &[(i64, Vec<Task>)]) -> Expression {
    let each = |parts: Vec<Expression>| parts.into_iter().map(|part| stored(part, versions)).collect();
    match filter {
        Expression::And(parts) => Expression::And(each(parts)),
        Expression::Or(parts) => Expression::Or(each(parts)),
        Expression::Not(part) => Expression::Not(Box::new(stored(*part, versions))),
        Expression::Compare { path, operator, literal } => match Wanted::of(&path.segments) {
            Some(wanted) => {
                let found = wanted.places(&[literal], versions);
                if operator == Operator::Ne { Expression::Not(Box::new(found)) } else { found }
            }
            None => Expression::Compare { path, operator, literal },
        },
        Expression::In { path, literals } => match Wanted::of(&path.segments) {
            Some(wanted) => wanted.places(&literals, versions),
            None => Expression::In { path, literals },
        },
        lambda @ (Expression::Any { .. } | Expression::All { .. }) => lambda,
    }
}

#[derive(Clone, Copy)]
enum Wanted {
    Task,
    Definition,
}

impl Wanted {
    fn of(path: &[String]) -> Option<Self> {
        match path {
            [name, id] if name == "task" && id == "id" => Some(Self::Task),
            [name, id] if name == "taskDefinition" && id == "id" => Some(Self::Definition),
            _ => None,
        }
    }

    /// That the report is at one of the places where such a task stands.
    fn places(self, literals: &[Literal], versions: &[(i64, Vec<Task>)]) -> Expression {
        let fits = |task: &&Task| {
            let id = match self {
                Self::Task => task.id.0,
                Self::Definition => task.task_definition_id.0,
            };
            literals.contains(&Literal::Guid(id))
        };
        let mut places = vec![];
        for (version, tasks) in versions {
            let ordinals: Vec<Literal> =
                tasks.iter().filter(fits).map(|task| Literal::Integer(task.execution_sequence)).collect();
            if !ordinals.is_empty() {
                places.push(Expression::And(vec![
                    one_of("workflowVersion", vec![Literal::Integer(*version)]),
                    one_of("executionSequence", ordinals),
                ]));
            }
        }
        match places.pop() {
            // No report has this status.
            None => one_of("processingStatus", vec![Literal::Text(UNKNOWN.to_owned())]),
            Some(only) if places.is_empty() => only,
            Some(last) => {
                places.push(last);
                Expression::Or(places)
            }
        }
    }
}

fn one_of(property: &str, literals: Vec<Literal>) -> Expression {
    Expression::In { path: Path { variable: None, segments: vec![property.to_owned()] }, literals }
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::expression::parse;
    use tenure_lifecycle::ids::{TaskDefinitionId, TaskId};
    use uuid::Uuid;

    use super::*;

    fn task(id: u128, definition: u128, execution_sequence: i64) -> Task {
        Task {
            id: TaskId(Uuid::from_u128(id)),
            execution_sequence,
            task_definition_id: TaskDefinitionId(Uuid::from_u128(definition)),
            display_name: String::new(),
            description: None,
            is_enabled: true,
            continue_on_error: false,
            arguments: vec![],
            retry: None,
        }
    }

    fn read(text: &str) -> String {
        let versions = [(2, vec![task(21, 9, 1), task(22, 8, 2), task(23, 9, 3)]), (1, vec![task(11, 9, 1)])];
        let text = text.replace('#', "00000000-0000-0000-0000-0000000000");
        let filter = parse(&text).unwrap();
        assert!(is_asked(&filter));
        stored(filter, &versions).to_string()
    }

    #[test]
    fn tasks_and_definitions_are_found_by_place() {
        assert_eq!(read("task/id eq #16"), "workflowVersion in (2) and executionSequence in (2)");
        assert_eq!(
            read("failedUsersCount gt 0 and taskDefinition/id eq #09"),
            "failedUsersCount gt 0 and (workflowVersion in (2) and executionSequence in (1,3) \
             or workflowVersion in (1) and executionSequence in (1))"
        );
        assert_eq!(read("task/id ne #0b"), "not (workflowVersion in (1) and executionSequence in (1))");
        assert_eq!(read("task/id in (#ff)"), "processingStatus in ('unknownFutureValue')");
    }
}
