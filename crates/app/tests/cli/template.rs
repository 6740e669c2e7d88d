//! `tenure template`

use crate::harness::Server;

#[test]
fn templates_are_listed_and_shown_by_id_or_name() {
    let server = Server::start();
    let listed = server.tenure(&["template", "list", "--json"]).json();
    let all = listed["value"].as_array().unwrap();
    assert_eq!(all.len(), 15);
    let table = server.tenure(&["template", "list"]);
    assert_eq!(table.code, 0, "{table:?}");
    for template in all {
        let (id, name) = (template["id"].as_str().unwrap(), template["displayName"].as_str().unwrap());
        assert!(table.out.contains(id) && table.out.contains(name), "{name}: {}", table.out);
        for key in [id.to_uppercase(), name.to_lowercase()] {
            assert_eq!(server.tenure(&["template", "show", &key, "--json"]).json()["id"], id, "{key}");
        }
    }
    for said in ["7 days before employeeHireDate", "when a guest has no sponsor"] {
        assert!(table.out.contains(said), "{said}: {}", table.out);
    }

    let shown = server.tenure(&["template", "show", "ONBOARD PRE-HIRE employee"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for said in ["77179007-8114-41b5-922e-2e22109df41f", "joiner", "Generate TAP and send email", "Marketing"]
    {
        assert!(shown.out.contains(said), "{said}: {}", shown.out);
    }
    let unknown = server.tenure(&["template", "show", "Nothing"]);
    assert!(unknown.code == 1 && unknown.err.contains("'Nothing'"), "{unknown:?}");
}
