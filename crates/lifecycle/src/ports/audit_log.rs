//! Reading the audit.

use super::{Query, QueryError, Slice, StoreError};
use crate::audit::Record;

/// The audit, for reading.
pub trait AuditLog {
    /// Entries, newest first, or oldest first if that is the order asked for. A filter bounds them by time through an
    /// index; by anything else, a bounded number of rows is looked at.
    fn list_audit(&self, query: &Query) -> Result<Slice<Record>, QueryError>;
    /// How many fit.
    fn count_audit(&self, query: &Query) -> Result<i64, QueryError>;
    /// One entry, by number.
    fn audit_entry(&self, number: i64) -> Result<Option<Record>, StoreError>;
}
