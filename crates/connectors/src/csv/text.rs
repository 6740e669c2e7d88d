//! What cells become before they are read.

use std::borrow::Cow;

/// Characters that a cell may have.
pub(super) const LONGEST_CELL: usize = 4096;

/// The text without blanks of any kind around it, those without width included.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}' | '\u{2060}')
    })
}

/// The text without blanks around it and with every run of blanks, no-break spaces, tabs and line
/// breaks inside it made one blank, so that no value carries a line break into a mail header or a log.
/// Other control characters have no place in a person's data and are refused.
pub(super) fn cleaned(cell: &str) -> Result<Cow<'_, str>, String> {
    let cell = trimmed(cell);
    let control = cell.chars().find(|character| character.is_control() && !character.is_whitespace());
    if let Some(control) = control {
        return Err(format!("holds the control character U+{:04X}", u32::from(control)));
    }
    let is_plain = !cell.contains("  ") && cell.chars().all(|c| c == ' ' || !c.is_whitespace());
    if is_plain {
        return Ok(Cow::Borrowed(cell));
    }
    let words: Vec<&str> = cell.split_whitespace().collect();
    Ok(Cow::Owned(words.join(" ")))
}

/// The first `length` characters.
pub(super) fn cut_to(text: &str, length: usize) -> &str {
    match text.char_indices().nth(length) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// A value as a message shows it: short, in quotes, on one line.
pub(super) fn shown(text: &str) -> String {
    let start = cut_to(text, 40);
    let dots = if start.len() < text.len() { "…" } else { "" };
    let visible: String = start.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{visible}{dots}`")
}

/// ASCII letters and the letters that are written with them when there are no others.
const LETTERS: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"),
    ("ae", "æ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıǐỉị"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉ"),
    ("o", "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšș"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔụủứừửữự"),
    ("w", "ŵẁẃẅ"),
    ("y", "ýÿŷỳỵỷỹ"),
    ("z", "źżž"),
];

/// The text in what a login name takes: ASCII letters, digits, `.`, `-` and `_`. Accents go, `ß` is
/// `ss`; what has no such spelling is left out.
pub(super) fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_') {
            plain.push(character);
        } else if let Some(letters) = ascii_letters(character) {
            let (first, rest) = letters.split_at(1);
            let first = if character.is_uppercase() { first.to_ascii_uppercase() } else { first.to_owned() };
            plain.push_str(&first);
            plain.push_str(rest);
        }
    }
    plain
}

fn ascii_letters(character: char) -> Option<&'static str> {
    let small = character.to_lowercase().next()?;
    // The small letter of İ is an i and a dot apart.
    if small == 'i' {
        return Some("i");
    }
    LETTERS.iter().find(|(_, written)| written.contains(small)).map(|(letters, _)| *letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_blanks_go() {
        assert_eq!(cleaned(" \u{a0}\u{feff}Ada\u{a0} \t Lovelace\u{200b}\n").unwrap(), "Ada Lovelace");
        assert_eq!(cleaned("1 Main St\r\nHouse 2").unwrap(), "1 Main St House 2");
        assert!(matches!(cleaned("Ada Lovelace"), Ok(Cow::Borrowed(_))));
        assert_eq!(cleaned(" \u{a0} ").unwrap(), "");
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(cleaned("a\0b").unwrap_err(), "holds the control character U+0000");
        assert_eq!(cleaned("a\u{1b}[0m").unwrap_err(), "holds the control character U+001B");
    }

    #[test]
    fn login_names_are_ascii() {
        for (text, plain) in [
            ("Sánchez", "Sanchez"),
            ("Øster Æbø", "OsterAebo"),
            ("Weiß-Müller", "Weiss-Muller"),
            ("D'Hers Jr.", "DHersJr."),
            ("Nguyễn", "Nguyen"),
            ("İnci Þór", "InciThor"),
            ("e\u{301}va", "eva"),
            ("王", ""),
        ] {
            assert_eq!(ascii(text), plain, "{text}");
        }
    }

    #[test]
    fn values_are_shown_short_and_on_one_line() {
        assert_eq!(shown("a\nb"), "`a b`");
        assert_eq!(shown(&"ü".repeat(50)), format!("`{}…`", "ü".repeat(40)));
    }
}
