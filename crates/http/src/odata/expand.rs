//! `$expand`, with `$select` inside.

use crate::errors::GraphError;

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
}

impl Expansion {
    /// Reads `$expand`; other names than these are refused.
    pub(crate) fn parse(text: Option<&str>, known: &[&'static str]) -> Result<Self, GraphError> {
        let Some(text) = text else { return Ok(Self::default()) };
        let mut expanded: Vec<Expanded> = vec![];
        for term in terms(text) {
            let (name, inner) = match term.split_once('(') {
                Some((name, inner)) => match inner.strip_suffix(')') {
                    Some(inner) => (name.trim(), Some(inner)),
                    None => {
                        return Err(GraphError::option("$expand", "has a parenthesis that is not closed"));
                    }
                },
                None => (term, None),
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
            let select = inner.map(selection).transpose()?.flatten();
            for name in names {
                if expanded.iter().any(|known| known.name == name) {
                    return Err(GraphError::option("$expand", format!("names '{name}' twice")));
                }
                expanded.push(Expanded { name, select: select.clone() });
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
}

/// Cuts at commas outside parentheses.
fn terms(text: &str) -> Vec<&str> {
    let (mut terms, mut depth, mut start) = (vec![], 0_usize, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                terms.push(text[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    terms.push(text[start..].trim());
    terms
}

/// The `$select` among the options inside an expansion; others are refused.
fn selection(inner: &str) -> Result<Option<String>, GraphError> {
    let mut select = None;
    for option in inner.split(';').map(str::trim).filter(|option| !option.is_empty()) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        if !name.trim().trim_start_matches('$').eq_ignore_ascii_case("select") {
            let rule = format!("holds {}; only $select is supported inside", name.trim());
            return Err(GraphError::option("$expand", rule));
        }
        select = Some(value.trim().to_owned());
    }
    Ok(select)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_the_select_inside_are_read() {
        let expansion =
            Expansion::parse(Some("Subject($select=id,displayName),task"), &["subject", "task"]).unwrap();
        assert_eq!(expansion.names(), ["subject", "task"]);
        assert_eq!(expansion.get("subject").unwrap().select.as_deref(), Some("id,displayName"));
        assert!(Expansion::parse(Some("*"), &["subject", "task"]).unwrap().has("task"));
        for text in ["shoe", "subject,subject", "subject($top=1)", "subject($select=id", ""] {
            assert!(Expansion::parse(Some(text), &["subject"]).is_err(), "{text}");
        }
    }
}
