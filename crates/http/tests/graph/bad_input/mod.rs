//! Bad input, of every kind: a refusal in Graph's shape that names what is wrong, and nothing is changed.

mod addresses;
mod anything;
mod bodies;
mod generated;
mod queries;
mod workflows;
