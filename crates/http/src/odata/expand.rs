//! `$expand`, with query options inside.
//!
//! ```text
//! taskProcessingResults($filter=processingStatus eq 'failed';$top=5;$expand=subject),subject($select=id)
//! ```
//!
//! What stands inside is checked when it is read, whether or not there is anything to spell out.

use serde_json::Value;
use tenure_lifecycle::expression::Expression;

use super::answer::{Item, List};
use super::memory;
use super::options::Options;
use super::properties::Properties;
use super::select::Selection;
use crate::errors::GraphError;

/// A navigation that can be spelled out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Navigation {
    name: &'static str,
    of: fn() -> &'static Properties,
    many: bool,
    within: &'static [Navigation],
}

impl Navigation {
    /// It leads to one thing: `$select` may stand inside.
    pub(crate) const fn one(name: &'static str, of: fn() -> &'static Properties) -> Self {
        Self { name, of, many: false, within: &[] }
    }

    /// It leads to several, of which `$filter`, `$orderby`, `$top`, `$skip` and `$count` may choose.
    pub(crate) const fn many(name: &'static str, of: fn() -> &'static Properties) -> Self {
        Self { name, of, many: true, within: &[] }
    }

    /// The same, with these to be spelled out inside.
    pub(crate) const fn with(self, within: &'static [Navigation]) -> Self {
        Self { within, ..self }
    }
}

/// The navigations that an answer spells out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expansion(Vec<Expanded>);

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Expanded {
    /// Its name, in Graph's spelling.
    pub(crate) name: &'static str,
    /// The `$select` inside.
    pub(crate) select: Option<String>,
    /// What is spelled out inside.
    pub(crate) inside: Expansion,
    /// All options inside.
    pub(crate) options: Options,
    navigation: Option<Navigation>,
}

impl Expansion {
    /// Reads `$expand`; other names than these are refused, and so are options inside other than `$select`.
    pub(crate) fn parse(text: Option<&str>, known: &[&'static str]) -> Result<Self, GraphError> {
        Self::read(text, known, |_, options| only(options, &["select"]).map(|()| (Self::default(), None)))
    }

    /// Reads `$expand` of these navigations, with all that they take inside.
    pub(crate) fn of(text: Option<&str>, known: &[Navigation]) -> Result<Self, GraphError> {
        let names: Vec<&'static str> = known.iter().map(|navigation| navigation.name).collect();
        Self::read(text, &names, |name, options| {
            let Some(navigation) = known.iter().find(|navigation| navigation.name == name) else {
                return Ok((Self::default(), None));
            };
            if navigation.many {
                // Read here so that mistakes are found even where nothing is there to be spelled out.
                options.parts((navigation.of)(), name)?;
                options.count()?;
                options.skip()?;
            } else {
                only(options, &["select", "expand"])?;
            }
            Selection::parse(options.get("select"), (navigation.of)())?;
            Ok((Self::of(options.get("expand"), navigation.within)?, Some(*navigation)))
        })
    }

    fn read(
        text: Option<&str>,
        known: &[&'static str],
        check: impl Fn(&'static str, &Options) -> Result<(Self, Option<Navigation>), GraphError>,
    ) -> Result<Self, GraphError> {
        let Some(text) = text else { return Ok(Self::default()) };
        let mut expanded: Vec<Expanded> = vec![];
        for term in cut(text, ',')? {
            let (name, inner) = match term.split_once('(') {
                Some((name, inner)) => match inner.strip_suffix(')') {
                    Some(inner) => (name.trim(), inner),
                    None => {
                        return Err(GraphError::option("$expand", "has a parenthesis that is not closed"));
                    }
                },
                None => (term, ""),
            };
            let names: Vec<&'static str> = if name == "*" {
                known.to_vec()
            } else {
                known.iter().copied().filter(|known| known.eq_ignore_ascii_case(name)).collect()
            };
            if names.is_empty() {
                return Err(GraphError::option(
                    "$expand",
                    format!("names '{name}', which cannot be expanded here"),
                ));
            }
            let options = Options::inside(cut(inner, ';')?)?;
            for name in names {
                if expanded.iter().any(|known| known.name == name) {
                    return Err(GraphError::option("$expand", format!("names '{name}' twice")));
                }
                let (inside, navigation) = check(name, &options)?;
                let select = options.get("select").map(str::to_owned);
                expanded.push(Expanded { name, select, inside, options: options.clone(), navigation });
            }
        }
        Ok(Self(expanded))
    }

    /// How a navigation is spelled out, if it is.
    pub(crate) fn get(&self, name: &str) -> Option<&Expanded> {
        self.0.iter().find(|expanded| expanded.name == name)
    }

    /// Whether a navigation is spelled out.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|expanded| expanded.name).collect()
    }

    /// Does to the navigations that an item holds whole what is asked of them inside.
    pub(crate) fn apply(&self, item: &mut Item) -> Result<(), GraphError> {
        for asked in &self.0 {
            match item.get_mut(asked.name) {
                Some(Value::Object(one)) => asked.selection()?.apply(one, &asked.inside.names()),
                Some(Value::Array(many)) => {
                    let many = std::mem::take(many).into_iter().filter_map(|one| match one {
                        Value::Object(one) => Some(one),
                        _ => None,
                    });
                    let page = asked.page(many.collect(), |filter| filter)?;
                    asked.put(item, page);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Expanded {
    /// The `$select` inside.
    pub(crate) fn selection(&self) -> Result<Selection, GraphError> {
        match self.navigation {
            Some(navigation) => Selection::parse(self.select.as_deref(), (navigation.of)()),
            None => Ok(Selection::default()),
        }
    }

    /// Those of the items that are asked for, as they are shown; `meant` says what the filter means here.
    pub(crate) fn page(
        &self,
        items: Vec<Item>,
        meant: impl Fn(Expression) -> Expression,
    ) -> Result<List, GraphError> {
        let Some(navigation) = self.navigation else { return Ok(List { items, ..List::default() }) };
        let mut page = memory::inside(&self.options, (navigation.of)(), items, meant)?;
        let selection = self.selection()?;
        for item in &mut page.items {
            selection.apply(item, &self.inside.names());
        }
        Ok(page)
    }

    /// Refuses these options, which need all there is, where only the first were looked at: `owner` (as in "a result
    /// has") says what has more than these.
    pub(crate) fn refuse_whole(
        &self,
        options: &[&str],
        owner: &str,
        looked_at: usize,
    ) -> Result<(), GraphError> {
        match options.iter().find(|name| self.options.get(name).is_some()) {
            None => Ok(()),
            Some(name) => {
                let rule = format!(
                    "cannot hold ${name} where {owner} more than {looked_at} {}; ask for these by their own path",
                    self.name
                );
                Err(GraphError::option("$expand", rule))
            }
        }
    }

    /// Whether a page holds as many items as `$top` inside asks for.
    pub(crate) fn is_full(&self, page: &List) -> bool {
        let top = self.options.get("top").and_then(|top| top.trim().parse::<usize>().ok());
        top.is_some_and(|top| page.items.len() >= top)
    }

    /// Puts a page into the item that it was spelled out for, its count before it if that was asked for.
    pub(crate) fn put(&self, into: &mut Item, page: List) {
        into.shift_remove(self.name);
        if let Some(count) = page.count {
            into.insert(format!("{}@odata.count", self.name), count.into());
        }
        into.insert(self.name.to_owned(), page.items.into_iter().map(Value::Object).collect());
    }
}

/// Refuses options inside other than these.
fn only(options: &Options, allowed: &[&str]) -> Result<(), GraphError> {
    match options.names().find(|name| !allowed.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let allowed: Vec<String> = allowed.iter().map(|name| format!("${name}")).collect();
            let rule = format!("holds ${name}; here it can hold {} only", allowed.join(" and "));
            Err(GraphError::option("$expand", rule))
        }
    }
}

/// Cuts at a separator outside parentheses and quotes.
fn cut(text: &str, separator: char) -> Result<Vec<&str>, GraphError> {
    let (mut terms, mut depth, mut start, mut quote) = (vec![], 0_usize, 0, None);
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) => quote = (open != letter).then_some(open),
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Err(GraphError::option("$expand", "has a parenthesis that is not opened")),
            },
            (None, letter) if letter == separator && depth == 0 => {
                terms.push(text[start..place].trim());
                start = place + letter.len_utf8();
            }
            (None, _) => {}
        }
    }
    if depth > 0 || quote.is_some() {
        return Err(GraphError::option("$expand", "has a parenthesis or quote that is not closed"));
    }
    terms.push(text[start..].trim());
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::properties::{Kind, Property, operators};
    use super::*;

    const THING: Properties = Properties {
        of: "a thing",
        list: &[
            Property::ordered("id", Kind::Integer, operators::ORDER),
            Property::ordered("displayName", Kind::Text, operators::TEXT),
        ],
    };
    const KNOWN: &[Navigation] = &[
        Navigation::one("subject", || &THING).with(&[Navigation::one("manager", || &THING)]),
        Navigation::many("things", || &THING),
    ];

    #[test]
    fn names_and_the_select_inside_are_read() {
        let expansion =
            Expansion::parse(Some("Subject($select=id,displayName),task"), &["subject", "task"]).unwrap();
        assert_eq!(expansion.names(), ["subject", "task"]);
        assert_eq!(expansion.get("subject").unwrap().select.as_deref(), Some("id,displayName"));
        assert!(Expansion::parse(Some("*"), &["subject", "task"]).unwrap().has("task"));
        for text in ["shoe", "subject,subject", "subject($top=1)", "subject($select=id", "subject)", ""] {
            assert!(Expansion::parse(Some(text), &["subject"]).is_err(), "{text}");
        }
    }

    #[test]
    fn options_inside_choose_order_and_count() {
        for (inside, expected) in [
            (
                "",
                json!({"things": [{"id": 1, "displayName": "b;)"}, {"id": 2, "displayName": "a"}, {"id": 3, "displayName": null}]}),
            ),
            ("($filter=displayName eq 'b;)';$select=id)", json!({"things": [{"id": 1}]})),
            ("($OrderBy=displayName desc;top=1;select=id)", json!({"things": [{"id": 1}]})),
            ("(%24count=true;$top=1;$select=id;)", json!({"things@odata.count": 3, "things": [{"id": 1}]})),
            (
                "($skip=2;$select=id;$count=true;$filter=id gt 1)",
                json!({"things@odata.count": 2, "things": []}),
            ),
        ] {
            let text = format!("things{inside}");
            let mut item = json!({"things": [{"id": 1, "displayName": "b;)"}, {"id": 2, "displayName": "a"}, {"id": 3, "displayName": null}]});
            let expansion = Expansion::of(Some(&text.replace("%24", "$")), KNOWN).unwrap();
            expansion.apply(item.as_object_mut().unwrap()).unwrap();
            assert_eq!(item, expected, "{text}");
        }
        let nested = Expansion::of(Some("subject($expand=manager($select=id))"), KNOWN).unwrap();
        assert_eq!(nested.get("subject").unwrap().inside.names(), ["manager"]);
    }

    #[test]
    fn mistakes_inside_are_named() {
        for (text, named) in [
            ("subject($top=1)", "$top"),
            ("subject($expand=things)", "'things'"),
            ("subject($select=shoe)", "'shoe'"),
            ("things($filter=shoe eq 1)", "'shoe'"),
            ("things($filter=id eq)", "position"),
            ("things($orderby=shoe)", "'shoe'"),
            ("things($top=0)", "$top"),
            ("things($count=maybe)", "$count"),
            ("things($skip=-1)", "$skip"),
            ("things($levels=max)", "$levels"),
            ("things($skiptoken=x)", "$skiptoken"),
            ("things($top=1;top=2)", "twice"),
            ("things($filter=displayName eq ')", "not closed"),
            ("things($expand=subject)", "'subject'"),
        ] {
            let message = Expansion::of(Some(text), KNOWN).unwrap_err().message;
            assert!(message.contains(named), "{text}: {message}");
        }
    }
}
