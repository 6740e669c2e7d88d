//! Looking for secrets, also where they are written in another way.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Something that nobody is to find.
#[derive(Debug)]
pub(crate) struct Secret {
    what: String,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    /// A text, as it is, its halves, and its bytes.
    pub(crate) fn new(what: &str, text: &str) -> Self {
        let mut secret = Self::of_bytes(what, text.as_bytes());
        let half = text.len() / 2;
        if half >= 8 {
            secret.forms.push(text.as_bytes()[..half].to_vec());
            secret.forms.push(text.as_bytes()[half..].to_vec());
        }
        secret
    }

    /// Bytes: raw, in base64 of both alphabets wherever they stand in what is encoded, and in hexadecimal.
    pub(crate) fn of_bytes(what: &str, bytes: &[u8]) -> Self {
        assert!(bytes.len() >= 12, "{what} is too short to be told from anything else");
        let mut forms = vec![bytes.to_vec()];
        for before in 0..3_usize {
            let padded = [&vec![0; before][..], bytes].concat();
            // Letters that depend on what stands before and behind it are left out.
            let (from, letters) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            for engine in [STANDARD, URL_SAFE] {
                forms.push(engine.encode(&padded).as_bytes()[from..letters].to_vec());
            }
        }
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = hex.concat();
        forms.push(hex.to_uppercase().into_bytes());
        forms.push(hex.into_bytes());
        Self { what: what.to_owned(), forms }
    }

    /// Whether it is in there, in any form.
    pub(crate) fn is_in(&self, haystack: &[u8]) -> bool {
        self.forms.iter().any(|form| find(haystack, form))
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return false };
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|byte| byte == first) {
        if haystack[from + at..].starts_with(needle) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// None of them is in there.
pub(crate) fn absent(secrets: &[Secret], place: &str, haystack: &[u8]) {
    for secret in secrets {
        if secret.is_in(haystack) {
            let text = String::from_utf8_lossy(haystack);
            let shown: String = text.chars().take(20_000).collect();
            panic!("{} is in {place}: {shown}", secret.what);
        }
    }
}

/// None of them is in a file of the data directory, but where it belongs: the administrator's token in its own file, and
/// everything in mails and calls that are written down instead of sent.
pub(crate) fn absent_in_files(secrets: &[Secret], data: &Path) {
    let mut looked_at = 0;
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "outbox" {
                    folders.push(path);
                }
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let others: Vec<&Secret> = secrets
                .iter()
                .filter(|secret| name != "admin-token" || secret.what != "the administrator's token")
                .collect();
            for secret in others {
                assert!(!secret.is_in(&bytes), "{} is in {}", secret.what, path.display());
            }
            looked_at += 1;
        }
    }
    assert!(looked_at >= 3, "{looked_at} files");
}
