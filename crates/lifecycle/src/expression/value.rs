//! The values that records hold and expressions name, and how the two compare.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Case;

/// A value written in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction or an exponent; finite.
    Decimal(f64),
    /// A text, or the member of an enumeration.
    Text(String),
    /// A moment.
    Timestamp(Timestamp),
    /// A guid.
    Guid(Uuid),
}

/// A value that a record holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A moment.
    Timestamp(Timestamp),
    /// A guid.
    Guid(Uuid),
    /// Several values.
    List(Vec<Value<'a>>),
    /// Named values.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// A text that is borrowed from the record.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// What a JSON value is, borrowed from it.
    pub fn from_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Self::Decimal(number.as_f64().unwrap_or_default()), Self::Integer),
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Json::Object(map) => Self::Object(
                map.iter().map(|(name, value)| (name.as_str().into(), Self::from_json(value))).collect(),
            ),
        }
    }

    /// The value found by following property names through objects.
    pub fn property(&self, path: &[String]) -> Option<&Value<'a>> {
        let mut value = self;
        for name in path {
            let Self::Object(properties) = value else { return None };
            value = &properties.iter().find(|(known, _)| known == name)?.1;
        }
        Some(value)
    }

    /// The same value, with no tie to the record.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(value),
            Self::Integer(value) => Value::Integer(value),
            Self::Decimal(value) => Value::Decimal(value),
            Self::Text(value) => Value::Text(Cow::Owned(value.into_owned())),
            Self::Timestamp(value) => Value::Timestamp(value),
            Self::Guid(value) => Value::Guid(value),
            Self::List(values) => Value::List(values.into_iter().map(Value::into_owned).collect()),
            Self::Object(properties) => Value::Object(
                properties
                    .into_iter()
                    .map(|(name, value)| (Cow::Owned(name.into_owned()), value.into_owned()))
                    .collect(),
            ),
        }
    }

    /// How this value stands to a literal; `None` when the two cannot be compared.
    ///
    /// Moments compare to the millisecond, which is what the store keeps. A text and a moment compare when
    /// the text is a date-time, a text and a guid when the text is a guid. `false` is less than `true`.
    pub(super) fn order(&self, literal: &Literal, case: Case) -> Option<Ordering> {
        match (self, literal) {
            (Self::Boolean(value), Literal::Boolean(literal)) => Some(value.cmp(literal)),
            (Self::Integer(value), Literal::Integer(literal)) => Some(value.cmp(literal)),
            (Self::Integer(value), Literal::Decimal(literal)) => order_mixed(*value, *literal),
            (Self::Decimal(value), Literal::Integer(literal)) => {
                order_mixed(*literal, *value).map(Ordering::reverse)
            }
            (Self::Decimal(value), Literal::Decimal(literal)) => value.partial_cmp(literal),
            (Self::Text(value), Literal::Text(literal)) => Some(match case {
                Case::Sensitive => value.as_ref().cmp(literal),
                Case::Insensitive => fold(value).cmp(&fold(literal)),
            }),
            (Self::Text(value), Literal::Timestamp(literal)) => {
                parse_time(value).map(|value| order_times(value, *literal))
            }
            (Self::Text(value), Literal::Guid(literal)) => parse_guid(value).map(|value| value.cmp(literal)),
            (Self::Timestamp(value), Literal::Timestamp(literal)) => Some(order_times(*value, *literal)),
            (Self::Timestamp(value), Literal::Text(literal)) => {
                parse_time(literal).map(|literal| order_times(*value, literal))
            }
            (Self::Guid(value), Literal::Guid(literal)) => Some(value.cmp(literal)),
            (Self::Guid(value), Literal::Text(literal)) => {
                parse_guid(literal).map(|literal| value.cmp(&literal))
            }
            _ => None,
        }
    }
}

/// For people: texts in single quotes, moments in RFC 3339, lists in brackets, objects in braces.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Decimal(value) => write!(f, "{value:?}"),
            Self::Text(value) => super::print::quoted(f, value),
            Self::Timestamp(value) => write!(f, "{value}"),
            Self::Guid(value) => write!(f, "{value}"),
            Self::List(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{value}")?;
                }
                f.write_str("]")
            }
            Self::Object(properties) => {
                f.write_str("{")?;
                for (index, (name, value)) in properties.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{name}: {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

/// The text as it counts when letter case does not: in lower case, letter by letter.
///
/// Both small sigmas are one letter here and no letter depends on its neighbours, so the folded start of a
/// text is always the start of the folded text.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ς' => folded.push('σ'),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
    Cow::Owned(folded)
}

/// The guid that a text is, in the usual form of 36 characters and either letter case.
pub fn parse_guid(text: &str) -> Option<Uuid> {
    // Shorter and longer forms (no hyphens, braces, urn) are ordinary texts.
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// The moment that a text is: `2024-01-31` (midnight UTC) or `2024-01-31T08:00[:00[.000]]` followed by `Z`
/// or an offset such as `+01:00`.
///
/// Digits beyond the nanosecond are dropped. Moments of the last two days of the year 9999, which stand for
/// "never", become the last moment that can be kept.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let mut rest = Digits(text.as_bytes());
    let year = rest.number(4)?;
    rest.one_of(b"-")?;
    let month = rest.number(2)?;
    rest.one_of(b"-")?;
    let day = rest.number(2)?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    if rest.0.is_empty() {
        return moment(date.to_datetime(Time::midnight()), 0);
    }
    rest.one_of(b"Tt")?;
    let hour = rest.number(2)?;
    rest.one_of(b":")?;
    let minute = rest.number(2)?;
    let (mut second, mut nanosecond) = (0, 0);
    if rest.one_of(b":").is_some() {
        second = rest.number(2)?;
        if rest.one_of(b".").is_some() {
            nanosecond = rest.fraction()?;
        }
    }
    if second == 60 {
        // A leap second counts as the second before it.
        second = 59;
    }
    let (hour, minute, second) =
        (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?);
    let time = Time::new(hour, minute, second, nanosecond).ok()?;
    let offset_minutes = match rest.one_of(b"Zz+-")? {
        sign @ (b'+' | b'-') => {
            let hours = rest.number(2)?;
            rest.one_of(b":")?;
            let minutes = rest.number(2)?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = i32::from(hours) * 60 + i32::from(minutes);
            if sign == b'-' { -offset } else { offset }
        }
        _ => 0,
    };
    if rest.0.is_empty() { moment(date.to_datetime(time), offset_minutes) } else { None }
}

fn moment(local: DateTime, offset_minutes: i32) -> Option<Timestamp> {
    let offset = Offset::from_seconds(offset_minutes * 60).ok()?;
    match offset.to_timestamp(local) {
        // What few clients can read.
        Ok(moment) if Offset::UTC.to_datetime(moment).year() < 1 => None,
        Ok(moment) => Some(moment),
        Err(_) if local.year() == 9999 => Some(Timestamp::MAX),
        Err(_) => None,
    }
}

/// What is left of a date-time to be read.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn number(&mut self, digits: usize) -> Option<i16> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0_i16, |sum, digit| {
            if digit.is_ascii_digit() {
                sum.checked_mul(10)?.checked_add(i16::from(digit - b'0'))
            } else {
                None
            }
        })
    }

    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !wanted.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    /// The digits after the decimal point, as nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        if digits.is_empty() {
            return None;
        }
        let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
        Some(padded.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
    }
}

fn order_times(value: Timestamp, literal: Timestamp) -> Ordering {
    value.as_millisecond().cmp(&literal.as_millisecond())
}

/// Compares without rounding: an `i64` need not fit in an `f64`.
fn order_mixed(integer: i64, decimal: f64) -> Option<Ordering> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if decimal.is_nan() {
        None
    } else if decimal >= BEYOND {
        Some(Ordering::Less)
    } else if decimal < -BEYOND {
        Some(Ordering::Greater)
    } else {
        let whole = decimal.trunc();
        Some(integer.cmp(&(whole as i64)).then(0.0_f64.total_cmp(&(decimal - whole + 0.0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times_are_read_in_their_usual_spellings() {
        let expected: Timestamp = "2024-01-31T08:00:00Z".parse().unwrap();
        for text in [
            "2024-01-31T08:00Z",
            "2024-01-31T08:00:00Z",
            "2024-01-31t08:00:00.0000000z",
            "2024-01-31T09:30:00+01:30",
            "2024-01-30T23:00:00.000000000000-09:00",
        ] {
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
        assert_eq!(parse_time("2024-01-31"), "2024-01-31T00:00:00Z".parse().ok());
        assert_eq!(parse_time("2024-01-31T00:00:00.1234567Z"), "2024-01-31T00:00:00.1234567Z".parse().ok());
        assert_eq!(parse_time("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z".parse().ok());
        assert_eq!(parse_time("9999-12-31T23:59:59Z"), Some(Timestamp::MAX));
        assert!(parse_time("0001-01-01T00:00:00Z").is_some());
        assert!(parse_time("0001-01-01T00:00:00-23:59").is_some());
    }

    #[test]
    fn other_texts_are_no_date_times() {
        for text in [
            "",
            "2024",
            "0000-12-31",
            "0000-01-01T00:00:00+23:59",
            "0001-01-01T00:00:00+00:01",
            "2024-1-31",
            "2024-02-30",
            "2024-01-31 08:00:00Z",
            "2024-01-31T08:00:00",
            "2024-01-31T24:00:00Z",
            "2024-01-31T08:00:00.Z",
            "2024-01-31T08:00:00+1:00",
            "2024-01-31T08:00:00+24:00",
            "2024-01-31T08:00:00Z ",
            "٢٠٢٤-01-31",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn folding_ignores_letter_case_beyond_ascii() {
        assert_eq!(fold("ÄRGER"), "ärger");
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert!(fold("ΟΔΟΣΑ").starts_with(fold("ΟΔΟΣ").as_ref()));
        assert!(matches!(fold("plain 7"), Cow::Borrowed(_)));
    }

    #[test]
    fn whole_numbers_and_decimals_compare_without_rounding() {
        assert_eq!(order_mixed(5, 5.0), Some(Ordering::Equal));
        assert_eq!(order_mixed(0, -0.0), Some(Ordering::Equal));
        assert_eq!(order_mixed(-5, -5.5), Some(Ordering::Greater));
        assert_eq!(order_mixed(5, 5.5), Some(Ordering::Less));
        assert_eq!(order_mixed(i64::MAX, 9_223_372_036_854_775_808.0), Some(Ordering::Less));
        assert_eq!(order_mixed(i64::MIN, -9_223_372_036_854_775_808.0), Some(Ordering::Equal));
        assert_eq!(order_mixed(9_007_199_254_740_993, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(order_mixed(1, f64::NAN), None);
    }

    #[test]
    fn only_the_usual_form_is_a_guid() {
        assert!(parse_guid("41781FB2-bc02-4b7c-bd55-b576c07bb09d").is_some());
        assert!(parse_guid("41781fb2bc024b7cbd55b576c07bb09d").is_none());
        assert!(parse_guid("{41781fb2-bc02-4b7c-bd55-b576c07bb09d}").is_none());
    }
}
