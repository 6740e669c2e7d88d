//! Orders that an index serves: a collection of any size is read along it.
//!
//! An index holds the rows that have a value. Those that have none are a second part, read in key order: before the
//! others, or behind them from high to low. A mark names the part and the row in it.

use tenure_lifecycle::ports::{Query, QueryError, Slice, StoreError};

use super::db::types::Value;
use super::db::{Connection, Row};
use super::list::{Collection, EXAMINED, Key, Next, Segment, Shape, Sort};
use super::rows::database;

/// An index that serves an order.
pub(super) struct Indexed {
    /// The property, in Graph's spelling.
    pub(super) property: &'static str,
    /// `FROM … INDEXED BY … WHERE …`: all rows that have a value.
    pub(super) source: &'static str,
    /// The column of the index.
    pub(super) column: &'static str,
    /// `ORDER BY` terms: the column and the key, both from low to high.
    pub(super) ascending: &'static str,
    /// The same, both from high to low.
    pub(super) descending: &'static str,
    /// Whether there are rows without a value.
    pub(super) nullable: bool,
    /// Whether every row has a value of its own, so that further terms decide nothing.
    pub(super) unique: bool,
}

/// The row that a part was read up to: its value and key.
type Place = (Sort, Key);

impl Collection<'_> {
    /// The slice that a query asks for, along an index if one of these serves its order; `parameters` are those of
    /// their sources.
    pub(super) fn slice_by<T>(
        &self,
        connection: &Connection,
        query: &Query,
        indexes: &[Indexed],
        parameters: &[Value],
        item: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Slice<T>, QueryError> {
        let served = query.order.first().and_then(|first| {
            let index = indexes.iter().find(|index| index.property == first.property)?;
            (index.unique || query.order.len() == 1).then_some((index, first.descending))
        });
        match served {
            Some((index, descending)) => self.along(connection, query, (index, descending), parameters, item),
            None => self.slice(connection, query, item),
        }
    }

    fn along<T>(
        &self,
        connection: &Connection,
        query: &Query,
        (index, descending): (&Indexed, bool),
        parameters: &[Value],
        item: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Slice<T>, QueryError> {
        let with = Shape::of(query.filter.as_ref(), &[], self.columns)?.sorted_by(index.column);
        // The column stays last, where it is looked for.
        let without = with.only_if(&format!("{} IS NULL", index.column));
        // Whether it is the part of those without a value.
        let parts: &[bool] = match (index.nullable, descending) {
            (false, _) => &[false],
            (true, false) => &[true, false],
            (true, true) => &[false, true],
        };
        let (begin, mut after) = self.place(query, parts[0])?;
        let begin = parts.iter().position(|part| *part == begin).ok_or(QueryError::BadMark)?;
        let (mut items, mut examined) = (Vec::new(), 0);
        for nulls in &parts[begin..] {
            let from = after.take();
            let (mut shown, mut seen, mut more) = (from.clone(), from.clone(), false);
            let segments = match (nulls, &from) {
                (true, _) => vec![None],
                (false, None) => vec![Some(self.segment_of(index, descending, parameters, None))],
                // Two seeks, so that rows with the value of the mark are not read again from the first one on.
                (false, Some(place)) => [true, false]
                    .map(|equal| Some(self.segment_of(index, descending, parameters, Some((place, equal)))))
                    .into(),
            };
            for segment in segments {
                if examined >= EXAMINED {
                    return Ok(Slice { items, next: Some(mark(*nulls, seen.as_ref())) });
                }
                let left = EXAMINED - examined;
                let look = |row: &Row<'_>, key: Key, fits: bool| {
                    examined += 1;
                    let value = row.get_ref(row.as_ref().column_count() - 1).map_err(database)?;
                    seen = Some((if *nulls { Sort::Null(()) } else { Sort::of(value) }, key));
                    if !fits {
                        return Ok(Next::On);
                    }
                    // One row more than asked for tells whether there is more.
                    if items.len() == query.limit {
                        more = true;
                        return Ok(Next::Stop);
                    }
                    items.push(item(row)?);
                    shown.clone_from(&seen);
                    Ok(Next::On)
                };
                let end = match segment {
                    None => {
                        let key = from.as_ref().map(|(_, key)| key.clone());
                        self.scan(connection, &without, key, left, false, look)?
                    }
                    Some(segment) => {
                        let segment = |_: &Connection, _: Option<&Key>| Ok(Some(segment.clone()));
                        Collection { segment: &segment, ..*self }
                            .scan(connection, &with, None, left, false, look)?
                    }
                };
                if more {
                    return Ok(Slice { items, next: Some(mark(*nulls, shown.as_ref())) });
                }
                if end.is_some() {
                    return Ok(Slice { items, next: Some(mark(*nulls, seen.as_ref())) });
                }
            }
        }
        Ok(Slice { items, next: None })
    }

    /// The part and the row behind which a query goes on.
    fn place(&self, query: &Query, first: bool) -> Result<(bool, Option<Place>), QueryError> {
        let Some(mark) = &query.after else { return Ok((first, None)) };
        let (nulls, place): (bool, Option<Place>) =
            serde_json::from_str(mark).map_err(|_| QueryError::BadMark)?;
        match place {
            Some((_, key)) if key.len() != self.key.len() => Err(QueryError::BadMark),
            place => Ok((nulls, place)),
        }
    }

    /// The rows that have a value: all, those behind a row that have its value, or those behind with another one.
    fn segment_of(
        &self,
        index: &Indexed,
        descending: bool,
        parameters: &[Value],
        after: Option<(&Place, bool)>,
    ) -> Segment {
        let (mut source, mut parameters) = (index.source.to_owned(), parameters.to_vec());
        let sign = if descending { "<" } else { ">" };
        match after {
            None => {}
            Some(((value, key), true)) => {
                let marks = vec!["?"; key.len()].join(", ");
                let column = index.column;
                source.push_str(&format!(" AND {column} = ? AND ({}) {sign} ({marks})", self.key.join(", ")));
                parameters.push(value.to_sql());
                parameters.extend(key.iter().map(|number| Value::Integer(*number)));
            }
            Some(((value, _), false)) => {
                source.push_str(&format!(" AND {} {sign} ?", index.column));
                parameters.push(value.to_sql());
            }
        }
        let order = if descending { index.descending } else { index.ascending };
        Segment { source, parameters, order, then: None, dense: None }
    }
}

fn mark(nulls: bool, place: Option<&Place>) -> String {
    serde_json::to_string(&(nulls, place)).unwrap_or_default()
}
