//! A `multipart/form-data` body that is read from files while it is sent.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use tenure_lifecycle::clock::{Ids as _, RandomIds};

/// Files on their way to the server.
pub(crate) struct Upload {
    boundary: String,
    parts: Vec<Box<dyn Read>>,
    at: usize,
}

impl Upload {
    /// No files yet.
    pub(crate) fn new() -> Self {
        Self { boundary: RandomIds.fresh().simple().to_string(), parts: Vec::new(), at: 0 }
    }

    /// Adds a text.
    pub(crate) fn text(mut self, name: &'static str, text: String) -> Self {
        self.open(name, name, "text/plain; charset=utf-8");
        self.parts.push(Box::new(Cursor::new(text)));
        self
    }

    /// Adds a file; it is read when its turn comes.
    pub(crate) fn file(mut self, name: &'static str, path: &Path, file: File) -> Self {
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.open(name, &file_name, "application/octet-stream");
        self.parts.push(Box::new(file));
        self
    }

    /// The body's end.
    pub(crate) fn end(mut self) -> Self {
        let end = format!("\r\n--{}--\r\n", self.boundary);
        self.parts.push(Box::new(Cursor::new(end)));
        self
    }

    /// Content-Type of the body.
    pub(crate) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn open(&mut self, name: &str, file_name: &str, content_type: &str) {
        let line_break = if self.parts.is_empty() { "" } else { "\r\n" };
        let head = format!(
            "{line_break}--{}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{}\"\r\n\
             Content-Type: {content_type}\r\n\r\n",
            self.boundary,
            quotable(file_name)
        );
        self.parts.push(Box::new(Cursor::new(head)));
    }
}

/// The name without what would end it, or the header line.
fn quotable(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || matches!(c, '"' | '\\') { '_' } else { c }).collect()
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while let Some(part) = self.parts.get_mut(self.at) {
            let read = part.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            self.at += 1;
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_boundaries() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a\"b.csv");
        std::fs::write(&path, "1,2\n").unwrap();
        let mut upload = Upload::new()
            .text("map", "x = 1".to_owned())
            .file("file", &path, File::open(&path).unwrap())
            .end();
        let boundary = upload.boundary.clone();
        let mut body = String::new();
        upload.read_to_string(&mut body).unwrap();
        assert_eq!(
            body,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"map\"; filename=\"map\"\r\n\
                 Content-Type: text/plain; charset=utf-8\r\n\r\nx = 1\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a_b.csv\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n1,2\n\r\n--{boundary}--\r\n"
            )
        );
    }
}
