//! What a resource has: names, kinds, how they can be filtered and ordered.

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An id.
    Id,
    /// Text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A moment.
    DateTime,
    /// One of these members.
    Enum(&'static [&'static str]),
    /// Several of these members, joined by commas.
    Flags(&'static [&'static str]),
    /// Several texts.
    Texts,
    /// Anything else: an object, a list of objects, a navigation.
    Other,
}

/// Which operators a property offers in `$filter`, by the names they are written with.
pub(crate) mod operators {
    /// None.
    pub(crate) const NONE: &[&str] = &[];
    /// Equality.
    pub(crate) const EQUALITY: &[&str] = &["eq", "ne", "in"];
    /// Equality and order.
    pub(crate) const ORDER: &[&str] = &["eq", "ne", "in", "gt", "ge", "lt", "le"];
    /// Equality and the functions of texts.
    pub(crate) const TEXT: &[&str] = &["eq", "ne", "in", "startsWith", "endsWith", "contains"];
    /// Flags.
    pub(crate) const FLAGS: &[&str] = &["eq", "ne", "in", "has"];
    /// Lists of texts: `any`, with these for the elements.
    pub(crate) const ELEMENTS: &[&str] = &["any", "eq", "ne", "in", "startsWith", "endsWith", "contains"];
}

/// One property.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Property {
    /// Its path as Graph spells it, such as `subject/id`.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// What `$filter` may ask of it.
    pub(crate) filter: &'static [&'static str],
    /// Whether `$orderby` may name it.
    pub(crate) order: bool,
}

impl Property {
    /// A property that can be selected only.
    pub(crate) const fn shown(name: &'static str) -> Self {
        Self { name, kind: Kind::Other, filter: operators::NONE, order: false }
    }

    /// A property that can be filtered but not ordered by.
    pub(crate) const fn filtered(name: &'static str, kind: Kind, filter: &'static [&'static str]) -> Self {
        Self { name, kind, filter, order: false }
    }

    /// A property that can be filtered and ordered by.
    pub(crate) const fn ordered(name: &'static str, kind: Kind, filter: &'static [&'static str]) -> Self {
        Self { name, kind, filter, order: true }
    }
}

/// The properties of a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Properties {
    /// What the resource is called in messages, such as `a workflow`.
    pub(crate) of: &'static str,
    /// The properties.
    pub(crate) list: &'static [Property],
}

impl Properties {
    /// The property of that path, in any letter case.
    pub(crate) fn find(&self, path: &str) -> Option<&'static Property> {
        self.list.iter().find(|property| property.name.eq_ignore_ascii_case(path))
    }

    /// Graph's spelling of a property that can be selected: the first name of a path.
    pub(crate) fn top(&self, name: &str) -> Option<&'static str> {
        let first = |property: &Property| property.name.split('/').next().unwrap_or(property.name);
        self.list.iter().map(first).find(|known| known.eq_ignore_ascii_case(name))
    }
}
