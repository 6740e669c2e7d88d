//! What Graph's resources have in common: query options, bodies, lists, times.
//!
//! ```text
//! Options ─► query    for lists that the store keeps: ports::Query, paging token
//!         ─► memory   for small lists that are at hand: filter, order, page
//! Selection, Expansion ─► what an item shows
//! list, entity, count  ─► answers ─► Metadata, which says more or less of what they are
//! Object  ─► a body, property by property
//! ```

mod answer;
mod body;
mod expand;
mod filter;
mod leads;
mod members;
mod memory;
mod metadata;
mod options;
mod order;
mod properties;
mod search;
mod select;
mod time;
mod token;

pub(crate) use answer::{
    Item, List, annotated_list, complex, count, created, created_in, entity, list, whole_list,
};
pub(crate) use body::{Nullable, Object, link_target, read_json, reference};
pub(crate) use expand::{Expanded, Expansion, Navigation};
pub(crate) use members::{Members, UNKNOWN, later_members};
pub(crate) use memory::{memory_count, memory_list, memory_page};
pub(crate) use metadata::Metadata;
pub(crate) use options::Options;
pub(crate) use properties::{Kind, Properties, Property, operators};
pub(crate) use select::Selection;
pub(crate) use time::{Time, time, time_argument, time_or_null};
