//! The import map: which column becomes which property, and how.

use std::collections::{BTreeMap, HashMap};

use encoding_rs::Encoding;
use serde::Deserialize;
use tenure_lifecycle::directory::{Attribute, Kind, Value, attribute};
use toml::Value as Toml;

use super::dates::Dates;
use super::header::Header;
use super::source::Source;
use super::text::{cleaned, shown};
use super::value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapText {
    feed: String,
    delimiter: Option<String>,
    encoding: Option<String>,
    columns: BTreeMap<String, String>,
    #[serde(default)]
    dates: DatesText,
    #[serde(default)]
    defaults: BTreeMap<String, Toml>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Toml>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatesText {
    #[serde(default)]
    formats: Vec<String>,
    timezone: Option<String>,
}

/// One property that comes from the file.
#[derive(Debug)]
pub(super) struct Field<Column> {
    pub(super) attribute: &'static Attribute,
    pub(super) source: Source<Column>,
    /// The value if the cell is empty.
    pub(super) default: Value,
    /// What some texts, in small letters, stand for.
    pub(super) texts: HashMap<String, Value>,
}

impl Field<String> {
    /// Looks the columns up in a header.
    pub(super) fn bind(self, header: &Header) -> Result<Field<usize>, String> {
        let source = self.source.bind(header)?;
        Ok(Field { attribute: self.attribute, source, default: self.default, texts: self.texts })
    }
}

/// A map that has been checked in itself; the columns it names are looked up in each file.
#[derive(Debug)]
pub(super) struct ImportMap {
    pub(super) feed: String,
    pub(super) delimiter: u8,
    pub(super) encoding: &'static Encoding,
    pub(super) employee_id: Source<String>,
    pub(super) employee_id_attribute: &'static Attribute,
    pub(super) manager: Option<Source<String>>,
    /// In the order of the attributes.
    pub(super) fields: Vec<Field<String>>,
    /// Properties with a default and no column: the same for everybody.
    pub(super) constants: Vec<(&'static Attribute, Value)>,
    pub(super) dates: Dates,
}

impl ImportMap {
    /// Reads a map.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut map: MapText = toml::from_str(text).map_err(|error| at_line(text, &error))?;
        let dates = Dates::new(std::mem::take(&mut map.dates.formats), map.dates.timezone.as_deref())?;
        let mut columns = Properties::new("columns", map.columns)?;
        let mut defaults = Properties::new("defaults", map.defaults)?;
        let mut values = Properties::new("values", map.values)?;

        let source = |text: String, property: &str| {
            Source::parse(&text).map_err(|reason| format!("columns.{property}: {reason}"))
        };
        let id = columns
            .take("employeeId")
            .ok_or("[columns] lacks employeeId, by which people are found again")?;
        let manager = columns.manager.take().map(|text| source(text, "manager")).transpose()?;
        if defaults.names_key() || values.names_key() {
            return Err("employeeId and manager take neither defaults nor values".into());
        }

        let mut fields = Vec::new();
        for (attribute, text) in columns.rest() {
            let default = match defaults.take(attribute.name) {
                Some((_, default)) => fixed(attribute, &default, &dates)
                    .map_err(|reason| format!("defaults.{}: {reason}", attribute.name))?,
                None => Value::Null,
            };
            let texts = match values.take(attribute.name) {
                Some((_, texts)) => texts_of(attribute, texts, &dates)?,
                None => HashMap::new(),
            };
            fields.push(Field { attribute, source: source(text, attribute.name)?, default, texts });
        }
        if let Some((attribute, _)) = values.rest().next() {
            return Err(format!("values.{}: the property has no column", attribute.name));
        }
        Ok(Self {
            feed: feed_name(&map.feed)?,
            delimiter: delimiter(map.delimiter.as_deref().unwrap_or(","))?,
            encoding: encoding(map.encoding.as_deref().unwrap_or("utf-8"))?,
            employee_id: source(id.1, "employeeId")?,
            employee_id_attribute: id.0,
            manager,
            fields,
            constants: defaults.rest().map(|default| constant(default, &dates)).collect::<Result<_, _>>()?,
            dates,
        })
    }
}

/// A table of the map by attribute, `manager` apart.
struct Properties<T> {
    by_code: BTreeMap<i64, (&'static Attribute, T)>,
    manager: Option<T>,
}

impl<T> Properties<T> {
    fn new(table: &str, entries: BTreeMap<String, T>) -> Result<Self, String> {
        let mut properties = Self { by_code: BTreeMap::new(), manager: None };
        for (name, entry) in entries {
            let again = if name.eq_ignore_ascii_case("manager") {
                properties.manager.replace(entry).is_some()
            } else {
                let attribute = settable(&name).map_err(|reason| format!("[{table}] {reason}"))?;
                properties.by_code.insert(attribute.code, (attribute, entry)).is_some()
            };
            if again {
                return Err(format!("[{table}] names {} twice", shown(&name)));
            }
        }
        Ok(properties)
    }

    /// Whether it names what people are told apart by.
    fn names_key(&self) -> bool {
        self.manager.is_some() || self.by_code.values().any(|(attribute, _)| attribute.name == "employeeId")
    }

    fn take(&mut self, name: &str) -> Option<(&'static Attribute, T)> {
        let code = self.by_code.values().find(|(attribute, _)| attribute.name == name)?.0.code;
        self.by_code.remove(&code)
    }

    fn rest(self) -> impl Iterator<Item = (&'static Attribute, T)> {
        self.by_code.into_values()
    }
}

/// The attribute of that name, if a feed can set it.
fn settable(name: &str) -> Result<&'static Attribute, String> {
    let attribute = attribute(name).ok_or_else(|| format!("names an unknown property {}", shown(name)))?;
    let never = attribute.kind == Kind::Plans || attribute.is_read_only();
    if never {
        Err(format!("names {}, which cannot come from a file", attribute.name))
    } else {
        Ok(attribute)
    }
}

/// A value written in the map.
fn fixed(attribute: &'static Attribute, stated: &Toml, dates: &Dates) -> Result<Value, String> {
    let text = match (stated, attribute.kind) {
        (Toml::String(text), _) => text.clone(),
        (Toml::Boolean(value), Kind::Boolean) => return Ok(Value::Boolean(*value)),
        (Toml::Datetime(at), Kind::DateTime) => at.to_string(),
        (Toml::Array(items), Kind::Texts) => {
            let texts = items.iter().map(Toml::as_str).collect::<Option<Vec<_>>>();
            texts.ok_or("must be a list of texts")?.join(";")
        }
        (_, Kind::Boolean) => return Err("must be true or false".into()),
        (_, Kind::DateTime) => return Err("must be a date".into()),
        (_, Kind::Texts) => return Err("must be a list of texts".into()),
        (_, Kind::Text | Kind::Plans) => return Err("must be a text, in quotes".into()),
    };
    let text = cleaned(&text)?;
    if text.is_empty() { Ok(Value::Null) } else { value::parse(attribute, &text, dates) }
}

fn texts_of(
    attribute: &'static Attribute,
    stated: BTreeMap<String, Toml>,
    dates: &Dates,
) -> Result<HashMap<String, Value>, String> {
    let mut texts = HashMap::new();
    for (text, value) in &stated {
        let wrong = |reason: String| format!("values.{}, {}: {reason}", attribute.name, shown(text));
        let key = cleaned(text).map_err(wrong)?.to_lowercase();
        if key.is_empty() {
            return Err(wrong("an empty cell takes its value from [defaults]".into()));
        }
        let value = fixed(attribute, value, dates).map_err(wrong)?;
        if texts.insert(key, value).is_some() {
            return Err(wrong("stands there twice; letter case does not count".into()));
        }
    }
    Ok(texts)
}

/// A fixed `accountEnabled` would be set again by every import, over what workflows have done since.
fn constant(
    (attribute, stated): (&'static Attribute, Toml),
    dates: &Dates,
) -> Result<(&'static Attribute, Value), String> {
    let wrong = |reason: String| format!("defaults.{}: {reason}", attribute.name);
    if attribute.name == "accountEnabled" {
        let reason = "without a column every import would set it for everybody and undo what workflows did";
        return Err(wrong(reason.into()));
    }
    Ok((attribute, fixed(attribute, &stated, dates).map_err(wrong)?))
}

fn feed_name(name: &str) -> Result<String, String> {
    let name = cleaned(name).map_err(|reason| format!("feed: {reason}"))?;
    match name.chars().count() {
        1..=100 => Ok(name.into_owned()),
        _ => Err("feed: a name of 1 to 100 characters is needed".into()),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if *byte == b'\t' || (byte.is_ascii_punctuation() && *byte != b'"') => Ok(*byte),
        _ => Err(format!("delimiter: {} is not one punctuation character or a tab", shown(text))),
    }
}

fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| {
        format!("encoding: {} is not known; try utf-8, utf-16le or windows-1252", shown(label))
    })
}

fn at_line(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().and_then(|span| text.get(..span.start));
    let line = start.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", error.message())
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
