//! Everything there is to say of a system, but for what nobody can tell apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::types::Value;
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::operations::hash_pass;
use tenure_testkit::System;
use uuid::Uuid;

/// Tables whose numbers say in which order somebody wrote, which is as good as any other; read in another way.
const IN_ANY_ORDER: [(&str, &str); 5] = [
    (
        "task_results",
        "SELECT run, seq, ordinal, status, started, completed, text
           FROM task_results LEFT JOIN texts ON number = note ORDER BY run, seq, ordinal",
    ),
    (
        "audit",
        "SELECT at, actor, activity, target, attribute, object, run, seq, ordinal, before, after
           FROM audit ORDER BY run, seq, ordinal, activity, object, target, number",
    ),
    (
        // A pass that is issued again has another text, and so another hash.
        "passes",
        "SELECT id, user, created, starts, lifetime_minutes, is_usable_once, run, seq, ordinal FROM passes
          ORDER BY user, run, seq, ordinal",
    ),
    // How often it was opened is not counted in any order that matters.
    ("meta", "SELECT * FROM meta WHERE key <> 'process' ORDER BY key"),
    ("texts", "SELECT DISTINCT text FROM texts ORDER BY text"),
];

/// Columns that hold numbers of the audit, which say in which order somebody wrote too.
const NUMBERS: [&str; 2] = ["change_from", "change_to"];

/// Everything that is stored, a line each. Ids that were drawn stand in it by the order in which they turn up.
pub(crate) fn everything(system: &System) -> Vec<String> {
    let mut ids = HashMap::new();
    let mut all = Vec::new();
    for table in system.tables().unwrap() {
        let own = IN_ANY_ORDER.iter().find(|(name, _)| *name == table);
        let sql = own.map_or_else(|| format!("SELECT * FROM {table}"), |(_, sql)| (*sql).to_owned());
        let found = system.look(&sql).unwrap();
        let mut lines: Vec<String> = Vec::new();
        for row in found.rows {
            let values = std::iter::zip(&found.columns, row)
                .filter(|(name, _)| !NUMBERS.contains(&name.as_str()))
                .map(|(name, value)| format!("{name}={}", plain(value, &mut ids)));
            lines.push(format!("{table}: {}", values.collect::<Vec<_>>().join(" ")));
        }
        all.extend(lines);
    }
    all
}

/// The same, but for what shows that something was issued more than once: the audit, and how often people were written.
pub(crate) fn everything_but_repeats(system: &System) -> Vec<String> {
    let lines = everything(system).into_iter().filter(|line| !line.starts_with("audit"));
    let without =
        |line: String| match (line.starts_with("users: "), line.find(" version="), line.find(" account_")) {
            (true, Some(from), Some(to)) => format!("{}{}", &line[..from], &line[to..]),
            _ => line,
        };
    lines.map(without).collect()
}

fn plain(value: Value, ids: &mut HashMap<Uuid, usize>) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => without_ids(&text, ids),
        Value::Blob(bytes) => match Uuid::from_slice(&bytes) {
            Ok(id) => name_of(id, ids),
            Err(_) => format!("{bytes:?}"),
        },
    }
}

fn name_of(id: Uuid, ids: &mut HashMap<Uuid, usize>) -> String {
    let next = ids.len();
    format!("#{}", ids.entry(id).or_insert(next))
}

/// The text with the ids in it named.
fn without_ids(text: &str, ids: &mut HashMap<Uuid, usize>) -> String {
    const LENGTH: usize = 36;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let id = rest.get(..LENGTH).filter(|piece| piece.as_bytes()[8] == b'-');
        if let Some(id) = id.and_then(|piece| Uuid::parse_str(piece).ok()) {
            plain.push_str(&name_of(id, ids));
            rest = &rest[LENGTH..];
        } else {
            plain.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    plain
}

/// What went outside, by key; what went out again has to be the same, but for the pass that it carries.
pub(crate) fn delivered(system: &System) -> BTreeMap<String, String> {
    let mails = system.deliveries.keys().into_iter().zip(system.deliveries.mails());
    let mails = mails.map(|(key, mail)| {
        let mut text = format!("{mail:?}");
        if key.pass != 0 {
            for pass in passes(&mail) {
                text = text.replace(&pass, "(pass)");
            }
        }
        (format!("mail {}", EffectKey { pass: 0, ..key }), text)
    });
    let calls = system.deliveries.calls().into_iter().map(|(key, body)| (format!("call {key}"), body));
    let mut all = BTreeMap::new();
    for (key, what) in mails.chain(calls) {
        let known = all.entry(key.clone()).or_insert_with(|| what.clone());
        assert_eq!(*known, what, "{key}");
    }
    all
}

fn hash_of(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Blob(bytes) => Some(bytes),
        _ => None,
    }
}

/// Words of a mail that can be passes.
fn passes(mail: &Mail) -> Vec<String> {
    let words = mail.text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_pass = |word: &&str| word.len() == 12 && *word == word.to_ascii_uppercase();
    words.filter(is_pass).map(str::to_owned).collect()
}

/// Whether the pass that the newest mail of each task carries is the one that is good, and nobody has another.
pub(crate) fn newest_passes_are_good(system: &System) -> bool {
    let hashes = system.look("SELECT hash FROM passes ORDER BY hash").unwrap().rows.into_iter().flatten();
    let good: BTreeSet<Vec<u8>> = hashes.filter_map(hash_of).collect();
    let mails = system.deliveries.keys().into_iter().zip(system.deliveries.mails());
    let newest: BTreeMap<_, _> =
        mails.filter(|(key, _)| key.pass != 0).map(|(key, mail)| (key.task_result, mail)).collect();
    let sent = newest.values().flat_map(passes).map(|pass| hash_pass(&pass).to_vec());
    !good.is_empty() && sent.collect::<BTreeSet<_>>() == good
}

/// How often anything went outside.
pub(crate) fn deliveries(system: &System) -> usize {
    system.deliveries.keys().len() + system.deliveries.calls().len()
}
