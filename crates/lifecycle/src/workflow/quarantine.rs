//! Quarantine: a scheduled run that would touch too many people is held back until a person has looked.

use jiff::Timestamp;

/// Why and since when a workflow is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// Since when.
    pub since: Timestamp,
    /// Why; names how many people were due and how many are allowed.
    pub reason: String,
    /// How many people were due.
    pub due: u64,
    /// Which administrators need not be told any more, a bit each in the order in which they are configured.
    pub told: u64,
}

/// What an administrator let through by clearing a quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuarantineApproval {
    /// How many people were due then: that many, beside what is allowed anyway, may be admitted in the day after.
    pub due: u64,
    /// When.
    pub at: Timestamp,
}
