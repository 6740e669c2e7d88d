//! The SQL condition of an expression selects exactly the rows for which the expression holds.

use std::borrow::Cow;

use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::{Connection, params, params_from_iter};
use tenure_lifecycle::expression::{
    Case, Expression, Limits, Literal, Operator, Path, Record, Value, evaluate, parse, parse_with,
};
use tenure_store::sqlite::filter::{Column, ColumnKind, Columns, Unsupported, to_sql};
use tenure_store::sqlite::register_functions;
use uuid::Uuid;

const CATEGORIES: &[(&str, i64)] = &[("joiner", 1), ("mover", 2), ("leaver", 3), ("joiner,leaver", 4)];

const GUIDS: [&str; 2] = ["41781fb2-bc02-4b7c-bd55-b576c07bb09d", "FAB81FB2-bc02-4b7c-bd55-b576c07bb09d"];

const TEXTS: &[&str] = &[
    "",
    "Sales",
    "SALES",
    "sal",
    "s",
    "Straße",
    "STRASSE",
    "ÄRGER",
    "ärger",
    "ΟΔΟΣ",
    "οδος",
    "İ",
    "it's",
    "' OR 1=1 --",
    "%",
    "_a%",
    "joiner",
    "Leaver",
    "joiner,leaver",
    ",",
    "5",
    "2024-01-01",
    "2024-01-01T00:00:00.001Z",
    "2024-01-01T01:00:00+01:00",
    GUIDS[0],
    GUIDS[1],
    "41781FB2-BC02-4B7C-BD55-B576C07BB09D",
    "\u{10ffff}",
];

const TIMES: &[&str] =
    &["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z", "1969-12-31T23:59:59.999Z", "1969-12-31T00:00:00Z"];

/// A JSON value inside an object of `plans`.
#[derive(Clone, Debug)]
enum Plain {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(String),
    List,
}

#[derive(Clone, Debug, Default)]
struct Row {
    department: Option<String>,
    category: Option<i64>,
    version: Option<i64>,
    enabled: Option<bool>,
    created: Option<jiff::Timestamp>,
    id: Option<Uuid>,
    tags: Option<Vec<String>>,
    plans: Option<Vec<Vec<(&'static str, Plain)>>>,
}

impl Record for Row {
    fn value(&self, path: &[String]) -> Option<Value<'_>> {
        let [name] = path else { return None };
        match name.as_str() {
            "department" => self.department.as_deref().map(Value::text),
            "category" => {
                let code = self.category?;
                CATEGORIES.iter().find(|(_, known)| *known == code).map(|(name, _)| Value::text(name))
            }
            "version" => self.version.map(Value::Integer),
            "enabled" => self.enabled.map(Value::Boolean),
            "created" => self.created.map(Value::Timestamp),
            "id" => self.id.map(Value::Guid),
            "tags" => Some(Value::List(self.tags.as_ref()?.iter().map(|tag| Value::text(tag)).collect())),
            "plans" => Some(Value::List(self.plans.as_ref()?.iter().map(|plan| object(plan)).collect())),
            _ => None,
        }
    }
}

fn object<'a>(plan: &'a [(&'static str, Plain)]) -> Value<'a> {
    let value = |plain: &'a Plain| match plain {
        Plain::Null => Value::Null,
        Plain::Boolean(value) => Value::Boolean(*value),
        Plain::Integer(value) => Value::Integer(*value),
        Plain::Decimal(value) => Value::Decimal(*value),
        Plain::Text(value) => Value::text(value),
        Plain::List => Value::List(vec![]),
    };
    Value::Object(plan.iter().map(|(name, plain)| (Cow::Borrowed(*name), value(plain))).collect())
}

fn json(plan: &[(&'static str, Plain)]) -> serde_json::Value {
    let value = |plain: &Plain| match plain {
        Plain::Null => serde_json::Value::Null,
        Plain::Boolean(value) => (*value).into(),
        Plain::Integer(value) => (*value).into(),
        Plain::Decimal(value) => (*value).into(),
        Plain::Text(value) => value.as_str().into(),
        Plain::List => serde_json::Value::Array(vec![]),
    };
    plan.iter().map(|(name, plain)| ((*name).to_owned(), value(plain))).collect()
}

struct RowColumns;

impl Columns for RowColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "department" => ("row.department", ColumnKind::Text),
            "category" => ("row.category", ColumnKind::TextCode(CATEGORIES)),
            "version" => ("row.version", ColumnKind::Integer),
            "enabled" => ("row.enabled", ColumnKind::Boolean),
            "created" => ("row.created", ColumnKind::TimestampMillis),
            "id" => ("row.id", ColumnKind::GuidBlob),
            "tags" => ("row.tags", ColumnKind::JsonStrings),
            "plans" => ("row.plans", ColumnKind::JsonObjects),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

fn database(rows: &[Row]) -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    register_functions(&connection)?;
    connection.execute_batch(
        "CREATE TABLE row (
            number INTEGER PRIMARY KEY,
            department TEXT,
            category INTEGER,
            version INTEGER,
            enabled INTEGER,
            created INTEGER,
            id BLOB,
            tags TEXT,
            plans TEXT
        ) STRICT;
        CREATE INDEX row_by_department ON row (department);
        CREATE INDEX row_by_folded_department ON row (fold(department));
        CREATE INDEX row_by_created ON row (created);",
    )?;
    for (number, row) in rows.iter().enumerate() {
        let plans = row.plans.as_ref().map(|plans| plans.iter().map(|plan| json(plan)).collect::<Vec<_>>());
        connection.execute(
            "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                number as i64,
                row.department,
                row.category,
                row.version,
                row.enabled,
                row.created.map(jiff::Timestamp::as_millisecond),
                row.id.map(|id| id.as_bytes().to_vec()),
                row.tags.as_ref().map(|tags| serde_json::Value::from(tags.clone()).to_string()),
                plans.map(|plans| serde_json::Value::from(plans).to_string()),
            ],
        )?;
    }
    Ok(connection)
}

/// The truth of the condition for each row, as SQLite tells it; `None` would be NULL.
fn truths(
    connection: &Connection,
    text: &str,
    parameters: &[rusqlite::types::Value],
) -> rusqlite::Result<Vec<Option<bool>>> {
    let mut statement = connection.prepare(&format!("SELECT {text} FROM row ORDER BY number"))?;
    statement.query_map(params_from_iter(parameters), |row| row.get(0))?.collect()
}

/// The rows that the condition selects, by whatever index SQLite likes.
fn selected(
    connection: &Connection,
    text: &str,
    parameters: &[rusqlite::types::Value],
) -> rusqlite::Result<Vec<usize>> {
    let mut statement =
        connection.prepare(&format!("SELECT number FROM row WHERE {text} ORDER BY number"))?;
    statement
        .query_map(params_from_iter(parameters), |row| row.get::<_, i64>(0).map(|number| number as usize))?
        .collect()
}

fn agree(
    expression: &Expression,
    rows: &[Row],
    connection: &Connection,
    case: Case,
) -> Result<(), TestCaseError> {
    let filter = to_sql(expression, &RowColumns, case)
        .map_err(|error| TestCaseError::fail(format!("{expression}: {error}")))?;
    let fail = |error| TestCaseError::fail(format!("{expression}\n{}\n{error}", filter.text));
    let evaluated: Vec<_> = rows.iter().map(|row| Some(evaluate(expression, row, case))).collect();
    let found = truths(connection, &filter.text, &filter.parameters).map_err(fail)?;
    prop_assert_eq!(&found, &evaluated, "{} ({:?}) as {}", expression, case, &filter.text);
    let wanted: Vec<_> = (0..rows.len()).filter(|number| evaluated[*number] == Some(true)).collect();
    let found = selected(connection, &filter.text, &filter.parameters).map_err(fail)?;
    prop_assert_eq!(found, wanted, "{} ({:?}) as {}", expression, case, &filter.text);
    Ok(())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(TEXTS).prop_map(str::to_owned), 1 => "[a-cA-CσΣς%_'\"\\\\]{0,4}"]
}

fn time() -> impl Strategy<Value = jiff::Timestamp> {
    select(TIMES).prop_map(|time| time.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

fn guid() -> impl Strategy<Value = Uuid> {
    select(GUIDS.to_vec()).prop_map(|guid| guid.parse().unwrap_or(Uuid::nil()))
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![9 => -1..6_i64, 1 => select(vec![i64::MIN, i64::MAX, 9_007_199_254_740_993])]
}

fn decimal() -> impl Strategy<Value = f64> {
    select(vec![-0.0, 0.5, 1.0, 2.5, 5.0, -1e300, 9_007_199_254_740_992.0, 9_223_372_036_854_775_808.0])
}

fn row() -> impl Strategy<Value = Row> {
    let plain = prop_oneof![
        1 => Just(Plain::Null),
        1 => any::<bool>().prop_map(Plain::Boolean),
        1 => integer().prop_map(Plain::Integer),
        1 => decimal().prop_map(Plain::Decimal),
        4 => text().prop_map(Plain::Text),
        1 => Just(Plain::List),
    ];
    let plan = (prop::option::of(plain.clone()), prop::option::of(plain)).prop_map(|(service, status)| {
        let named = [("service", service), ("status", status)];
        named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect::<Vec<_>>()
    });
    (
        prop::option::of(text()),
        prop::option::of(1..5_i64),
        prop::option::of(integer()),
        prop::option::of(any::<bool>()),
        prop::option::of(time()),
        prop::option::of(guid()),
        prop::option::of(prop::collection::vec(text(), 0..3)),
        prop::option::of(prop::collection::vec(plan, 0..3)),
    )
        .prop_map(|(department, category, version, enabled, created, id, tags, plans)| Row {
            department,
            category,
            version,
            enabled,
            created,
            id,
            tags,
            plans,
        })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        1 => Just(Literal::Null),
        1 => any::<bool>().prop_map(Literal::Boolean),
        2 => integer().prop_map(Literal::Integer),
        1 => decimal().prop_map(Literal::Decimal),
        5 => text().prop_map(Literal::Text),
        2 => time().prop_map(Literal::Timestamp),
        2 => guid().prop_map(Literal::Guid),
    ]
}

fn path(names: &[&'static str]) -> BoxedStrategy<Path> {
    select(names.to_vec()).prop_map(|name| Path { variable: None, segments: vec![name.to_owned()] }).boxed()
}

/// A leaf over ordered properties, or over any property with operators that need no order.
fn leaf(ordered: BoxedStrategy<Path>, all: BoxedStrategy<Path>) -> BoxedStrategy<Expression> {
    use Operator::{Contains, EndsWith, Eq, Ge, Gt, Has, Le, Lt, Ne, StartsWith};
    let compare = |(path, operator, literal)| Expression::Compare { path, operator, literal };
    prop_oneof![
        (ordered, select(vec![Gt, Ge, Lt, Le]), literal()).prop_map(compare),
        (all.clone(), select(vec![Eq, Ne]), literal()).prop_map(compare),
        (all.clone(), select(vec![Has, StartsWith, EndsWith, Contains]), text().prop_map(Literal::Text))
            .prop_map(compare),
        (all, prop::collection::vec(literal(), 1..4))
            .prop_map(|(path, literals)| Expression::In { path, literals }),
    ]
    .boxed()
}

fn combined(leaf: BoxedStrategy<Expression>) -> BoxedStrategy<Expression> {
    leaf.prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::Or),
            inner.prop_map(|part| Expression::Not(Box::new(part))),
        ]
    })
    .boxed()
}

fn expression() -> BoxedStrategy<Expression> {
    let ordered = path(&["department", "version", "enabled", "created", "id", "tags", "plans"]);
    let all = path(&["department", "category", "version", "enabled", "created", "id", "tags", "plans"]);
    let root = leaf(ordered, all);
    let element = |collection: &'static str, properties: &'static [&'static [&'static str]]| {
        let inside = select(properties.to_vec()).prop_map(|names| Path {
            variable: Some("x".to_owned()),
            segments: names.iter().map(|name| (*name).to_owned()).collect(),
        });
        let body = combined(
            prop_oneof![3 => leaf(inside.clone().boxed(), inside.boxed()), 1 => root.clone()].boxed(),
        );
        (prop::option::weighted(0.9, body), any::<bool>()).prop_map(move |(body, all)| {
            let collection = Path { variable: None, segments: vec![collection.to_owned()] };
            let variable = "x".to_owned();
            match (body.map(Box::new), all) {
                (Some(body), true) => Expression::All { collection, variable, body },
                (body, _) => Expression::Any { collection, variable, body },
            }
        })
    };
    let tags = element("tags", &[&[], &[], &["name"]]);
    let plans = element("plans", &[&[], &["service"], &["status"], &["missing"], &["service", "deeper"]]);
    combined(prop_oneof![4 => root.clone(), 1 => tags, 2 => plans].boxed())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn sqlite_and_the_evaluator_agree(
        rows in prop::collection::vec(row(), 1..8),
        expressions in prop::collection::vec(expression(), 1..8),
    ) {
        let connection = database(&rows).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for expression in &expressions {
            agree(expression, &rows, &connection, Case::Sensitive)?;
            agree(expression, &rows, &connection, Case::Insensitive)?;
        }
    }
}

#[test]
fn the_truth_table_holds_in_sql_and_in_the_evaluator() {
    let empty = Row::default();
    let full = Row {
        department: Some("Sales".into()),
        category: Some(1),
        version: Some(5),
        enabled: Some(true),
        created: "2024-01-01T00:00:00Z".parse().ok(),
        id: GUIDS[0].parse().ok(),
        tags: Some(vec!["red".into()]),
        plans: Some(vec![vec![("service", Plain::Text("teams".into())), ("status", Plain::Null)]]),
    };
    // Expression, its truth for the row without values, its truth for the one with values.
    let table = [
        ("department eq null", true, false),
        ("department ne null", false, true),
        ("department eq 'Sales'", false, true),
        ("department ne 'Sales'", true, false),
        ("not (department eq 'Sales')", true, false),
        ("department ne 'Other'", true, true),
        ("department in ('Sales')", false, true),
        ("not (department in ('Sales'))", true, false),
        ("department in ('Other',null)", true, false),
        ("startsWith(department,'')", false, true),
        ("endsWith(department,'les')", false, true),
        ("contains(department,'ale')", false, true),
        ("not contains(department,'ale')", true, false),
        ("department gt 5", false, false),
        ("department eq 5", false, false),
        ("department ne 5", true, true),
        ("version gt 4", false, true),
        ("not (version gt 4)", true, false),
        ("version ge null", false, false),
        ("version eq 5.0", false, true),
        ("version lt 'x'", false, false),
        ("enabled eq true", false, true),
        ("enabled ne false", true, true),
        ("created ge 2024-01-01", false, true),
        ("created eq '2024-01-01T01:00:00+01:00'", false, true),
        ("created lt 'soon'", false, false),
        ("created eq 2024-01-01T00:00:00.0009Z", false, true),
        ("id eq '41781FB2-BC02-4B7C-BD55-B576C07BB09D'", false, true),
        ("id ne 41781fb2-bc02-4b7c-bd55-b576c07bb09d", true, false),
        ("category eq 'joiner'", false, true),
        ("category eq 'unheardOf'", false, false),
        ("category ne 'unheardOf'", true, true),
        ("category in ('joiner',null)", true, true),
        ("startsWith(category,'join')", false, true),
        ("tags eq null", true, false),
        ("tags/any()", false, true),
        ("tags/any(t:t eq 'red')", false, true),
        ("tags/any(t:t ne 'red')", false, false),
        ("not (tags/any(t:t eq 'red'))", true, false),
        ("tags/all(t:t eq 'red')", true, true),
        ("tags/all(t:t eq 'blue')", true, false),
        ("not (tags/all(t:t ne 'red'))", false, true),
        ("plans/all(p:p/status eq null)", true, true),
        ("plans/all(p:p/service has 'mail')", true, false),
        ("category has 'joiner'", false, true),
        ("category has 'leaver,joiner'", false, false),
        ("not (category has 'leaver')", true, true),
        ("plans/any(p:p/service eq 'teams' and p/status eq null)", false, true),
        ("plans/any(p:p/status ne null)", false, false),
    ];
    let rows = [empty, full];
    let connection = database(&rows).unwrap();
    for (text, of_empty, of_full) in table {
        for case in [Case::Sensitive, Case::Insensitive] {
            let expression = parse(text).unwrap();
            let evaluated = rows.each_ref().map(|row| evaluate(&expression, row, case));
            assert_eq!(evaluated, [of_empty, of_full], "{text}");
            let filter = to_sql(&expression, &RowColumns, case).unwrap();
            let found = truths(&connection, &filter.text, &filter.parameters).unwrap();
            assert_eq!(found, [Some(of_empty), Some(of_full)], "{text}: {}", filter.text);
        }
    }
}

#[test]
fn what_a_user_wrote_is_never_part_of_the_statement() {
    let rule = "department eq 'q1' or startsWith(department,'q2') or category eq 'q3' or version gt 77 or \
        tags/any(q4:q4 eq 'q5') or plans/any(q6:q6/q7 eq 'q8') or department in ('q9')";
    let filter = to_sql(&parse(rule).unwrap(), &RowColumns, Case::Insensitive).unwrap();
    assert!(!filter.text.contains('q') && !filter.text.contains("77"), "{}", filter.text);
    assert_eq!(filter.text.matches('?').count(), filter.parameters.len());
}

#[test]
fn a_plain_comparison_can_use_an_index() {
    let connection = database(&[]).unwrap();
    for (rule, case, index) in [
        ("department eq 'x'", Case::Sensitive, "row_by_department"),
        ("department eq 'x'", Case::Insensitive, "row_by_folded_department"),
        ("department in ('x','y') and enabled eq true", Case::Insensitive, "row_by_folded_department"),
        ("created gt 2024-01-01 and enabled eq true", Case::Sensitive, "row_by_created"),
    ] {
        let filter = to_sql(&parse(rule).unwrap(), &RowColumns, case).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN SELECT number FROM row WHERE {}", filter.text);
        let plan: String = connection
            .query_row(&sql, params_from_iter(&filter.parameters), |row| row.get("detail"))
            .unwrap();
        assert!(plan.contains("SEARCH") && plan.contains(index), "{rule}: {plan}");
    }
}

#[test]
fn what_has_no_condition_is_refused() {
    for (rule, error) in [
        ("unknown eq 1", "the property 'unknown' cannot be searched"),
        ("category gt 'a'", "'gt' does not apply to the property 'category', whose values have no order"),
        (
            "department/any(d:d eq 'x')",
            "'any' does not apply to the property 'department', which is not a collection",
        ),
        (
            "department/all(d:d eq 'x')",
            "'all' does not apply to the property 'department', which is not a collection",
        ),
        (
            "plans/any(p:p/parts/any(q:q eq 'x'))",
            "the collection 'p/parts' lies inside another and cannot be searched",
        ),
    ] {
        let refused = to_sql(&parse(rule).unwrap(), &RowColumns, Case::Sensitive).unwrap_err();
        assert_eq!(refused.to_string(), error);
    }
    let huge = format!("version in ({})", vec!["1"; 40_000].join(","));
    let huge = parse_with(&huge, Limits { length: usize::MAX, depth: 64 }).unwrap();
    assert_eq!(to_sql(&huge, &RowColumns, Case::Sensitive), Err(Unsupported::TooManyValues));
}

#[test]
fn the_largest_expressions_run() {
    let rows = [Row { version: Some(7), ..Row::default() }];
    let connection = database(&rows).unwrap();
    let chain = vec!["version eq 1"; 500].join(" or ");
    let nested = format!("{}version eq 7{}", "not (tags eq null and ".repeat(64), ")".repeat(64));
    let list = format!("version in ({})", vec!["1"; 4000].join(","));
    for rule in [chain, nested, list] {
        let expression = parse(&rule).unwrap();
        agree(&expression, &rows, &connection, Case::Insensitive).unwrap();
    }
}
