//! Every answer of the API to whoever reads: each operation of the surface, in both versions, with ids that are there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use tenure_surface::{Surface, Version};

use crate::world::World;

/// So many items of a collection are looked at one by one; lists are read to their end.
const ITEMS: usize = 3;

/// The paths that were asked for, and what came back.
pub(crate) fn every_answer(world: &World) -> BTreeMap<String, String> {
    let surface = Surface::embedded().unwrap();
    let mut reader = Reader { world, answers: BTreeMap::new(), items: BTreeMap::new() };
    for version in Version::ALL {
        let paths: BTreeSet<String> = surface
            .operations(version)
            .filter(|operation| operation.method == "GET")
            .map(|operation| format!("/{version}{}", operation.path()))
            .collect();
        for path in paths {
            let path = path
                .replace("{startDateTime}", "2020-01-01T00:00:00Z")
                .replace("{endDateTime}", "2100-01-01T00:00:00Z");
            reader.read(String::new(), path.split('/').skip(1).collect::<Vec<_>>().as_slice());
        }
    }
    reader.answers
}

struct Reader<'a> {
    world: &'a World,
    answers: BTreeMap<String, String>,
    /// Ids of what is at a path.
    items: BTreeMap<String, Vec<String>>,
}

impl Reader<'_> {
    /// Reads what is behind a path, for every item that its parameters can stand for.
    fn read(&mut self, path: String, rest: &[&str]) {
        let Some((segment, rest)) = rest.split_first() else {
            return self.list(&path);
        };
        if !segment.starts_with('{') {
            return self.read(format!("{path}/{segment}"), rest);
        }
        for id in self.items_at(&path) {
            self.read(format!("{path}/{id}"), rest);
        }
    }

    fn items_at(&mut self, path: &str) -> Vec<String> {
        self.list(path);
        self.items.get(path).cloned().unwrap_or_default()
    }

    /// Reads everything at a path, page by page, unless it was read before.
    fn list(&mut self, at: &str) {
        let (mut ids, mut next) = (Vec::new(), Some(at.to_owned()));
        if self.answers.contains_key(at) {
            return;
        }
        while let Some(path) = next.take() {
            let (_, answer) = self.world.server.get(&path);
            let id = |item: &Json| match &item["versionNumber"] {
                Json::Number(number) => Some(number.to_string()),
                _ => item["id"].as_str().map(str::to_owned),
            };
            ids.extend(answer["value"].as_array().into_iter().flatten().filter_map(id));
            next = answer["@odata.nextLink"]
                .as_str()
                .and_then(|link| link.strip_prefix(&self.world.server.url))
                .map(str::to_owned);
            self.answers.insert(path, answer.to_string());
        }
        ids.truncate(ITEMS);
        self.items.insert(at.to_owned(), ids);
    }
}
