//! A cleaned text into the value of an attribute.

use tenure_lifecycle::directory::{Attribute, Kind, Value};

use super::dates::Dates;
use super::text::shown;

/// Reads a text that is not empty.
pub(super) fn parse(attribute: &Attribute, text: &str, dates: &Dates) -> Result<Value, String> {
    match attribute.kind {
        Kind::Text => {
            if matches!(attribute.name, "userPrincipalName" | "mail") && !is_address(text) {
                return Err(format!("{} is not an address such as ada@example.com", shown(text)));
            }
            Ok(Value::Text(text.to_owned()))
        }
        Kind::Boolean => boolean(text).map(Value::Boolean),
        Kind::DateTime => dates.moment(text).map(Value::DateTime),
        Kind::Texts => Ok(list(text)),
        Kind::Plans => Err("cannot come from a file".into()),
    }
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(format!("{} is not one of true, false, 1, 0, yes, no", shown(text))),
    }
}

fn list(text: &str) -> Value {
    let items: Vec<&str> = text.split(';').map(str::trim).filter(|item| !item.is_empty()).collect();
    if items.is_empty() { Value::Null } else { Value::List(items.into_iter().collect()) }
}

/// Catches what a template makes of missing names (`.king@example.com`), not every wrong address.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    is_dotted(local)
        && is_dotted(domain)
        && !domain.contains('@')
        && !text.contains([' ', ',', ';', '<', '>'])
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::directory::attribute;

    use super::*;

    fn parsed(name: &str, text: &str) -> Result<Value, String> {
        parse(attribute(name).unwrap(), text, &Dates::new(Vec::new(), None).unwrap())
    }

    #[test]
    fn booleans_are_read_in_their_usual_forms() {
        for text in ["true", "TRUE", "1", "Yes"] {
            assert_eq!(parsed("accountEnabled", text), Ok(Value::Boolean(true)), "{text}");
        }
        for text in ["false", "False", "0", "no"] {
            assert_eq!(parsed("accountEnabled", text), Ok(Value::Boolean(false)), "{text}");
        }
        let reason = parsed("accountEnabled", "maybe").unwrap_err();
        assert_eq!(reason, "`maybe` is not one of true, false, 1, 0, yes, no");
    }

    #[test]
    fn lists_are_parted_by_semicolons() {
        assert_eq!(
            parsed("businessPhones", "1 23; 4;"),
            Ok(Value::List(["1 23", "4"].into_iter().collect()))
        );
        assert_eq!(parsed("businessPhones", " ; "), Ok(Value::Null));
    }

    #[test]
    fn addresses_are_checked() {
        for text in ["a@b", "ada.king@example.com", "o'neil+x@sub.example.com", "zoë@müller.example"] {
            assert_eq!(parsed("mail", text), Ok(Value::Text(text.into())), "{text}");
        }
        for text in
            ["ada", "@example.com", ".king@example.com", "ada.@example.com", "a@b@c", "a b@c", "a@", "a@b..c"]
        {
            assert!(parsed("userPrincipalName", text).unwrap_err().contains("is not an address"), "{text}");
        }
        assert_eq!(parsed("displayName", "a b"), Ok(Value::Text("a b".into())));
    }
}
