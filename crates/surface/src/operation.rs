//! Operations: a line of `operations.txt` each.

use std::fmt;

use crate::Fault;
use crate::model::TypeRef;
use crate::version::Version;

const FILE: &str = "operations.txt";

/// What Tenure does with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It works.
    Works,
    /// It refuses, as Graph would.
    Refuses,
    /// It answers that there is nothing, for what would fill it is to come.
    Empty,
    /// It is not there yet.
    ToCome,
}

impl State {
    const ALL: [Self; 4] = [Self::Works, Self::Refuses, Self::Empty, Self::ToCome];

    /// The state that the table writes so.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// As the table writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Refuses => "refuses",
            Self::Empty => "empty",
            Self::ToCome => "to-come",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word().replace('-', " "))
    }
}

/// Parameters of an action: names with their types.
pub type Fields<'a> = Vec<(&'a str, TypeRef<'a>)>;

/// What a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// An object of a type.
    Object(TypeRef<'a>),
    /// The parameters of an action.
    Fields(Fields<'a>),
    /// JSON of its own.
    Json,
    /// A form with a file.
    Form,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Nothing.
    Nothing,
    /// One or several objects of a type.
    Typed(TypeRef<'a>),
    /// A number as plain text.
    Number,
    /// JSON of its own.
    Json,
    /// XML.
    Xml,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation<'a> {
    /// What Tenure does with it.
    pub state: State,
    /// v1.0 does not have it.
    pub beta_only: bool,
    /// `GET` and so on.
    pub method: &'a str,
    /// As the table writes it, such as `@live/runs`.
    pub written: &'a str,
    /// What a request carries, if it carries something.
    pub request: Option<Content<'a>>,
    /// Status of success.
    pub status: u16,
    /// What comes back.
    pub answer: Answer<'a>,
    /// Graph's reference has a page on it.
    pub documented: bool,
    /// What there is to say.
    pub note: Option<&'a str>,
}

impl Operation<'_> {
    /// Whether a version has it.
    pub fn is_in(&self, version: Version) -> bool {
        version.has(self.beta_only)
    }

    /// The path behind the version, in full; a function's parameters as `name={name}`.
    pub fn path(&self) -> String {
        let lcw = "/identityGovernance/lifecycleWorkflows";
        let path = self
            .written
            .replacen("@live", "@lcw/workflows/{workflow-id}", 1)
            .replacen("@deleted", "@lcw/deletedItems/workflows/{workflow-id}", 1)
            .replacen("@lcw", lcw, 1)
            .replace("/ig.", "/microsoft.graph.identityGovernance.");
        let function = path.strip_suffix(')').and_then(|path| path.rsplit_once('('));
        match function {
            Some((path, names)) if !names.is_empty() => {
                let named = names.split(',').map(|name| format!("{name}={{{name}}}"));
                format!("{path}({})", named.collect::<Vec<_>>().join(","))
            }
            _ => path,
        }
    }

    /// Whether it acts on a deleted workflow.
    pub fn acts_on_deleted(&self) -> bool {
        let action = self.method == "POST" && self.written.contains("/ig.");
        action && self.written.starts_with("@deleted/") && !self.written.ends_with("/ig.restore")
    }
}

/// Operations that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area<'a> {
    /// Its heading.
    pub name: &'a str,
    /// Segments from which on its paths are alike wherever they hang.
    pub roots: Vec<&'a str>,
    /// Its operations.
    pub operations: Vec<Operation<'a>>,
}

/// Reads the table of operations.
pub fn operations(text: &str) -> Result<Vec<Area<'_>>, Fault> {
    let mut areas: Vec<Area> = vec![];
    for (index, line) in text.lines().enumerate() {
        let fault = |reason: String| Fault { file: FILE, line: index + 1, reason };
        if let Some(heading) = line.strip_prefix("## ") {
            let (name, roots) = heading.split_once(" at ").unwrap_or((heading, ""));
            areas.push(Area { name, roots: roots.split_whitespace().collect(), operations: vec![] });
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            let area =
                areas.last_mut().ok_or_else(|| fault("an operation before the first area".to_owned()))?;
            area.operations.push(operation(line).map_err(fault)?);
        }
    }
    Ok(areas)
}

fn operation(line: &str) -> Result<Operation<'_>, String> {
    let (line, note) = match line.split_once(" | ") {
        Some((line, note)) => (line, Some(note.trim())),
        None => (line, None),
    };
    let (asked, answered) = line.split_once(" > ").ok_or("there is no ' > '")?;
    let (head, request) = match asked.split_once(" < ") {
        Some((head, request)) => (head, Some(content(request.trim())?)),
        None => (asked, None),
    };
    let mut words = head.split_whitespace();
    let mut next = |what: &str| words.next().ok_or(format!("the {what} is missing"));
    let state = next("state")?;
    let state = State::of_word(state).ok_or("the state is not known")?;
    let beta_only = match next("version")? {
        "both" => false,
        "beta" => true,
        other => return Err(format!("'{other}' is neither both nor beta")),
    };
    let method = next("method")?;
    if !["GET", "POST", "PATCH", "PUT", "DELETE"].contains(&method) {
        return Err(format!("'{method}' is no method"));
    }
    let written = next("path")?;
    let mut words = answered.split_whitespace();
    let status = words.next().and_then(|status| status.parse().ok()).ok_or("the status is no number")?;
    let mut answer = Answer::Nothing;
    let mut documented = false;
    for word in words {
        match word {
            "doc" => documented = true,
            "Int32" => answer = Answer::Number,
            "json" => answer = Answer::Json,
            "xml" => answer = Answer::Xml,
            name => answer = Answer::Typed(TypeRef::parse(name)),
        }
    }
    Ok(Operation { state, beta_only, method, written, request, status, answer, documented, note })
}

fn content(text: &str) -> Result<Content<'_>, String> {
    let fields = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    match (text, fields) {
        ("json", _) => Ok(Content::Json),
        ("form", _) => Ok(Content::Form),
        (_, None) => Ok(Content::Object(TypeRef::parse(text))),
        (_, Some(fields)) => {
            let field =
                |field: &'_ str| field.split_once(':').map(|_| ()).ok_or(format!("'{field}' has no type"));
            fields.split(',').try_for_each(field)?;
            let split = fields.split(',').filter_map(|field| field.split_once(':'));
            Ok(Content::Fields(split.map(|(name, of)| (name, TypeRef::parse(of))).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_everything_about_an_operation() {
        let text = "## Runs at runs\n\n# why\nworks   beta POST @live/ig.activate < (subjects:user[]) > 204 doc | sent\n";
        let areas = operations(text).unwrap();
        assert_eq!((areas[0].name, areas[0].roots.as_slice()), ("Runs", ["runs"].as_slice()));
        let operation = &areas[0].operations[0];
        assert_eq!(
            operation.path(),
            "/identityGovernance/lifecycleWorkflows/workflows/{workflow-id}/microsoft.graph.identityGovernance.activate"
        );
        assert_eq!((operation.status, operation.documented, operation.note), (204, true, Some("sent")));
        assert_eq!(operation.request, Some(Content::Fields(vec![("subjects", TypeRef::parse("user[]"))])));
        assert!(operation.is_in(Version::Beta) && !operation.is_in(Version::V1));
    }

    #[test]
    fn a_function_names_its_parameters() {
        let areas =
            operations("## A\nworks both GET @live/runs/ig.summary(startDateTime,endDateTime) > 200 json")
                .unwrap();
        let path = areas[0].operations[0].path();
        assert!(
            path.ends_with(".summary(startDateTime={startDateTime},endDateTime={endDateTime})"),
            "{path}"
        );
        let areas = operations("## A\nworks both GET /users/delta() > 200 user[]").unwrap();
        assert_eq!(areas[0].operations[0].path(), "/users/delta()");
    }

    #[test]
    fn who_refuses_or_has_nothing_says_why() {
        for operation in operations(crate::OPERATIONS).unwrap().iter().flat_map(|area| &area.operations) {
            let why = operation.note.is_some_and(|note| !note.starts_with("answers "));
            let asked = [State::Refuses, State::Empty].contains(&operation.state);
            assert!(why || !asked, "{} {}: the note has to say why", operation.method, operation.written);
        }
    }

    #[test]
    fn an_operation_has_one_line() {
        let areas = operations(crate::OPERATIONS).unwrap();
        let mut all: Vec<_> =
            areas.iter().flat_map(|area| &area.operations).map(|of| (of.method, of.path())).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (text, line, reason) in [
            ("works both GET /a > 200", 1, "before the first area"),
            ("## A\nfine both GET /a > 200", 2, "state"),
            ("## A\n\nworks all GET /a > 200", 3, "'all'"),
            ("## A\nworks both LOOK /a > 200", 2, "'LOOK'"),
            ("## A\nworks both GET /a", 2, "' > '"),
            ("## A\nworks both POST /a < (b) > 200", 2, "'b'"),
        ] {
            let fault = operations(text).unwrap_err();
            assert_eq!(fault.line, line, "{text}");
            assert!(fault.reason.contains(reason), "{text}: {fault}");
        }
    }
}
