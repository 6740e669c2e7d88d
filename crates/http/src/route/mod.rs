//! The one table of routes: which paths there are, what they ask of the caller, who answers.
//!
//! A pattern is written as Graph writes the path: `users/{user}/manager`. Parts of it:
//!
//! | written | matches |
//! |---|---|
//! | `name` | the segment in any letter case, with or without `microsoft.graph.identityGovernance.` before it |
//! | `{name}` | any segment, or the key in `…('key')` behind the segment before; a parameter |
//! | `name(a,b)` | a function with these parameters, see [`arguments`] |
//! | `name()` | a function without any; the parentheses may be missing |
//! | `@lcw` | `identityGovernance/lifecycleWorkflows` |
//! | `@workflow` | `@lcw/workflows/{workflow}` and, as a second route, `@lcw/deletedItems/workflows/{workflow}` |

mod arguments;
mod segments;

use std::fmt;

use axum::http::Method;

pub(crate) use arguments::arguments;
use segments::Asked;
pub(crate) use segments::split;

use crate::errors::GraphError;
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;

/// Answers one route.
pub(crate) type Handler = fn(&Request) -> Result<Response, GraphError>;

/// A method of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl Verb {
    fn of(method: &Method) -> Option<Self> {
        match method.as_str() {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            "PATCH" => Some(Self::Patch),
            "PUT" => Some(Self::Put),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        })
    }
}

#[derive(Clone, Debug)]
enum Part {
    Literal(&'static str),
    Parameter(&'static str),
    Function(&'static str, Vec<&'static str>),
}

/// One route.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    verb: Verb,
    parts: Vec<Part>,
    /// What it asks of the caller.
    pub(crate) permission: Permission,
    /// Who answers.
    pub(crate) handler: Handler,
    /// The workflow it is about is a deleted one.
    pub(crate) deleted: bool,
    /// Its body is a file, streamed to disk.
    pub(crate) upload: bool,
    /// Only `/beta` has it.
    pub(crate) beta: bool,
}

/// A route that a request has found.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    /// The route.
    pub(crate) route: &'a Route,
    /// Path parameters.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// Parameters of the function, if the path ends in one.
    pub(crate) arguments: Vec<(&'static str, String)>,
    /// The path as `@odata.context` writes it: `users('id')/memberOf`, without a key at the end.
    pub(crate) context: String,
}

/// All routes.
#[derive(Default)]
pub(crate) struct Table(Vec<Route>);

impl Table {
    /// Adds a route; `@workflow` adds two.
    pub(crate) fn add(
        &mut self,
        verb: Verb,
        pattern: &'static str,
        permission: Permission,
        handler: Handler,
    ) {
        let mut add = |start: &'static str, rest: &'static str, deleted| {
            let parts =
                start.split('/').chain(rest.split('/')).filter(|part| !part.is_empty()).map(part).collect();
            self.0.push(Route { verb, parts, permission, handler, deleted, upload: false, beta: false });
        };
        if let Some(rest) = pattern.strip_prefix("@workflow") {
            add("identityGovernance/lifecycleWorkflows/workflows/{workflow}", rest, false);
            add("identityGovernance/lifecycleWorkflows/deletedItems/workflows/{workflow}", rest, true);
        } else if let Some(rest) = pattern.strip_prefix("@lcw") {
            add("identityGovernance/lifecycleWorkflows", rest, rest.starts_with("/deletedItems/"));
        } else {
            add("", pattern, false);
        }
    }

    /// Adds a GET route.
    pub(crate) fn get(&mut self, pattern: &'static str, permission: Permission, handler: Handler) {
        self.add(Verb::Get, pattern, permission, handler);
    }

    /// Adds a POST route.
    pub(crate) fn post(&mut self, pattern: &'static str, permission: Permission, handler: Handler) {
        self.add(Verb::Post, pattern, permission, handler);
    }

    /// Adds a PATCH route.
    pub(crate) fn patch(&mut self, pattern: &'static str, permission: Permission, handler: Handler) {
        self.add(Verb::Patch, pattern, permission, handler);
    }

    /// Adds a PUT route.
    pub(crate) fn put(&mut self, pattern: &'static str, permission: Permission, handler: Handler) {
        self.add(Verb::Put, pattern, permission, handler);
    }

    /// Adds a DELETE route.
    pub(crate) fn delete(&mut self, pattern: &'static str, permission: Permission, handler: Handler) {
        self.add(Verb::Delete, pattern, permission, handler);
    }

    /// Adds a POST route whose body is a file.
    pub(crate) fn upload(&mut self, pattern: &'static str, permission: Permission, handler: Handler) {
        self.post(pattern, permission, handler);
        if let Some(route) = self.0.last_mut() {
            route.upload = true;
        }
    }

    /// Leaves all of these routes to `/beta`.
    pub(crate) fn in_beta_only(&mut self) {
        for route in &mut self.0 {
            route.beta = true;
        }
    }

    /// Adds all routes of another table.
    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Finds the route of a path (behind `/v1.0`), the one with the earliest literals if several fit.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Result<Found<'_>, GraphError> {
        let asked = split(path)?;
        let fitting = |route: &&Route| fits(&route.parts, &asked);
        let Some(best) = self.0.iter().filter(fitting).max_by_key(|route| rank(&route.parts)) else {
            return Err(GraphError::not_found(format!("the path '{path}'")));
        };
        // Only routes as literal as the best one speak for this path.
        let same = |route: &&Route| fitting(route) && rank(&route.parts) == rank(&best.parts);
        let verb = Verb::of(method);
        let Some(route) = self.0.iter().filter(same).find(|route| Some(route.verb) == verb) else {
            let mut verbs: Vec<Verb> = self.0.iter().filter(same).map(|route| route.verb).collect();
            verbs.sort_unstable();
            verbs.dedup();
            let verbs: Vec<String> = verbs.iter().map(Verb::to_string).collect();
            return Err(GraphError::method_not_allowed(verbs.join(", ")));
        };
        found(route, asked)
    }
}

fn part(text: &'static str) -> Part {
    if let Some(name) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        Part::Parameter(name)
    } else if let Some((name, names)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Part::Function(name, names.split(',').filter(|name| !name.is_empty()).collect())
    } else {
        Part::Literal(text)
    }
}

fn fits(parts: &[Part], asked: &[Asked]) -> bool {
    parts.len() == asked.len()
        && parts.iter().zip(asked).all(|(part, asked)| match part {
            Part::Literal(name) => asked.arguments.is_none() && asked.is(name),
            Part::Parameter(_) => asked.arguments.is_none() && !asked.text.is_empty(),
            Part::Function(name, _) => asked.is(name),
        })
}

fn rank(parts: &[Part]) -> Vec<bool> {
    parts.iter().map(|part| !matches!(part, Part::Parameter(_))).collect()
}

fn found(route: &Route, asked: Vec<Asked>) -> Result<Found<'_>, GraphError> {
    let mut found = Found { route, parameters: vec![], arguments: vec![], context: String::new() };
    let mut keys = String::new();
    for (part, asked) in route.parts.iter().zip(asked) {
        match part {
            Part::Literal(name) => {
                if !found.context.is_empty() {
                    keys.push('/');
                }
                found.context.push_str(&std::mem::take(&mut keys));
                found.context.push_str(name);
            }
            Part::Parameter(name) => {
                keys = format!("('{}')", asked.text.replace('\'', "''"));
                found.parameters.push((name, asked.text));
            }
            Part::Function(_, names) => {
                found.arguments = arguments(asked.arguments.as_deref().unwrap_or_default(), names)?;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody(_: &Request) -> Result<Response, GraphError> {
        Ok(Response::no_content())
    }

    fn table() -> Table {
        let mut table = Table::default();
        table.get("@lcw/workflows", Permission::ListWorkflows, nobody);
        table.post("@lcw/workflows", Permission::WriteWorkflows, nobody);
        table.get("@workflow", Permission::ReadWorkflows, nobody);
        table.post("@lcw/workflows/{workflow}/activate", Permission::Activate, nobody);
        table.get("@workflow/runs/{run}/userProcessingResults", Permission::ReadReports, nobody);
        table.get("@workflow/userProcessingResults/{result}", Permission::ReadReports, nobody);
        table.get("@workflow/userProcessingResults/$count", Permission::ReadReports, nobody);
        table.get(
            "@workflow/userProcessingResults/summary(startDateTime,endDateTime)",
            Permission::ReadReports,
            nobody,
        );
        table.delete("groups/{group}/members/{member}/$ref", Permission::WriteMembers, nobody);
        table
    }

    const LCW: &str = "identityGovernance/lifecycleWorkflows";

    fn find(verb: &str, path: &str) -> Result<(Permission, bool, Vec<String>, String), u16> {
        let table = table();
        match table.find(&verb.parse().unwrap(), path) {
            Ok(found) => {
                let values = found.parameters.into_iter().map(|(_, value)| value);
                let values = values.chain(found.arguments.into_iter().map(|(_, value)| value)).collect();
                Ok((found.route.permission, found.route.deleted, values, found.context))
            }
            Err(error) => Err(error.status.as_u16()),
        }
    }

    #[test]
    fn literals_fit_in_any_letter_case_and_keys_in_both_forms() {
        for path in [
            "identityGovernance/lifecycleWorkflows/workflows/abc",
            "/IDENTITYGOVERNANCE/lifecycleworkflows/Workflows/abc/",
            "identityGovernance/lifecycleWorkflows/workflows('abc')",
            "identityGovernance/lifecycleWorkflows/workflows(abc)",
            "identityGovernance/lifecycleWorkflows/workflows(%27abc%27)",
        ] {
            let (permission, deleted, values, context) = find("GET", path).unwrap();
            assert_eq!((permission, deleted), (Permission::ReadWorkflows, false), "{path}");
            assert_eq!(values, ["abc"], "{path}");
            assert_eq!(context, format!("{LCW}/workflows"));
        }
    }

    #[test]
    fn actions_answer_by_short_and_qualified_name() {
        for action in ["activate", "microsoft.graph.identityGovernance.activate", "Microsoft.Graph.ACTIVATE"]
        {
            let (permission, ..) = find("POST", &format!("{LCW}/workflows/abc/{action}")).unwrap();
            assert_eq!(permission, Permission::Activate);
        }
    }

    #[test]
    fn deleted_workflows_have_the_same_routes() {
        let (_, deleted, values, context) =
            find("GET", &format!("{LCW}/deletedItems/workflows/w/runs/r/userProcessingResults")).unwrap();
        assert!(deleted);
        assert_eq!(values, ["w", "r"]);
        assert_eq!(context, format!("{LCW}/deletedItems/workflows('w')/runs('r')/userProcessingResults"));
    }

    #[test]
    fn functions_and_counts_come_before_keys() {
        let base = format!("{LCW}/workflows/w/userProcessingResults");
        let (_, _, values, _) =
            find("GET", &format!("{base}/summary(startDateTime=1,endDateTime=2)")).unwrap();
        assert_eq!(values, ["w", "1", "2"]);
        let (_, _, values, _) = find(
            "GET",
            &format!("{base}/microsoft.graph.identityGovernance.summary(endDateTime='2',startDateTime='1')"),
        )
        .unwrap();
        assert_eq!(values, ["w", "1", "2"]);
        assert_eq!(find("GET", &format!("{base}/%24count")).unwrap().2, ["w"]);
        assert_eq!(find("GET", &format!("{base}/summary")).unwrap_err(), 400);
        assert_eq!(find("GET", &format!("{base}/x")).unwrap().2, ["w", "x"]);
    }

    #[test]
    fn a_wrong_method_is_405_and_a_wrong_path_404() {
        assert_eq!(find("PATCH", &format!("{LCW}/workflows")).unwrap_err(), 405);
        assert_eq!(find("HEAD", &format!("{LCW}/workflows")).unwrap_err(), 405);
        assert_eq!(find("GET", &format!("{LCW}/shoes")).unwrap_err(), 404);
        assert_eq!(find("GET", &format!("{LCW}//workflows")).unwrap_err(), 404);
        assert_eq!(find("GET", "%ff").unwrap_err(), 400);
        let table = table();
        let error = table.find(&Method::PUT, &format!("{LCW}/workflows")).unwrap_err();
        assert_eq!(error.allow.as_deref(), Some("GET, POST"));
    }

    #[test]
    fn links_end_in_ref() {
        let (permission, _, values, _) = find("DELETE", "groups/g/members/m/$ref").unwrap();
        assert_eq!((permission, values), (Permission::WriteMembers, vec!["g".to_owned(), "m".to_owned()]));
    }
}
