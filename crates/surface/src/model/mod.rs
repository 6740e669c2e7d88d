//! Types: entities, complex types, enumerations, actions, functions and the container.

mod read;

use std::collections::BTreeMap;

use crate::version::Version;

/// Namespace of lifecycle workflows; the data write it `ig.`.
const LIFECYCLE: &str = "microsoft.graph.identityGovernance";

/// Namespace of everything else.
const GRAPH: &str = "microsoft.graph";

/// The full name of a type that the data write short: `ig.run`, `user`, `Int32`.
pub fn qualified(name: &str) -> String {
    let (namespace, name) = split(name);
    format!("{namespace}.{name}")
}

/// Namespace and name of a type.
pub(crate) fn split(name: &str) -> (&'static str, &str) {
    match name.strip_prefix("ig.") {
        Some(name) => (LIFECYCLE, name),
        None if name.starts_with(|first: char| first.is_ascii_uppercase()) => ("Edm", name),
        None => (GRAPH, name),
    }
}

/// A type where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeRef<'a> {
    /// Its short name.
    pub name: &'a str,
    /// A collection of it.
    pub many: bool,
    /// It may be null.
    pub nullable: bool,
}

impl<'a> TypeRef<'a> {
    /// Reads `ig.run[]!`.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (text, nullable) = text.strip_suffix('!').map_or((text, true), |text| (text, false));
        let (name, many) = text.strip_suffix("[]").map_or((text, false), |name| (name, true));
        Self { name, many, nullable }
    }

    /// As CSDL writes it.
    pub(crate) fn csdl(self) -> String {
        let name = qualified(self.name);
        if self.many { format!("Collection({name})") } else { name }
    }
}

/// A property or navigation of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    pub(crate) of: TypeRef<'a>,
    pub(crate) beta_only: bool,
    pub(crate) key: bool,
    pub(crate) contained: bool,
    pub(crate) read_only: bool,
    pub(crate) writable: bool,
    pub(crate) required: bool,
    pub(crate) about: Option<&'a str>,
}

/// A member of an enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: i64,
    pub(crate) beta_only: bool,
}

/// What a type is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape<'a> {
    Enumeration { flags: bool, members: Vec<Member<'a>> },
    Structure(Structure<'a>),
}

/// An entity or complex type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Structure<'a> {
    pub(crate) entity: bool,
    pub(crate) is_abstract: bool,
    pub(crate) open: bool,
    pub(crate) base: Option<&'a str>,
    pub(crate) properties: Vec<Property<'a>>,
    /// Query options with an example of each.
    pub(crate) examples: Vec<(&'a str, &'a str)>,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Type<'a> {
    pub(crate) name: &'a str,
    pub(crate) beta_only: bool,
    pub(crate) about: Option<&'a str>,
    pub(crate) shape: Shape<'a>,
}

/// An action or a function that is bound to a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound<'a> {
    pub(crate) name: &'a str,
    pub(crate) beta_only: bool,
    pub(crate) action: bool,
    pub(crate) on: TypeRef<'a>,
    pub(crate) parameters: Vec<(&'a str, TypeRef<'a>)>,
    pub(crate) returns: Option<TypeRef<'a>>,
}

/// Something that the container has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Root<'a> {
    pub(crate) name: &'a str,
    pub(crate) of: &'a str,
    pub(crate) single: bool,
}

/// All types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model<'a> {
    pub(crate) types: BTreeMap<&'a str, Type<'a>>,
    pub(crate) bound: Vec<Bound<'a>>,
    pub(crate) roots: Vec<Root<'a>>,
}

impl<'a> Model<'a> {
    /// The types of a version, by name.
    pub(crate) fn types(&self, version: Version) -> impl Iterator<Item = &Type<'a>> {
        self.types.values().filter(move |of| version.has(of.beta_only))
    }

    /// A type that has properties.
    pub(crate) fn structure(&self, name: &str) -> Option<&Structure<'a>> {
        match self.types.get(name).map(|of| &of.shape) {
            Some(Shape::Structure(structure)) => Some(structure),
            _ => None,
        }
    }

    /// Whether that is the name of an entity.
    pub(crate) fn is_entity(&self, name: &str) -> bool {
        self.structure(name).is_some_and(|structure| structure.entity)
    }

    /// All properties of a type, those of its bases first.
    pub(crate) fn properties(&self, name: &str, version: Version) -> Vec<&Property<'a>> {
        let Some(structure) = self.structure(name) else { return vec![] };
        let mut all = structure.base.map_or_else(Vec::new, |base| self.properties(base, version));
        all.extend(structure.properties.iter().filter(|property| version.has(property.beta_only)));
        all
    }

    /// Types that are not abstract and are this one or derived from it, in any number of steps.
    pub(crate) fn concrete(&self, name: &str, version: Version) -> Vec<&'a str> {
        let is = |of: &&Type<'a>| match &of.shape {
            Shape::Structure(structure) => !structure.is_abstract && self.derives(of.name, name),
            Shape::Enumeration { .. } => false,
        };
        self.types(version).filter(is).map(|of| of.name).collect()
    }

    fn derives(&self, name: &str, base: &str) -> bool {
        name == base
            || self
                .structure(name)
                .and_then(|structure| structure.base)
                .is_some_and(|above| self.derives(above, base))
    }

    /// Names that are used and not defined in that version.
    pub fn undefined(&self, version: Version) -> Vec<String> {
        let mut used: Vec<(&str, &str)> = vec![];
        for of in self.types(version) {
            let Shape::Structure(structure) = &of.shape else { continue };
            used.extend(structure.base.map(|base| (of.name, base)));
            let there = structure.properties.iter().filter(|property| version.has(property.beta_only));
            used.extend(there.map(|property| (of.name, property.of.name)));
        }
        for bound in self.bound.iter().filter(|bound| version.has(bound.beta_only)) {
            let parameters = bound.parameters.iter().map(|(_, of)| of.name);
            used.extend(parameters.chain([bound.on.name]).map(|name| (bound.name, name)));
            used.extend(bound.returns.map(|of| (bound.name, of.name)));
        }
        used.extend(self.roots.iter().map(|root| (root.name, root.of)));
        used.retain(|(_, name)| !self.knows(name, version));
        used.into_iter().map(|(by, name)| format!("{name}, used by {by}")).collect()
    }

    /// Whether a type is Edm's or defined in that version.
    pub fn knows(&self, name: &str, version: Version) -> bool {
        const EDM: [&str; 7] = ["String", "Boolean", "Int32", "Int64", "DateTimeOffset", "Duration", "Guid"];
        EDM.contains(&name) || self.types.get(name).is_some_and(|of| version.has(of.beta_only))
    }
}
