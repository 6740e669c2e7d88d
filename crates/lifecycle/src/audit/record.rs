//! An entry as it is read.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Activity, Service, TargetKind};
use crate::directory::attributes;
use crate::ids::{Epoch, Ordinal, RunNumber, Seq};

/// An entry of the audit, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub activity: Activity,
    /// Who.
    pub by: By,
    /// What it is about, the main one first.
    pub targets: Vec<Target>,
    /// What it changed about the first of them.
    pub changes: Vec<PropertyChange>,
    /// The run that made it, with its epoch.
    pub run: Option<(Epoch, RunNumber)>,
    /// The user result inside the run.
    pub seq: Option<Seq>,
    /// The task result inside that.
    pub ordinal: Option<Ordinal>,
    /// What else there is to say, by name.
    pub details: Vec<(&'static str, String)>,
    /// Why it failed, of what was tried in vain.
    pub failure: Option<String>,
}

impl Record {
    /// Whose log it belongs to.
    pub fn service(&self) -> Service {
        if self.run.is_some() { Service::LifecycleWorkflows } else { self.activity.service() }
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Tenure itself.
    Tenure,
    /// Somebody with a token.
    Token {
        /// The caller's id.
        id: Uuid,
        /// The token's name; `None` if it is not known.
        name: Option<String>,
    },
    /// A person of the directory, or one whom an issuer of tokens vouches for.
    Person(Target),
}

/// Something an entry is about, by the name it has now; what is erased has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Its public id.
    pub id: Uuid,
    /// Its name.
    pub display_name: Option<String>,
    /// A person's user principal name.
    pub principal_name: Option<String>,
}

/// One property that was changed. Values are JSON; a value that was erased is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChange {
    /// The property, in Graph's spelling.
    pub name: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// What an entry says beside its targets and their properties: details by name, and why it failed.
pub fn remarks(
    activity: Activity,
    before: Option<&str>,
    after: Option<&str>,
) -> (Vec<(&'static str, String)>, Option<String>) {
    let detail = |name, text: Option<&str>| text.map(|text| (name, text.to_owned())).into_iter().collect();
    match activity {
        Activity::AttemptFailed => (detail("attempt", before), after.map(str::to_owned)),
        Activity::SendMail => (detail("recipients", after), None),
        Activity::ResumeTask => (detail("operationStatus", after), None),
        _ => (Vec::new(), None),
    }
}

/// The properties that an entry says were changed, from what is stored of it.
pub fn property_changes(
    activity: Activity,
    attribute: Option<i64>,
    before: Option<&str>,
    after: Option<&str>,
) -> Vec<PropertyChange> {
    let change = |name: &str, before: Option<&str>, after: Option<&str>| PropertyChange {
        name: name.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    if let Some(code) = attribute {
        let known = attributes().iter().find(|known| known.code == code);
        return known.map(|known| change(known.name, before, after)).into_iter().collect();
    }
    if before.is_none() && after.is_none() {
        return Vec::new();
    }
    let object = |text: Option<&str>| -> Option<Map<String, Json>> {
        text.map_or(Some(Map::new()), |text| serde_json::from_str(text).ok())
    };
    if let (Some(old), Some(new)) = (object(before), object(after)) {
        return differences(&old, &new);
    }
    let name = match activity {
        Activity::UpdateUser => "@tenure.protected",
        Activity::UpdateManager => "manager",
        Activity::AddWorkflowVersion => "version",
        Activity::Activate | Activity::Preview | Activity::Undo | Activity::DeleteHistory => "subjectCount",
        Activity::Quarantine | Activity::ClearQuarantine => "quarantineDetails",
        Activity::EndAssignment | Activity::ReopenAssignment => "expiredDateTime",
        Activity::AddMethod | Activity::RemoveMethod => "methodType",
        Activity::AddRole | Activity::RemoveRole => "Role.TemplateId",
        // What was tried, and what was sent, is no property of the person: see [`Record::attempt`], [`Record::recipients`].
        Activity::AttemptFailed | Activity::SendMail | Activity::ResumeTask => return Vec::new(),
        _ => "displayName",
    };
    let text = |text: Option<&str>| text.map(|text| Json::String(text.to_owned()).to_string());
    vec![PropertyChange { name: name.to_owned(), before: text(before), after: text(after) }]
}

/// What is not the same in both; null counts as absent.
pub fn differences(old: &Map<String, Json>, new: &Map<String, Json>) -> Vec<PropertyChange> {
    let names = new.keys().chain(old.keys().filter(|name| !new.contains_key(*name)));
    let value = |map: &Map<String, Json>, name: &str| {
        map.get(name).filter(|value| !value.is_null()).map(Json::to_string)
    };
    let changed = names.map(|name| PropertyChange {
        name: name.clone(),
        before: value(old, name),
        after: value(new, name),
    });
    changed.filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(
        activity: Activity,
        attribute: Option<i64>,
        before: Option<&str>,
        after: Option<&str>,
    ) -> String {
        let shown: Vec<String> = property_changes(activity, attribute, before, after)
            .into_iter()
            .map(|change| {
                let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
                format!("{} {} {}", change.name, text(change.before), text(change.after))
            })
            .collect();
        shown.join("; ")
    }

    #[test]
    fn what_is_stored_is_told_property_by_property() {
        use Activity as A;
        assert_eq!(
            changes(A::UpdateUser, Some(14), Some("\"IT\""), Some("\"HR\"")),
            "department \"IT\" \"HR\""
        );
        assert_eq!(changes(A::UpdateUser, Some(14), None, None), "department - -");
        assert_eq!(
            changes(A::CreateUser, None, None, Some("{\"city\":\"Bonn\",\"state\":null}")),
            "city - \"Bonn\""
        );
        assert_eq!(
            changes(A::UpdateGroup, None, Some("{\"a\":1,\"b\":2}"), Some("{\"a\":1,\"b\":3}")),
            "b 2 3"
        );
        assert_eq!(changes(A::CreateWorkflow, None, None, Some("Joiners")), "displayName - \"Joiners\"");
        assert_eq!(changes(A::Activate, None, None, Some("3")), "subjectCount - \"3\"");
        assert_eq!(changes(A::RemoveRole, None, Some("r"), None), "Role.TemplateId \"r\" -");
        assert_eq!(changes(A::AddMethod, None, None, Some("m")), "methodType - \"m\"");
        assert_eq!(
            changes(A::EndAssignment, None, None, Some("2026-03-31T08:00:00Z")),
            "expiredDateTime - \"2026-03-31T08:00:00Z\""
        );
        assert_eq!(changes(A::EndAssignment, None, None, None), "");
        assert_eq!(changes(A::DeleteUser, None, None, None), "");
    }
}
