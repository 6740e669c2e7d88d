//! What holds for every expression: it prints to text that parses to itself, and no text is harmful.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn name() -> impl Strategy<Value = String> {
    select(vec![
        "department",
        "employeeOrgData",
        "extension_1_any",
        "any",
        "startsWith",
        "naïve",
        "@odata.type",
        "x",
    ])
    .prop_map(str::to_owned)
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(Literal::Integer),
        any::<f64>()
            .prop_filter("literals are finite", |number| number.is_finite())
            .prop_map(Literal::Decimal),
        any::<String>().prop_map(Literal::Text),
        select(vec!["it's", "''", "\"", "", "a,b"]).prop_map(|text| Literal::Text(text.to_owned())),
        // From the year 1 to the last day of 9999: dates that the grammar knows.
        (-62_135_596_800_i64..253_402_200_000, 0..1_000_000_000)
            .prop_map(|(second, nanosecond)| jiff::Timestamp::new(second, nanosecond)
                .map_or(Literal::Null, Literal::Timestamp)),
        any::<u128>().prop_map(|bits| Literal::Guid(uuid::Uuid::from_u128(bits))),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::{Eq, Ge, Gt, Le, Lt, Ne};
    select(vec![Eq, Ne, Gt, Ge, Lt, Le])
}

fn text_operator() -> impl Strategy<Value = Operator> {
    select(vec![Operator::Has, Operator::StartsWith, Operator::EndsWith, Operator::Contains])
}

/// An expression; `variable` is that of the lambda around it.
fn expression(variable: Option<&'static str>, depth: u32) -> BoxedStrategy<Expression> {
    let root = prop::collection::vec(name(), 1..3).prop_map(|segments| Path { variable: None, segments });
    let path = match variable {
        None => root.boxed(),
        Some(variable) => {
            let element = prop::collection::vec(name(), 0..3)
                .prop_map(move |segments| Path { variable: Some(variable.to_owned()), segments });
            prop_oneof![root, element].boxed()
        }
    };
    let leaf = prop_oneof![
        (path.clone(), operator(), literal()).prop_map(|(path, operator, literal)| Expression::Compare {
            path,
            operator,
            literal
        }),
        (path.clone(), text_operator(), any::<String>()).prop_map(|(path, operator, text)| {
            Expression::Compare { path, operator, literal: Literal::Text(text) }
        }),
        (path.clone(), prop::collection::vec(literal(), 1..4))
            .prop_map(|(path, literals)| Expression::In { path, literals }),
        path.clone().prop_map(|collection| Expression::Any {
            collection,
            variable: String::new(),
            body: None
        }),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner_variable = if variable.is_some() { "inner" } else { "item" };
    let part = expression(variable, depth - 1);
    let parts = prop::collection::vec(part.clone(), 2..4);
    prop_oneof![
        3 => leaf,
        2 => parts.clone().prop_map(|parts| Expression::And(flat(parts, true))),
        2 => parts.prop_map(|parts| Expression::Or(flat(parts, false))),
        1 => part.prop_map(|part| Expression::Not(Box::new(part))),
        1 => (path, expression(Some(inner_variable), depth - 1), any::<bool>()).prop_map(
            move |(collection, body, all)| {
                let (variable, body) = (inner_variable.to_owned(), Box::new(body));
                if all {
                    Expression::All { collection, variable, body }
                } else {
                    Expression::Any { collection, variable, body: Some(body) }
                }
            }
        ),
    ]
    .boxed()
}

fn flat(parts: Vec<Expression>, and: bool) -> Vec<Expression> {
    parts
        .into_iter()
        .flat_map(|part| match part {
            Expression::And(inner) if and => inner,
            Expression::Or(inner) if !and => inner,
            other => vec![other],
        })
        .collect()
}

/// Pieces that stand next to each other in real expressions.
fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        "(",
        ")",
        ",",
        "/",
        ":",
        "'",
        "\"",
        "''",
        "'x'",
        " ",
        " and ",
        " or ",
        "not ",
        " eq ",
        " ne ",
        " in ",
        " has ",
        "department",
        "a/b",
        "tags/any(t:t eq 'x')",
        "tags/all(t:t eq 'x')",
        "/any(",
        "/all(",
        "any",
        "t",
        "startsWith(",
        "contains(a,'b')",
        "null",
        "true",
        "5",
        "-",
        "1.5",
        "1e",
        "2024-01-01",
        "2024-01-01T00:00:00Z",
        "+01:00",
        "ß",
        "\u{0}",
        "\u{a0}",
        "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
        "fab81fb2-bc02-4b7c-bd55-b576c07bb09d",
        "microsoft.graph.x",
        ".",
        "é",
    ];
    prop::collection::vec(select(pieces.to_vec()), 0..30).prop_map(|pieces| pieces.concat())
}

struct Nothing;

impl Record for Nothing {
    fn value(&self, _path: &[String]) -> Option<Value<'_>> {
        None
    }
}

/// Parses, and when that works checks the laws of expressions.
fn check(input: &str) -> Result<(), TestCaseError> {
    match parse(input) {
        Err(error) => prop_assert!(error.position <= input.chars().count()),
        Ok(expression) => {
            prop_assert_eq!(parse(&expression.to_string()), Ok(expression.clone()));
            let explanation = explain(&expression, &Nothing, Case::Sensitive);
            prop_assert_eq!(explanation.holds, evaluate(&expression, &Nothing, Case::Sensitive));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_printed_expression_parses_to_itself(expression in expression(None, 3)) {
        let unlimited = Limits { length: usize::MAX, ..Limits::default() };
        prop_assert_eq!(parse_with(&expression.to_string(), unlimited), Ok(expression));
    }

    #[test]
    fn no_text_makes_the_parser_panic(input in any::<String>()) {
        check(&input)?;
    }

    #[test]
    fn no_mix_of_pieces_makes_the_parser_panic(input in soup()) {
        check(&input)?;
    }

    #[test]
    fn folding_a_start_is_the_start_of_the_folded(start in any::<String>(), rest in any::<String>()) {
        let whole = format!("{start}{rest}");
        prop_assert_eq!(fold(&whole), format!("{}{}", fold(&start), fold(&rest)));
        let folded = fold(&whole);
        prop_assert_eq!(&fold(&folded), &folded);
    }
}

#[test]
fn spelling_is_normalised() {
    for (input, printed) in [
        ("(department eq 'Marketing')", "department eq 'Marketing'"),
        ("department EQ \"it's\"", "department eq 'it''s'"),
        ("'x' eq department", "department eq 'x'"),
        ("5 GT version", "version lt 5"),
        ("(accountEnabled in (true))", "accountEnabled in (true)"),
        ("(otherMails/any(p:startsWith(p,'Av')))", "otherMails/any(p:startsWith(p,'Av'))"),
        ("STARTSWITH( a/b , 'x' ) EQ False", "not (startsWith(a/b,'x'))"),
        ("category eq microsoft.graph.identityGovernance.kind'joiner'", "category eq 'joiner'"),
        ("a eq 1 AND b eq 2 or c eq 3", "a eq 1 and b eq 2 or c eq 3"),
        (
            "(a eq 1 and b eq 2) and (c eq 3 or (d eq 4 or e eq 5))",
            "a eq 1 and b eq 2 and (c eq 3 or d eq 4 or e eq 5)",
        ),
        ("Not a eq 1 and b ne NULL", "not (a eq 1) and b ne null"),
        ("tags/Any(Tag: tag eq 'x')", "tags/any(Tag:Tag eq 'x')"),
        ("tags/ALL(Tag: not tag eq 'x')", "tags/all(Tag:not (Tag eq 'x'))"),
        ("category HAS microsoft.graph.kind'joiner'", "category has 'joiner'"),
        ("a ge 2024-01-01", "a ge 2024-01-01T00:00:00Z"),
        ("a lt 2024-01-01T01:00:00.5+01:00", "a lt 2024-01-01T00:00:00.5Z"),
        (
            "(department eq 'Marketing') or (not (city eq 'Redmond'))",
            "department eq 'Marketing' or not (city eq 'Redmond')",
        ),
    ] {
        assert_eq!(parse(input).map(|expression| expression.to_string()), Ok(printed.to_owned()), "{input}");
    }
}

#[test]
fn errors_name_the_place_and_the_cause() {
    for (input, error) in [
        ("", "the expression is empty at position 0"),
        (
            "department",
            "expected eq, ne, gt, ge, lt, le, in or has after 'department', found the end at position 10",
        ),
        (
            "department is 'x'",
            "expected eq, ne, gt, ge, lt, le, in or has after 'department', found 'is' at position 11",
        ),
        (
            "department eq Sales",
            "'Sales' is not a value: text stands in single quotes, and a property cannot be compared with a property at position 14",
        ),
        ("é eq 'x", "this text has no closing quote at position 5"),
        ("a eq 1 b eq 2", "expected 'and', 'or' or the end, found 'b' at position 7"),
        ("(a eq 1", "expected 'and', 'or' or ')', found the end at position 7"),
        ("a eq 1 and", "expected a property, a value or '(', found the end at position 10"),
        ("1 eq 1", "a comparison needs a property on one side at position 5"),
        (
            "toLower(a) eq 'x'",
            "'toLower' is no function; there are startsWith, endsWith and contains at position 0",
        ),
        ("startsWith(a,5)", "'startsWith' needs a text in quotes at position 13"),
        ("a in ()", "expected a value, found ')' at position 6"),
        ("a/all()", "'all' needs a condition: all(x: …) at position 6"),
        (
            "a/some(x:x eq 1)",
            "expected eq, ne, gt, ge, lt, le, in or has after 'a/some', found '(' at position 6",
        ),
        ("a/any(x x eq 1)", "expected ':', found 'x' at position 8"),
        ("a eq 2024-02-30", "'2024-02-30' is neither a number, nor a date-time, nor a guid at position 5"),
        ("a = 'x'", "'=' has no meaning here at position 2"),
    ] {
        assert_eq!(parse(input).map_err(|error| error.to_string()), Err(error.to_owned()), "{input}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let nested = |depth: usize| format!("{}a eq 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(64)).is_ok());
    let error = parse(&nested(65)).unwrap_err();
    assert_eq!(error.to_string(), "the expression is nested deeper than 64 levels at position 64");
    let error = parse(&nested(5000)).unwrap_err();
    assert_eq!(error.to_string(), "the expression is longer than 8192 characters at position 8192");

    let generous = Limits { length: usize::MAX, depth: usize::MAX };
    for start in ["(", "not ", "not (", "a/any(x:", "a/all(x:", "a eq 1 or (b eq 2 and ("] {
        let error = parse_with(&start.repeat(5000), generous).unwrap_err();
        assert!(error.message.contains("nested deeper than 256 levels"), "{start}: {error}");
    }
    let deepest = format!("{}a eq 1{}", "a eq 1 or (b eq 2 and (".repeat(128), "))".repeat(128));
    let expression = parse_with(&deepest, generous).unwrap();
    assert_eq!(parse_with(&expression.to_string(), generous), Ok(expression.clone()));
    assert!(!evaluate(&expression, &Nothing, Case::Insensitive));
    assert!(!explain(&expression, &Nothing, Case::Insensitive).holds);

    let long = vec!["a eq 1"; 800].join(" or ");
    assert!(matches!(parse(&long), Ok(Expression::Or(parts)) if parts.len() == 800));
}
