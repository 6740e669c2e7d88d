//! Links in our Markdown pages that lead to files lead to files that are there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::Outcome;

/// Checks the pages at the top and all below `docs/`.
pub(super) fn check(root: &Path) -> Outcome {
    let mut pages = Vec::new();
    collect(root, false, &mut pages)?;
    if root.join("docs").is_dir() {
        collect(&root.join("docs"), true, &mut pages)?;
    }
    pages.sort();
    let mut broken = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
        let folder = page.parent().unwrap_or(root);
        let shown = page.strip_prefix(root).unwrap_or(&page).display();
        let dead = file_links(&text).into_iter().filter(|link| !folder.join(link).exists());
        broken.extend(dead.map(|link| format!("{shown}: the link to {link} leads nowhere")));
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\nxtask: ")) }
}

fn collect(folder: &Path, deep: bool, pages: &mut Vec<PathBuf>) -> Outcome {
    let failed = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if deep && path.is_dir() {
            collect(&path, deep, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

/// Targets of `[text](target)` that are files, without the part behind `#`; code blocks are left out.
fn file_links(page: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let targets =
                line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
            links.extend(targets.map(|target| target.split_once('#').map_or(target, |(file, _)| file)));
        }
    }
    links.retain(|link| !link.is_empty() && !link.contains("://") && !link.starts_with("mailto:"));
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found_and_others_left_alone() {
        let page = "[a](docs/a.md#b) and [c](c.md), [web](https://example.com), [here](#top)\n```\n[no](no.md)\n```\n[d](d.md)";
        assert_eq!(file_links(page), ["docs/a.md", "c.md", "d.md"]);
    }
}
