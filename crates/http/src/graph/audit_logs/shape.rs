//! An audit entry as Graph's `directoryAudit`.

use serde_json::{Value, json};
use tenure_lifecycle::audit::{By, Record, Target, TargetKind};
use tenure_lifecycle::ids::Address;
use uuid::Uuid;

use crate::odata::{Item, Kind, Properties, Property, operators, time};

/// Properties of an entry.
pub(super) const DIRECTORY_AUDIT: Properties = Properties {
    of: "a directoryAudit",
    list: &[
        Property::shown("id"),
        Property::filtered("category", Kind::Text, operators::TEXT),
        Property::filtered("correlationId", Kind::Id, operators::EQUALITY),
        Property::filtered("result", Kind::Text, operators::EQUALITY),
        Property::shown("resultReason"),
        Property::ordered("activityDisplayName", Kind::Text, operators::TEXT),
        Property::ordered("activityDateTime", Kind::DateTime, operators::ORDER),
        Property::filtered("loggedByService", Kind::Text, operators::TEXT),
        Property::filtered("operationType", Kind::Text, operators::EQUALITY),
        Property::filtered("initiatedBy/user/id", Kind::Id, operators::EQUALITY),
        Property::filtered("initiatedBy/app/servicePrincipalId", Kind::Id, operators::EQUALITY),
        Property::filtered("targetResources", Kind::Other, &["any"]),
        Property::filtered("targetResources/id", Kind::Id, &["eq", "in"]),
        Property::filtered("targetResources/userPrincipalName", Kind::Text, &["eq", "in"]),
        Property::shown("additionalDetails"),
    ],
};

/// The public id of an entry: unlike a bare number, it belongs to one data directory.
fn id_of(number: i64, organization: Uuid) -> String {
    format!("Directory_{organization}_{number}")
}

/// The number of the entry that an id names; `None` if it is an id of somewhere else.
pub(super) fn number_of(id: &str, organization: Uuid) -> Option<i64> {
    let number: i64 = id.rsplit('_').next()?.parse().ok()?;
    id.eq_ignore_ascii_case(&id_of(number, organization)).then_some(number)
}

/// A whole entry.
pub(super) fn audit_item(record: &Record, organization: Uuid) -> Item {
    let run = record.run.map(|(epoch, run)| Address::Run(run).public(epoch).to_string());
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(id_of(record.number, organization)));
    set("category", json!(record.activity.category()));
    set("correlationId", json!(run));
    // What fails is not done and not in the log, but for what was tried outside and is tried again.
    set("result", json!(if record.activity.has_failed() { "failure" } else { "success" }));
    set("resultReason", json!(record.failure.as_deref().unwrap_or_default()));
    set("activityDisplayName", json!(record.activity.name()));
    set("activityDateTime", time(record.at));
    set("loggedByService", json!(record.service().as_str()));
    set("operationType", json!(record.activity.operation().as_str()));
    set("initiatedBy", initiated_by(&record.by));
    set("targetResources", targets(record));
    set("additionalDetails", details(record));
    item
}

fn initiated_by(by: &By) -> Value {
    let app = |id: Option<&Uuid>, name: Option<&str>| {
        json!({
            "user": null,
            "app": {
                "appId": null, "displayName": name, "servicePrincipalId": id.map(Uuid::to_string), "servicePrincipalName": null,
            },
        })
    };
    match by {
        By::Tenure => app(None, Some("Tenure")),
        By::Token { id, name } => app(Some(id), name.as_deref()),
        By::Person(person) => json!({
            "user": {
                "id": person.id.to_string(), "displayName": person.display_name, "userPrincipalName": person.principal_name,
                "ipAddress": null,
            },
            "app": null,
        }),
    }
}

fn targets(record: &Record) -> Value {
    let changes: Vec<Value> = record
        .changes
        .iter()
        .map(|change| {
            json!({ "displayName": change.name, "oldValue": change.before, "newValue": change.after })
        })
        .collect();
    let target = |target: &Target, changes: Vec<Value>| {
        json!({
            "id": target.id.to_string(), "displayName": target.display_name, "type": target.kind.as_str(),
            "userPrincipalName": target.principal_name, "groupType": null, "modifiedProperties": changes,
        })
    };
    match record.targets.as_slice() {
        [] if changes.is_empty() => json!([]),
        // The organisation as a whole.
        [] => json!([{
            "id": null, "displayName": null, "type": TargetKind::None.as_str(), "userPrincipalName": null,
            "groupType": null, "modifiedProperties": changes,
        }]),
        [first, others @ ..] => {
            let others = others.iter().map(|other| target(other, vec![]));
            std::iter::once(target(first, changes)).chain(others).collect()
        }
    }
}

/// Which results a run's entry belongs to, by their public ids, and what else it says.
fn details(record: &Record) -> Value {
    let mut details = vec![];
    let mut add = |key: &str, value: String| details.push(json!({ "key": key, "value": value }));
    if let Some((epoch, run)) = record.run {
        add("runId", Address::Run(run).public(epoch).to_string());
        if let Some(seq) = record.seq {
            add("userProcessingResultId", Address::UserResult(run, seq).public(epoch).to_string());
            if let Some(ordinal) = record.ordinal {
                let id = Address::TaskResult(run, seq, ordinal).public(epoch);
                add("taskProcessingResultId", id.to_string());
            }
        }
    }
    for (key, value) in &record.details {
        add(key, value.clone());
    }
    details.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_belongs_to_one_data_directory() {
        let (here, there) = (Uuid::from_u128(5), Uuid::from_u128(6));
        assert_eq!(number_of(&id_of(17, here), here), Some(17));
        assert_eq!(number_of(&id_of(17, there), here), None);
        for id in ["17", "", "_17", "Directory_x_17", "Directory_00000000-0000-0000-0000-000000000005_017"] {
            assert_eq!(number_of(id, here), None, "{id}");
        }
    }
}
