//! Looking for secrets, also where they are written in another way.

use std::collections::HashMap;
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
}

/// The beginning of a form, by which it is found.
const BEGINNING: usize = 8;

/// All that nobody is to find, looked for in one pass.
pub(crate) struct Secrets {
    all: Vec<Secret>,
    /// Which two bytes a form begins with.
    begins: Vec<bool>,
    by_beginning: HashMap<[u8; BEGINNING], Vec<(usize, usize)>>,
}

impl Secrets {
    pub(crate) fn new(all: Vec<Secret>) -> Self {
        let mut begins = vec![false; 1 << 16];
        let mut by_beginning = HashMap::<_, Vec<_>>::new();
        for (place, secret) in all.iter().enumerate() {
            for (form, bytes) in secret.forms.iter().enumerate() {
                begins[usize::from(u16::from_be_bytes([bytes[0], bytes[1]]))] = true;
                let beginning = bytes[..BEGINNING].try_into().unwrap();
                by_beginning.entry(beginning).or_default().push((place, form));
            }
        }
        Self { all, begins, by_beginning }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Which of them are in there, each once.
    pub(crate) fn found_in(&self, haystack: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, beginning) in haystack.array_windows::<BEGINNING>().enumerate() {
            if !self.begins[usize::from(u16::from_be_bytes([beginning[0], beginning[1]]))] {
                continue;
            }
            for (place, form) in self.by_beginning.get(beginning).into_iter().flatten() {
                let secret = &self.all[*place];
                if haystack[at..].starts_with(&secret.forms[*form]) && !found.contains(&secret.what.as_str())
                {
                    found.push(secret.what.as_str());
                }
            }
        }
        found
    }

    /// None of them is in there.
    pub(crate) fn absent(&self, place: &str, haystack: &[u8]) {
        let found = self.found_in(haystack);
        if !found.is_empty() {
            let text: String = String::from_utf8_lossy(haystack).chars().take(20_000).collect();
            panic!("{found:?} in {place}: {text}");
        }
    }

    /// None of them is in a file of the data directory, but where it belongs: the administrator's token in its own file,
    /// and everything in mails and calls that are written down instead of sent.
    pub(crate) fn absent_in_files(&self, data: &Path) {
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
                let mut found = self.found_in(&bytes);
                found.retain(|what| name != "admin-token" || *what != "the administrator's token");
                assert!(found.is_empty(), "{found:?} in {}", path.display());
                looked_at += 1;
            }
        }
        assert!(looked_at >= 3, "{looked_at} files");
    }
}
