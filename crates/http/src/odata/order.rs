//! `$orderby`.

use tenure_lifecycle::ports::Order;

use super::properties::Properties;
use crate::errors::GraphError;

/// Reads `$orderby`, with names in Graph's spelling.
pub(super) fn order(text: &str, properties: &Properties) -> Result<Vec<Order>, GraphError> {
    let mut terms: Vec<Order> = vec![];
    for term in text.split(',') {
        let mut words = term.split_whitespace();
        let name = words.next().unwrap_or_default();
        let descending = match (words.next(), words.next()) {
            (None, _) => false,
            (Some(way), None) if way.eq_ignore_ascii_case("asc") => false,
            (Some(way), None) if way.eq_ignore_ascii_case("desc") => true,
            _ => return Err(GraphError::option("$orderby", "must be property names, each with asc or desc")),
        };
        let Some(property) = properties.find(name) else {
            let rule = format!("names '{name}', which is not a property of {}", properties.of);
            return Err(GraphError::option("$orderby", rule));
        };
        if !property.order {
            return Err(GraphError::option("$orderby", format!("is not supported for '{}'", property.name)));
        }
        if terms.iter().any(|term| term.property == property.name) {
            return Err(GraphError::option("$orderby", format!("names '{}' twice", property.name)));
        }
        terms.push(Order { property: property.name.to_owned(), descending });
    }
    Ok(terms)
}
