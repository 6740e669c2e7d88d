//! Handlers of results on a store that is held in memory.

mod fake;
mod ports;
mod reads;
mod routes;
mod writes;
