//! `$metadata`: CSDL 4.0 as XML.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::model::{Bound, Model, Property, Shape, Structure, Type, qualified, split};
use crate::version::Version;

/// Namespaces in the order in which their schemas are written.
const NAMESPACES: [&str; 2] = ["microsoft.graph", "microsoft.graph.identityGovernance"];

/// The whole document.
pub(crate) fn document(model: &Model, version: Version) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_str("<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n<edmx:DataServices>\n");
    for namespace in NAMESPACES {
        line(
            &mut xml,
            "Schema",
            &[("Namespace", namespace), ("xmlns", "http://docs.oasis-open.org/odata/ns/edm")],
            false,
        );
        for of in model.types(version).filter(|of| split(of.name).0 == namespace) {
            definition(&mut xml, model, of, version);
        }
        for bound in &model.bound {
            if version.has(bound.beta_only) && split(bound.name).0 == namespace {
                operation(&mut xml, bound);
            }
        }
        if namespace == "microsoft.graph" {
            container(&mut xml, model, version);
        }
        xml.push_str("</Schema>\n");
    }
    xml.push_str("</edmx:DataServices>\n</edmx:Edmx>\n");
    xml
}

/// The entries of the service document.
pub(crate) fn service(model: &Model) -> Vec<Value> {
    let entry = |root: &crate::model::Root| {
        let kind = if root.single { "Singleton" } else { "EntitySet" };
        json!({ "name": root.name, "kind": kind, "url": root.name })
    };
    model.roots.iter().map(entry).collect()
}

fn definition(xml: &mut String, model: &Model, of: &Type, version: Version) {
    let (_, name) = split(of.name);
    match &of.shape {
        Shape::Enumeration { flags, members } => {
            let flags: &[_] = if *flags { &[("IsFlags", "true")] } else { &[] };
            line(xml, "EnumType", &[&[("Name", name)], flags].concat(), false);
            for member in members.iter().filter(|member| version.has(member.beta_only)) {
                line(xml, "Member", &[("Name", member.name), ("Value", &member.value.to_string())], true);
            }
            xml.push_str("</EnumType>\n");
        }
        Shape::Structure(structure) => structured(xml, model, name, structure, version),
    }
}

fn structured(xml: &mut String, model: &Model, name: &str, structure: &Structure, version: Version) {
    let tag = if structure.entity { "EntityType" } else { "ComplexType" };
    let base = structure.base.map(qualified);
    let mut attributes = vec![("Name", name)];
    attributes.extend(base.as_deref().map(|base| ("BaseType", base)));
    attributes.extend(structure.is_abstract.then_some(("Abstract", "true")));
    attributes.extend(structure.open.then_some(("OpenType", "true")));
    line(xml, tag, &attributes, false);
    let key: Vec<&Property> = structure.properties.iter().filter(|property| property.key).collect();
    if !key.is_empty() {
        xml.push_str("<Key>\n");
        for property in key {
            line(xml, "PropertyRef", &[("Name", property.name)], true);
        }
        xml.push_str("</Key>\n");
    }
    for property in structure.properties.iter().filter(|property| version.has(property.beta_only)) {
        let navigation = model.is_entity(property.of.name);
        let of = property.of.csdl();
        let mut attributes = vec![("Name", property.name), ("Type", of.as_str())];
        // A navigation to several is never null; CSDL forbids to say so.
        let never_null = !property.of.nullable;
        if never_null && !(navigation && property.of.many) {
            attributes.push(("Nullable", "false"));
        }
        if property.contained && navigation {
            attributes.push(("ContainsTarget", "true"));
        }
        line(xml, if navigation { "NavigationProperty" } else { "Property" }, &attributes, true);
    }
    let _ = writeln!(xml, "</{tag}>");
}

fn operation(xml: &mut String, bound: &Bound) {
    let tag = if bound.action { "Action" } else { "Function" };
    line(xml, tag, &[("Name", split(bound.name).1), ("IsBound", "true")], false);
    line(xml, "Parameter", &[("Name", "bindingParameter"), ("Type", &bound.on.csdl())], true);
    for (name, of) in &bound.parameters {
        let of_name = of.csdl();
        let mut attributes = vec![("Name", *name), ("Type", of_name.as_str())];
        attributes.extend((!of.nullable).then_some(("Nullable", "false")));
        line(xml, "Parameter", &attributes, true);
    }
    if let Some(returns) = bound.returns {
        line(xml, "ReturnType", &[("Type", &returns.csdl())], true);
    }
    let _ = writeln!(xml, "</{tag}>");
}

fn container(xml: &mut String, model: &Model, version: Version) {
    line(xml, "EntityContainer", &[("Name", "GraphService")], false);
    for root in &model.roots {
        let tag = if root.single { "Singleton" } else { "EntitySet" };
        let of = if root.single { "Type" } else { "EntityType" };
        line(xml, tag, &[("Name", root.name), (of, &qualified(root.of))], false);
        for (path, target) in bindings(model, root.of, version) {
            line(xml, "NavigationPropertyBinding", &[("Path", &path), ("Target", target)], true);
        }
        let _ = writeln!(xml, "</{tag}>");
    }
    xml.push_str("</EntityContainer>\n");
}

/// Where the navigations that hang below a type lead, as far as it is to a set of the container.
fn bindings<'a>(model: &Model<'a>, of: &str, version: Version) -> Vec<(String, &'a str)> {
    let mut found = vec![];
    for property in model.properties(of, version) {
        let target = property.of.name;
        if !model.is_entity(target) {
            continue;
        }
        if property.contained {
            let below = bindings(model, target, version);
            found.extend(
                below.into_iter().map(|(path, target)| (format!("{}/{path}", property.name), target)),
            );
        } else if let Some(set) = model.roots.iter().find(|root| !root.single && root.of == target) {
            found.push((property.name.to_owned(), set.name));
        }
    }
    found
}

fn line(xml: &mut String, tag: &str, attributes: &[(&str, &str)], closed: bool) {
    let _ = write!(xml, "<{tag}");
    for (name, value) in attributes {
        let _ = write!(xml, " {name}=\"{}\"", escaped(value));
    }
    xml.push_str(if closed { "/>\n" } else { ">\n" });
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Surface;

    /// Every element with its attributes; tags have to be closed in order.
    fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
        let mut found = vec![];
        let mut open: Vec<String> = vec![];
        for tag in xml.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0) {
            if tag.starts_with('?') {
                continue;
            }
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
                continue;
            }
            let (inner, closed) = tag.strip_suffix('/').map_or((tag, false), |inner| (inner, true));
            let (name, rest) = inner.split_once(' ').unwrap_or((inner, ""));
            let pieces: Vec<&str> = rest.split('"').collect();
            let attributes = pieces
                .chunks_exact(2)
                .map(|pair| (pair[0].trim().trim_end_matches('=').to_owned(), pair[1].to_owned()));
            found.push((name.to_owned(), attributes.collect()));
            if !closed {
                open.push(name.to_owned());
            }
        }
        assert_eq!(open, Vec::<String>::new());
        found
    }

    #[test]
    fn it_is_well_formed_and_every_type_it_names_is_defined() {
        let surface = Surface::embedded().unwrap();
        for version in Version::ALL {
            let elements = elements(&surface.csdl(version));
            let mut namespace = String::new();
            let mut defined: Vec<String> = vec![];
            for (tag, attributes) in &elements {
                let value =
                    |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value);
                match tag.as_str() {
                    "Schema" => namespace = value("Namespace").unwrap().clone(),
                    "EntityType" | "ComplexType" | "EnumType" => {
                        defined.push(format!("{namespace}.{}", value("Name").unwrap()));
                    }
                    _ => {}
                }
            }
            let mut named = 0;
            for (tag, attributes) in &elements {
                for (name, value) in attributes {
                    if ["Type", "BaseType", "EntityType"].contains(&name.as_str()) {
                        let plain = value
                            .strip_prefix("Collection(")
                            .and_then(|of| of.strip_suffix(')'))
                            .unwrap_or(value);
                        let known = plain.starts_with("Edm.") || defined.iter().any(|known| known == plain);
                        assert!(known, "{version}: {tag} names {value}");
                        named += 1;
                    }
                }
            }
            assert!(named > 500, "{named}");
        }
    }

    #[test]
    fn graphs_shapes_are_there() {
        let xml = Surface::embedded().unwrap().csdl(Version::V1);
        for line in [
            r#"<EntityType Name="workflow" BaseType="microsoft.graph.identityGovernance.workflowBase">"#,
            r#"<NavigationProperty Name="runs" Type="Collection(microsoft.graph.identityGovernance.run)" ContainsTarget="true"/>"#,
            r#"<Property Name="processingStatus" Type="microsoft.graph.identityGovernance.lifecycleWorkflowProcessingStatus" Nullable="false"/>"#,
            r#"<EnumType Name="lifecycleTaskCategory" IsFlags="true">"#,
            r#"<Member Name="unknownFutureValue" Value="6"/>"#,
            r#"<Action Name="activate" IsBound="true">"#,
            r#"<Singleton Name="identityGovernance" Type="microsoft.graph.identityGovernance">"#,
            r#"<NavigationPropertyBinding Path="lifecycleWorkflows/workflows/createdBy" Target="users"/>"#,
        ] {
            assert!(xml.contains(line), "{line}");
        }
        assert!(!xml.contains("lifecyclePolicy"));
        assert!(Surface::embedded().unwrap().csdl(Version::Beta).contains("lifecyclePolicy"));
    }
}
