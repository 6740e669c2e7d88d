//! Turns the text of an expression into an [`Expression`].

use super::error::ParseError;
use super::lexer::{Token, tokens};
use super::{Expression, Literal, Operator, Path};

/// No caller may allow deeper nesting: every walk over an expression must fit on a small stack.
const DEEPEST: usize = 256;

const RESERVED: &[&str] =
    &["and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "in", "has", "true", "false", "null"];

/// How large an expression may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in characters.
    pub length: usize,
    /// The deepest nesting of parentheses, `not` and lambdas; 256 at most, whatever is given.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { length: 8192, depth: 64 }
    }
}

/// Reads an expression within the default limits.
pub fn parse(input: &str) -> Result<Expression, ParseError> {
    parse_with(input, Limits::default())
}

/// Reads an expression within the given limits.
pub fn parse_with(input: &str, limits: Limits) -> Result<Expression, ParseError> {
    if let Some((offset, _)) = input.char_indices().nth(limits.length) {
        let message = format!("the expression is longer than {} characters", limits.length);
        return Err(ParseError::at(input, offset, message));
    }
    let tokens = tokens(input)?;
    let depth_limit = limits.depth.min(DEEPEST);
    let mut parser = Parser { input, tokens, next: 0, depth_limit, variables: Vec::new() };
    if *parser.peek() == Token::End {
        return Err(ParseError::at(input, 0, "the expression is empty"));
    }
    let expression = parser.alternatives(0)?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.expected("'and', 'or' or the end")),
    }
}

struct Parser<'a> {
    input: &'a str,
    tokens: Vec<(Token<'a>, usize)>,
    next: usize,
    depth_limit: usize,
    /// The variables of the lambdas around the current place, innermost last.
    variables: Vec<String>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &Token<'a> {
        self.tokens.get(self.next + ahead).map_or(&Token::End, |(token, _)| token)
    }

    fn offset(&self) -> usize {
        self.tokens.get(self.next).map_or(self.input.len(), |(_, offset)| *offset)
    }

    fn next_is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.next_is_word(word);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, token: &Token<'_>, what: &str) -> Result<(), ParseError> {
        if self.peek() != token {
            return Err(self.expected(what));
        }
        self.next += 1;
        Ok(())
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::at(self.input, self.offset(), message)
    }

    fn expected(&self, what: &str) -> ParseError {
        let found = match self.peek() {
            Token::Word(word) => format!("'{word}'"),
            Token::Literal(literal) => literal.to_string(),
            Token::Open => "'('".to_owned(),
            Token::Close => "')'".to_owned(),
            Token::Comma => "','".to_owned(),
            Token::Slash => "'/'".to_owned(),
            Token::Colon => "':'".to_owned(),
            Token::End => "the end".to_owned(),
        };
        self.error(format!("expected {what}, found {found}"))
    }

    fn deeper(&self, depth: usize) -> Result<usize, ParseError> {
        if depth >= self.depth_limit {
            return Err(
                self.error(format!("the expression is nested deeper than {} levels", self.depth_limit))
            );
        }
        Ok(depth + 1)
    }

    /// Parts joined by `or`.
    fn alternatives(&mut self, depth: usize) -> Result<Expression, ParseError> {
        let first = self.conditions(depth)?;
        if !self.next_is_word("or") {
            return Ok(first);
        }
        let mut parts = vec![];
        flatten_or(first, &mut parts);
        while self.take_word("or") {
            flatten_or(self.conditions(depth)?, &mut parts);
        }
        Ok(Expression::Or(parts))
    }

    /// Parts joined by `and`.
    fn conditions(&mut self, depth: usize) -> Result<Expression, ParseError> {
        let first = self.condition(depth)?;
        if !self.next_is_word("and") {
            return Ok(first);
        }
        let mut parts = vec![];
        flatten_and(first, &mut parts);
        while self.take_word("and") {
            flatten_and(self.condition(depth)?, &mut parts);
        }
        Ok(Expression::And(parts))
    }

    fn condition(&mut self, depth: usize) -> Result<Expression, ParseError> {
        if self.next_is_word("not") {
            let depth = self.deeper(depth)?;
            self.next += 1;
            // The parentheses of `not (…)` are no further level, so a printed `not` is as deep as it was.
            let part = if *self.peek() == Token::Open { self.group(depth)? } else { self.condition(depth)? };
            return Ok(Expression::Not(Box::new(part)));
        }
        if *self.peek() == Token::Open {
            let depth = self.deeper(depth)?;
            return self.group(depth);
        }
        self.clause(depth)
    }

    fn group(&mut self, depth: usize) -> Result<Expression, ParseError> {
        self.expect(&Token::Open, "'('")?;
        let inner = self.alternatives(depth)?;
        self.expect(&Token::Close, "'and', 'or' or ')'")?;
        Ok(inner)
    }

    fn clause(&mut self, depth: usize) -> Result<Expression, ParseError> {
        if let Some(literal) = self.literal() {
            return self.mirrored(literal);
        }
        if let (Token::Word(name), Token::Open) = (self.peek(), self.peek_at(1))
            && !is_reserved(name)
        {
            let clause = self.function(name)?;
            return self.truth(clause, depth);
        }
        let path = self.path("a property, a value or '('")?;
        if *self.peek() == Token::Slash {
            return self.lambda(path, depth);
        }
        if self.take_word("in") {
            let literals = self.list()?;
            return Ok(Expression::In { path, literals });
        }
        let Some(operator) = self.operator() else {
            return Err(self.expected(&format!("eq, ne, gt, ge, lt, le, in or has after '{path}'")));
        };
        let at = self.offset();
        let literal = self.value()?;
        if operator == Operator::Has && !matches!(literal, Literal::Text(_)) {
            return Err(ParseError::at(self.input, at, "'has' needs a text in quotes"));
        }
        Ok(Expression::Compare { path, operator, literal })
    }

    /// A comparison with its value on the left, turned round.
    fn mirrored(&mut self, literal: Literal) -> Result<Expression, ParseError> {
        let at = self.offset();
        let operator = match self.operator() {
            Some(Operator::Gt) => Operator::Lt,
            Some(Operator::Ge) => Operator::Le,
            Some(Operator::Lt) => Operator::Gt,
            Some(Operator::Le) => Operator::Ge,
            Some(same @ (Operator::Eq | Operator::Ne)) => same,
            _ => {
                let message = "after a value only eq, ne, gt, ge, lt and le can stand";
                return Err(ParseError::at(self.input, at, message));
            }
        };
        if self.peek_literal().is_some() {
            return Err(self.error("a comparison needs a property on one side"));
        }
        let path = self.path("a property")?;
        Ok(Expression::Compare { path, operator, literal })
    }

    fn function(&mut self, name: &str) -> Result<Expression, ParseError> {
        let functions = [Operator::StartsWith, Operator::EndsWith, Operator::Contains];
        let Some(operator) = functions.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
        else {
            let message = format!("'{name}' is no function; there are startsWith, endsWith and contains");
            return Err(self.error(message));
        };
        self.next += 1;
        self.expect(&Token::Open, "'('")?;
        let path = self.path("a property")?;
        self.expect(&Token::Comma, "','")?;
        let at = self.offset();
        let literal = self.value()?;
        if !matches!(literal, Literal::Text(_)) {
            return Err(ParseError::at(
                self.input,
                at,
                format!("'{}' needs a text in quotes", operator.name()),
            ));
        }
        self.expect(&Token::Close, "')'")?;
        Ok(Expression::Compare { path, operator, literal })
    }

    /// `/any(variable: body)` or `/all(variable: body)` behind a collection.
    fn lambda(&mut self, collection: Path, depth: usize) -> Result<Expression, ParseError> {
        self.expect(&Token::Slash, "'/'")?;
        let depth = self.deeper(depth)?;
        let all = self.take_word("all");
        if !all && !self.take_word("any") {
            return Err(self.expected("a property name, any(…) or all(…)"));
        }
        self.expect(&Token::Open, "'('")?;
        if *self.peek() == Token::Close {
            if all {
                return Err(self.error("'all' needs a condition: all(x: …)"));
            }
            self.next += 1;
            return Ok(Expression::Any { collection, variable: String::new(), body: None });
        }
        let variable = match self.peek() {
            Token::Word(word) if !is_reserved(word) && !word.contains('.') => (*word).to_owned(),
            _ => return Err(self.expected("a name for the element")),
        };
        self.next += 1;
        self.expect(&Token::Colon, "':'")?;
        self.variables.push(variable.clone());
        let body = self.alternatives(depth)?;
        self.variables.pop();
        self.expect(&Token::Close, "'and', 'or' or ')'")?;
        let body = Box::new(body);
        Ok(if all {
            Expression::All { collection, variable, body }
        } else {
            Expression::Any { collection, variable, body: Some(body) }
        })
    }

    /// Takes in the `eq true` or `eq false` that some writers put behind a function.
    fn truth(&mut self, clause: Expression, depth: usize) -> Result<Expression, ParseError> {
        let equal = self.next_is_word("eq");
        let Token::Word(value) = self.peek_at(1) else { return Ok(clause) };
        let Some(Literal::Boolean(wanted)) = word_literal(value) else { return Ok(clause) };
        if !equal && !self.next_is_word("ne") {
            return Ok(clause);
        }
        if equal == wanted {
            self.next += 2;
            return Ok(clause);
        }
        self.deeper(depth)?;
        self.next += 2;
        Ok(Expression::Not(Box::new(clause)))
    }

    fn operator(&mut self) -> Option<Operator> {
        use Operator::{Eq, Ge, Gt, Has, Le, Lt, Ne};
        let operator =
            [Eq, Ne, Gt, Ge, Lt, Le, Has].into_iter().find(|known| self.next_is_word(known.name()))?;
        self.next += 1;
        Some(operator)
    }

    /// Property names joined by slashes, up to a lambda.
    fn path(&mut self, what: &str) -> Result<Path, ParseError> {
        let first = match self.peek() {
            Token::Word(word) if !is_reserved(word) => *word,
            _ => return Err(self.expected(what)),
        };
        self.next += 1;
        let variable = self.variables.iter().rev().find(|known| known.eq_ignore_ascii_case(first)).cloned();
        let mut segments = if variable.is_some() { vec![] } else { vec![first.to_owned()] };
        while *self.peek() == Token::Slash {
            let Token::Word(word) = self.peek_at(1) else {
                self.next += 1;
                return Err(self.expected("a property name"));
            };
            let opens = *self.peek_at(2) == Token::Open;
            if opens && (word.eq_ignore_ascii_case("any") || word.eq_ignore_ascii_case("all")) {
                break;
            }
            segments.push((*word).to_owned());
            self.next += 2;
        }
        Ok(Path { variable, segments })
    }

    fn list(&mut self) -> Result<Vec<Literal>, ParseError> {
        self.expect(&Token::Open, "'(' and a list of values")?;
        let mut literals = vec![self.value()?];
        while *self.peek() == Token::Comma {
            self.next += 1;
            literals.push(self.value()?);
        }
        self.expect(&Token::Close, "',' or ')'")?;
        Ok(literals)
    }

    fn peek_literal(&self) -> Option<Literal> {
        match self.peek() {
            Token::Literal(literal) => Some(literal.clone()),
            Token::Word(word) => word_literal(word),
            _ => None,
        }
    }

    fn literal(&mut self) -> Option<Literal> {
        let literal = self.peek_literal()?;
        self.next += 1;
        Some(literal)
    }

    fn value(&mut self) -> Result<Literal, ParseError> {
        if let Some(literal) = self.literal() {
            return Ok(literal);
        }
        match self.peek() {
            Token::Word(word) if !is_reserved(word) => Err(self.error(format!(
                "'{word}' is not a value: text stands in single quotes, and a property cannot be compared with a property"
            ))),
            _ => Err(self.expected("a value")),
        }
    }
}

fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

fn word_literal(word: &str) -> Option<Literal> {
    if word.eq_ignore_ascii_case("true") {
        Some(Literal::Boolean(true))
    } else if word.eq_ignore_ascii_case("false") {
        Some(Literal::Boolean(false))
    } else if word.eq_ignore_ascii_case("null") {
        Some(Literal::Null)
    } else {
        None
    }
}

fn flatten_and(part: Expression, parts: &mut Vec<Expression>) {
    match part {
        Expression::And(inner) => parts.extend(inner),
        other => parts.push(other),
    }
}

fn flatten_or(part: Expression, parts: &mut Vec<Expression>) {
    match part {
        Expression::Or(inner) => parts.extend(inner),
        other => parts.push(other),
    }
}
