//! Rows: values of PostgreSQL as SQLite's.

use std::error::Error;
use std::marker::PhantomData;

use postgres::types::Type;
use rusqlite::types::{FromSql, FromSqlError, ValueRef};

use super::failed;

/// A row.
pub(in super::super) struct Row<'a> {
    row: postgres::Row,
    statement: PhantomData<&'a ()>,
}

/// Where a value stands in a row: a number from 0, or a name.
pub(in super::super) trait Place {
    fn of(&self, row: &postgres::Row) -> Option<usize>;
}

impl Place for usize {
    fn of(&self, row: &postgres::Row) -> Option<usize> {
        (*self < row.len()).then_some(*self)
    }
}

impl Place for &str {
    fn of(&self, row: &postgres::Row) -> Option<usize> {
        row.columns().iter().position(|column| column.name() == *self)
    }
}

impl Row<'_> {
    pub(super) fn new(row: postgres::Row) -> Self {
        Self { row, statement: PhantomData }
    }

    pub(in super::super) fn get<P: Place, T: FromSql>(&self, place: P) -> rusqlite::Result<T> {
        let place = place.of(&self.row).ok_or(rusqlite::Error::InvalidColumnIndex(self.row.len()))?;
        let found = self.row.try_get::<_, Found<'_>>(place).map_err(failed)?;
        T::column_result(found.as_ref()).map_err(|error| {
            let kind = found.as_ref().data_type();
            match error {
                FromSqlError::OutOfRange(value) => rusqlite::Error::IntegralValueOutOfRange(place, value),
                error => rusqlite::Error::FromSqlConversionFailure(place, kind, Box::new(error)),
            }
        })
    }

    pub(in super::super) fn get_ref(&self, place: usize) -> rusqlite::Result<ValueRef<'_>> {
        Ok(self.row.try_get::<_, Found<'_>>(place).map_err(failed)?.0)
    }

    /// The statement, as far as it is asked how wide its rows are.
    pub(in super::super) fn as_ref(&self) -> &Self {
        self
    }

    pub(in super::super) fn column_count(&self) -> usize {
        self.row.len()
    }
}

/// Rows, all of them read.
pub(in super::super) struct Rows<'a> {
    rows: std::vec::IntoIter<postgres::Row>,
    now: Option<Row<'a>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(rows: Vec<postgres::Row>) -> Self {
        Self { rows: rows.into_iter(), now: None }
    }

    pub(in super::super) fn next(&mut self) -> rusqlite::Result<Option<&Row<'a>>> {
        self.now = self.rows.next().map(Row::new);
        Ok(self.now.as_ref())
    }
}

/// A value that was found.
struct Found<'a>(ValueRef<'a>);

impl Found<'_> {
    fn as_ref(&self) -> ValueRef<'_> {
        self.0
    }
}

type Read<'a> = Result<Found<'a>, Box<dyn Error + Sync + Send>>;

impl<'a> postgres::types::FromSql<'a> for Found<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Read<'a> {
        Ok(Self(match *kind {
            Type::INT8 => ValueRef::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => ValueRef::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => ValueRef::Integer(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => ValueRef::Integer(bool::from_sql(kind, raw)?.into()),
            Type::FLOAT8 => ValueRef::Real(f64::from_sql(kind, raw)?),
            Type::NUMERIC => ValueRef::Integer(whole(raw).ok_or("a number that is not whole, or too big")?),
            Type::BYTEA => ValueRef::Blob(raw),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => ValueRef::Text(raw),
            _ => return Err(format!("a value of the kind {kind}").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Read<'a> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A whole number as PostgreSQL sends what it has added up: digits to the base of ten thousand, from the highest.
fn whole(raw: &[u8]) -> Option<i64> {
    let words: Vec<i16> = raw.chunks_exact(2).map(|word| i16::from_be_bytes([word[0], word[1]])).collect();
    let [count, weight, sign, _, digits @ ..] = words.as_slice() else { return None };
    if digits.len() != usize::try_from(*count).ok()? || *count > weight.checked_add(1)?.max(0) {
        return None;
    }
    let mut value: i64 = 0;
    for place in 0..=*weight {
        let digit = digits.get(usize::try_from(place).ok()?).copied().unwrap_or(0);
        value = value.checked_mul(10_000)?.checked_sub(digit.into())?;
    }
    match sign {
        0 => value.checked_neg(),
        0x4000 => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    fn numeric(weight: i16, sign: i16, digits: &[i16]) -> Vec<u8> {
        let head = [digits.len() as i16, weight, sign, 0];
        head.iter().chain(digits).flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn what_is_added_up_is_read() {
        assert_eq!(whole(&numeric(0, 0, &[])), Some(0));
        assert_eq!(whole(&numeric(0, 0, &[42])), Some(42));
        assert_eq!(whole(&numeric(1, 0, &[3])), Some(30_000));
        assert_eq!(whole(&numeric(1, 0x4000, &[3, 7])), Some(-30_007));
        assert_eq!(whole(&numeric(4, 0x4000, &[922, 3372, 368, 5477, 5808])), Some(i64::MIN));
        assert_eq!(whole(&numeric(4, 0, &[922, 3372, 368, 5477, 5808])), None);
        assert_eq!(whole(&numeric(-1, 0, &[5000])), None, "a half");
        assert_eq!(whole(&[0, 1]), None);
    }
}
