//! Makes PostgreSQL's SQL of the SQL in `common`, which is SQLite's.
//!
//! Only what is said otherwise is changed: parameters are `$1`; columns that are called like a word of PostgreSQL are
//! quoted; an index is not prescribed; and a join has a condition or is a cross join. SQLite keeps the order of a cross join,
//! with a condition too: it looks up each row in turn. PostgreSQL does so if what is looked up is a subquery of its own,
//! whatever it believes of how many rows there are; of a table that was empty when it counted it believes there are none. What SQLite has functions for that PostgreSQL has not is in the migrations.

/// Columns and aliases that PostgreSQL reads as its own words.
const RESERVED: [&str; 2] = ["user", "full"];

/// Words that end a condition.
const BEHIND_A_CONDITION: [&str; 9] =
    ["JOIN", "CROSS", "LEFT", "WHERE", "GROUP", "ORDER", "LIMIT", "UNION", "SET"];

/// A piece of SQL; with no other in between they make the text again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Parameter(Option<&'a str>),
    Open,
    Close,
    Comma,
    /// Space, literals, quoted names, comments and signs.
    Other(&'a str),
}

/// The same statement for PostgreSQL.
pub fn translate(sql: &str) -> String {
    let tokens = tokens(sql);
    let mut text = String::with_capacity(sql.len() + 16);
    let mut parameters = 0;
    let mut place = 0;
    // Where the condition of what is looked up ends, and how.
    let mut looked_up: Option<(usize, String)> = None;
    while let Some(token) = tokens.get(place) {
        if let Some((_, behind)) = looked_up.take_if(|(end, _)| *end == place) {
            text.push_str(&behind);
        }
        match *token {
            Token::Parameter(number) => {
                parameters += 1;
                text.push('$');
                match number {
                    Some(number) => text.push_str(number),
                    None => text.push_str(&parameters.to_string()),
                }
            }
            Token::Word("INDEXED") => {
                place = skip_words(&tokens, place, 2);
            }
            Token::Word("CROSS") => {
                place = skip_words(&tokens, place, 1);
                let rest = &tokens[place + 1..];
                if let Some((table, alias, condition)) = table_with_condition(rest) {
                    text.push_str(&format!(
                        "CROSS JOIN LATERAL (SELECT {alias}.* FROM {table} {alias} WHERE"
                    ));
                    let end = place + 1 + condition + length_of_condition(&rest[condition..]);
                    looked_up = Some((end, format!(" OFFSET 0) {alias} ")));
                    place += condition;
                } else {
                    text.push_str(if has_condition(rest) { "JOIN" } else { "CROSS JOIN" });
                }
            }
            Token::Word("JOIN") => {
                let is_outer = before(&tokens[..place]) == Some("LEFT");
                text.push_str(if is_outer || has_condition(&tokens[place + 1..]) {
                    "JOIN"
                } else {
                    "CROSS JOIN"
                });
            }
            Token::Word(word) if RESERVED.contains(&word) => {
                text.push('"');
                text.push_str(word);
                text.push('"');
            }
            Token::Word(word) | Token::Other(word) => text.push_str(word),
            Token::Open => text.push('('),
            Token::Close => text.push(')'),
            Token::Comma => text.push(','),
        }
        place += 1;
    }
    if let Some((_, behind)) = looked_up {
        text.push_str(behind.trim_end());
    }
    text
}

/// A table with an alias and a condition: these, and where the condition begins.
fn table_with_condition<'a>(tokens: &[Token<'a>]) -> Option<(&'a str, &'a str, usize)> {
    let mut words = [""; 3];
    let mut place = 0;
    for word in &mut words {
        while let Some(Token::Other(space)) = tokens.get(place)
            && space.trim().is_empty()
        {
            place += 1;
        }
        let Some(Token::Word(found)) = tokens.get(place) else { return None };
        *word = found;
        place += 1;
    }
    let [table, alias, on] = words;
    (on == "ON" && alias != "ON").then_some((table, alias, place))
}

/// How long a condition is that these begin with.
fn length_of_condition(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0;
    let end = tokens.iter().position(|token| {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            Token::Comma => return depth == 0,
            Token::Word(word) => return depth == 0 && BEHIND_A_CONDITION.contains(word),
            _ => {}
        }
        depth < 0
    });
    end.unwrap_or(tokens.len())
}

/// The last word of these.
fn before<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    tokens.iter().rev().find_map(|token| match token {
        Token::Word(word) => Some(*word),
        _ => None,
    })
}

/// The place of the word that comes so many words later.
fn skip_words(tokens: &[Token<'_>], from: usize, words: usize) -> usize {
    let mut left = words;
    let mut place = from;
    while left > 0 && place + 1 < tokens.len() {
        place += 1;
        if matches!(tokens[place], Token::Word(_)) {
            left -= 1;
        }
    }
    place
}

/// Whether what is joined here has a condition.
fn has_condition(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0;
    for token in tokens {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => return false,
            Token::Close => depth -= 1,
            Token::Comma if depth == 0 => return false,
            Token::Word("ON" | "USING") if depth == 0 => return true,
            Token::Word(word) if depth == 0 && BEHIND_A_CONDITION.contains(word) => return false,
            _ => {}
        }
    }
    false
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    let until = |from: usize, fits: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| !fits(*byte)).map_or(bytes.len(), |length| from + length)
    };
    while at < bytes.len() {
        let end = match bytes[at] {
            quote @ (b'\'' | b'"') => {
                let inside = bytes[at + 1..].iter().position(|byte| *byte == quote);
                inside.map_or(bytes.len(), |length| at + length + 2)
            }
            b'-' if bytes[at..].starts_with(b"--") => until(at, &|byte| byte != b'\n'),
            b'?' => until(at + 1, &|byte| byte.is_ascii_digit()),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                until(at, &|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            }
            byte if byte.is_ascii_digit() => until(at, &|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
            b'(' | b')' | b',' => at + 1,
            _ => until(at + 1, &|byte| {
                !(byte.is_ascii_alphanumeric()
                    || matches!(byte, b'_' | b'\'' | b'"' | b'?' | b'(' | b')' | b',' | b'-'))
            }),
        };
        let piece = &sql[at..end];
        tokens.push(match bytes[at] {
            b'?' => Token::Parameter(if end > at + 1 { Some(&sql[at + 1..end]) } else { None }),
            b'(' => Token::Open,
            b')' => Token::Close,
            b',' => Token::Comma,
            byte if byte.is_ascii_alphabetic() || byte == b'_' => Token::Word(piece),
            _ => Token::Other(piece),
        });
        at = end;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn what_is_said_otherwise_is_changed() {
        let cases = [
            ("SELECT a FROM t WHERE b = ?1 AND c = ?2", "SELECT a FROM t WHERE b = $1 AND c = $2"),
            ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = $1 AND c = $2"),
            ("FROM t INDEXED BY t_a WHERE '?' = ?", "FROM t  WHERE '?' = $1"),
            (
                "SELECT m.user, user FROM m -- the user?\n",
                "SELECT m.\"user\", \"user\" FROM m -- the user?\n",
            ),
            (
                "FROM f(?1) n CROSS JOIN r ON r.a = n.value JOIN s WHERE 1 = 1",
                "FROM f($1) n JOIN r ON r.a = n.value CROSS JOIN s WHERE 1 = 1",
            ),
            (
                "FROM f(?) n CROSS JOIN t r ON r.a = n.value AND r.b IN (?, ?)\n WHERE r.c = ?",
                "FROM f($1) n CROSS JOIN LATERAL (SELECT r.* FROM t r WHERE r.a = n.value AND r.b IN ($2, $3)\n  OFFSET 0) r WHERE r.c = $4",
            ),
            (
                "x IN (SELECT 1 FROM a CROSS JOIN b c ON c.user = a.x CROSS JOIN d e ON e.y = f(c.y, 1)) AND z",
                "x IN (SELECT 1 FROM a CROSS JOIN LATERAL (SELECT c.* FROM b c WHERE c.\"user\" = a.x  OFFSET 0) c CROSS JOIN LATERAL (SELECT e.* FROM d e WHERE e.y = f(c.y, 1) OFFSET 0) e ) AND z",
            ),
            (
                "FROM a CROSS JOIN b c ON c.x = a.x",
                "FROM a CROSS JOIN LATERAL (SELECT c.* FROM b c WHERE c.x = a.x OFFSET 0) c",
            ),
            (
                "FROM a CROSS JOIN g((SELECT x FROM b JOIN c ON c.y = b.y)) m JOIN d ON d.z = m.z",
                "FROM a CROSS JOIN g((SELECT x FROM b JOIN c ON c.y = b.y)) m JOIN d ON d.z = m.z",
            ),
            ("FROM a LEFT JOIN b ON b.x = a.x", "FROM a LEFT JOIN b ON b.x = a.x"),
            ("SELECT 'it''s ?', 'user', \"user\" FROM a", "SELECT 'it''s ?', 'user', \"user\" FROM a"),
        ];
        for (sqlite, postgres) in cases {
            assert_eq!(translate(sqlite), postgres);
        }
    }
}
