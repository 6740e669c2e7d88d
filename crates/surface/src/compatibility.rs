//! `docs/graph-compatibility.md`, made of the table of operations.

use std::fmt::Write as _;

use crate::operation::{Area, Operation, State};

const HEAD: &str = "\
# What Tenure answers of Graph

Made by `cargo xtask generate` from the table of operations, which a test compares with what a server answers. A row
stands for operations that are alike: several methods of a path, `$count` behind a list, the twin of a path below
`deletedItems`, and, where an area hangs below many paths, all of them (`…`) but those that another row names. Both versions have them, unless it says beta.

*works*: as Graph does. *refuses*: as Graph does, or with the reason given. *empty*: answers that there is nothing, for
what would fill it is to come. *to come*: not there yet. Operations in *italics* have no page in Graph's reference.

`@` is `/identityGovernance/lifecycleWorkflows`. Actions and functions answer by short and by qualified name.
";

/// The page.
pub fn page(areas: &[Area]) -> String {
    let mut page = HEAD.to_owned();
    let all: Vec<&Operation> = areas.iter().flat_map(|area| &area.operations).collect();
    let count = |state: State| all.iter().filter(|operation| operation.state == state).count();
    let _ = writeln!(
        page,
        "\nOf {} operations {} work, {} refuse, {} are empty and {} are to come.",
        all.len(),
        count(State::Works),
        count(State::Refuses),
        count(State::Empty),
        count(State::ToCome)
    );
    for area in areas {
        let _ = write!(page, "\n## {}\n\n| operation | state | note |\n|---|---|---|\n", area.name);
        for row in rows(area) {
            let _ = writeln!(page, "| {} | {} | {} |", row.operation(), row.state, row.note);
        }
    }
    page
}

struct Row<'a> {
    methods: Vec<&'a str>,
    path: String,
    /// What it hangs below, in areas that hang below many paths.
    places: Vec<String>,
    /// Other rows of its area have the same path.
    name_places: bool,
    counted: bool,
    also_deleted: bool,
    documented: bool,
    beta_only: bool,
    state: State,
    note: &'a str,
}

impl Row<'_> {
    fn operation(&self) -> String {
        let ordered = ["GET", "POST", "PUT", "PATCH", "DELETE"]
            .into_iter()
            .filter(|method| self.methods.contains(method));
        let path = format!("`{} {}`", ordered.collect::<Vec<_>>().join(" "), self.path);
        let path = if self.documented { path } else { format!("*{path}*") };
        let mut said = vec![path];
        said.extend(self.counted.then(|| "with `$count`".to_owned()));
        said.extend(self.also_deleted.then(|| "and below deletedItems".to_owned()));
        if self.name_places {
            let quoted: Vec<String> = self.places.iter().map(|place| format!("`{place}`")).collect();
            said.push(format!("below {}", quoted.join(", ")));
        }
        said.extend(self.beta_only.then(|| "(beta)".to_owned()));
        said.join(" ")
    }

    /// Takes in an operation that is like it.
    fn take(&mut self, other: Self) {
        self.documented |= other.documented;
        for method in other.methods {
            if !self.methods.contains(&method) {
                self.methods.push(method);
            }
        }
        for place in other.places {
            if !self.places.contains(&place) {
                self.places.push(place);
            }
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.state, self.note, self.beta_only) == (other.state, other.note, other.beta_only)
    }
}

fn rows<'a>(area: &Area<'a>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row> = vec![];
    for operation in &area.operations {
        let (path, place) = shown(operation, &area.roots);
        let row = Row {
            methods: vec![operation.method],
            path,
            places: place.into_iter().collect(),
            name_places: false,
            counted: false,
            also_deleted: false,
            documented: operation.documented,
            beta_only: operation.beta_only,
            state: operation.state,
            note: operation.note.unwrap_or_default(),
        };
        match rows.iter_mut().find(|known| known.path == row.path && known.is_like(&row)) {
            Some(known) => known.take(row),
            None => rows.push(row),
        }
    }
    fold_deleted(&mut rows);
    fold_counts(&mut rows);
    name_places(&mut rows);
    rows
}

/// Where rows have the same path, each but the widest says what it hangs below.
fn name_places(rows: &mut [Row]) {
    let wide: Vec<(String, usize)> = rows.iter().map(|row| (row.path.clone(), row.places.len())).collect();
    for (index, row) in rows.iter_mut().enumerate() {
        let others =
            wide.iter().enumerate().filter(|(other, (path, _))| *other != index && *path == row.path);
        row.name_places = !row.places.is_empty()
            && others.clone().any(|(other, (_, width))| (*width, index) >= (row.places.len(), other));
        // A place and its deleted twin are one place.
        let live = row.places.clone();
        row.places.retain(|place| {
            place.strip_prefix("deleted ").is_none_or(|twin| !live.iter().any(|of| of == twin))
        });
    }
}

/// The path as a row shows it, with short parameters; behind a root, what is before it is told apart.
fn shown(operation: &Operation, roots: &[&str]) -> (String, Option<String>) {
    let written = operation.written;
    let path = written.replacen("@live", "@/workflows/{id}", 1).replacen(
        "@deleted",
        "@/deletedItems/workflows/{id}",
        1,
    );
    let path = path.replacen("@lcw", "@", 1).replace("/ig.", "/");
    let segments: Vec<String> = path.split('/').map(short).collect();
    match segments.iter().rposition(|segment| roots.contains(&segment.as_str())) {
        Some(root) => {
            let before = segments[..root].join("/");
            let place = before.replace("@/", "").replace("/{id}", "").replace("/{number}", "");
            let place = match place.strip_prefix("deletedItems/") {
                Some(place) => place.replacen("workflows", "deleted workflows", 1),
                None => place,
            };
            let place = place.replacen("workflows/", "", 1);
            (format!("…/{}", segments[root..].join("/")), Some(place))
        }
        None if path == "@" || path == "/" => (path, None),
        None => (segments.join("/"), None),
    }
}

fn short(segment: &str) -> String {
    if let Some(name) = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
        return if name.ends_with("versionNumber") { "{number}" } else { "{id}" }.to_owned();
    }
    match segment.split_once('(') {
        Some((name, arguments)) if arguments.len() > 1 => format!("{name}(…)"),
        _ => segment.to_owned(),
    }
}

/// A row below `deletedItems` becomes part of its twin.
fn fold_deleted(rows: &mut Vec<Row>) {
    fold(rows, |row, twin| {
        let live = row.path.strip_prefix("@/deletedItems/").map(|rest| format!("@/{rest}"));
        let fits = live.as_deref() == Some(&twin.path) && row.methods == twin.methods && row.is_like(twin);
        if fits {
            twin.also_deleted = true;
            twin.documented |= row.documented;
        }
        fits
    });
}

/// `$count` becomes part of its list.
fn fold_counts(rows: &mut Vec<Row>) {
    fold(rows, |row, list| {
        let counted = row.path.strip_suffix("/$count");
        let fits = counted == Some(&list.path)
            && list.methods.contains(&"GET")
            && (row.also_deleted, &row.places) == (list.also_deleted, &list.places)
            && row.is_like(list);
        list.counted |= fits;
        fits
    });
}

/// Removes each row that another takes in.
fn fold(rows: &mut Vec<Row>, takes_in: impl Fn(&Row, &mut Row) -> bool) {
    let mut place = 0;
    while place < rows.len() {
        let row = rows.remove(place);
        if !rows.iter_mut().any(|other| takes_in(&row, other)) {
            rows.insert(place, row);
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::operations;

    fn table(text: &str) -> Vec<String> {
        let page = page(&operations(text).unwrap());
        page.lines()
            .filter(|line| line.starts_with("| ") && !line.starts_with("| operation"))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn operations_that_are_alike_share_a_row() {
        let rows = table(
            "## Runs\nworks both GET @deleted/runs > 200\nworks both GET @deleted/runs/$count > 200\nworks both GET @live/runs > 200 doc\n\
             works both GET @live/runs/$count > 200\nworks both GET @live/runs/{run-id} > 200\nto-come both PATCH @live/runs/{run-id} > 200",
        );
        assert_eq!(
            rows,
            [
                "| `GET @/workflows/{id}/runs` with `$count` and below deletedItems | works |  |",
                "| *`GET @/workflows/{id}/runs/{id}`* | works |  |",
                "| *`PATCH @/workflows/{id}/runs/{id}`* | to come |  |",
            ]
        );
    }

    #[test]
    fn what_hangs_below_many_paths_is_said_once() {
        let rows = table(
            "## Results at results\nworks both GET @live/results/{r-id} > 200\nworks both GET @live/runs/{run-id}/results/{r-id} > 200\n\
             refuses both POST @deleted/results/{r-id}/ig.resume > 204 doc | not there",
        );
        assert_eq!(
            rows,
            [
                "| *`GET …/results/{id}`* | works |  |",
                "| `POST …/results/{id}/resume` | refuses | not there |"
            ]
        );
    }
}
