//! A server in this process: data directory, engine, HTTP API.

mod address;
mod admin_token;
mod data_directory;
mod engine;
mod issuers;
mod serving;
mod system;
mod tls;

pub(crate) use address::Address;
pub(crate) use admin_token::admin_token;
pub(crate) use data_directory::{make_private, prepare};
pub(crate) use serving::Serving;
pub(crate) use system::{Setup, System};
pub(crate) use tls::TlsFiles;

/// Where a server listens when nobody says.
pub(crate) const LISTEN: &str = "127.0.0.1:8460";
