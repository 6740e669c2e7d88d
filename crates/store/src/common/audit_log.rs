//! The audit as a log: clustered by time through an index, newest first.

use std::borrow::Cow;
use std::sync::LazyLock;

use tenure_lifecycle::audit::{Activity, Record, Service, TargetKind};
use tenure_lifecycle::expression::{Expression, Literal, Operator};
use tenure_lifecycle::ports::{AuditLog, Query, QueryError, Slice, StoreError};

use super::Store;
use super::audit_entry::{ENTRY, StoredEntry, entry};
use super::audit_resolve::{about_targets, resolve};
use super::db::{Connection, OptionalExtension};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment};
use super::rows::database;

/// The codes of the activities for which something holds, as an SQL list; if it holds for none, one in which nothing is.
fn codes(holds: impl Fn(Activity) -> bool) -> String {
    let codes: Vec<String> =
        Activity::ALL.into_iter().filter(|one| holds(*one)).map(|one| one.code().to_string()).collect();
    if codes.is_empty() { "(NULL)".to_owned() } else { format!("({})", codes.join(", ")) }
}

/// What SQL says about an activity: the texts that it has by a function of it.
fn text_of(name: impl Fn(Activity) -> &'static str) -> String {
    let mut texts: Vec<&'static str> = Activity::ALL.into_iter().map(&name).collect();
    texts.sort_unstable();
    texts.dedup();
    let cases: Vec<String> = texts
        .into_iter()
        .map(|text| format!("WHEN a.activity IN {} THEN '{text}'", codes(|one| name(one) == text)))
        .collect();
    format!("CASE {} END", cases.join(" "))
}

/// The column of targets or objects of one kind.
fn numbers(of: impl Fn(Activity) -> TargetKind, kind: TargetKind, column: &str) -> String {
    format!("CASE WHEN a.activity IN {} THEN {column} END", codes(|one| of(one) == kind))
}

static COLUMNS: LazyLock<Vec<(String, String, ColumnKind)>> = LazyLock::new(|| {
    let mut columns = vec![
        ("activityDateTime", "a.at".to_owned(), ColumnKind::TimestampMillis),
        ("activityDisplayName", text_of(Activity::name), ColumnKind::Text),
        ("category", text_of(Activity::category), ColumnKind::Text),
        ("operationType", text_of(|one| one.operation().as_str()), ColumnKind::Text),
        (
            "loggedByService",
            format!(
                "CASE WHEN a.run IS NOT NULL OR a.activity IN {} THEN '{}' ELSE '{}' END",
                codes(|one| one.service() == Service::LifecycleWorkflows),
                Service::LifecycleWorkflows.as_str(),
                Service::CoreDirectory.as_str()
            ),
            ColumnKind::Text,
        ),
        (
            "result",
            format!(
                "CASE WHEN a.activity IN {} THEN 'failure' ELSE 'success' END",
                codes(Activity::has_failed)
            ),
            ColumnKind::Text,
        ),
        (
            "correlationId",
            "(SELECT address(1, r.epoch, a.run, 0, 0)
                FROM (SELECT number, epoch FROM runs UNION ALL SELECT number, epoch FROM past_runs) r
               WHERE r.number = a.run)"
                .to_owned(),
            ColumnKind::GuidBlob,
        ),
        (
            "initiatedBy/user/id",
            "(SELECT w.id FROM users w WHERE w.id = a.actor)".to_owned(),
            ColumnKind::GuidBlob,
        ),
        (
            "initiatedBy/app/servicePrincipalId",
            "CASE WHEN NOT EXISTS (SELECT 1 FROM users w WHERE w.id = a.actor) THEN a.actor END".to_owned(),
            ColumnKind::GuidBlob,
        ),
    ];
    for (name, kind) in [
        ("target/user", TargetKind::User),
        ("target/group", TargetKind::Group),
        ("target/workflow", TargetKind::Workflow),
        ("target/token", TargetKind::Token),
        ("target/application", TargetKind::Application),
        ("target/extension", TargetKind::Extension),
        ("target/sku", TargetKind::Sku),
        ("target/accessPackage", TargetKind::AccessPackage),
        ("target/assignmentPolicy", TargetKind::AssignmentPolicy),
        ("target/agent", TargetKind::Agent),
    ] {
        columns.push((name, numbers(Activity::target, kind, "a.target"), ColumnKind::Integer));
    }
    for (name, kind) in [
        ("object/user", TargetKind::User),
        ("object/group", TargetKind::Group),
        ("object/extension", TargetKind::Extension),
        ("object/sku", TargetKind::Sku),
        ("object/accessPackage", TargetKind::AccessPackage),
        ("object/assignmentPolicy", TargetKind::AssignmentPolicy),
    ] {
        columns.push((name, numbers(Activity::object, kind, "a.object"), ColumnKind::Integer));
    }
    columns.into_iter().map(|(name, sql, kind)| (name.to_owned(), sql, kind)).collect()
});

struct AuditColumns;

impl Columns for AuditColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let name = path.join("/");
        COLUMNS
            .iter()
            .find(|(known, _, _)| *known == name)
            .map(|(_, sql, kind)| Column { sql: Cow::Borrowed(sql.as_str()), kind: *kind })
    }
}

/// The times that a filter leaves, both ends inclusive, so that the index bounds what is looked at.
#[derive(Clone, Copy)]
struct Between {
    from: i64,
    to: i64,
}

impl Between {
    fn of(filter: Option<&Expression>) -> Self {
        let mut between = Self { from: i64::MIN, to: i64::MAX };
        let parts = match filter {
            Some(Expression::And(parts)) => parts.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for part in parts {
            let Expression::Compare { path, operator, literal: Literal::Timestamp(at) } = part else {
                continue;
            };
            if path.variable.is_some() || path.segments != ["activityDateTime"] {
                continue;
            }
            // Stored times are whole milliseconds; the filter itself decides about the ends.
            let at = at.as_millisecond();
            match operator {
                Operator::Ge | Operator::Gt => between.from = between.from.max(at),
                Operator::Le | Operator::Lt => between.to = between.to.min(at.saturating_add(1)),
                Operator::Eq => {
                    between.from = between.from.max(at);
                    between.to = between.to.min(at.saturating_add(1));
                }
                Operator::Ne
                | Operator::Has
                | Operator::StartsWith
                | Operator::EndsWith
                | Operator::Contains => {}
            }
        }
        between
    }

    /// The entries behind a mark. Many have the same time, so the rest of a time is a segment by itself.
    fn segment(self, newest_first: bool, mark: Option<&Key>) -> Segment {
        const SOURCE: &str = "FROM audit a INDEXED BY audit_at WHERE";
        let (order, behind, last) = if newest_first {
            ("a.at DESC, a.number DESC", "<", i64::MIN)
        } else {
            ("a.at, a.number", ">", i64::MAX)
        };
        // One pair of bounds only: with more, the index would be searched by whichever SQLite takes.
        let (mut from, mut to) = (self.from, self.to);
        match mark {
            Some(mark) if mark[1] != last => {
                return Segment {
                    source: format!("{SOURCE} a.at = ? AND a.number {behind} ?"),
                    parameters: vec![mark[0].into(), mark[1].into()],
                    order,
                    then: Some(vec![mark[0], last]),
                    dense: None,
                };
            }
            Some(mark) if newest_first => to = to.min(mark[0].saturating_sub(1)),
            Some(mark) => from = from.max(mark[0].saturating_add(1)),
            None => {}
        }
        Segment {
            source: format!("{SOURCE} a.at BETWEEN ? AND ?"),
            parameters: vec![from.into(), to.into()],
            order,
            then: None,
            dense: None,
        }
    }
}

/// The query with its targets looked up, and the order of time taken out of it.
fn understood(connection: &Connection, query: &Query) -> Result<(Query, bool), QueryError> {
    let mut query = query.clone();
    if let Some(filter) = &query.filter {
        query.filter = Some(about_targets(connection, filter)?);
    }
    let mut newest_first = true;
    if let [first] = query.order.as_slice()
        && first.property == "activityDateTime"
    {
        newest_first = first.descending;
        query.order.clear();
    }
    Ok((query, newest_first))
}

impl AuditLog for Store {
    fn list_audit(&self, query: &Query) -> Result<Slice<Record>, QueryError> {
        self.read(|connection| {
            let (query, newest_first) = understood(connection, query)?;
            let between = Between::of(query.filter.as_ref());
            let segment = |_: &_, mark: Option<&Key>| Ok(Some(between.segment(newest_first, mark)));
            let collection = Collection {
                select: ENTRY,
                key: &["a.at", "a.number"],
                columns: &AuditColumns,
                segment: &segment,
            };
            let slice = collection.slice(connection, &query, |row| entry(row).map_err(database))?;
            Ok(Slice { items: resolve(connection, &slice.items)?, next: slice.next })
        })
    }

    fn count_audit(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let (query, newest_first) = understood(connection, query)?;
            let between = Between::of(query.filter.as_ref());
            let segment = |_: &_, mark: Option<&Key>| Ok(Some(between.segment(newest_first, mark)));
            let collection = Collection {
                select: ENTRY,
                key: &["a.at", "a.number"],
                columns: &AuditColumns,
                segment: &segment,
            };
            collection.count(connection, &query)
        })
    }

    fn audit_entry(&self, number: i64) -> Result<Option<Record>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {ENTRY} FROM audit a WHERE a.number = ?1");
            let found = connection
                .prepare_cached(&sql)
                .and_then(|mut statement| statement.query_row([number], entry).optional())
                .map_err(database)?;
            let found: Vec<StoredEntry> = found.into_iter().collect();
            Ok(resolve(connection, &found)?.pop())
        })
    }
}
