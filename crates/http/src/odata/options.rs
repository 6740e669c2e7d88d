//! Query options, by plain, `$` and `%24` names, in any order.

use std::ops::RangeInclusive;

use axum::http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tenure_lifecycle::expression::Expression;
use tenure_lifecycle::ports::Query;

use super::filter::filter;
use super::order::order;
use super::properties::Properties;
use super::search::search;
use super::token;
use crate::errors::GraphError;

/// Items of a page when nobody says.
const PAGE: usize = 100;
/// Most items of a page.
const MOST: usize = 999;

const KNOWN: [&str; 11] = [
    "filter",
    "orderby",
    "select",
    "expand",
    "top",
    "skip",
    "skiptoken",
    "deltatoken",
    "count",
    "search",
    "format",
];

/// Those that may stand inside an expansion.
const INSIDE: [&str; 8] = ["filter", "orderby", "select", "expand", "top", "skip", "count", "search"];

/// What stays readable in a link.
const IN_LINK: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b':')
    .remove(b'/')
    .remove(b'@')
    .remove(b'$');

/// The query options of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    known: Vec<(&'static str, String)>,
    own: Vec<(String, String)>,
    /// `Prefer: odata.maxpagesize`.
    pub(crate) page_size: Option<usize>,
}

impl Options {
    /// Reads a query string and the `Prefer` headers.
    pub(crate) fn parse(query: &str, headers: &HeaderMap) -> Result<Self, GraphError> {
        let mut options = Self { page_size: preferred_page_size(headers), ..Self::default() };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let plain = name.strip_prefix('$').unwrap_or(&name);
            match KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(plain)) {
                Some(known) if options.get(known).is_some() => {
                    return Err(GraphError::option(&format!("${known}"), "is given twice"));
                }
                Some(known) => options.known.push((known, value)),
                None if name.starts_with('$') => {
                    return Err(GraphError::option(&name, "is not a query option that is supported"));
                }
                None => options.own.push((name, value)),
            }
        }
        Ok(options)
    }

    /// Reads the options inside an expansion: `$name=value`, nothing encoded any more.
    pub(super) fn inside(terms: Vec<&str>) -> Result<Self, GraphError> {
        let mut options = Self::default();
        for term in terms.into_iter().filter(|term| !term.is_empty()) {
            let (name, value) = term.split_once('=').unwrap_or((term, ""));
            let plain = name.trim().trim_start_matches('$');
            let Some(known) = INSIDE.into_iter().find(|known| known.eq_ignore_ascii_case(plain)) else {
                let rule = format!("holds {}, which is not supported inside", name.trim());
                return Err(GraphError::option("$expand", rule));
            };
            if options.get(known).is_some() {
                return Err(GraphError::option("$expand", format!("holds ${known} twice")));
            }
            options.known.push((known, value.trim().to_owned()));
        }
        Ok(options)
    }

    /// The names of the options that are given, without `$`.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.known.iter().map(|(name, _)| *name)
    }

    /// The text of a query option, by its name without `$`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// An option of Tenure's own, such as `dryRun`, which is true or false.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, GraphError> {
        let given = self.own.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        given.map_or(Ok(false), |(_, value)| boolean(name, value))
    }

    /// An option of Tenure's own, such as `days`, which is a whole number within these bounds; `None` if nobody says.
    pub(crate) fn number(&self, name: &str, within: RangeInclusive<u32>) -> Result<Option<u32>, GraphError> {
        let mut given = self.own.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let Some((_, value)) = given.next() else { return Ok(None) };
        if given.next().is_some() {
            return Err(GraphError::option(name, "is given twice"));
        }
        let number = value.trim().parse().ok().filter(|number| within.contains(number));
        number.map(Some).ok_or_else(|| {
            let rule = format!("must be a whole number between {} and {}", within.start(), within.end());
            GraphError::option(name, rule)
        })
    }

    /// Refuses options that this path has no use for, by their names without `$`.
    pub(crate) fn refuse(&self, names: &[&str]) -> Result<(), GraphError> {
        match self.known.iter().find(|(known, _)| names.contains(known)) {
            None => Ok(()),
            Some((known, _)) => Err(GraphError::option(&format!("${known}"), "is not supported here")),
        }
    }

    /// Whether the number of all items is wanted.
    pub(crate) fn count(&self) -> Result<bool, GraphError> {
        self.get("count").map_or(Ok(false), |value| boolean("$count", value))
    }

    /// How many items a page may have.
    pub(crate) fn limit(&self) -> Result<usize, GraphError> {
        let top = match self.get("top") {
            None => None,
            Some(text) => match text.trim().parse::<usize>() {
                Ok(top) if (1..=MOST).contains(&top) => Some(top),
                _ => {
                    return Err(GraphError::option("$top", format!("must be a number between 1 and {MOST}")));
                }
            },
        };
        let limit = top.unwrap_or(PAGE);
        Ok(self
            .page_size
            .map_or(limit, |preferred| if top.is_some() { limit.min(preferred) } else { preferred }))
    }

    /// How many items are left out at the beginning.
    pub(crate) fn skip(&self) -> Result<usize, GraphError> {
        self.get("skip").map_or(Ok(0), |text| {
            text.trim().parse().map_err(|_| GraphError::option("$skip", "must be a number, 0 or more"))
        })
    }

    /// What a list that the store keeps is asked for. `list` is the path of the list.
    pub(crate) fn query(&self, properties: &Properties, list: &str) -> Result<Query, GraphError> {
        if self.skip()? != 0 {
            return Err(GraphError::option(
                "$skip",
                "is not supported on this list; follow @odata.nextLink instead",
            ));
        }
        self.parts(properties, list)
    }

    /// The same without a word about `$skip`. What is searched is part of the filter.
    pub(crate) fn parts(&self, properties: &Properties, list: &str) -> Result<Query, GraphError> {
        self.refuse(&["deltatoken"])?;
        let filter = self.get("filter").map(|text| filter(text, properties)).transpose()?;
        let searched = self.get("search").map(|text| search(text, properties)).transpose()?;
        let filter = match (filter, searched) {
            (Some(filter), Some(searched)) => Some(Expression::And(vec![filter, searched])),
            (filter, searched) => filter.or(searched),
        };
        let order = self.get("orderby").map_or(Ok(vec![]), |text| order(text, properties))?;
        let digest = token::digest(list, filter.as_ref(), &order);
        let after = self.get("skiptoken").map(|text| token::read(text, digest)).transpose()?;
        Ok(Query { filter, order, after, limit: self.limit()? })
    }

    /// The query string of the next page: the same options, and the mark to continue behind.
    pub(crate) fn next(&self, properties: &Properties, list: &str, mark: &str) -> Result<String, GraphError> {
        let query = Self { known: self.without_token(), ..Self::default() }.parts(properties, list)?;
        let digest = token::digest(list, query.filter.as_ref(), &query.order);
        let mut link = String::new();
        let own = self.own.iter().map(|(name, value)| (name.clone(), value));
        let known = self.known.iter().filter(|(name, _)| !matches!(*name, "skip" | "skiptoken"));
        for (name, value) in known.map(|(name, value)| (format!("${name}"), value)).chain(own) {
            let (name, value) = (utf8_percent_encode(&name, IN_LINK), utf8_percent_encode(value, IN_LINK));
            link.push_str(&format!("{name}={value}&"));
        }
        link.push_str("$skiptoken=");
        link.push_str(&token::write(mark, digest));
        Ok(link)
    }

    fn without_token(&self) -> Vec<(&'static str, String)> {
        self.known.iter().filter(|(name, _)| *name != "skiptoken").cloned().collect()
    }
}

fn boolean(name: &str, value: &str) -> Result<bool, GraphError> {
    if value.is_empty() || value.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if value.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err(GraphError::option(name, "must be true or false"))
    }
}

/// Percent-decoded, a `+` being a space.
fn decode(text: &str) -> Result<String, GraphError> {
    let spaced = text.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(GraphError::bad_request("The query string is not valid UTF-8.")),
    }
}

fn preferred_page_size(headers: &HeaderMap) -> Option<usize> {
    let values = headers.get_all("prefer").into_iter().filter_map(|value| value.to_str().ok());
    for preference in values.flat_map(|value| value.split([',', ';'])) {
        if let Some((name, size)) = preference.split_once('=')
            && matches!(name.trim().to_ascii_lowercase().as_str(), "odata.maxpagesize" | "maxpagesize")
            && let Ok(size) = size.trim().trim_matches('"').parse::<usize>()
        {
            return Some(size.clamp(1, MOST));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::properties::{Kind, Property, operators};
    use super::*;

    const PROPERTIES: Properties = Properties {
        of: "a thing",
        list: &[
            Property::ordered("displayName", Kind::Text, operators::TEXT),
            Property::filtered("isEnabled", Kind::Boolean, operators::EQUALITY),
        ],
    };

    fn options(query: &str) -> Result<Options, String> {
        Options::parse(query, &HeaderMap::new()).map_err(|error| error.message)
    }

    fn query(text: &str) -> Result<Query, String> {
        options(text)?.query(&PROPERTIES, "things").map_err(|error| error.message)
    }

    #[test]
    fn names_are_understood_with_and_without_a_dollar() {
        for text in [
            "$filter=isEnabled eq true&$top=5",
            "%24top=5&%24Filter=isEnabled%20eq%20true",
            "top=5&filter=ISENABLED+eq+true",
        ] {
            let query = query(text).unwrap();
            assert_eq!(query.limit, 5);
            assert_eq!(query.filter.unwrap().to_string(), "isEnabled eq true");
        }
        assert_eq!(query("").unwrap().limit, 100);
        assert!(options("dryRun=true").unwrap().flag("dryrun").unwrap());
    }

    #[test]
    fn a_number_of_our_own_lies_within_its_bounds() {
        let days = |text: &str| options(text).unwrap().number("days", 1..=9).map_err(|error| error.message);
        assert_eq!((days(""), days("Days=9&$top=1")), (Ok(None), Ok(Some(9))));
        for wrong in ["days=0", "days=10", "days=-1", "days=x", "days=", "days=99999999999", "days=1&days=1"]
        {
            assert!(days(wrong).unwrap_err().starts_with("days "), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("$top=0", "$top"),
            ("$top=1000", "$top"),
            ("$top=x", "$top"),
            ("$top=1&top=2", "$top"),
            ("$shape=round", "$shape"),
            ("$skip=5", "$skip"),
            ("$search=shoe:x", "$search"),
            ("$orderby=shoeSize", "$orderby"),
            ("$orderby=isEnabled", "$orderby"),
            ("$filter=isEnabled gt true", "$filter"),
            ("$filter=", "$filter"),
            ("$skiptoken=junk", "$skiptoken"),
        ] {
            let message = query(text).unwrap_err();
            assert!(message.starts_with(named), "{text}: {message}");
        }
        assert!(options("$count=maybe").unwrap().count().is_err());
        assert!(options("$filter=%ff").is_err());
    }

    #[test]
    fn a_token_continues_its_own_list_only() {
        let first = options("$filter=isEnabled eq true&$top=2&x=a%26b").unwrap();
        let link = first.next(&PROPERTIES, "things", "mark 7").unwrap();
        assert!(link.starts_with("$filter=isEnabled%20eq%20true&$top=2&x=a%26b&$skiptoken="), "{link}");
        let again = options(&link).unwrap();
        assert_eq!(again.query(&PROPERTIES, "things").unwrap().after.as_deref(), Some("mark 7"));
        assert!(again.query(&PROPERTIES, "others").is_err());
        assert!(query(&link.replace("eq", "ne")).unwrap_err().starts_with("$skiptoken"));
        assert_eq!(again.next(&PROPERTIES, "things", "mark 7").unwrap(), link);
    }

    #[test]
    fn a_preferred_page_size_is_kept_within_bounds() {
        let size = |prefer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", prefer.parse().unwrap());
            Options::parse("", &headers).unwrap().limit().unwrap()
        };
        assert_eq!(size("odata.maxpagesize=7"), 7);
        assert_eq!(size("include-unknown-enum-members, odata.maxpagesize=5000"), 999);
        assert_eq!(size("respond-async"), 100);
    }
}
