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

/// A column of many rows.
#[derive(Debug)]
pub(super) enum Array {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Array {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Numbers(values) => values.is_empty(),
            Self::Texts(values) => values.is_empty(),
            Self::Bytes(values) => values.is_empty(),
        }
    }

    pub(super) fn push(&mut self, value: ValueRef<'_>) -> rusqlite::Result<()> {
        let wrong = |cause: Box<dyn Error + Send + Sync>| Err(rusqlite::Error::ToSqlConversionFailure(cause));
        match (self, value) {
            (Self::Numbers(values), ValueRef::Null) => values.push(None),
            (Self::Texts(values), ValueRef::Null) => values.push(None),
            (Self::Bytes(values), ValueRef::Null) => values.push(None),
            (Self::Numbers(values), ValueRef::Integer(value)) => values.push(Some(value)),
            (Self::Texts(_), ValueRef::Text(text)) if text.contains(&0) => return wrong(Box::new(ZeroByte)),
            (Self::Texts(values), ValueRef::Text(text)) => {
                values.push(Some(String::from_utf8_lossy(text).into_owned()));
            }
            (Self::Bytes(values), ValueRef::Blob(bytes)) => values.push(Some(bytes.to_vec())),
            (_, value) => return wrong(format!("a {} in a column of others", value.data_type()).into()),
        }
        Ok(())
    }

    pub(super) fn append(&mut self, more: Self) {
        match (self, more) {
            (Self::Numbers(values), Self::Numbers(mut more)) => values.append(&mut more),
            (Self::Texts(values), Self::Texts(mut more)) => values.append(&mut more),
            (Self::Bytes(values), Self::Bytes(mut more)) => values.append(&mut more),
            // Columns of one statement are of one kind.
            _ => {}
        }
    }
}

impl postgres::types::ToSql for Array {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Sent {
        match self {
            Self::Numbers(values) => values.to_sql(kind, out),
            Self::Texts(values) => values.to_sql(kind, out),
            Self::Bytes(values) => values.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8_ARRAY, Type::TEXT_ARRAY, Type::BYTEA_ARRAY].contains(kind)
    }

    to_sql_checked!();
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
