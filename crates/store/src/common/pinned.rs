//! What a filter pins down, so that a list is read along an index instead of from its beginning.

use tenure_lifecycle::expression::{Expression, Literal, Operator};
use uuid::Uuid;

use super::db::{self, Connection, OptionalExtension};

/// The id that a filter wants a property to equal; `None` if it leaves that open.
fn equal_to(filter: Option<&Expression>, path: &str) -> Option<Uuid> {
    let parts = match filter? {
        Expression::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    parts.iter().find_map(|part| match part {
        Expression::Compare { path: asked, operator: Operator::Eq, literal: Literal::Guid(id) } => {
            let same =
                asked.variable.is_none() && asked.segments.iter().map(String::as_str).eq(path.split('/'));
            same.then_some(*id)
        }
        _ => None,
    })
}

/// The number of the row of a table that a filter wants a property to be about: 0, which no row has, if there is none of that
/// id; `None` if the filter leaves that open.
pub(super) fn number(
    connection: &Connection,
    filter: Option<&Expression>,
    path: &str,
    table: &str,
) -> db::Result<Option<i64>> {
    let Some(id) = equal_to(filter, path) else { return Ok(None) };
    let sql = format!("SELECT number FROM {table} WHERE id = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
    Ok(Some(found.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::expression::parse;

    use super::*;

    #[test]
    fn only_an_equality_that_always_holds_pins_a_list_down() {
        let id = "5f0c1d7e-2a44-4b5e-9a0d-6c3b1e9f7a10";
        let pinned = |text: &str| equal_to(Some(&parse(&text.replace("ID", id)).unwrap()), "target/objectId");
        for text in ["target/objectId eq ID", "state eq 'delivered' and target/objectId eq ID"] {
            assert_eq!(pinned(text), id.parse().ok(), "{text}");
        }
        for text in [
            "target/objectId ne ID",
            "not (target/objectId eq ID)",
            "target/objectId eq ID or state eq 'delivered'",
            "target/id eq ID",
            "state eq 'delivered'",
        ] {
            assert_eq!(pinned(text), None, "{text}");
        }
        assert_eq!(equal_to(None, "target/objectId"), None);
    }
}
