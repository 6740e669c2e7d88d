//! Files made to do harm: reading them ends, never panics and needs little memory.

use std::io::{self, Read};

use proptest::prelude::*;
use tenure_connectors::csv::{CsvFeed, write_rejected};
use tenure_lifecycle::directory::feed::{FeedReader, Rejection};

const MAP: &str = "feed='x'\n[columns]\nemployeeId='a'\ndisplayName='{b|ascii} {c}'\n\
                   employeeHireDate='b'\nbusinessPhones='c'\n[dates]\nformats=['%d.%m.%Y']";

/// People and rejections in a file whose header is right.
fn read(body: &[u8], encoding: &str) -> (usize, Vec<Rejection>) {
    let file = [b"a,b,c\n", body].concat();
    let map = format!("encoding='{encoding}'\n{MAP}");
    let Ok(feed) = CsvFeed.read(&map, Box::new(io::Cursor::new(file))) else { return (0, Vec::new()) };
    let (people, rejected): (Vec<_>, Vec<_>) = feed.rows.partition(Result::is_ok);
    (people.len(), rejected.into_iter().filter_map(Result::err).collect())
}

/// Repeats some bytes for a long time.
struct Endless {
    pattern: &'static [u8],
    sent: usize,
    length: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = into.len().min(self.length - self.sent);
        for (offset, byte) in into[..count].iter_mut().enumerate() {
            *byte = self.pattern[(self.sent + offset) % self.pattern.len()];
        }
        self.sent += count;
        Ok(count)
    }
}

#[test]
fn long_hostile_files_end_with_bounded_rejections() {
    const LENGTH: usize = 1 << 20;
    for pattern in [
        &b"\""[..],
        b"x",
        b"\"a",
        b",",
        b"x\",\"\n",
        b"\"\n",
        b"\"\",\"\r",
        b"\0",
        b"\xff",
        b"1,\"\"\"\n",
        b"\r",
    ] {
        let body = Endless { pattern, sent: 0, length: LENGTH };
        let feed = CsvFeed.read(MAP, Box::new((&b"a,b,c\n"[..]).chain(body))).unwrap();
        let mut held = 0;
        for row in feed.rows {
            let rejection = row.unwrap_err();
            let size: usize = rejection.row.iter().map(String::len).sum();
            assert!(size <= 256 * 1024 && rejection.reason.len() < 400);
            held += size;
        }
        // A bad byte is shown by three.
        assert!(held <= 3 * LENGTH + (61 << 20), "{pattern:?}: {held}");
    }
}

fn csv_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b",".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\xff".to_vec()),
        Just("\u{a0}".as_bytes().to_vec()),
        Just("é{".as_bytes().to_vec()),
        Just(b"01.02.2026".to_vec()),
        "[0-9a-z ]{0,4}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn random_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..2000)) {
        for encoding in ["utf-8", "utf-16le", "windows-1252", "shift_jis"] {
            read(&body, encoding);
        }
    }

    #[test]
    fn what_looks_like_csv_never_panics_and_keeps_its_lines(body in csv_like()) {
        let (_, rejections) = read(&body, "utf-8");
        let lines = body.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 2;
        prop_assert!(rejections.iter().all(|rejection| (2..=lines).contains(&rejection.line)));
        prop_assert!(rejections.is_sorted_by_key(|rejection| rejection.line));
        let mut out = Vec::new();
        write_rejected(&mut out, &["a".to_owned()], &rejections).unwrap();
    }

    #[test]
    fn random_maps_never_panic(map in "\\PC{0,200}", template in "[{}|a-z]{0,12}", format in "[%:a-zA-Z0-9_^-]{0,8}") {
        let more = format!("feed='x'\n[columns]\nemployeeId='a'\ndisplayName='{template}'\n[dates]\nformats=['{format}']");
        for map in [map, more] {
            if let Ok(feed) = CsvFeed.read(&map, Box::new(&b"a,b\n1,2\n"[..])) {
                feed.rows.for_each(drop);
            }
        }
    }

    #[test]
    fn rows_written_by_a_csv_writer_come_back(rows in prop::collection::vec(("[1-9][0-9]{0,5}", "\\PC{0,20}", "[a-z,\"\r\n;]{0,20}"), 0..20)) {
        let mut writer = csv::Writer::from_writer(b"a,b,c\n".to_vec());
        for (a, b, c) in &rows {
            writer.write_record([a, b, c]).unwrap();
        }
        let file = writer.into_inner().unwrap();
        let map = "feed='x'\n[columns]\nemployeeId='a'\ndisplayName='b'\ncity='c'";
        let feed = CsvFeed.read(map, Box::new(file.as_slice())).unwrap();
        let ids: Vec<String> = feed
            .rows
            .map(|row| row.map_or_else(|rejection| rejection.row[0].clone(), |person| person.employee_id))
            .collect();
        prop_assert_eq!(ids, rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>());
    }
}
