//! The one grammar of scope rules and `$filter`: parse, print, evaluate, explain.
//!
//! ```text
//! text ──lexer──► tokens ──parser──► Expression ──┬─► print      text that parses to the same
//!                                                 ├─► visit      paths and clauses, renamed paths
//!                                                 ├─► evaluate   true or false for one record
//!                                                 └─► explain    each clause's truth and what it saw
//! ```
//!
//! An expression is true or false, never unknown: how missing values count is in the table at [`holds`].
//! The store's translation to SQL gives the same answers.

mod error;
mod evaluate;
mod explain;
#[cfg(test)]
mod laws;
mod lexer;
mod parser;
mod print;
mod value;
mod visit;

pub use error::ParseError;
pub use evaluate::{Record, evaluate, holds, members};
pub use explain::{Explanation, explain};
pub use parser::{Limits, parse, parse_with};
pub use value::{Literal, Value, fold, parse_guid, parse_time};
pub use visit::{Clause, PathMap, Test};

/// A condition on a record.
///
/// Expressions from the parser are flat: an `And` holds no `And`, an `Or` no `Or`, and both hold at least
/// two parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// All parts hold.
    And(Vec<Expression>),
    /// At least one part holds.
    Or(Vec<Expression>),
    /// The part does not hold.
    Not(Box<Expression>),
    /// A property compared with a value.
    Compare {
        /// The property.
        path: Path,
        /// The comparison.
        operator: Operator,
        /// The value; a text for `has` and the functions.
        literal: Literal,
    },
    /// A property that equals one of several values.
    In {
        /// The property.
        path: Path,
        /// The values, at least one.
        literals: Vec<Literal>,
    },
    /// A collection of which at least one element fits.
    Any {
        /// The collection.
        collection: Path,
        /// The name that stands for an element inside `body`.
        variable: String,
        /// What an element must fit; without it any element does.
        body: Option<Box<Expression>>,
    },
    /// A collection of which every element fits: the same as no element that does not, so an empty one does.
    All {
        /// The collection.
        collection: Path,
        /// The name that stands for an element inside `body`.
        variable: String,
        /// What each element must fit.
        body: Box<Expression>,
    },
}

/// Where a value is found: a property of the record, or of the element that a lambda's variable names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The lambda variable that the path starts from, as its lambda declares it.
    pub variable: Option<String>,
    /// The property names; empty only for an element itself.
    pub segments: Vec<String>,
}

/// How a property is compared with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
    /// A list of members joined by commas that holds each of the given members.
    Has,
    /// A text that begins with the given one.
    StartsWith,
    /// A text that ends with the given one.
    EndsWith,
    /// A text with the given one in it.
    Contains,
}

impl Operator {
    /// The name as it is written in an expression.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Has => "has",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }

    /// Whether it is written as a function: `startsWith(path,'text')`.
    pub fn is_function(self) -> bool {
        match self {
            Self::StartsWith | Self::EndsWith | Self::Contains => true,
            Self::Eq | Self::Ne | Self::Gt | Self::Ge | Self::Lt | Self::Le | Self::Has => false,
        }
    }

    /// Whether it asks which of two values is greater.
    pub fn is_ordering(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }
}

/// Whether letters differ by their case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `A` and `a` differ: scope rules.
    Sensitive,
    /// `A` and `a` are equal: `$filter`.
    Insensitive,
}
