//! Parameters: values of SQLite as PostgreSQL wants them.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{Format, IsNull, Type, to_sql_checked};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};

/// A text holds what PostgreSQL does not keep in one.
#[derive(Debug, thiserror::Error)]
#[error("a text with a zero byte")]
pub(super) struct ZeroByte;

/// Values for the parameters of a statement.
pub(in super::super) trait Params {
    /// Has them used.
    fn bind<T>(self, with: impl FnOnce(&[&dyn ToSql]) -> T) -> T;
}

impl Params for &[&dyn ToSql] {
    fn bind<T>(self, with: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        with(self)
    }
}

impl Params for [&(dyn ToSql + Send + Sync); 0] {
    fn bind<T>(self, with: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        with(&[])
    }
}

macro_rules! arrays {
    ($($length:literal)*) => {
        $(impl<V: ToSql> Params for [V; $length] {
            fn bind<T>(self, with: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
                with(&self.each_ref().map(|value| value as &dyn ToSql))
            }
        })*
    };
}
arrays!(1 2 3 4 5 6 7 8);

macro_rules! tuples {
    ($(($($name:ident: $place:tt),+))*) => {
        $(impl<$($name: ToSql),+> Params for ($($name,)+) {
            fn bind<T>(self, with: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
                with(&[$(&self.$place as &dyn ToSql),+])
            }
        })*
    };
}
tuples!((A: 0) (A: 0, B: 1) (A: 0, B: 1, C: 2) (A: 0, B: 1, C: 2, D: 3) (A: 0, B: 1, C: 2, D: 3, E: 4));

/// Values that are found one after the other.
pub(in super::super) struct Listed<I>(I);

/// Parameters from anything that gives values.
pub(in super::super) fn params_from_iter<I: IntoIterator>(values: I) -> Listed<I>
where
    I::Item: ToSql,
{
    Listed(values)
}

impl<I: IntoIterator> Params for Listed<I>
where
    I::Item: ToSql,
{
    fn bind<T>(self, with: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        let values: Vec<I::Item> = self.0.into_iter().collect();
        let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
        with(&values)
    }
}

/// One value on its way.
#[derive(Debug)]
pub(super) enum Parameter<'a> {
    Borrowed(ValueRef<'a>),
    Owned(Value),
}

impl<'a> Parameter<'a> {
    pub(super) fn of(value: &'a dyn ToSql) -> rusqlite::Result<Self> {
        Ok(match value.to_sql()? {
            ToSqlOutput::Borrowed(value) => Self::Borrowed(value),
            ToSqlOutput::Owned(value) => Self::Owned(value),
            _ => return Err(rusqlite::Error::ToSqlConversionFailure("a value of no known kind".into())),
        })
    }

    fn value(&self) -> ValueRef<'_> {
        match self {
            Self::Borrowed(value) => *value,
            Self::Owned(value) => value.into(),
        }
    }
}

type Sent = Result<IsNull, Box<dyn Error + Sync + Send>>;

impl postgres::types::ToSql for Parameter<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Sent {
        match self.value() {
            ValueRef::Null => Ok(IsNull::Yes),
            ValueRef::Integer(value) => integer(value, kind, out),
            ValueRef::Real(value) => match *kind {
                Type::FLOAT8 => send(value, kind, out),
                Type::NUMERIC => send(value.to_string(), &Type::TEXT, out),
                _ => Err(format!("a fraction where {kind} is wanted").into()),
            },
            ValueRef::Text(text) => match *kind {
                Type::BYTEA => send(text, kind, out),
                // What PostgreSQL does not keep in a text.
                _ if text.contains(&0) => Err(Box::new(ZeroByte)),
                _ => send(std::str::from_utf8(text)?, &Type::TEXT, out),
            },
            ValueRef::Blob(bytes) => match *kind {
                Type::BYTEA => send(bytes, kind, out),
                _ => Err(format!("bytes where {kind} is wanted").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, kind: &Type) -> Format {
        // A number for which PostgreSQL has more digits than any of ours has.
        if *kind == Type::NUMERIC { Format::Text } else { Format::Binary }
    }

    to_sql_checked!();
}

fn integer(value: i64, kind: &Type, out: &mut BytesMut) -> Sent {
    match *kind {
        Type::INT8 => send(value, kind, out),
        Type::INT4 => send(i32::try_from(value)?, kind, out),
        Type::INT2 => send(i16::try_from(value)?, kind, out),
        Type::BOOL => send(value != 0, kind, out),
        Type::FLOAT8 => send(value as f64, kind, out),
        Type::NUMERIC | Type::TEXT | Type::UNKNOWN => send(value.to_string(), &Type::TEXT, out),
        _ => Err(format!("a number where {kind} is wanted").into()),
    }
}

fn send(value: impl postgres::types::ToSql, kind: &Type, out: &mut BytesMut) -> Sent {
    value.to_sql(kind, out)
}
