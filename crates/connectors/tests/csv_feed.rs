//! Whole files through the CSV feed: what comes out as people and what is rejected.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io::Read;

use tenure_connectors::csv::{CsvFeed, write_rejected};
use tenure_lifecycle::directory::Value;
use tenure_lifecycle::directory::feed::{FeedError, FeedPerson, FeedReader, Rejection};

const MAP: &str = r#"
feed = "hr"
[columns]
employeeId = "ID"
displayName = "{First} {Last}"
userPrincipalName = "{First|ascii|lower}.{Last|ascii|lower}@example.com"
employeeHireDate = "Start"
accountEnabled = "Status"
employeeType = "Type"
"employeeOrgData/costCenter" = "Cost"
manager = "Boss"
[dates]
formats = ["%m/%d/%Y"]
[defaults]
employeeType = "Employee"
companyName = "Example"
[values.accountEnabled]
Current = true
"#;
const HEADER: &str = "ID,First,Last,Start,Status,Type,Cost,Boss";

type Rows = Vec<Result<FeedPerson, Rejection>>;

fn rows(map: &str, file: impl AsRef<[u8]>) -> Result<Rows, FeedError> {
    Ok(CsvFeed.read(map, Box::new(file.as_ref()))?.rows.collect())
}

fn refusal(map: &str, file: &str) -> String {
    rows(map, file).unwrap_err().to_string()
}

fn rejection(row: &str) -> Rejection {
    rows(MAP, format!("{HEADER}\n{row}")).unwrap().remove(0).unwrap_err()
}

fn reason(row: &str) -> (String, String) {
    let rejection = rejection(row);
    (rejection.column, rejection.reason)
}

fn text_of(person: &FeedPerson, name: &str) -> String {
    match &person.set.iter().find(|(attribute, _)| attribute.name == name).unwrap().1 {
        Value::Text(text) => text.clone(),
        Value::Null => String::new(),
        other => format!("{other:?}"),
    }
}

fn names(rows: &Rows) -> Vec<String> {
    rows.iter().map(|row| text_of(row.as_ref().unwrap(), "displayName")).collect()
}

fn pair(column: &str, reason: &str) -> (String, String) {
    (column.to_owned(), reason.to_owned())
}

#[test]
fn a_row_becomes_a_person() {
    let rows = rows(MAP, format!("{HEADER}\n7, Zoë ,O'Hara,3/1/2026,current,,4711,3\n")).unwrap();
    let person = rows[0].as_ref().unwrap();
    assert_eq!((person.line, person.employee_id.as_str()), (2, "7"));
    assert_eq!(person.manager_employee_id, Some(Some("3".into())));
    let set: Vec<_> = person.set.iter().map(|(attribute, value)| (attribute.name, value.clone())).collect();
    let text = |text: &str| Value::Text(text.into());
    assert_eq!(
        set,
        [
            ("employeeId", text("7")),
            ("accountEnabled", Value::Boolean(true)),
            ("employeeHireDate", Value::DateTime("2026-03-01T00:00:00Z".parse().unwrap())),
            ("userPrincipalName", text("zoe.ohara@example.com")),
            ("displayName", text("Zoë O'Hara")),
            ("employeeType", text("Employee")),
            ("employeeOrgData/costCenter", text("4711")),
            ("companyName", text("Example")),
        ]
    );
}

#[test]
fn an_empty_cell_clears() {
    let rows = rows(MAP, format!("{HEADER}\n7,Ada,King,,,,,\n8,Ada,Byron,,,,,8")).unwrap();
    let ada = rows[0].as_ref().unwrap();
    for name in ["accountEnabled", "employeeHireDate", "employeeOrgData/costCenter"] {
        assert_eq!(text_of(ada, name), "", "{name}");
    }
    assert_eq!(ada.manager_employee_id, Some(None));
    assert_eq!(rows[1].as_ref().unwrap().manager_employee_id, Some(None), "nobody manages themselves");
    let small = CsvFeed.read("feed='x'\n[columns]\nemployeeId='ID'", Box::new(&b"ID\n1"[..])).unwrap();
    assert_eq!(small.rows.map(|row| row.unwrap().manager_employee_id).collect::<Vec<_>>(), [None]);
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    let map = "feed='x'\n[columns]\nemployeeId='ID'\ndisplayName='Name'";
    let text = "ID, Name \u{a0}\r\n\r\n1,\"Jürgen\r\nMüller\"\r\n,\r\n  \r\n2,\u{a0}Zoë\r\n";
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let with_mark = |bytes: Vec<u8>, mark: &[u8]| [mark, &bytes].concat();
    for (map, bytes) in [
        (map.to_owned(), text.as_bytes().to_vec()),
        (map.to_owned(), text.replace("\r\n", "\n").into_bytes()),
        (map.to_owned(), text.replace("\r\n", "\r").into_bytes()),
        (map.to_owned(), with_mark(text.as_bytes().to_vec(), b"\xef\xbb\xbf")),
        (map.to_owned(), with_mark(utf16(u16::to_le_bytes), b"\xff\xfe")),
        (map.to_owned(), with_mark(utf16(u16::to_be_bytes), b"\xfe\xff")),
        (format!("encoding='utf-16le'\n{map}"), utf16(u16::to_le_bytes)),
        (format!("encoding='utf-16be'\n{map}"), utf16(u16::to_be_bytes)),
        (format!("encoding='windows-1252'\n{map}"), windows),
    ] {
        let rows = rows(&map, bytes).unwrap();
        assert_eq!(names(&rows), ["Jürgen Müller", "Zoë"], "{map}");
        let lines: Vec<u64> = rows.iter().map(|row| row.as_ref().unwrap().line).collect();
        assert_eq!(lines, [3, 7], "{map}");
    }
}

#[test]
fn bad_rows_are_rejected_and_good_ones_come_in() {
    let file = format!(
        "{HEADER}\n1,Ada,King,1/2/2026,,,,\n2,Bo\n3,Cy,Le,\"31/12\n/2026\",,,,\n4,Di,Mo,,perhaps,,,\n1,Ed,No,,,,,\n5,Fay,Ox,,,,,\n"
    );
    let mut bytes = file.into_bytes();
    bytes.extend_from_slice(b"6,G\xff,Po,,,,,\n7,Hal,Qu,,,,,\n");
    let rows = rows(MAP, bytes).unwrap();
    let good: Vec<&str> =
        rows.iter().filter_map(|row| row.as_ref().ok()).map(|p| p.employee_id.as_str()).collect();
    assert_eq!(good, ["1", "5", "7"]);
    let bad: Vec<_> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
    let told: Vec<_> = bad.iter().map(|r| (r.line, r.column.as_str(), r.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, "", "has 2 cells where the header has 8"),
            (4, "Start", "`31/12 /2026` is not a date; expected %m/%d/%Y or ISO 8601"),
            (6, "Status", "`perhaps` is not one of true, false, 1, 0, yes, no"),
            (7, "ID", "`1` is also on line 2"),
            (9, "First", "holds bytes that are not UTF-8 text"),
        ]
    );
    assert_eq!(bad[0].row, ["2", "Bo"]);
    assert_eq!(bad[1].row[3], "31/12\n/2026");
}

#[test]
fn rejections_name_column_and_reason() {
    assert_eq!(reason(" ,Ada,King,,,,,"), pair("ID", "is empty"));
    assert_eq!(reason("1,Ada,King,,,,,,"), pair("", "has 9 cells where the header has 8"));
    assert_eq!(
        reason("1,王,李,,,,,"),
        pair("First, Last", "`.@example.com` is not an address such as ada@example.com")
    );
    assert_eq!(reason("1,A\0da,King,,,,,").1, "holds the control character U+0000");
    assert_eq!(reason("1,Ada,King,,,,\u{7},"), pair("Cost", "holds the control character U+0007"));
    let long = "x".repeat(5000);
    assert_eq!(reason(&format!("1,Ada,King,,,,{long},")), pair("Cost", "is longer than 4096 characters"));
    assert_eq!(rejection(&format!("1,Ada,King,,,,{long},")).row[6].len(), 4096);
    assert_eq!(
        reason("1,\"Ada\" K,King,,,,,").1,
        "text follows a closing quote; a quote inside a quoted cell is written twice"
    );
    assert!(reason("1,\"Ada,King,,,,,").1.starts_with("a quote is opened and not closed"));
}

#[test]
fn an_id_of_a_rejected_row_counts_as_seen() {
    let rows = rows(MAP, format!("{HEADER}\n1,Ada,King,soon,,,,\n1,Ada,King,,,,,")).unwrap();
    assert!(rows.iter().all(Result::is_err));
}

#[test]
fn files_that_are_no_feed_are_refused() {
    assert_eq!(refusal(MAP, ""), "the file is not readable as a feed: it is empty");
    assert_eq!(refusal(MAP, "\n \n\r\n"), "the file is not readable as a feed: it is empty");
    let missing = refusal(MAP, "ID,First,Last,Start,Status,Type,Cost\n");
    assert!(missing.contains("it has no column `Boss`; its columns are `ID`, `First`"), "{missing}");
    assert!(refusal(MAP, &HEADER.replace(',', ";")).ends_with("is the delimiter of the map right?"));
    assert!(refusal(MAP, &format!("{HEADER},boss\n")).contains("more than one column `Boss`"));
    assert!(refusal(MAP, &format!("\"{HEADER}")).contains("line 1, the header: a quote is opened"));
    assert!(refusal(MAP, &"x,".repeat(100_000)).contains("the row is longer"));
    assert!(rows(MAP, HEADER).unwrap().is_empty());
}

#[test]
fn a_wrong_map_is_refused_before_the_file_is_read() {
    struct Untouched;
    impl Read for Untouched {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("the file was read")
        }
    }
    let refused = CsvFeed.read("feed = 'x'\nfoo = 1", Box::new(Untouched)).err().unwrap().to_string();
    assert!(refused.starts_with("the import map is not valid: line 2: unknown field `foo`"), "{refused}");
}

#[test]
fn a_rejected_row_says_whose_it_is_if_that_can_be_read() {
    let whose = |row: &str| rejection(row).employee_id;
    assert_eq!(whose("1,Ada,King,soon,,,,").as_deref(), Some("1"));
    for row in ["1,Ada", ",Ada,King,,,,,", "\u{fffd},Ada,King,,,,,"] {
        assert_eq!(whose(row), None, "{row}");
    }
}

#[test]
fn a_file_that_breaks_off_is_told() {
    struct Breaks(Vec<u8>);
    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("connection lost"));
            }
            let length = into.len().min(self.0.len());
            into[..length].copy_from_slice(&self.0[..length]);
            self.0.drain(..length);
            Ok(length)
        }
    }
    let mut file = format!("{HEADER}\n");
    for n in 0..10_000 {
        file.push_str(&format!("{n},Ada,King{n},,,,,\n"));
    }
    let feed = CsvFeed.read(MAP, Box::new(Breaks(file.into_bytes()))).unwrap();
    let rows: Rows = feed.rows.collect();
    assert!(rows.len() > 1000 && rows.len() < 10_000);
    let last = rows.last().unwrap().as_ref().unwrap_err();
    assert!(last.reason.contains("cannot be read further (connection lost)"), "{}", last.reason);
    assert!(rows[..rows.len() - 1].iter().all(Result::is_ok));
}

#[test]
fn the_rejected_file_reads_back_with_its_cells() {
    let file = format!("{HEADER}\n1,\"=cmd|' /C calc'!A0\",\"Ki\"\"ng\",soon,,,,\n2,Bo\n");
    let feed = CsvFeed.read(MAP, Box::new(file.as_bytes())).unwrap();
    let header = feed.header.clone();
    let rejections: Vec<Rejection> = feed.rows.filter_map(Result::err).collect();
    let mut out = Vec::new();
    write_rejected(&mut out, &header, &rejections).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "line,column,reason,ID,First,Last,Start,Status,Type,Cost,Boss\n\
         2,Start,`soon` is not a date; expected %m/%d/%Y or ISO 8601,1,'=cmd|' /C calc'!A0,\"Ki\"\"ng\",soon,,,,\n\
         3,,has 2 cells where the header has 8,2,Bo\n"
    );
}

#[test]
fn the_commented_example_map_works() {
    let map = include_str!("../../../examples/maps/hr.toml");
    let file = "Personnel number;First name;Last name;Department;Job title;Contract;Office;Country code;\
                Mobile;Cost center;Division;First day;Last day;Manager number\n\
                7;Zoë;Weiß;Sales;Clerk;c;;DE;;4711;;01.03.2026;;3\n";
    let rows = rows(map, file.replace(';', ",")).unwrap();
    let person = rows[0].as_ref().unwrap();
    assert_eq!(text_of(person, "userPrincipalName"), "zoe.weiss@example.com");
    assert_eq!(text_of(person, "employeeType"), "Contractor");
    assert_eq!(person.manager_employee_id, Some(Some("3".into())));
}
