//! Enum members that came after `unknownFutureValue`: clients that do not know them see that instead.

use tenure_lifecycle::run::{ExecutionType, Status};

use crate::odata::Item;

/// What clients see for a member they did not ask for.
pub(crate) const UNKNOWN: &str = "unknownFutureValue";

/// The statuses that are sent only to those who ask for all members.
pub(crate) const LATER_STATUSES: [Status; 2] = [Status::Canceling, Status::Quarantined];

/// The execution types that are sent only to those who ask for all members.
pub(crate) const LATER_TYPES: [ExecutionType; 2] =
    [ExecutionType::ActivatedWithScope, ExecutionType::Preview];

/// Which members of enumerations the client understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    /// Those before `unknownFutureValue`.
    Early,
    /// All: the client sent `Prefer: include-unknown-enum-members`.
    All,
}

impl Members {
    /// The status as this client reads it.
    pub(crate) fn status(self, status: Status) -> &'static str {
        match self {
            Self::Early if LATER_STATUSES.contains(&status) => UNKNOWN,
            Self::Early | Self::All => status.as_str(),
        }
    }

    /// Hides, in an item that was made with all members, those that this client does not know.
    pub(crate) fn hide(self, item: &mut Item) {
        if self == Self::All {
            return;
        }
        let statuses = LATER_STATUSES.map(Status::as_str);
        let types = LATER_TYPES.map(ExecutionType::as_str);
        for (name, later) in [("processingStatus", statuses), ("workflowExecutionType", types)] {
            if let Some(member) =
                item.get_mut(name).filter(|member| later.iter().any(|later| *member == later))
            {
                *member = UNKNOWN.into();
            }
        }
    }

    /// The execution type as this client reads it.
    pub(crate) fn execution_type(self, kind: ExecutionType) -> &'static str {
        match self {
            Self::Early if LATER_TYPES.contains(&kind) => UNKNOWN,
            Self::Early | Self::All => kind.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_members_are_sent_only_to_those_who_ask() {
        assert_eq!(Members::Early.status(Status::Canceling), "unknownFutureValue");
        assert_eq!(Members::Early.status(Status::Quarantined), "unknownFutureValue");
        assert_eq!(Members::Early.status(Status::CompletedWithErrors), "completedWithErrors");
        assert_eq!(Members::All.status(Status::Canceling), "canceling");
        assert_eq!(Members::Early.execution_type(ExecutionType::Preview), "unknownFutureValue");
        assert_eq!(Members::Early.execution_type(ExecutionType::OnDemand), "onDemand");
        assert_eq!(Members::All.execution_type(ExecutionType::ActivatedWithScope), "activatedWithScope");
    }
}
