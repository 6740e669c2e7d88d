//! The page of promises names tests: each of them is there.

use std::path::Path;

#[test]
fn every_test_that_a_promise_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/guarantees.md")).unwrap();
    // What stands in backquotes: every second piece.
    let quoted = page.split('`').skip(1).step_by(2);
    let named: Vec<(&str, &str)> = quoted.filter_map(|text| text.split_once(".rs::")).collect();
    assert!(named.len() > 40, "{named:?}");
    for (file, test) in named {
        let text = std::fs::read_to_string(root.join(format!("{file}.rs"))).unwrap_or_default();
        let place = text.find(&format!("fn {test}("));
        let is_test = place.is_some_and(|place| text[..place].trim_end().ends_with("#[test]"))
            // Of a law it stands before the first of several.
            || (place.is_some() && text.contains("proptest! {"));
        assert!(is_test, "{file}.rs has no test {test}");
    }
    for promise in page.split("\n## ").skip(1) {
        assert!(promise.contains(".rs::"), "no test holds this: {promise}");
    }
}
