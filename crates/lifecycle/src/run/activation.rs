//! What a run that was asked for by hand was asked for: `activationScope` of Graph, without the things it names.

use crate::ids::{Ordinal, RunNumber, Seq};

/// Which tasks are run again: `activationTaskScopeType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskChoice {
    /// All of the workflow's present version.
    All,
    /// Those that failed, or were not reached, in the version they failed in.
    Failed,
}

impl TaskChoice {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "allTasks",
            Self::Failed => "failedTasks",
        }
    }
}

/// Whose results are processed again: `activationUserScopeType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserChoice {
    /// Everybody.
    All,
    /// Those with a task that failed.
    Failed,
}

impl UserChoice {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "allUsers",
            Self::Failed => "failedUsers",
        }
    }
}

/// What a run was activated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivatedOn {
    /// Named users.
    Users,
    /// The members of a group.
    Group,
    /// Results that are processed again.
    Results(TaskChoice),
    /// A run that is processed again.
    Run(TaskChoice, UserChoice),
    /// What a run did, to be taken back.
    Undo,
}

impl ActivatedOn {
    const CODES: [(Self, i64); 9] = [
        (Self::Users, 1),
        (Self::Group, 2),
        (Self::Results(TaskChoice::All), 3),
        (Self::Results(TaskChoice::Failed), 4),
        (Self::Run(TaskChoice::All, UserChoice::All), 5),
        (Self::Run(TaskChoice::All, UserChoice::Failed), 6),
        (Self::Run(TaskChoice::Failed, UserChoice::All), 7),
        (Self::Run(TaskChoice::Failed, UserChoice::Failed), 8),
        (Self::Undo, 9),
    ];

    /// Whether its results are limited to some of the tasks: those that failed before, or those that did something.
    pub fn chooses_tasks(self) -> bool {
        matches!(self, Self::Results(TaskChoice::Failed) | Self::Run(TaskChoice::Failed, _) | Self::Undo)
    }

    /// The stored codes of those.
    pub fn codes_that_choose_tasks() -> Vec<i64> {
        Self::CODES.iter().filter(|(on, _)| on.chooses_tasks()).map(|(_, code)| *code).collect()
    }

    /// The stored code.
    pub fn code(self) -> i64 {
        Self::CODES.iter().find(|(on, _)| *on == self).map_or(0, |(_, code)| *code)
    }

    /// What a stored code stands for.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::CODES.iter().find(|(_, known)| *known == code).map(|(on, _)| *on)
    }
}

/// Whom an activation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// These people, by number.
    Users(Vec<i64>),
    /// Everybody who is in a group, by number.
    Group(i64),
    /// The people of these results.
    Results(Vec<(RunNumber, Seq)>, TaskChoice),
    /// The people of a run.
    Run(RunNumber, TaskChoice, UserChoice),
    /// The people of a run for whom something is on record that is to be taken back.
    Undo(RunNumber, Vec<OnRecord>),
}

/// An entry of the audit that says what a task did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRecord {
    /// The user result.
    pub seq: Seq,
    /// The task's place.
    pub ordinal: Ordinal,
    /// The entry's number.
    pub change: i64,
}

impl Whom {
    /// As it is shown on the run.
    pub fn activated_on(&self) -> ActivatedOn {
        match self {
            Self::Users(_) => ActivatedOn::Users,
            Self::Group(_) => ActivatedOn::Group,
            Self::Results(_, tasks) => ActivatedOn::Results(*tasks),
            Self::Run(_, tasks, users) => ActivatedOn::Run(*tasks, *users),
            Self::Undo(..) => ActivatedOn::Undo,
        }
    }

    /// Which tasks it is about.
    pub fn tasks(&self) -> TaskChoice {
        match self {
            Self::Users(_) | Self::Group(_) | Self::Undo(..) => TaskChoice::All,
            Self::Results(_, tasks) | Self::Run(_, tasks, _) => *tasks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_one_thing_each() {
        for (on, code) in ActivatedOn::CODES {
            assert_eq!((on.code(), ActivatedOn::from_code(code)), (code, Some(on)));
        }
        assert_eq!(ActivatedOn::from_code(0), None);
    }
}
