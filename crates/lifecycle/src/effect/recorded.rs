//! What a run did to a person, as the audit has it, with what it takes to take it back.

use jiff::Timestamp;

use crate::audit::Activity;
use crate::directory::{Assignment, AssignmentRequest};
use crate::ids::{MethodId, Ordinal};

/// One entry of the audit that says what a task did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// The task's place.
    pub ordinal: Ordinal,
    /// What.
    pub activity: Activity,
    /// Whom or what it is about, by number.
    pub target: i64,
    /// The attribute that was changed, by its code.
    pub attribute: Option<i64>,
    /// What else it is about, by number.
    pub object: Option<i64>,
    /// Before, as text.
    pub before: Option<String>,
    /// After, as text.
    pub after: Option<String>,
    /// Its values were erased.
    pub is_erased: bool,
}

/// What a run did to one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The entries, in their order.
    pub records: Vec<Recorded>,
    /// The assignments of the access packages that they name, also those that have ended, as far as package and policy are
    /// still there.
    pub assignments: Vec<Assignment>,
    /// The requests for the access packages that they name, as far as the package is still there.
    pub requests: Vec<AssignmentRequest>,
    /// The temporary access passes that are left, each with the place of the task that issued it.
    pub passes: Vec<(Ordinal, MethodId)>,
    /// Somebody else has the person's user principal name by now.
    pub name_is_taken: bool,
    /// The person was deleted for good.
    pub is_purged: bool,
}

impl History {
    /// The place of the last entry of a task; `None` if it did nothing.
    pub fn last_of(&self, ordinal: Ordinal) -> Option<usize> {
        self.records.iter().rposition(|record| record.ordinal == ordinal)
    }
}
