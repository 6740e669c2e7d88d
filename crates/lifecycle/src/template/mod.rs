//! Workflow templates: conditions and tasks to begin a workflow with. Data only; nothing runs a template.
//!
//! Ids are Graph's where Graph publishes them, and our own, fixed for good, where it does not
//! (`docs/catalogue.md` says which).

mod inactive;
mod joiner;
mod leaver;
mod mover;
mod sponsorships;

use uuid::Uuid;

use crate::workflow::{Category, TimeAttribute};

/// The rule that stands in templates until somebody writes their own.
const EXAMPLE_RULE: &str = "department eq 'Marketing'";

/// A template.
#[derive(Debug)]
pub struct Template {
    /// Its id.
    pub id: Uuid,
    /// What workflows made from it are for.
    pub category: Category,
    /// Name.
    pub display_name: &'static str,
    /// What it is good for.
    pub description: &'static str,
    /// Who and when.
    pub conditions: Conditions,
    /// What, in order; each is enabled and stops at an error.
    pub tasks: &'static [Task],
}

/// When and for whom a workflow made from it would run.
#[derive(Debug)]
pub enum Conditions {
    /// Only when somebody activates it.
    OnDemandOnly,
    /// By itself.
    TriggerAndScope {
        /// Who.
        scope: Scope,
        /// When.
        trigger: Trigger,
    },
}

/// Who.
#[derive(Debug)]
pub enum Scope {
    /// Those whom a rule describes.
    Rule(&'static str),
    /// Members of a group that is still to be named.
    Groups,
}

/// When. There are more kinds here than workflows can have yet.
#[derive(Debug)]
pub enum Trigger {
    /// Days after a date of the person; negative is before.
    TimeBased {
        /// Which date.
        attribute: TimeAttribute,
        /// Days after it.
        offset_in_days: i32,
    },
    /// When one of these attributes changes.
    AttributeChange {
        /// Their names.
        attributes: &'static [&'static str],
    },
    /// When somebody comes into a group, or leaves it.
    MembershipChange {
        /// `add` or `remove`.
        change: &'static str,
    },
    /// When somebody has not signed in for so long.
    UserInactivity {
        /// Days.
        days: i32,
    },
    /// When a guest has no more sponsors than this.
    GuestSponsor {
        /// How many.
        minimum_sponsors: i32,
    },
}

/// A task of a template.
#[derive(Debug)]
pub struct Task {
    /// Its id. Graph uses some in two templates.
    pub id: Uuid,
    /// Which built-in task.
    pub definition: Uuid,
    /// Names and values; an empty value is to be filled in.
    pub arguments: &'static [(&'static str, &'static str)],
}

/// All templates: joiners, movers, leavers.
pub fn templates() -> impl Iterator<Item = &'static Template> {
    [joiner::TEMPLATES, mover::TEMPLATES, leaver::TEMPLATES, inactive::TEMPLATES, sponsorships::TEMPLATES]
        .into_iter()
        .flatten()
}

/// The template of that id.
pub fn template(id: Uuid) -> Option<&'static Template> {
    templates().find(|template| template.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::ids::TaskDefinitionId;
    use crate::task::{task_definition, task_definitions};

    #[test]
    fn the_page_names_everything() {
        let page = include_str!("../../../../docs/catalogue.md");
        for definition in task_definitions() {
            let line =
                format!("| `{}` | {} | {} |", definition.id, definition.display_name, definition.category());
            assert!(page.contains(&line), "{line}");
        }
        for template in templates() {
            let name = template.display_name;
            let line = format!("| `{}` | {name} | {} |", template.id, template.category.as_str());
            assert!(page.contains(&line), "{line}");
        }
    }

    #[test]
    fn each_template_is_made_of_tasks_that_fit_it() {
        assert_eq!(templates().count(), 15);
        let mut ids = HashSet::new();
        for template in templates() {
            assert!(ids.insert(template.id), "{} has an id that is taken", template.display_name);
            assert!(!template.tasks.is_empty());
            for task in template.tasks {
                let definition = task_definition(TaskDefinitionId(task.definition)).unwrap();
                assert!(
                    definition.categories.contains(&template.category),
                    "{}: {}",
                    template.display_name,
                    definition.display_name
                );
                for (name, _) in task.arguments {
                    let known = definition.parameters.iter().any(|parameter| parameter.name == *name);
                    assert!(known, "{}: {name}", template.display_name);
                }
            }
        }
    }
}
