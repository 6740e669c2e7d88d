//! The surface of Tenure's API as data: which operations there are, of which types they speak, and what is made of that.
//!
//! ```text
//! data/operations.txt ─► operation ─┬─► openapi        /v1.0/openapi.json
//! data/*.types ────────► model ─────┼─► csdl           /v1.0/$metadata
//! data/bodies.json ────► bodies ────┼─► compatibility  docs/graph-compatibility.md
//!                                   └─► the walk       a test of `http` that asks every operation
//! ```
//!
//! It stands apart from `http` so that the chores (`xtask`) can read it without building a server.

mod bodies;
pub mod compatibility;
mod csdl;
mod model;
mod openapi;
mod operation;
mod record;
mod version;

pub use bodies::Bodies;
pub use model::{Model, qualified};
pub use operation::{Answer, Area, Content, Fields, Operation, State, operations};
pub use record::{Seen, record};
pub use version::Version;

/// The table of operations as it is committed.
pub const OPERATIONS: &str = include_str!("../data/operations.txt");

const TYPES: [(&str, &str); 4] = [
    ("directory.types", include_str!("../data/directory.types")),
    ("workflows.types", include_str!("../data/workflows.types")),
    ("policies.types", include_str!("../data/policies.types")),
    ("access.types", include_str!("../data/access.types")),
];

const BODIES: &str = include_str!("../data/bodies.json");

/// A line of the data that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {reason}")]
pub struct Fault {
    /// The file.
    pub file: &'static str,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// The whole surface.
#[derive(Debug)]
pub struct Surface {
    /// The operations, by area.
    pub areas: Vec<Area<'static>>,
    /// The types.
    pub model: Model<'static>,
    /// Examples of request bodies.
    pub bodies: Bodies,
}

impl Surface {
    /// The surface as it is committed.
    pub fn embedded() -> Result<Self, Fault> {
        let mut model = Model::default();
        for (file, text) in TYPES {
            model.read(file, text)?;
        }
        Ok(Self { areas: operations(OPERATIONS)?, model, bodies: Bodies::read(BODIES)? })
    }

    /// All operations of a version.
    pub fn operations(&self, version: Version) -> impl Iterator<Item = &Operation<'static>> {
        let all = self.areas.iter().flat_map(|area| &area.operations);
        all.filter(move |operation| operation.is_in(version))
    }

    /// `$metadata`: CSDL as XML.
    pub fn csdl(&self, version: Version) -> String {
        csdl::document(&self.model, version)
    }

    /// `openapi.json`.
    pub fn openapi(&self, version: Version) -> serde_json::Value {
        openapi::document(self, version)
    }

    /// The service document: what the container has, by name.
    pub fn service(&self) -> Vec<serde_json::Value> {
        csdl::service(&self.model)
    }
}
