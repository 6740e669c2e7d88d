//! A file that comes in: streamed to the spool folder, never whole in memory, removed when it is done with.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use axum::extract::{FromRequest, Multipart};
use axum::http::header;
use tokio::sync::mpsc;

use crate::Server;
use crate::errors::GraphError;

/// Longest map.
const MAP: usize = 1024 * 1024;
/// Chunks in flight between the network and the disk.
const IN_FLIGHT: usize = 16;

/// What came with an import.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The part `map`.
    pub(crate) map: String,
    /// The part `file`.
    pub(crate) file: Spooled,
}

/// A file in the spool folder; gone when this is.
#[derive(Debug)]
pub(crate) struct Spooled(PathBuf);

impl Spooled {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "an upload could not be removed");
        }
    }
}

impl Upload {
    /// Reads a multipart body with the parts `map` and `file`.
    pub(crate) async fn receive(
        server: &Server,
        incoming: axum::extract::Request,
    ) -> Result<Self, GraphError> {
        let is_form = incoming
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().to_ascii_lowercase().starts_with(b"multipart/form-data"));
        if !is_form {
            return Err(GraphError::unsupported_media_type("multipart/form-data"));
        }
        let mut form = Multipart::from_request(incoming, &()).await.map_err(broken)?;
        let (mut map, mut file) = (None, None);
        while let Some(mut part) = form.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "map" if map.is_none() => {
                    let mut text = vec![];
                    while let Some(chunk) = part.chunk().await.map_err(broken)? {
                        if text.len() + chunk.len() > MAP {
                            return Err(GraphError::invalid("map", format!("must have at most {MAP} bytes")));
                        }
                        text.extend_from_slice(&chunk);
                    }
                    let text = String::from_utf8(text)
                        .map_err(|_| GraphError::invalid("map", "must be UTF-8 text"))?;
                    map = Some(text);
                }
                "file" if file.is_none() => {
                    let path = server.spool.join(format!("upload-{}", server.lifecycle.ids.fresh()));
                    let (chunks, writer) = spool(path).await?;
                    let most = server.lifecycle.limits.import_bytes;
                    let mut length = 0;
                    while let Some(chunk) = part.chunk().await.map_err(broken)? {
                        length += chunk.len() as u64;
                        if length > most {
                            return Err(GraphError::too_large(most));
                        }
                        if chunks.send(chunk.to_vec()).await.is_err() {
                            break; // The writer has failed and says so below.
                        }
                    }
                    drop(chunks);
                    file = Some(writer.await.map_err(GraphError::internal)?.map_err(GraphError::internal)?);
                }
                "map" | "file" => return Err(GraphError::invalid(name, "is given twice")),
                _ => {
                    return Err(GraphError::invalid(
                        name,
                        "is not a part of this form; it has 'map' and 'file'",
                    ));
                }
            }
        }
        let missing = |name| GraphError::invalid(name, "is required");
        Ok(Self { map: map.ok_or_else(|| missing("map"))?, file: file.ok_or_else(|| missing("file"))? })
    }
}

type Writer = tokio::task::JoinHandle<io::Result<Spooled>>;

/// Opens a new file and writes what comes through the channel, on a thread that may block.
async fn spool(path: PathBuf) -> Result<(mpsc::Sender<Vec<u8>>, Writer), GraphError> {
    let open = move || {
        let file = File::create_new(&path)?;
        Ok::<_, io::Error>((file, Spooled(path)))
    };
    let opened = tokio::task::spawn_blocking(open).await.map_err(GraphError::internal)?;
    let (mut file, spooled) = opened.map_err(GraphError::internal)?;
    let (chunks, mut arriving) = mpsc::channel::<Vec<u8>>(IN_FLIGHT);
    let writer = tokio::task::spawn_blocking(move || {
        while let Some(chunk) = arriving.blocking_recv() {
            file.write_all(&chunk)?;
        }
        Ok(spooled)
    });
    Ok((chunks, writer))
}

fn broken(error: impl std::fmt::Display) -> GraphError {
    GraphError::bad_request(format!("The form cannot be read: {error}."))
}
