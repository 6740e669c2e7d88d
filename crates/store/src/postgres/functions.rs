//! What the statements of `common` use and PostgreSQL does not have.

use std::fmt::Write as _;
use std::sync::LazyLock;

use tenure_lifecycle::expression::fold;

use super::db::{Connection, Result};
use super::meta;

const FUNCTIONS: &str = include_str!("functions.sql");

/// The functions of this version, and what they are told by.
static OURS: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = format!("{FUNCTIONS}\n{}", folding());
    let version = blake3::hash(text.as_bytes()).to_hex().to_string();
    (text, version)
});

/// Adds the functions, or makes them those of this version.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let (text, version) = &*OURS;
    if meta::text(connection, "functions")?.as_deref() != Some(version) {
        connection.execute_batch(text)?;
        meta::set_text(connection, "functions", version)?;
    }
    Ok(())
}

/// `fold(text)`, letter by letter as the domain's: what becomes one letter by one table, what becomes several before.
fn folding() -> String {
    let (mut from, mut to, mut text) = (String::new(), String::new(), "t".to_owned());
    for letter in (0x80..=u32::from(char::MAX)).filter_map(char::from_u32) {
        let single = letter.to_string();
        let folded = fold(&single);
        if folded == single {
            continue;
        }
        if folded.chars().count() == 1 {
            from.push(letter);
            to.push_str(&folded);
        } else {
            text = format!("replace({text}, '{letter}', '{folded}')");
        }
    }
    let mut function = String::new();
    // Most texts have only letters of English, and its own folding is quicker.
    let _ = write!(
        function,
        "CREATE OR REPLACE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $fold$
            SELECT CASE WHEN octet_length(t) = length(t) THEN lower(t COLLATE \"C\")
                        ELSE translate(lower({text} COLLATE \"C\"), '{from}', '{to}') END $fold$;"
    );
    function
}
