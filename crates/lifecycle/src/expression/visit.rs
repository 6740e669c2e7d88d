//! Walks over an expression: its clauses, its paths, and the same expression with other names.

use super::{Expression, Literal, Operator, Path};

/// One clause of an expression, with its path from the record on.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause<'a> {
    /// The property: `department`, `tags` for `t` in `tags/any(t:…)`, `memberOf/id` for `g/id` in
    /// `memberOf/any(g:…)`.
    pub path: Vec<String>,
    /// Whether the path is about an element of a collection rather than the property as a whole.
    pub of_element: bool,
    /// What is asked of it.
    pub test: Test<'a>,
}

/// What a clause asks of its property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test<'a> {
    /// How it compares with a value.
    Compare(Operator, &'a Literal),
    /// Whether it equals one of several values.
    In(&'a [Literal]),
    /// Whether any of its elements fits a lambda, whose clauses follow.
    Any,
    /// Whether all of its elements fit a lambda, whose clauses follow.
    All,
}

impl Test<'_> {
    /// The name of the operator or function, as it is written in an expression.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Compare(operator, _) => operator.name(),
            Self::In(_) => "in",
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// What [`Expression::map_paths`] asks for each path.
pub type PathMap<'f, E> = dyn FnMut(&[String]) -> Result<Vec<String>, E> + 'f;

/// The lambdas around a place, innermost last: their variables and what these stand for.
type Scopes<'a, T> = Vec<(&'a str, T)>;

impl Expression {
    /// Every clause, in the order of the text; a lambda before those in its body.
    pub fn clauses(&self) -> Vec<Clause<'_>> {
        let mut clauses = vec![];
        self.collect(&mut vec![], &mut clauses);
        clauses
    }

    /// Every property path that the expression reads, once, in the order of the text.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut paths = vec![];
        for clause in self.clauses() {
            if !paths.contains(&clause.path) {
                paths.push(clause.path);
            }
        }
        paths
    }

    /// How deep lambdas stand inside lambdas; 0 without any. Each level multiplies the work for one record by the
    /// length of a collection, so whoever takes expressions from strangers bounds it.
    pub fn lambda_depth(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::lambda_depth).max().unwrap_or(0),
            Self::Not(part) => part.lambda_depth(),
            Self::Compare { .. } | Self::In { .. } => 0,
            Self::Any { body, .. } => 1 + body.as_ref().map_or(0, |body| body.lambda_depth()),
            Self::All { body, .. } => 1 + body.lambda_depth(),
        }
    }

    fn collect<'a>(&'a self, scopes: &mut Scopes<'a, Vec<String>>, clauses: &mut Vec<Clause<'a>>) {
        let mut clause = |path: &Path, scopes: &Scopes<'a, Vec<String>>, test| {
            let full = path.full(scopes);
            clauses.push(Clause { path: full.clone(), of_element: path.variable.is_some(), test });
            full
        };
        match self {
            Self::And(parts) | Self::Or(parts) => {
                for part in parts {
                    part.collect(scopes, clauses);
                }
            }
            Self::Not(part) => part.collect(scopes, clauses),
            Self::Compare { path, operator, literal } => {
                clause(path, scopes, Test::Compare(*operator, literal));
            }
            Self::In { path, literals } => {
                clause(path, scopes, Test::In(literals));
            }
            Self::Any { collection, variable, body } => {
                let full = clause(collection, scopes, Test::Any);
                if let Some(body) = body {
                    scopes.push((variable, full));
                    body.collect(scopes, clauses);
                    scopes.pop();
                }
            }
            Self::All { collection, variable, body } => {
                let full = clause(collection, scopes, Test::All);
                scopes.push((variable, full));
                body.collect(scopes, clauses);
                scopes.pop();
            }
        }
    }

    /// The same expression with every property path replaced by what `map` makes of it.
    ///
    /// `map` gets paths as [`Clause::path`] has them, and must keep the number of names. It is asked about
    /// each collection and each property, but not again about an element as a whole. Its first error ends
    /// the walk: use it to give names Graph's spelling and to refuse unknown ones.
    pub fn map_paths<E>(&self, map: &mut PathMap<'_, E>) -> Result<Self, E> {
        self.mapped(&mut vec![], map)
    }

    fn mapped<'a, E>(
        &'a self,
        scopes: &mut Scopes<'a, Vec<String>>,
        map: &mut PathMap<'_, E>,
    ) -> Result<Self, E> {
        Ok(match self {
            Self::And(parts) => {
                Self::And(parts.iter().map(|part| part.mapped(scopes, map)).collect::<Result<_, E>>()?)
            }
            Self::Or(parts) => {
                Self::Or(parts.iter().map(|part| part.mapped(scopes, map)).collect::<Result<_, E>>()?)
            }
            Self::Not(part) => Self::Not(Box::new(part.mapped(scopes, map)?)),
            Self::Compare { path, operator, literal } => {
                let path = path.mapped(scopes, map)?;
                Self::Compare { path, operator: *operator, literal: literal.clone() }
            }
            Self::In { path, literals } => {
                Self::In { path: path.mapped(scopes, map)?, literals: literals.clone() }
            }
            Self::Any { collection, variable, body } => {
                let mapped = collection.mapped(scopes, map)?;
                let body = match body {
                    None => None,
                    Some(body) => {
                        scopes.push((variable, collection.full(scopes)));
                        let body = body.mapped(scopes, map);
                        scopes.pop();
                        Some(Box::new(body?))
                    }
                };
                Self::Any { collection: mapped, variable: variable.clone(), body }
            }
            Self::All { collection, variable, body } => {
                let mapped = collection.mapped(scopes, map)?;
                scopes.push((variable, collection.full(scopes)));
                let body = body.mapped(scopes, map);
                scopes.pop();
                Self::All { collection: mapped, variable: variable.clone(), body: Box::new(body?) }
            }
        })
    }
}

impl Path {
    /// The path from the record on, through the collections that the variables stand for.
    fn full(&self, scopes: &Scopes<'_, Vec<String>>) -> Vec<String> {
        let mut full = self.base(scopes).to_vec();
        full.extend_from_slice(&self.segments);
        full
    }

    /// The collection whose element the path starts from.
    fn base<'a>(&self, scopes: &'a Scopes<'_, Vec<String>>) -> &'a [String] {
        let Some(variable) = &self.variable else { return &[] };
        scopes.iter().rev().find(|(known, _)| known == variable).map_or(&[], |(_, collection)| collection)
    }

    fn mapped<E>(&self, scopes: &Scopes<'_, Vec<String>>, map: &mut PathMap<'_, E>) -> Result<Self, E> {
        if self.segments.is_empty() {
            return Ok(self.clone());
        }
        let mut segments = map(&self.full(scopes))?;
        segments.drain(..self.base(scopes).len().min(segments.len()));
        Ok(Self { variable: self.variable.clone(), segments })
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    const RULE: &str = "Department eq 'x' and (tags/any(t:t in ('y') or startsWith(T,'z')) \
        or not (memberOf/all(g:g/Id eq 'w' and DEPARTMENT ne null)) or tags/any())";

    #[test]
    fn each_clause_is_seen_with_its_path_from_the_record_on() {
        let expression = parse(RULE).unwrap();
        let seen: Vec<String> = expression
            .clauses()
            .iter()
            .map(|clause| format!("{} {} {}", clause.path.join("/"), clause.test.name(), clause.of_element))
            .collect();
        assert_eq!(
            seen,
            [
                "Department eq false",
                "tags any false",
                "tags in true",
                "tags startsWith true",
                "memberOf all false",
                "memberOf/Id eq true",
                "DEPARTMENT ne false",
                "tags any false",
            ]
        );
        let paths: Vec<String> = expression.paths().iter().map(|path| path.join("/")).collect();
        assert_eq!(paths, ["Department", "tags", "memberOf", "memberOf/Id", "DEPARTMENT"]);
    }

    #[test]
    fn lambdas_inside_lambdas_are_counted() {
        for (rule, depth) in [
            ("a eq 1", 0),
            ("a eq 1 or not (a/any())", 1),
            ("a/any(x:x eq 1) and b/all(x:x eq 1)", 1),
            ("a/any(x:x eq 1 or b/all(y:not (c/any())))", 3),
        ] {
            assert_eq!(parse(rule).unwrap().lambda_depth(), depth, "{rule}");
        }
    }

    #[test]
    fn names_are_replaced_and_unknown_ones_refused() {
        let known = ["department", "tags", "memberOf", "memberOf/id"];
        let mut map = |path: &[String]| {
            let path = path.join("/");
            let found = known.iter().find(|name| name.eq_ignore_ascii_case(&path));
            found.map(|name| name.split('/').map(str::to_owned).collect()).ok_or(path)
        };
        assert_eq!(
            parse(RULE).unwrap().map_paths(&mut map).unwrap().to_string(),
            "department eq 'x' and (tags/any(t:t in ('y') or startsWith(t,'z')) \
                or not (memberOf/all(g:g/id eq 'w' and department ne null)) or tags/any())"
        );
        let unknown = parse("tags/any(t:t eq 'x') and memberOf/any(g:g/size gt 5)").unwrap();
        assert_eq!(unknown.map_paths(&mut map), Err("memberOf/size".to_owned()));
    }
}
