//! The part of the route table that is about results.

mod routes;
