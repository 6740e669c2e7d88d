//! What is in the outbox, against what the database says.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::books::{Books, Receipt};
use crate::company::{MAILED, address};

/// The mails of an outbox, by file name, and what a process left half written.
pub(crate) struct Outbox {
    folder: PathBuf,
    mails: BTreeMap<String, File>,
    unfinished: usize,
}

/// What tells a file from another of the same name, and from itself written again.
#[derive(Debug, PartialEq)]
struct File {
    inode: u64,
    modified: (i64, i64),
    size: u64,
}

impl Outbox {
    /// The outbox below that folder; empty if nothing was mailed yet.
    pub(crate) fn of(folder: &Path) -> Self {
        let folder = folder.join("tenure-data/outbox");
        let (mut mails, mut unfinished) = (BTreeMap::new(), 0);
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name.starts_with('.') {
                unfinished += 1;
                continue;
            }
            let found = entry.metadata().unwrap();
            let modified = (found.mtime(), found.mtime_nsec());
            mails.insert(name, File { inode: found.ino(), modified, size: found.size() });
        }
        Self { folder, mails, unfinished }
    }

    /// How many mails there are.
    pub(crate) fn len(&self) -> usize {
        self.mails.len()
    }

    /// At any moment: a mail that is on record is there, and one that is there is on record or about to be.
    pub(crate) fn accounts_for(&self, books: &Books) {
        let mut known = 0;
        for receipt in books.receipts() {
            let there = self.mails.contains_key(&receipt.file);
            assert!(there || !receipt.recorded, "recorded, but not in the outbox: {}", receipt.file);
            assert!(!there || receipt.recorded || receipt.frozen, "nobody wants the mail {}", receipt.file);
            known += usize::from(there);
        }
        assert_eq!(known, self.mails.len(), "every mail belongs to somebody");
    }

    /// When everybody is through: one file for everybody who can be mailed, each to the right person under its key,
    /// nothing else, and nothing half written.
    pub(crate) fn holds_every_mail_once(&self, books: &Books) {
        self.accounts_for(books);
        assert_eq!(self.unfinished, 0, "what was left half written is cleared away");
        let receipts = books.receipts();
        assert_eq!((receipts.len(), self.mails.len()), (MAILED as usize, MAILED as usize));
        for Receipt { key, file, employee, recorded, .. } in receipts {
            assert!(recorded, "{file}");
            let text = std::fs::read_to_string(self.folder.join(&file)).unwrap();
            assert!(text.contains(&format!("\r\nMessage-ID: <{key}@tenure>\r\n")), "{file}: {text}");
            assert!(text.contains(&format!("<{}>\r\n", address(employee))), "{file}: {text}");
        }
    }

    /// Every mail is still the file that it was: a repeat has not written it again.
    pub(crate) fn is_untouched_in(&self, later: &Self) {
        for (name, file) in &self.mails {
            assert_eq!(later.mails.get(name), Some(file), "{name}");
        }
    }
}
