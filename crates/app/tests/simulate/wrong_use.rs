//! What cannot be meant is refused before anything is played.

use std::fs;

use crate::files::{Files, joiner};
use crate::harness::{Done, tenure_in};

#[test]
fn what_cannot_be_meant_ends_with_two() {
    let files = Files::new(&[joiner()]);
    files.people("people.csv", &[]);
    files.people("2026-03-01.csv", &[]);
    let play = |arguments: &[&str]| {
        let done = Done::of(&mut tenure_in(files.path(), &[&["simulate"], arguments].concat()));
        assert_eq!(done.out, "", "{done:?}");
        (done.code, done.err)
    };
    let days = ["--from", "2026-03-01", "--to", "2026-03-02"];
    for (more, named) in [
        (&[][..], "there is nothing to play"),
        (&["--workflows", "workflows", "--feed", "people.csv"], "nobody says when people.csv comes"),
        (
            &["--workflows", "workflows", "--map", "map.toml", "--feed", "2026-03-01.csv@2027-01-01"],
            "not between --from and --to",
        ),
        (&["--workflows", "workflows", "--feed", "2026-03-01.csv"], "2026-03-01.toml cannot be read"),
        (&["--workflows", "workflows", "--callbacks", "maybe"], "maybe"),
    ] {
        let (code, err) = play(&[&days[..], more].concat());
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(named), "{named}: {err}");
    }
    for days in [["--from", "2026-03-02", "--to", "2026-03-01"], ["--from", "soon", "--to", "2026-03-01"]] {
        assert_eq!(play(&[&days[..], &["--workflows", "workflows"]].concat()).0, 2, "{days:?}");
    }
    assert_eq!(play(&["--from", "2026-03-01"]).0, 2);
}

#[test]
fn what_is_not_there_ends_with_one() {
    let files = Files::new(&[joiner()]);
    fs::create_dir(files.path().join("none")).unwrap();
    fs::create_dir(files.path().join("bad")).unwrap();
    fs::write(files.path().join("bad/w.json"), "{\"category\": \"joiner\", \"displayName\": 5}").unwrap();
    for (more, named) in [
        (&["--data", "none"][..], "none holds no data of Tenure"),
        (&["--data", "nowhere"], "nowhere holds no data of Tenure"),
        (&["--workflows", "bad"], "bad/w.json: Property 'displayName' must be a string"),
        (&["--workflows", "workflows", "--workflow", "nope"], "'nope'"),
        (
            &["--workflows", "workflows", "--map", "map.toml", "--feed", "no.csv@2026-03-01"],
            "no.csv is no file",
        ),
    ] {
        let days = ["simulate", "--from", "2026-03-01", "--to", "2026-03-02"];
        let done = Done::of(&mut tenure_in(files.path(), &[&days[..], more].concat()));
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{done:?}");
        assert!(done.err.contains(named), "{named}: {done:?}");
    }
    assert!(fs::read_dir(files.path().join("none")).unwrap().next().is_none());
}
