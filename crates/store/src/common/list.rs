//! Lists: filtered in SQL, ordered by key or, while small, by anything, and paged by key.
//!
//! A list reads its collection in *segments* (one run after the other, or all of it), each in key order, and stops
//! when it has what was asked for or has looked at [`EXAMINED`] rows: then the page is short and has a mark.

use tenure_lifecycle::expression::{Case, Expression};
use tenure_lifecycle::ports::{Order, Query, QueryError, Slice, StoreError};

use super::db::types::{Value, ValueRef};
use super::db::{self, Connection, Row, params_from_iter};
use super::filter::{Columns, to_sql};
use super::rows::database;

/// Rows that one request looks at.
pub(super) const EXAMINED: usize = 20_000;
/// Rows of a collection that is sorted by something no index serves.
const SORTED: usize = 10_000;
/// Rows that a count with a filter looks at.
const COUNTED: usize = 1_000_000;

/// The key of a row in its list.
pub(super) type Key = Vec<i64>;

/// A part of a collection that one statement reads, in key order, behind a mark.
#[derive(Clone)]
pub(super) struct Segment {
    /// `FROM … WHERE …`, the mark included.
    pub(super) source: String,
    pub(super) parameters: Vec<Value>,
    /// `ORDER BY` terms.
    pub(super) order: &'static str,
    /// Where to go on when it is read; `None` when it was the last one.
    pub(super) then: Option<Key>,
    /// The last part of its keys counts up one by one, from behind a number: then so many keys hold at most so many rows, and
    /// a filter is looked at before anything is looked up for a row.
    pub(super) dense: Option<Dense>,
}

/// A key whose last part counts up one by one.
#[derive(Clone)]
pub(super) struct Dense {
    /// The column of the last part.
    pub(super) column: &'static str,
    /// The key behind which the segment begins.
    pub(super) behind: Key,
    /// The last number there is.
    pub(super) last: i64,
}

impl Dense {
    fn begins(&self) -> i64 {
        self.behind.last().copied().unwrap_or(0)
    }

    /// The key of that number.
    fn at(&self, number: i64) -> Key {
        let mut key = self.behind.clone();
        if let Some(last) = key.last_mut() {
            *last = number;
        }
        key
    }
}

/// Gives the segment behind a mark.
pub(super) type Segments<'a> = &'a dyn Fn(&Connection, Option<&Key>) -> Result<Option<Segment>, StoreError>;

/// A collection.
pub(super) struct Collection<'a> {
    /// What an item is read from.
    pub(super) select: &'static str,
    /// The expressions of the key.
    pub(super) key: &'static [&'static str],
    pub(super) columns: &'a dyn Columns,
    /// The segment behind a mark.
    pub(super) segment: Segments<'a>,
}

/// Where a filter and the sort terms stand in SQL.
pub(super) struct Shape {
    fits: String,
    fits_parameters: Vec<Value>,
    sorts: Vec<String>,
}

impl Shape {
    pub(super) fn of(
        filter: Option<&Expression>,
        order: &[Order],
        columns: &dyn Columns,
    ) -> Result<Self, QueryError> {
        let (fits, fits_parameters) = match filter {
            None => ("TRUE".to_owned(), Vec::new()),
            Some(filter) => {
                let filter = to_sql(filter, columns, Case::Insensitive)
                    .map_err(|error| QueryError::Unsupported(error.to_string()))?;
                (filter.text, filter.parameters)
            }
        };
        let mut sorts = Vec::new();
        for order in order {
            let path: Vec<String> = order.property.split('/').map(str::to_owned).collect();
            let column = columns.column(&path).ok_or_else(|| {
                QueryError::Unsupported(format!("the property '{}' cannot be ordered by", order.property))
            })?;
            sorts.push(match column.kind {
                super::filter::ColumnKind::Text => format!("fold({})", column.sql),
                _ => column.sql.into_owned(),
            });
        }
        Ok(Self { fits, fits_parameters, sorts })
    }

    /// The same, sorted by this column alone.
    pub(super) fn sorted_by(self, column: &str) -> Self {
        Self { sorts: vec![column.to_owned()], ..self }
    }

    /// The same for rows that fit a further condition, without parameters.
    pub(super) fn only_if(&self, condition: &str) -> Self {
        Self {
            fits: format!("({} AND {condition})", self.fits),
            fits_parameters: self.fits_parameters.clone(),
            sorts: self.sorts.clone(),
        }
    }
}

/// What to do after a row.
pub(super) enum Next {
    On,
    Stop,
}

impl Collection<'_> {
    /// Reads rows in key order behind `after`, at most `examine`; says the last key and whether the end was reached.
    /// `narrow`: rows that do not fit need not be shown to `look`.
    pub(super) fn scan(
        &self,
        connection: &Connection,
        shape: &Shape,
        after: Option<Key>,
        examine: usize,
        narrow: bool,
        mut look: impl FnMut(&Row<'_>, Key, bool) -> Result<Next, StoreError>,
    ) -> Result<Option<Key>, StoreError> {
        let mut mark = after;
        let mut left = examine;
        loop {
            let Some(segment) = (self.segment)(connection, mark.as_ref())? else { return Ok(None) };
            // Of dense keys so many are looked at, and what does not fit is passed over before anything is looked up for it.
            let dense = segment.dense.as_ref().filter(|_| narrow);
            let upto = dense.map(|dense| dense.begins().saturating_add(left as i64));
            let (fits, condition) = match dense {
                Some(dense) => ("TRUE", format!(" AND {} <= ? AND {}", dense.column, shape.fits)),
                None => (shape.fits.as_str(), String::new()),
            };
            let extras: Vec<&str> = self
                .key
                .iter()
                .copied()
                .chain([fits])
                .chain(shape.sorts.iter().map(String::as_str))
                .collect();
            let sql = format!(
                "SELECT {}, {} {}{condition} ORDER BY {} LIMIT ?",
                self.select,
                extras.join(", "),
                segment.source,
                segment.order
            );
            let limit = Value::Integer(left as i64 + 1);
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let first_extra = statement.column_count() - extras.len();
            let last_of_them = upto.map(Value::Integer);
            let (before, behind): (&[Value], &[Value]) =
                if dense.is_some() { (&[], &shape.fits_parameters) } else { (&shape.fits_parameters, &[]) };
            let parameters =
                before.iter().chain(&segment.parameters).chain(&last_of_them).chain(behind).chain([&limit]);
            let mut rows = statement.query(params_from_iter(parameters)).map_err(database)?;
            while let Some(row) = rows.next().map_err(database)? {
                if dense.is_none() {
                    if left == 0 {
                        return Ok(mark);
                    }
                    left -= 1;
                }
                let key = (0..self.key.len())
                    .map(|place| row.get(first_extra + place))
                    .collect::<db::Result<Key>>()
                    .map_err(database)?;
                let fits: bool = row.get(first_extra + self.key.len()).map_err(database)?;
                mark = Some(key.clone());
                if let Next::Stop = look(row, key, fits)? {
                    return Ok(mark);
                }
            }
            if let (Some(dense), Some(upto)) = (dense, upto) {
                if dense.last > upto {
                    return Ok(Some(dense.at(upto)));
                }
                left = left.saturating_sub((dense.last - dense.begins()).max(0) as usize);
            }
            match segment.then {
                None => return Ok(None),
                Some(then) => mark = Some(then),
            }
        }
    }

    /// The slice that a query asks for.
    pub(super) fn slice<T>(
        &self,
        connection: &Connection,
        query: &Query,
        item: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Slice<T>, QueryError> {
        let shape = Shape::of(query.filter.as_ref(), &query.order, self.columns)?;
        if !query.order.is_empty() {
            return self.sorted(connection, query, &shape, item);
        }
        let after: Option<Key> = match &query.after {
            None => None,
            Some(mark) => Some(serde_json::from_str(mark).map_err(|_| QueryError::BadMark)?),
        };
        if after.as_ref().is_some_and(|key| key.len() != self.key.len()) {
            return Err(QueryError::BadMark);
        }
        let mut items = Vec::new();
        let mut last = None;
        // One row more than asked for tells whether there is more.
        let mut more = false;
        let end = self.scan(connection, &shape, after, EXAMINED, true, |row, key, fits| {
            if !fits {
                return Ok(Next::On);
            }
            if items.len() == query.limit {
                more = true;
                return Ok(Next::Stop);
            }
            items.push(item(row)?);
            last = Some(key);
            Ok(Next::On)
        })?;
        let next = if more { last } else { end };
        Ok(Slice { items, next: next.map(|key| mark_of(&key)) })
    }

    fn sorted<T>(
        &self,
        connection: &Connection,
        query: &Query,
        shape: &Shape,
        item: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Slice<T>, QueryError> {
        let mut found: Vec<(Vec<Sort>, Key, T)> = Vec::new();
        let end = self.scan(connection, shape, None, SORTED, false, |row, key, fits| {
            if fits {
                let first = row.as_ref().column_count() - shape.sorts.len();
                let sorts = (0..shape.sorts.len())
                    .map(|place| Ok(Sort::of(row.get_ref(first + place)?)))
                    .collect::<db::Result<_>>()
                    .map_err(database)?;
                found.push((sorts, key, item(row)?));
            }
            Ok(Next::On)
        })?;
        if end.is_some() {
            return Err(QueryError::Unsupported(format!(
                "the collection has more than {SORTED} rows and cannot be ordered by '{}'",
                query.order[0].property
            )));
        }
        let compare = |a: &(Vec<Sort>, Key), b: &(Vec<Sort>, Key)| {
            for (place, order) in query.order.iter().enumerate() {
                let step = a.0[place].compare(&b.0[place]);
                let step = if order.descending { step.reverse() } else { step };
                if step.is_ne() {
                    return step;
                }
            }
            a.1.cmp(&b.1)
        };
        let mut order: Vec<((Vec<Sort>, Key), T)> =
            found.into_iter().map(|(sorts, key, item)| ((sorts, key), item)).collect();
        order.sort_by(|a, b| compare(&a.0, &b.0));
        if let Some(mark) = &query.after {
            let mark: (Vec<Sort>, Key) = serde_json::from_str(mark).map_err(|_| QueryError::BadMark)?;
            if mark.0.len() != query.order.len() || mark.1.len() != self.key.len() {
                return Err(QueryError::BadMark);
            }
            let behind = order.partition_point(|(row, _)| compare(row, &mark).is_le());
            order.drain(..behind);
        }
        let more = order.len() > query.limit;
        order.truncate(query.limit);
        let next = match order.last() {
            Some((mark, _)) if more => Some(serde_json::to_string(mark).unwrap_or_default()),
            _ => None,
        };
        Ok(Slice { items: order.into_iter().map(|(_, item)| item).collect(), next })
    }

    /// How many rows fit.
    pub(super) fn count(&self, connection: &Connection, query: &Query) -> Result<i64, QueryError> {
        let shape = Shape::of(query.filter.as_ref(), &[], self.columns)?;
        let mut count = 0;
        let end = self.scan(connection, &shape, None, COUNTED, true, |_, _, fits| {
            count += i64::from(fits);
            Ok(Next::On)
        })?;
        match end {
            None => Ok(count),
            Some(_) => Err(QueryError::Unsupported(format!(
                "$count with this filter would look at more than {COUNTED} rows"
            ))),
        }
    }
}

/// The mark of a key.
pub(super) fn mark_of(key: &Key) -> String {
    serde_json::to_string(key).unwrap_or_default()
}

/// A value to sort by; nothing comes first.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum Sort {
    Integer(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
    Null(()),
}

impl Sort {
    pub(super) fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null(()),
            ValueRef::Integer(value) => Self::Integer(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }

    /// The value as a parameter.
    pub(super) fn to_sql(&self) -> Value {
        match self {
            Self::Null(()) => Value::Null,
            Self::Integer(value) => Value::Integer(*value),
            Self::Real(value) => Value::Real(*value),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Bytes(bytes) => Value::Blob(bytes.clone()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null(()) => 0,
            Self::Integer(_) | Self::Real(_) => 1,
            Self::Text(_) => 2,
            Self::Bytes(_) => 3,
        }
    }

    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (Self::Integer(a), Self::Real(b)) => (*a as f64).total_cmp(b),
            (Self::Real(a), Self::Integer(b)) => a.total_cmp(&(*b as f64)),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}
