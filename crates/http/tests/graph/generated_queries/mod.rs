//! What `$filter`, `$search`, `$orderby` and paging give over generated data is what a plain look at all of it gives, whether the
//! store or the memory holds the list. The oracle here shares no code with the product.

mod oracle;

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use self::oracle::{Condition, at, order};
use crate::api::{Api, local};
use crate::company::{on_demand, reported};

/// Texts that tell upper from lower case, quotes, wildcards and alphabets.
const TEXTS: [&str; 9] = ["Sales", "sales", "SALES EU", "IT", "it's", "Ärger", "ÄRGER", "100%", "_a"];
const TIMES: [&str; 4] =
    ["2026-03-02T00:00:00Z", "2026-03-02T00:00:00.500Z", "2026-03-01T23:59:59Z", "2026-04-01T12:00:00Z"];

fn text() -> BoxedStrategy<String> {
    prop_oneof![4 => select(TEXTS.to_vec()).prop_map(str::to_owned), 1 => select(vec!["s", "A", "%", "'", "ä", "zz"]).prop_map(str::to_owned)].boxed()
}

fn maybe(value: BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    prop_oneof![1 => Just(Json::Null), 4 => value].boxed()
}

fn texts() -> BoxedStrategy<Json> {
    maybe(text().prop_map(Json::from).boxed())
}

fn times() -> BoxedStrategy<Json> {
    maybe(select(TIMES.to_vec()).prop_map(Json::from).boxed())
}

/// A list: properties of text, time, truth and enumeration or number, and collections of texts.
struct Shape {
    texts: &'static [&'static str],
    times: &'static [&'static str],
    others: Vec<(&'static str, &'static [&'static str], Vec<Json>)>,
    lists: &'static [&'static str],
    key: &'static str,
}

const SIX: [&str; 6] = ["eq", "ne", "gt", "ge", "lt", "le"];

impl Shape {
    fn condition(&self) -> BoxedStrategy<Condition> {
        let mut leaves: Vec<BoxedStrategy<Condition>> = vec![];
        if !self.texts.is_empty() {
            let name = || select(self.texts.to_vec());
            leaves.push(
                (name(), select(vec!["eq", "ne"]), texts())
                    .prop_map(|(name, operator, value)| Condition::Compare(name, operator, value))
                    .boxed(),
            );
            leaves.push(
                (name(), vec(texts(), 1..4)).prop_map(|(name, values)| Condition::In(name, values)).boxed(),
            );
            leaves.push(
                (name(), select(vec!["startsWith", "endsWith", "contains"]), text())
                    .prop_map(|(name, function, text)| Condition::Text(name, function, text))
                    .boxed(),
            );
        }
        let name = select(self.times.to_vec());
        leaves.push(
            (name, select(SIX.to_vec()), times())
                .prop_map(|(name, operator, value)| Condition::Compare(name, operator, value))
                .boxed(),
        );
        for (name, operators, values) in &self.others {
            let name = *name;
            leaves.push(
                (select(operators.to_vec()), select(values.clone()))
                    .prop_map(move |(operator, value)| Condition::Compare(name, operator, value))
                    .boxed(),
            );
        }
        if !self.lists.is_empty() {
            leaves.push(
                (
                    select(self.lists.to_vec()),
                    any::<bool>(),
                    select(vec!["eq", "ne", "contains", "endsWith"]),
                    text(),
                )
                    .prop_map(|(name, all, operator, text)| Condition::Lambda(name, all, operator, text))
                    .boxed(),
            );
        }
        let leaf = prop::strategy::Union::new(leaves);
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 2..4).prop_map(Condition::And),
                vec(inner.clone(), 2..4).prop_map(Condition::Or),
                inner.prop_map(|part| Condition::Not(Box::new(part))),
            ]
        })
        .boxed()
    }

    fn question(&self) -> impl Strategy<Value = Question> + use<> {
        let names = [self.texts, self.times].concat();
        let names: Vec<&'static str> = names
            .into_iter()
            .chain(
                self.others.iter().filter(|other| !other.2.iter().any(Json::is_string)).map(|other| other.0),
            )
            .collect();
        let most = names.len().min(3);
        let terms = prop::sample::subsequence(names, 0..=most).prop_shuffle();
        (prop::option::of(self.condition()), terms, vec(any::<bool>(), 3), 1..6_usize).prop_map(
            |(condition, names, ways, top)| Question {
                condition,
                order: names.into_iter().zip(ways).collect(),
                top,
            },
        )
    }

    /// Asks page by page and compares with a plain look at all rows.
    fn check(&self, api: &Api, path: &str, rows: &[Json], question: &Question) -> Result<(), TestCaseError> {
        let mut options = vec![format!("$top={}", question.top), "$count=true".to_owned()];
        let mut expected: Vec<&Json> = rows.iter().collect();
        if let Some(condition) = &question.condition {
            options.push(format!("$filter={}", encoded(&condition.text())));
            expected.retain(|row| condition.holds(row));
        }
        if !question.order.is_empty() {
            let terms: Vec<_> = question
                .order
                .iter()
                .map(|(name, down)| format!("{name}{}", if *down { " desc" } else { "" }))
                .collect();
            options.push(format!("$orderby={}", terms.join(",")));
        }
        let whole = format!("{path}?{}", options.join("&"));
        let mut found = vec![];
        let mut next = Some(whole.clone());
        while let Some(path) = next {
            let page = api.get(&path).is(200);
            prop_assert_eq!(&page["@odata.count"], expected.len(), "{}", whole);
            let items = page["value"].as_array().unwrap();
            prop_assert!(items.len() <= question.top);
            found.extend(items.iter().map(|item| item[self.key].clone()));
            next = page["@odata.nextLink"].as_str().map(|link| local(link).to_owned());
            prop_assert!(found.len() <= rows.len(), "{} gives rows twice", whole);
        }
        let keys = |rows: &[&Json]| rows.iter().map(|row| row[self.key].clone()).collect::<Vec<_>>();
        if question.order.is_empty() {
            prop_assert_eq!(&found, &keys(&expected), "{}", whole);
            return Ok(());
        }
        // Rows that are equal may stand in any order, but each once.
        let mut sorted: Vec<&Json> =
            found.iter().map(|key| rows.iter().find(|row| row[self.key] == *key).unwrap()).collect();
        let step = |a: &Json, b: &Json| {
            question
                .order
                .iter()
                .map(|(name, down)| {
                    let step = order(at(a, name), at(b, name));
                    if *down { step.reverse() } else { step }
                })
                .find(|step| step.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        for pair in sorted.windows(2) {
            prop_assert!(step(pair[0], pair[1]).is_le(), "{}: {} before {}", whole, pair[0], pair[1]);
        }
        sorted.sort_by_key(|row| row[self.key].to_string());
        expected.sort_by_key(|row| row[self.key].to_string());
        prop_assert_eq!(keys(&sorted), keys(&expected), "{}", whole);
        Ok(())
    }
}

#[derive(Clone, Debug)]
struct Question {
    condition: Option<Condition>,
    order: Vec<(&'static str, bool)>,
    top: usize,
}

/// Percent-encoded, letter by letter.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

fn people() -> Shape {
    Shape {
        texts: &["department", "displayName", "city", "employeeOrgData/costCenter"],
        times: &["employeeHireDate", "employeeLeaveDateTime"],
        others: vec![("accountEnabled", &["eq", "ne"], vec![json!(true), json!(false), Json::Null])],
        lists: &["otherMails"],
        key: "id",
    }
}

fn person() -> impl Strategy<Value = Json> {
    (text(), texts(), texts(), texts(), times(), times(), any::<bool>(), vec(text(), 0..3)).prop_map(
        |(name, department, city, cost, hire, leave, enabled, mails)| {
            json!({
                "displayName": name, "department": department, "city": city, "employeeOrgData": { "costCenter": cost },
                "employeeHireDate": hire, "employeeLeaveDateTime": leave, "accountEnabled": enabled, "otherMails": mails,
            })
        },
    )
}

fn results() -> Shape {
    let statuses = ["queued", "completed", "failed", "completedWithErrors"].map(Json::from);
    Shape {
        texts: &[],
        times: &["startedDateTime", "completedDateTime", "scheduledDateTime"],
        others: vec![
            ("processingStatus", &["eq", "ne"], statuses.to_vec()),
            ("subject/id", &["eq", "ne"], vec![Json::Null, json!("00000000-0000-4000-8000-000000000005")]),
        ],
        lists: &[],
        key: "id",
    }
}

fn workflows() -> Shape {
    Shape {
        texts: &["displayName"],
        times: &["createdDateTime"],
        others: vec![
            ("isEnabled", &["eq", "ne"], vec![json!(true), json!(false)]),
            ("version", &SIX, vec![json!(1), json!(2), json!(0)]),
            ("category", &["eq", "ne"], vec![json!("joiner"), json!("leaver")]),
        ],
        lists: &[],
        key: "id",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn people_are_found_as_a_plain_look_finds_them(
        people_sent in vec(person(), 1..12),
        questions in vec(people().question(), 12),
    ) {
        let api = Api::new();
        for (place, person) in people_sent.iter().enumerate() {
            let mut body = person.clone();
            body["userPrincipalName"] = json!(format!("p{place}@example.com"));
            api.post("users", &body).is(201);
        }
        let select = "$select=id,displayName,department,city,employeeOrgData,employeeHireDate,employeeLeaveDateTime,accountEnabled,otherMails";
        let rows = api.all(&format!("users?{select}"));
        prop_assert_eq!(rows.len(), people_sent.len());
        for question in &questions {
            people().check(&api, "users", &rows, question)?;
        }
    }

    #[test]
    fn results_are_found_as_a_plain_look_finds_them(
        sent in vec((times(), times(), select(TIMES.to_vec()), select(vec!["queued", "completed", "failed", "completedWithErrors"])), 1..10),
        questions in vec(results().question(), 12),
    ) {
        let api = Api::new();
        let person = api.person("ann", "Sales", None, true);
        let workflow = api.workflow(&on_demand("w"));
        let mut paths = vec![format!("@/workflows/{workflow}/userProcessingResults")];
        for _ in 0..2 {
            api.activate(&workflow, &[&person]);
            api.system.drain().unwrap();
        }
        let runs = api.all(&format!("@/workflows/{workflow}/runs"));
        paths.extend(runs.iter().map(|run| format!("@/workflows/{workflow}/runs/{}/userProcessingResults", run["id"].as_str().unwrap())));
        for (place, (started, completed, scheduled, status)) in sent.into_iter().enumerate() {
            let mut body = reported();
            let backwards = order(&completed, &started).is_lt();
            body["startedDateTime"] = if backwards { Json::Null } else { started };
            body["completedDateTime"] = completed;
            body["scheduledDateTime"] = json!(scheduled);
            body["processingStatus"] = json!(status);
            api.post(&paths[1 + place % 2], &body).is(201);
        }
        for path in &paths {
            let rows = api.all(path);
            for question in &questions {
                results().check(&api, path, &rows, question)?;
            }
        }
    }

    #[test]
    fn workflows_are_found_as_a_plain_look_finds_them(
        sent in vec((text(), any::<bool>(), any::<bool>(), 0..100_i64), 1..8),
        questions in vec(workflows().question(), 12),
    ) {
        let api = Api::new();
        for (place, (name, enabled, twice, minutes)) in sent.iter().enumerate() {
            api.system.clock.advance(jiff::SignedDuration::from_mins(*minutes));
            let mut body = on_demand(&format!("{name}{place}"));
            body["isEnabled"] = json!(enabled);
            let id = api.workflow(&body);
            if *twice {
                api.post(&format!("@/workflows/{id}/createNewVersion"), &json!({ "workflow": body })).is(200);
            }
        }
        let rows = api.all("@/workflows");
        for question in &questions {
            workflows().check(&api, "@/workflows", &rows, question)?;
        }
    }
}
