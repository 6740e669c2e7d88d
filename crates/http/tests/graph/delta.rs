//! `/users/delta` and `/groups/delta`

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::api::{Api, ids, local};
use crate::dump::Dump;

/// A whole round: its items, and the link that the next one begins with.
fn round(api: &Api, path: &str) -> (Vec<Json>, String) {
    round_of(api, path, "odata.maxpagesize=2")
}

fn round_of(api: &Api, path: &str, prefer: &str) -> (Vec<Json>, String) {
    let (mut items, mut next) = (vec![], path.to_owned());
    loop {
        assert!(items.len() < 10_000, "a round that does not end: {path}");
        let page = api.ask("GET", &next).header("prefer", prefer).send().is(200);
        items.extend(page["value"].as_array().unwrap().iter().cloned());
        if let Some(link) = page["@odata.deltaLink"].as_str() {
            assert!(page.get("@odata.nextLink").is_none());
            return (items, local(link).to_owned());
        }
        local(page["@odata.nextLink"].as_str().unwrap()).clone_into(&mut next);
    }
}

fn member(group: &str, user: &str, api: &Api) {
    let link = json!({ "@odata.id": format!("https://x/users/{user}") });
    api.post(&format!("groups/{group}/members/$ref"), &link).is(204);
}

/// Groups with their members, as somebody keeps them who follows the rounds.
fn follow(kept: &mut BTreeMap<String, BTreeSet<String>>, items: &[Json]) {
    for item in items {
        let id = item["id"].as_str().unwrap().to_owned();
        if item.get("@removed").is_some() {
            kept.remove(&id);
            continue;
        }
        let members = kept.entry(id).or_default();
        for one in item["members@delta"].as_array().into_iter().flatten() {
            let user = one["id"].as_str().unwrap().to_owned();
            if one.get("@removed").is_some() {
                members.remove(&user)
            } else {
                members.insert(user)
            };
        }
    }
}

#[test]
fn a_round_lists_everybody_and_the_next_one_whoever_changed() {
    let api = Api::new();
    let people: Vec<String> = ["a", "b", "c", "d", "e"].map(|name| api.person(name, "IT", None, true)).into();
    for path in
        ["users/delta", "/beta/users/delta()", "users/microsoft.graph.delta", "users/MICROSOFT.graph.delta()"]
    {
        let (all, _) = round(&api, path);
        assert_eq!(ids(&all), people, "{path}");
        assert_eq!(all[0]["displayName"], "a");
    }
    let (_, link) = round(&api, "users/delta");
    assert_eq!(round(&api, &link).0, [] as [Json; 0]);
    api.patch(&format!("users/{}", people[1]), &json!({ "department": "HR" })).is(204);
    api.patch(&format!("users/{}", people[0]), &json!({ "city": "Bonn" })).is(204);
    api.patch(&format!("users/{}", people[1]), &json!({ "city": "Ulm" })).is(204);
    api.delete(&format!("users/{}", people[4])).is(204);
    api.delete(&format!("users/{}", people[3])).is(204);
    api.delete(&format!("directory/deletedItems/{}", people[3])).is(204);
    let new = api.person("f", "IT", None, true);
    let (changed, next) = round_of(&api, &link, "odata.maxpagesize=100");
    assert_eq!(ids(&changed), [&people[1], &people[0], &people[4], &people[3], &new]);
    // What changed is shown, also where Graph shows it only when it is selected.
    assert_eq!((&changed[0]["department"], &changed[0]["displayName"]), (&json!("HR"), &json!("b")));
    assert!(changed[1].get("department").is_none());
    assert_eq!(changed[2], json!({ "id": people[4], "@removed": { "reason": "changed" } }));
    assert_eq!(changed[3]["@removed"]["reason"], "deleted");
    // The same in small pages: somebody may come twice, nobody is left out.
    let (pages, again) = round(&api, &link);
    assert_eq!(
        pages.iter().map(|one| one["id"].as_str().unwrap()).collect::<BTreeSet<_>>(),
        ids(&changed).into_iter().collect()
    );
    for link in [next, again] {
        assert!(round(&api, &link).0.is_empty());
    }
    api.post(&format!("directory/deletedItems/{}/restore", people[4]), &json!({})).is(200);
    let (changed, _) = round_of(&api, &link, "odata.maxpagesize=100");
    let back: Vec<&Json> = changed.iter().filter(|one| one["id"] == json!(people[4])).collect();
    assert!(back.len() == 1 && back[0].get("@removed").is_none(), "{back:?}");
}

#[test]
fn a_selection_is_kept_by_the_links_and_only_what_it_names_is_followed() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let (all, link) = round(&api, "users/delta?$select=department,manager");
    assert_eq!(
        all[0],
        json!({ "id": ann, "department": "IT", "manager@delta": [], "@tenure.protected": false })
    );
    api.patch(&format!("users/{ann}"), &json!({ "city": "Bonn" })).is(204);
    assert!(round(&api, &link).0.is_empty());
    let boss = json!({ "@odata.id": format!("https://x/users/{bob}") });
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&boss).send().is(204);
    let (changed, link) = round(&api, &link);
    let managers = json!([{ "@odata.type": "#microsoft.graph.user", "id": bob }]);
    assert_eq!((changed.len(), &changed[0]["manager@delta"]), (1, &managers));
    assert_eq!(changed[0]["department"], "IT");
    api.patch(&format!("users/{ann}"), &json!({ "department": "HR" })).is(204);
    let page = api.ask("GET", &link).header("prefer", "return=minimal").send();
    assert_eq!(page.header("preference-applied"), "return=minimal");
    let page = page.is(200);
    assert!(page["@odata.context"].as_str().unwrap().ends_with("#users(department,manager)"));
    assert_eq!(page["value"], json!([{ "id": ann, "department": "HR", "@tenure.protected": false }]));
}

#[test]
fn latest_begins_with_what_comes_from_now_on() {
    let api = Api::new();
    api.person("ann", "IT", None, true);
    let (none, link) = round(&api, "users/delta?$deltatoken=latest&$select=displayName");
    assert!(none.is_empty());
    let bob = api.person("bob", "IT", None, true);
    let (changed, _) = round(&api, &link);
    assert_eq!(changed, [json!({ "id": bob, "displayName": "bob", "@tenure.protected": false })]);
}

#[test]
fn members_come_and_go() {
    let api = Api::new();
    let (staff, board) = (api.group("Staff"), api.group("Board"));
    let people: Vec<String> = ["a", "b", "c"].map(|name| api.person(name, "IT", None, true)).into();
    for person in &people {
        member(&staff, person, &api);
    }
    let (all, link) = round(&api, "groups/delta");
    let mut kept = BTreeMap::new();
    follow(&mut kept, &all);
    assert_eq!(kept[&staff], people.iter().cloned().collect());
    assert!(kept[&board].is_empty());
    assert_eq!(all[0]["members@delta"][0]["@odata.type"], "#microsoft.graph.user");
    member(&board, &people[0], &api);
    api.delete(&format!("groups/{staff}/members/{}/$ref", people[1])).is(204);
    api.delete(&format!("users/{}", people[2])).is(204);
    api.patch(&format!("groups/{board}"), &json!({ "description": "d" })).is(204);
    let answer = api.ask("GET", &link).header("prefer", "return=minimal").send().is(200);
    assert_eq!(
        answer["value"],
        json!([
            { "id": board, "@tenure.protected": false, "description": "d", "members@delta": [
                { "@odata.type": "#microsoft.graph.user", "id": people[0] }] },
            { "id": staff, "@tenure.protected": false, "members@delta": [
                { "@odata.type": "#microsoft.graph.user", "id": people[1], "@removed": { "reason": "deleted" } },
                { "@odata.type": "#microsoft.graph.user", "id": people[2], "@removed": { "reason": "deleted" } }] },
        ])
    );
    let (changed, link) = round(&api, &link);
    follow(&mut kept, &changed);
    api.post(&format!("directory/deletedItems/{}/restore", people[2]), &json!({})).is(200);
    api.delete(&format!("groups/{board}")).is(204);
    let (changed, link) = round(&api, &link);
    follow(&mut kept, &changed);
    assert!(changed.contains(&json!({ "id": board, "@removed": { "reason": "changed" } })));
    assert_eq!(
        kept,
        BTreeMap::from([(staff.clone(), BTreeSet::from([people[0].clone(), people[2].clone()]))])
    );
    // A group that comes back comes with its members.
    api.post(&format!("directory/deletedItems/{board}/restore"), &json!({})).is(200);
    let (changed, _) = round(&api, &link);
    follow(&mut kept, &changed);
    assert_eq!(kept[&board], BTreeSet::from([people[0].clone()]));
    let (only, link) = round(&api, "groups/delta?$select=displayName");
    assert!(only.iter().all(|one| one.get("members@delta").is_none()));
    api.delete(&format!("groups/{board}/members/{}/$ref", people[0])).is(204);
    assert!(round(&api, &link).0.is_empty());
}

#[test]
fn a_group_with_more_members_than_fit_comes_in_parts() {
    let api = Api::new();
    let staff = api.group("Staff");
    let group = api.system.lifecycle.group(&staff).unwrap();
    let people = api.system.people(2_300).unwrap();
    for person in &people {
        api.system.lifecycle.add_member(&api.system.caller, group.id, *person).unwrap();
    }
    let board = api.group("Board");
    let everybody: BTreeSet<String> = people.iter().map(ToString::to_string).collect();
    let (all, link) = round(&api, "groups/delta");
    let mut kept = BTreeMap::new();
    follow(&mut kept, &all);
    assert_eq!((&kept[&staff], kept.contains_key(&board)), (&everybody, true));
    assert!(all.iter().all(|one| one["members@delta"].as_array().is_none_or(|all| all.len() <= 1_000)));
    // All of them once more, by the log, and by the group coming back.
    let (_, start) = round(&api, "groups/delta?$deltatoken=latest");
    api.delete(&format!("groups/{staff}")).is(204);
    follow(&mut kept, &round(&api, &link).0);
    assert!(!kept.contains_key(&staff));
    api.post(&format!("directory/deletedItems/{staff}/restore"), &json!({})).is(200);
    let (changed, _) = round(&api, &start);
    follow(&mut kept, &changed);
    assert_eq!(kept[&staff], everybody);
}

#[test]
fn no_change_is_lost_while_others_write() {
    let api = Api::new();
    for place in 0..20 {
        api.person(&format!("first{place}"), "IT", None, true);
    }
    let lifecycle = api.system.lifecycle.clone();
    let caller = api.system.caller.clone();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (lifecycle, caller) = (lifecycle.clone(), caller.clone());
            std::thread::spawn(move || {
                for place in 0..50 {
                    let person = tenure_testkit::Person::named(&format!("w{writer}x{place}"));
                    let set =
                        [("displayName", &person.name), ("userPrincipalName", &format!("{}@x", person.name))]
                            .map(|(name, text)| {
                                let known = tenure_lifecycle::directory::attribute(name).unwrap();
                                (known, tenure_lifecycle::directory::Value::Text(text.clone()))
                            });
                    let new =
                        tenure_lifecycle::operations::NewPerson { set: set.into(), ..Default::default() };
                    lifecycle.create_user(&caller, new).unwrap();
                }
            })
        })
        .collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let (all, mut link) = round(&api, "users/delta");
    seen.extend(ids(&all).into_iter().map(str::to_owned));
    let mut busy = true;
    while busy {
        busy = writers.iter().any(|writer| !writer.is_finished());
        let (changed, next) = round(&api, &link);
        seen.extend(ids(&changed).into_iter().map(str::to_owned));
        link = next;
    }
    for writer in writers {
        writer.join().unwrap();
    }
    let (changed, _) = round(&api, &link);
    seen.extend(ids(&changed).into_iter().map(str::to_owned));
    assert_eq!(seen, ids(&api.all("users?$top=999")).into_iter().map(str::to_owned).collect());
    assert_eq!(seen.len(), 220);
}

#[test]
fn what_is_no_token_is_refused_and_what_is_out_of_reach_asks_for_a_new_round() {
    let api = Api::new();
    api.person("ann", "IT", None, true);
    let (_, users) = round(&api, "users/delta");
    let before = Dump::of(&api);
    let token = users.split_once("$deltatoken=").unwrap().1;
    for (path, named) in [
        ("users/delta?$deltatoken=nonsense".to_owned(), "$deltatoken"),
        ("users/delta?$skiptoken=nonsense".to_owned(), "$skiptoken"),
        ("users/delta?$deltatoken=".to_owned(), "$deltatoken"),
        ("users/delta?$skiptoken=latest".to_owned(), "$skiptoken"),
        (format!("groups/delta?$deltatoken={token}"), "groups/delta"),
        (format!("users/delta?$deltatoken={token}&$skiptoken={token}"), "$skiptoken"),
        ("users/delta?$select=shoeSize".to_owned(), "shoeSize"),
        ("users/delta?$filter=displayName eq 'a'".to_owned(), "$filter"),
        ("users/delta?$orderby=displayName".to_owned(), "$orderby"),
        ("users/delta?$expand=manager".to_owned(), "$expand"),
        ("users/delta?$top=0".to_owned(), "$top"),
        ("users/delta(x=1)".to_owned(), "x"),
        (format!("users?$deltatoken={token}"), "$deltatoken"),
    ] {
        api.get(&path).refused(400, named);
    }
    let elsewhere = |change: &str| {
        use base64::Engine as _;
        let engine = base64::prelude::BASE64_URL_SAFE_NO_PAD;
        let text = String::from_utf8(engine.decode(token).unwrap()).unwrap();
        let mut token: Json = serde_json::from_str(&text).unwrap();
        token["at"][1] = serde_json::from_str(change).unwrap();
        engine.encode(token.to_string())
    };
    for change in ["-1", "9999999", "9223372036854775807"] {
        let answer = api.get(&format!("users/delta?$deltatoken={}", elsewhere(change)));
        assert_eq!(answer.is(410)["error"]["code"], "resyncRequired", "{change}");
    }
    api.get(&format!("users/delta?$deltatoken={}", elsewhere("\"x\""))).refused(400, "$deltatoken");
    before.is_unchanged(&api, "a refused round");
}
