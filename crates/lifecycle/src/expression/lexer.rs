//! Splits the text of an expression into tokens.

use super::error::ParseError;
use super::value::{Literal, parse_guid, parse_time};

/// One piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A property name, keyword or function name.
    Word(&'a str),
    /// A value, except the words `true`, `false` and `null`.
    Literal(Literal),
    Open,
    Close,
    Comma,
    Slash,
    Colon,
    /// Behind the last token.
    End,
}

/// The tokens with their byte offsets; the last one is `End`.
pub(super) fn tokens(input: &str) -> Result<Vec<(Token<'_>, usize)>, ParseError> {
    let mut tokens = Vec::new();
    let mut offset = 0;
    while let Some(first) = input[offset..].chars().next() {
        if first.is_whitespace() {
            offset += first.len_utf8();
            continue;
        }
        let (token, length) = token(input, offset, first)?;
        tokens.push((token, offset));
        offset += length;
    }
    tokens.push((Token::End, input.len()));
    Ok(tokens)
}

/// The token at an offset and its length in bytes.
fn token(input: &str, offset: usize, first: char) -> Result<(Token<'_>, usize), ParseError> {
    let rest = &input[offset..];
    match first {
        '(' => Ok((Token::Open, 1)),
        ')' => Ok((Token::Close, 1)),
        ',' => Ok((Token::Comma, 1)),
        '/' => Ok((Token::Slash, 1)),
        ':' => Ok((Token::Colon, 1)),
        '\'' | '"' => {
            let (text, length) = text(input, offset, first)?;
            Ok((Token::Literal(Literal::Text(text)), length))
        }
        '0'..='9' | '-' => number_or_time(input, offset),
        _ if starts_word(first) => {
            if let Some(guid) = rest.get(..36).and_then(parse_guid)
                && !rest[36..].starts_with(continues_word)
            {
                return Ok((Token::Literal(Literal::Guid(guid)), 36));
            }
            let length = rest.find(|letter| !continues_word(letter)).unwrap_or(rest.len());
            let word = &rest[..length];
            // The qualified member of an enumeration: microsoft.graph.kind'member'.
            if word.contains('.') && rest[length..].starts_with('\'') {
                let (text, text_length) = text(input, offset + length, '\'')?;
                return Ok((Token::Literal(Literal::Text(text)), length + text_length));
            }
            Ok((Token::Word(word), length))
        }
        _ => Err(ParseError::at(input, offset, format!("'{}' has no meaning here", first.escape_debug()))),
    }
}

fn starts_word(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, '_' | '@' | '$')
}

fn continues_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '@' | '$' | '.')
}

/// A quoted text, in which the quote itself is written twice.
fn text(input: &str, offset: usize, quote: char) -> Result<(String, usize), ParseError> {
    let mut text = String::new();
    let mut letters = input[offset + 1..].char_indices().peekable();
    while let Some((index, letter)) = letters.next() {
        if letter != quote {
            text.push(letter);
        } else if letters.next_if(|(_, next)| *next == quote).is_some() {
            text.push(quote);
        } else {
            return Ok((text, index + 2));
        }
    }
    Err(ParseError::at(input, offset, "this text has no closing quote"))
}

fn number_or_time(input: &str, offset: usize) -> Result<(Token<'_>, usize), ParseError> {
    let rest = &input[offset..];
    let length = rest
        .find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '+' | '.' | ':' | '_'))
        .unwrap_or(rest.len());
    let word = &rest[..length];
    let literal = if let Some(guid) = parse_guid(word) {
        Literal::Guid(guid)
    } else if let Some(time) = parse_time(word) {
        Literal::Timestamp(time)
    } else if is_integer(word) {
        match word.parse() {
            Ok(number) => Literal::Integer(number),
            Err(_) => return Err(ParseError::at(input, offset, "this number is out of range")),
        }
    } else if is_decimal(word) {
        match word.parse::<f64>() {
            Ok(number) if number.is_finite() => Literal::Decimal(number),
            _ => return Err(ParseError::at(input, offset, "this number is out of range")),
        }
    } else {
        let message = format!("'{word}' is neither a number, nor a date-time, nor a guid");
        return Err(ParseError::at(input, offset, message));
    };
    Ok((Token::Literal(literal), length))
}

fn is_integer(word: &str) -> bool {
    is_digits(word.strip_prefix('-').unwrap_or(word))
}

/// Digits with a fraction, an exponent, or both.
fn is_decimal(word: &str) -> bool {
    let (number, exponent) = match word.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (word, None),
    };
    let number_is_fine = match number.split_once('.') {
        Some((whole, fraction)) => is_integer(whole) && is_digits(fraction),
        None => is_integer(number),
    };
    let exponent_is_fine =
        exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    number_is_fine && exponent_is_fine
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(input: &str) -> Literal {
        match tokens(input).unwrap().as_slice() {
            [(Token::Literal(literal), 0), (Token::End, _)] => literal.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_kind_of_literal_is_read() {
        assert_eq!(only("'it''s'"), Literal::Text("it's".into()));
        assert_eq!(only("\"say \"\"it's\"\"\""), Literal::Text("say \"it's\"".into()));
        assert_eq!(only("''"), Literal::Text(String::new()));
        assert_eq!(only("microsoft.graph.kind'joiner'"), Literal::Text("joiner".into()));
        assert_eq!(only("-12"), Literal::Integer(-12));
        assert_eq!(only("1.50"), Literal::Decimal(1.5));
        assert_eq!(only("-1e-3"), Literal::Decimal(-0.001));
        assert_eq!(only("2024-01-01"), Literal::Timestamp("2024-01-01T00:00:00Z".parse().unwrap()));
        for guid in ["41781fb2-bc02-4b7c-bd55-b576c07bb09d", "fab81fb2-bc02-4b7c-bd55-b576c07bb09d"] {
            assert_eq!(only(guid), Literal::Guid(guid.parse().unwrap()));
        }
    }

    #[test]
    fn what_is_no_literal_is_refused_where_it_stands() {
        for (input, position) in [
            ("é 'open", 2),
            ("a eq 'x''", 5),
            ("12abc", 0),
            ("-", 0),
            ("1.", 0),
            ("99999999999999999999", 0),
            ("1e999", 0),
            ("2024-13-01", 0),
            ("a ; b", 2),
        ] {
            assert_eq!(tokens(input).unwrap_err().position, position, "{input}");
        }
    }
}
