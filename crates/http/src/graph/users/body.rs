//! A user as clients send it.

use serde_json::Value as Json;
use tenure_lifecycle::directory::{Attribute, Value, attributes};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::OperationError;

use crate::errors::GraphError;
use crate::odata::{Object, link_target};
use crate::request::Request;

/// What clients echo and Graph ignores; passwords are never kept, so neither is what is said about them.
const IGNORED: &[&str] = &[
    "id",
    "createdDateTime",
    "deletedDateTime",
    "signInSessionsValidFromDateTime",
    "passwordProfile",
    "passwordPolicies",
];

/// Who vouches for whom a body is about.
pub(crate) const SPONSORS: &str = "sponsors@odata.bind";
/// Users that one request can bind, as in Graph.
const BOUND: usize = 20;

/// What a body says of a user.
#[derive(Debug, Default)]
pub(super) struct UserBody {
    /// Attributes to set or clear.
    pub(super) set: Vec<(&'static Attribute, Value)>,
    /// The link of the manager, if one is bound.
    pub(super) manager: Option<String>,
    /// Whether tasks may touch the user.
    pub(super) protected: Option<bool>,
    /// The links of sponsors, if some are bound.
    pub(super) sponsors: Option<Vec<String>>,
}

/// Reads a body.
pub(super) fn user_body(body: &Object<'_>) -> Result<UserBody, GraphError> {
    let mut user = UserBody { protected: body.boolean("@tenure.protected")?, ..UserBody::default() };
    body.ignore(IGNORED);
    let plain = |attribute: &&Attribute| !attribute.name.contains('/') && !attribute.is_read_only();
    for attribute in attributes().iter().filter(plain) {
        if let Some(value) = body.value(attribute.name) {
            user.set.push((attribute, read(body, attribute.name, attribute, value)?));
        }
    }
    for top in ["employeeOrgData", "onPremisesExtensionAttributes", "signInActivity"] {
        let members = attributes().iter().filter_map(|attribute| {
            let inner = attribute.name.strip_prefix(top)?.strip_prefix('/')?;
            Some((attribute, inner))
        });
        match body.object(top)? {
            Some(inner) => {
                for (attribute, name) in members {
                    if let Some(value) = inner.value(name) {
                        user.set.push((attribute, read(&inner, name, attribute, value)?));
                    }
                }
                inner.finish()?;
            }
            // Null clears the whole of it.
            None if body.has(top) => user.set.extend(members.map(|(attribute, _)| (attribute, Value::Null))),
            None => {}
        }
    }
    if let Some(link) = body.text("manager@odata.bind")? {
        let id = link_target(link)
            .ok_or_else(|| body.invalid("manager@odata.bind", "must be a link to a user"))?;
        user.manager = Some(id);
    }
    user.sponsors = bound_users(body, SPONSORS)?;
    if body.has("assignedLicenses") {
        return Err(body.invalid("assignedLicenses", "is changed by assignLicense"));
    }
    body.finish()?;
    Ok(user)
}

/// The keys of users whom links of a body bind, such as those of [`SPONSORS`].
pub(crate) fn bound_users(body: &Object<'_>, name: &str) -> Result<Option<Vec<String>>, GraphError> {
    let Some(links) = body.texts(name)? else { return Ok(None) };
    if links.len() > BOUND {
        return Err(body.invalid(name, format!("must name at most {BOUND} users")));
    }
    let target = |(place, link): (usize, &&str)| {
        link_target(link).ok_or_else(|| body.invalid(&format!("{name}/{place}"), "must be a link to a user"))
    };
    links.iter().enumerate().map(target).collect::<Result<_, _>>().map(Some)
}

/// The people whom bound links name, each once.
pub(crate) fn linked_users(
    request: &Request,
    name: &str,
    keys: &[String],
) -> Result<Vec<UserId>, GraphError> {
    let mut users = vec![];
    for (place, key) in keys.iter().enumerate() {
        let (id, _) = linked_user(request, &format!("{name}/{place}"), key)?;
        if !users.contains(&id) {
            users.push(id);
        }
    }
    Ok(users)
}

fn read(body: &Object<'_>, name: &str, attribute: &Attribute, value: &Json) -> Result<Value, GraphError> {
    Value::from_json(attribute, value).map_err(|error| body.invalid(name, error))
}

/// The user whom a link in a body names, by id or user principal name.
pub(crate) fn linked_user(request: &Request, property: &str, key: &str) -> Result<(UserId, i64), GraphError> {
    match request.lifecycle().user(key) {
        Ok(user) => Ok((user.id, user.number)),
        Err(OperationError::NotFound(_)) => {
            let shown: String = key.chars().take(128).collect();
            let is_group = request.lifecycle().group(key).is_ok();
            let rule = if is_group {
                format!("names the group '{shown}' and must name a user")
            } else {
                format!("names the user '{shown}', who does not exist")
            };
            Err(GraphError::invalid(property, rule))
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Json) -> Result<UserBody, String> {
        user_body(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn attributes_are_read_and_passwords_are_not() {
        let user = read(&json!({
            "accountEnabled": true, "DisplayName": "Ada", "mailNickname": "ada", "userPrincipalName": "ada@x",
            "passwordProfile": {"password": "secret"}, "employeeOrgData": {"costCenter": "7"},
            "employeeHireDate": "2026-03-01T08:00:00Z", "@tenure.protected": true,
            "manager@odata.bind": "https://host/v1.0/users/boss@x",
        }))
        .unwrap();
        assert!(!format!("{user:?}").contains("secret"));
        let value = |name: &str| {
            user.set.iter().find(|(attribute, _)| attribute.name == name).map(|(_, value)| value)
        };
        assert_eq!(value("displayName"), Some(&Value::Text("Ada".to_owned())));
        assert_eq!(value("employeeOrgData/costCenter"), Some(&Value::Text("7".to_owned())));
        assert_eq!(value("employeeOrgData/division"), None);
        assert_eq!((user.manager.as_deref(), user.protected), (Some("boss@x"), Some(true)));
        let cleared = read(&json!({"employeeOrgData": null})).unwrap();
        assert_eq!(cleared.set.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, named) in [
            (json!({"accountEnabled": "yes"}), "accountEnabled"),
            (json!({"employeeHireDate": "soon"}), "employeeHireDate"),
            (json!({"employeeOrgData": {"costCenter": 7}}), "employeeOrgData/costCenter"),
            (json!({"employeeOrgData": {"shoe": 7}}), "employeeOrgData/shoe"),
            (json!({"businessPhones": "1"}), "businessPhones"),
            (json!({"shoeSize": 4}), "shoeSize"),
            (json!({"sponsors@odata.bind": ["/"]}), "sponsors@odata.bind/0"),
            (json!({"sponsors@odata.bind": vec!["users/x"; 21]}), "sponsors@odata.bind"),
            (json!({"assignedLicenses": []}), "assignedLicenses"),
            (json!({"@tenure.protected": "no"}), "@tenure.protected"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
