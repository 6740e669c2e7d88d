//! From the claims of a token to the scopes of the one table (behaviour §17).

use super::claims::Claims;
use super::issuer::Issuer;

/// Role templates of the directory that Lifecycle Workflows look at.
const LIFECYCLE_WORKFLOWS_ADMINISTRATOR: &str = "59d46f88-662b-457b-bceb-5c3809e5908f";
const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

/// What the caller may do.
///
/// With Entra ID a person's token has `scp`, what the person lets the application do; roles that an application
/// assigned to the person do not add to it. An application's own token has `roles`. Other issuers have `scope`, and
/// some have `roles` beside it.
pub(super) fn scopes(claims: &Claims, issuer: &Issuer) -> Vec<String> {
    let words = |name: &str| claims.words(name).unwrap_or_default();
    if claims.is_app_only() {
        return kept(words("roles"));
    }
    let found = match claims.words("scp") {
        Some(delegated) => kept(delegated),
        None if claims.words("scope").is_some() => kept([words("scope"), words("roles")].concat()),
        // Nothing was delegated and no application asked: not an access token.
        None => vec![],
    };
    if issuer.needs_directory_role() { narrowed(found, &words("wids")) } else { found }
}

/// `*` is the local administrator's; nobody outside can give it.
fn kept(words: Vec<&str>) -> Vec<String> {
    words.into_iter().filter(|word| *word != tenure_lifecycle::token::ALL).map(str::to_owned).collect()
}

/// Somebody may do what both the scopes and the directory roles allow.
fn narrowed(scopes: Vec<String>, roles: &[&str]) -> Vec<String> {
    let has = |role: &str| roles.iter().any(|held| held.eq_ignore_ascii_case(role));
    if has(LIFECYCLE_WORKFLOWS_ADMINISTRATOR) {
        return scopes;
    }
    let reads = has(GLOBAL_READER);
    let narrow = |scope: String| {
        if !scope.starts_with("LifecycleWorkflows") {
            return Some(scope);
        }
        let reading = scope.replace(".ReadWrite.", ".Read.");
        (reads && reading.contains(".Read")).then_some(reading)
    };
    scopes.into_iter().filter_map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::oidc::Settings;

    fn scopes_of(claims: Value, directory_roles: bool) -> Vec<String> {
        let issuer = Issuer::new(Settings {
            issuer: "https://id.example.com".to_owned(),
            audiences: vec!["a".to_owned()],
            key_set_url: None,
            clock_skew_seconds: 60,
            algorithms: vec![],
            directory_roles,
        });
        scopes(&serde_json::from_value(claims).unwrap(), &issuer.unwrap())
    }

    #[test]
    fn a_person_may_do_what_was_delegated_and_an_application_what_its_roles_say() {
        for (claims, expected) in [
            (json!({ "scp": "A B" }), vec!["A", "B"]),
            (json!({ "scp": ["A", "B"] }), vec!["A", "B"]),
            (json!({ "scp": "A", "roles": ["B"] }), vec!["A"]),
            (json!({ "scp": "", "roles": ["B"] }), vec![]),
            (json!({ "azp": "x", "roles": ["A", "B"] }), vec!["A", "B"]),
            // As ID tokens are, which are for an application and not for us.
            (json!({ "roles": ["A", "B"] }), vec![]),
            (json!({ "idtyp": "app", "roles": ["A"] }), vec!["A"]),
            (json!({ "idtyp": "app", "scope": "A", "scp": "B" }), vec![]),
            (json!({ "scope": "openid A" }), vec!["openid", "A"]),
            (json!({ "scope": "openid", "roles": ["A"] }), vec!["openid", "A"]),
            (json!({ "scope": 1, "roles": { "A": {} } }), vec![]),
            (json!({ "idtyp": "user", "roles": ["A"] }), vec![]),
            (json!({}), vec![]),
        ] {
            assert_eq!(scopes_of(claims.clone(), false), expected, "{claims}");
        }
    }

    #[test]
    fn nobody_outside_gives_the_administrators_scope() {
        assert!(scopes_of(json!({ "scope": "*", "roles": ["*"] }), false).is_empty());
        assert!(scopes_of(json!({ "scp": "*" }), false).is_empty());
    }

    #[test]
    fn with_directory_roles_a_person_needs_both() {
        let all = "LifecycleWorkflows.ReadWrite.All LifecycleWorkflows-Workflow.Activate \
                   LifecycleWorkflows-Workflow.ReadBasic.All User.Read.All";
        let asked = |role: &str| scopes_of(json!({ "scp": all, "wids": [role] }), true);
        assert_eq!(asked(LIFECYCLE_WORKFLOWS_ADMINISTRATOR).len(), 4);
        assert_eq!(
            asked(&GLOBAL_READER.to_uppercase()),
            ["LifecycleWorkflows.Read.All", "LifecycleWorkflows-Workflow.ReadBasic.All", "User.Read.All"]
        );
        assert_eq!(asked("something else"), ["User.Read.All"]);
        assert_eq!(scopes_of(json!({ "scp": all }), true), ["User.Read.All"]);
        for application in [
            json!({ "idtyp": "app", "roles": ["LifecycleWorkflows.ReadWrite.All"] }),
            json!({ "appid": "x", "roles": ["LifecycleWorkflows.ReadWrite.All"] }),
        ] {
            assert_eq!(scopes_of(application, true).len(), 1, "an application has no directory roles");
        }
    }
}
