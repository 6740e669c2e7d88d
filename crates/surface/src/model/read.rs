//! Reading `*.types`; the format is explained at the top of `workflows.types`.

use super::{Bound, Member, Model, Property, Root, Shape, Structure, Type, TypeRef};
use crate::Fault;

impl<'a> Model<'a> {
    /// Adds what a file says.
    pub(crate) fn read(&mut self, file: &'static str, text: &'a str) -> Result<(), Fault> {
        let mut open: Option<Type<'a>> = None;
        for (index, line) in text.lines().enumerate() {
            let fault = |reason: String| Fault { file, line: index + 1, reason };
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(line) = line.strip_prefix("  ") {
                let Some(Type { shape: Shape::Structure(structure), .. }) = &mut open else {
                    return Err(fault("a property outside of a type".to_owned()));
                };
                match line.strip_prefix("? ") {
                    Some(example) => structure.examples.push(
                        example
                            .split_once(' ')
                            .ok_or_else(|| fault("an option without example".to_owned()))?,
                    ),
                    None => structure.properties.push(property(line).map_err(fault)?),
                }
                continue;
            }
            if let Some(of) = open.take() {
                self.types.insert(of.name, of);
            }
            open = self.definition(line).map_err(fault)?;
            if open.as_ref().is_some_and(|of| self.types.contains_key(of.name)) {
                return Err(fault("it is defined twice".to_owned()));
            }
        }
        self.types.extend(open.map(|of| (of.name, of)));
        Ok(())
    }

    /// A type whose properties follow, or nothing if the line says everything.
    fn definition(&mut self, line: &'a str) -> Result<Option<Type<'a>>, String> {
        let (line, beta_only) = line.strip_prefix("beta ").map_or((line, false), |line| (line, true));
        let (line, about) = said(line);
        let (kind, rest) = line.split_once(' ').ok_or("a name is missing")?;
        match kind {
            "enum" => {
                let of = enumeration(rest, beta_only)?;
                if self.types.insert(of.name, of).is_some() {
                    return Err("it is defined twice".to_owned());
                }
                Ok(None)
            }
            "action" | "function" => {
                self.bound.push(bound(rest, kind == "action", beta_only)?);
                Ok(None)
            }
            "set" | "singleton" => {
                let (name, of) = rest.split_once(' ').ok_or("a type is missing")?;
                self.roots.push(Root { name, of, single: kind == "singleton" });
                Ok(None)
            }
            _ => structure(line, beta_only, about).map(Some),
        }
    }
}

fn said(line: &str) -> (&str, Option<&str>) {
    line.split_once(" -- ").map_or((line, None), |(line, about)| (line.trim_end(), Some(about.trim())))
}

fn enumeration(text: &str, beta_only: bool) -> Result<Type<'_>, String> {
    let (head, listed) = text.split_once(": ").ok_or("members are missing")?;
    let (name, flags) = head.strip_suffix(" flags").map_or((head, false), |name| (name, true));
    let mut next = 0;
    let mut members = vec![];
    for word in listed.split_whitespace() {
        let (word, beta_only) = word.strip_prefix("beta:").map_or((word, false), |word| (word, true));
        let (name, value) = match word.split_once('=') {
            None => (word, next),
            Some((name, value)) => (name, value.parse().map_err(|_| format!("'{value}' is no number"))?),
        };
        members.push(Member { name, value, beta_only });
        next = value + 1;
    }
    Ok(Type { name, beta_only, about: None, shape: Shape::Enumeration { flags, members } })
}

fn structure<'a>(line: &'a str, beta_only: bool, about: Option<&'a str>) -> Result<Type<'a>, String> {
    let (head, base) = line.split_once(" : ").map_or((line, None), |(head, base)| (head, Some(base.trim())));
    let mut words: Vec<&str> = head.split_whitespace().collect();
    let name = words.pop().ok_or("a name is missing")?;
    let mut structure = Structure {
        entity: false,
        is_abstract: false,
        open: false,
        base,
        properties: vec![],
        examples: vec![],
    };
    for word in words {
        match word {
            "abstract" => structure.is_abstract = true,
            "open" => structure.open = true,
            "entity" => structure.entity = true,
            "complex" => structure.entity = false,
            other => return Err(format!("'{other}' is not known here")),
        }
    }
    Ok(Type { name, beta_only, about, shape: Shape::Structure(structure) })
}

fn property(line: &str) -> Result<Property<'_>, String> {
    let (line, beta_only) = line.strip_prefix("beta ").map_or((line, false), |line| (line, true));
    let (line, about) = said(line);
    let mut words = line.split_whitespace();
    let (Some(name), Some(of)) = (words.next(), words.next()) else {
        return Err("a type is missing".to_owned());
    };
    let mut property = Property {
        name,
        of: TypeRef::parse(of),
        beta_only,
        key: false,
        contained: false,
        read_only: false,
        writable: false,
        required: false,
        about,
    };
    for word in words {
        match word {
            "key" => property.key = true,
            "contained" => property.contained = true,
            "ro" => property.read_only = true,
            "rw" => property.writable = true,
            "required" => property.required = true,
            other => return Err(format!("'{other}' is not known here")),
        }
    }
    Ok(property)
}

fn bound(text: &str, action: bool, beta_only: bool) -> Result<Bound<'_>, String> {
    let (head, rest) = text.split_once(" (").ok_or("parameters are missing")?;
    let (name, on) = head.split_once(" on ").ok_or("what it is bound to is missing")?;
    let (listed, returns) = rest.split_once(')').ok_or("a parenthesis is missing")?;
    let mut parameters = vec![];
    for parameter in listed.split(", ").filter(|parameter| !parameter.is_empty()) {
        let (name, of) = parameter.split_once(' ').ok_or(format!("'{parameter}' has no type"))?;
        parameters.push((name, TypeRef::parse(of)));
    }
    let returns = returns.trim().strip_prefix("> ").map(TypeRef::parse);
    Ok(Bound { name, beta_only, action, on: TypeRef::parse(on), parameters, returns })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Surface;
    use crate::version::Version;

    #[test]
    fn the_data_can_be_read_and_every_name_in_them_is_defined() {
        let surface = Surface::embedded().unwrap();
        for version in Version::ALL {
            assert_eq!(surface.model.undefined(version), Vec::<String>::new(), "{version}");
        }
    }

    #[test]
    fn members_count_on_from_the_one_before() {
        let mut model = Model::default();
        model.read("x", "enum a: one=1 two unknownFutureValue beta:ten=10 eleven\n").unwrap();
        let Shape::Enumeration { members, flags } = &model.types["a"].shape else { unreachable!() };
        let values: Vec<(&str, i64)> = members.iter().map(|member| (member.name, member.value)).collect();
        assert_eq!(values, [("one", 1), ("two", 2), ("unknownFutureValue", 3), ("ten", 10), ("eleven", 11)]);
        assert!(!flags && members[3].beta_only);
    }

    #[test]
    fn properties_of_bases_come_first() {
        let mut model = Model::default();
        model
            .read("x", "abstract entity a\n  id String! key\n\nentity b : a -- It.\n  beta c a[] contained\n")
            .unwrap();
        let names = |version| model.properties("b", version).iter().map(|of| of.name).collect::<Vec<_>>();
        assert_eq!(names(Version::V1), ["id"]);
        assert_eq!(names(Version::Beta), ["id", "c"]);
        assert_eq!(model.concrete("a", Version::V1), ["b"]);
        assert_eq!(model.types["b"].about, Some("It."));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (text, line) in [
            ("  id String", 1),
            ("complex a\n  id", 2),
            ("complex a\n  id String odd", 2),
            ("enum a: b=c", 1),
            ("complex a\n\ncomplex a\n", 3),
        ] {
            assert_eq!(Model::default().read("x", text).unwrap_err().line, line, "{text}");
        }
    }
}
