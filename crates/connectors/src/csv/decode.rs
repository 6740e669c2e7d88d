//! Bytes of any encoding become text, piece by piece.

use std::io::{self, ErrorKind, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// The text of a file. A byte order mark decides over the stated encoding; what cannot be decoded
/// becomes [`UNDECODABLE`].
pub(super) struct TextStream<'a> {
    file: Box<dyn Read + Send + 'a>,
    decoder: Decoder,
    piece: Vec<u8>,
}

/// Stands for bytes that are no text.
pub(super) const UNDECODABLE: char = '\u{fffd}';

impl<'a> TextStream<'a> {
    pub(super) fn new(file: Box<dyn Read + Send + 'a>, encoding: &'static Encoding) -> Self {
        Self { file, decoder: encoding.new_decoder(), piece: Vec::new() }
    }

    /// Appends the next piece; false says that it was the last one.
    pub(super) fn pull(&mut self, text: &mut String) -> io::Result<bool> {
        self.piece.resize(PIECE, 0);
        let read = fill(&mut self.file, &mut self.piece)?;
        // A piece is full unless the file has ended: whoever scans it again does so once per piece.
        let last = read < PIECE;
        let mut from = 0;
        loop {
            let left = self.piece.get(from..read).unwrap_or_default();
            text.reserve(self.decoder.max_utf8_buffer_length(left.len()).unwrap_or(PIECE * 3));
            let (result, used, _) = self.decoder.decode_to_string(left, text, last);
            from += used;
            if result == CoderResult::InputEmpty {
                return Ok(!last);
            }
        }
    }
}

fn fill(file: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut full = 0;
    while full < piece.len() {
        match file.read(&mut piece[full..]) {
            Ok(0) => break,
            Ok(read) => full += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], label: &str) -> String {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let mut stream = TextStream::new(Box::new(bytes), encoding);
        let mut text = String::new();
        while stream.pull(&mut text).unwrap() {}
        text
    }

    #[test]
    fn the_stated_encoding_is_used() {
        assert_eq!(decoded(b"J\xfcrgen", "windows-1252"), "Jürgen");
        assert_eq!(decoded(b"J\0\xfc\0", "utf-16le"), "Jü");
        assert_eq!(decoded(b"\0J\0\xfc", "utf-16be"), "Jü");
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_not_text() {
        assert_eq!(decoded(b"\xef\xbb\xbfJ\xc3\xbc", "windows-1252"), "Jü");
        assert_eq!(decoded(b"\xff\xfeJ\0\xfc\0", "utf-8"), "Jü");
        assert_eq!(decoded(b"\xfe\xff\0J\0\xfc", "utf-8"), "Jü");
    }

    #[test]
    fn characters_across_pieces_stay_whole() {
        let long = "é".repeat(PIECE) + "x" + &"ü".repeat(PIECE);
        assert_eq!(decoded(format!("x{long}").as_bytes(), "utf-8"), format!("x{long}"));
        assert_eq!(decoded(long.as_bytes(), "utf-8"), long);
    }

    #[test]
    fn bytes_that_are_no_text_are_marked() {
        assert_eq!(decoded(b"a\xffb", "utf-8"), "a\u{fffd}b");
        assert_eq!(decoded(b"a\xc3", "utf-8"), "a\u{fffd}");
    }
}
