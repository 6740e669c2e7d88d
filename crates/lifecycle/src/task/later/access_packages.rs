//! Tasks about access packages.

use uuid::uuid;

use crate::task::{Parameter, TaskDefinition};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[
    TaskDefinition {
        id: uuid!("c1ec1e76-f374-4375-aaa6-0bb6bd4c60be"),
        display_name: "Request user access package assignment",
        description: "Requests an access package for the user.",
        categories: &[Category::Joiner, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("assignmentPolicyId", true), Parameter::text("accessPackageId", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("4a0b64f2-c7ec-46ba-b117-18f262946c50"),
        display_name: "Remove access package assignment for user",
        description: "Removes one access package assignment.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("accessPackageId", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("42ae2956-193d-4f39-be06-691b8ac4fa1d"),
        display_name: "Remove all access package assignments for user",
        description: "Removes every access package assignment.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("daysUntilExpiration", false)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("498770d9-bab7-4e4c-b73d-5ded82a1d0b3"),
        display_name: "Cancel pending access package assignment requests for user",
        description: "Cancels open access package requests.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[],
        version: 1,
    },
];
