//! A filter as clients write it, turned into one on what the store keeps.

use tenure_lifecycle::expression::{Expression, Literal, Operator, Path};

use super::properties::{EXECUTION_TYPES, STATUSES};
use crate::odata::{Members, UNKNOWN, later_members};

/// Turns a filter that [`super::properties`] let through into one on what the store keeps:
///
/// - A navigation that is compared as a whole (`subject eq 'id'`) is compared by its id.
/// - Members of enumerations are ordered by their numbers, which the store does not know.
/// - `unknownFutureValue` is whatever this client reads as that.
pub(crate) fn stored(filter: Expression, members: Members) -> Expression {
    match filter {
        Expression::And(parts) => {
            Expression::And(parts.into_iter().map(|part| stored(part, members)).collect())
        }
        Expression::Or(parts) => {
            Expression::Or(parts.into_iter().map(|part| stored(part, members)).collect())
        }
        Expression::Not(part) => Expression::Not(Box::new(stored(*part, members))),
        Expression::Compare { path, operator, literal } => match (Enumeration::of(&path), literal) {
            (Some(kind), Literal::Text(member)) => kind.compare(path, operator, &member, members),
            (Some(_), Literal::Null) if operator.is_ordering() => one_of(path, &[UNKNOWN]),
            (_, literal) => Expression::Compare { path: by_id(path), operator, literal },
        },
        Expression::In { path, literals } => match Enumeration::of(&path) {
            Some(kind) => {
                let meant = |literal| match literal {
                    Literal::Text(member) => kind.meant(&member, members).into_iter().map(text).collect(),
                    other => vec![other],
                };
                Expression::In { path, literals: literals.into_iter().flat_map(meant).collect() }
            }
            None => Expression::In { path: by_id(path), literals },
        },
        lambda @ (Expression::Any { .. } | Expression::All { .. }) => lambda,
    }
}

fn by_id(mut path: Path) -> Path {
    if let [name] = path.segments.as_slice()
        && ["subject", "task", "taskDefinition"].contains(&name.as_str())
    {
        path.segments.push("id".to_owned());
    }
    path
}

fn text(member: &str) -> Literal {
    Literal::Text(member.to_owned())
}

fn one_of(path: Path, members: &[&str]) -> Expression {
    Expression::In { path, literals: members.iter().map(|member| text(member)).collect() }
}

#[derive(Clone, Copy)]
enum Enumeration {
    Status,
    ExecutionType,
}

impl Enumeration {
    fn of(path: &Path) -> Option<Self> {
        let [name] = path.segments.as_slice() else { return None };
        [Self::Status, Self::ExecutionType].into_iter().find(|kind| kind.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Status => "processingStatus",
            Self::ExecutionType => "workflowExecutionType",
        }
    }

    fn all(self) -> &'static [&'static str] {
        match self {
            Self::Status => STATUSES,
            Self::ExecutionType => EXECUTION_TYPES,
        }
    }

    /// The stored members that a client means by one.
    fn meant(self, member: &str, members: Members) -> Vec<&'static str> {
        if member == UNKNOWN && members == Members::Early {
            let later = later_members(self.name());
            return self.all().iter().copied().filter(|known| later.contains(known)).collect();
        }
        // Nothing is stored as `unknownFutureValue`, so it stands for nothing.
        vec![self.all().iter().copied().find(|known| *known == member).unwrap_or(UNKNOWN)]
    }

    fn compare(self, path: Path, operator: Operator, member: &str, members: Members) -> Expression {
        if !operator.is_ordering() {
            let fitting = one_of(path, &self.meant(member, members));
            return if operator == Operator::Ne { Expression::Not(Box::new(fitting)) } else { fitting };
        }
        let place = |wanted: &str| self.all().iter().position(|known| *known == wanted);
        let order = |known: &&&str| {
            let (known, member) = (place(known), place(member));
            match operator {
                Operator::Lt => known < member,
                Operator::Le => known <= member,
                Operator::Gt => known > member,
                _ => known >= member,
            }
        };
        let mut fitting: Vec<&str> = self.all().iter().filter(order).copied().collect();
        if fitting.is_empty() {
            fitting.push(UNKNOWN);
        }
        one_of(path, &fitting)
    }
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::expression::parse;

    use super::*;

    fn early(text: &str) -> String {
        stored(parse(text).unwrap(), Members::Early).to_string()
    }

    #[test]
    fn navigations_are_compared_by_their_id() {
        assert_eq!(early("subject eq 'a'"), "subject/id eq 'a'");
        assert_eq!(early("not (subject/id ne 'a') and id eq 'b'"), "not (subject/id ne 'a') and id eq 'b'");
        assert_eq!(
            early("task in ('a') or taskDefinition eq 'b'"),
            "task/id in ('a') or taskDefinition/id eq 'b'"
        );
    }

    #[test]
    fn members_have_the_order_of_their_numbers() {
        assert_eq!(
            early("workflowExecutionType le 'unknownFutureValue'"),
            "workflowExecutionType in ('scheduled','onDemand','unknownFutureValue')"
        );
        assert_eq!(
            early("workflowExecutionType gt 'activatedWithScope'"),
            "workflowExecutionType in ('preview','extensibilityOnDemand')"
        );
        assert_eq!(
            early("workflowExecutionType lt 'scheduled'"),
            "workflowExecutionType in ('unknownFutureValue')"
        );
        assert_eq!(early("workflowExecutionType ge null"), "workflowExecutionType in ('unknownFutureValue')");
    }

    #[test]
    fn what_a_client_reads_as_unknown_it_finds_as_unknown() {
        assert_eq!(
            early("processingStatus eq 'unknownFutureValue' or processingStatus ne 'failed'"),
            "processingStatus in ('canceling','quarantined') or not (processingStatus in ('failed'))"
        );
        assert_eq!(
            early("workflowExecutionType in ('unknownFutureValue','onDemand')"),
            "workflowExecutionType in ('activatedWithScope','preview','onDemand')"
        );
        let filter = parse("processingStatus eq 'unknownFutureValue'").unwrap();
        assert_eq!(stored(filter, Members::All).to_string(), "processingStatus in ('unknownFutureValue')");
    }
}
