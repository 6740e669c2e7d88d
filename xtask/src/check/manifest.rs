//! Every dependency says in the root manifest why it is there.

/// Names of the dependencies in `[workspace.dependencies]` that have no comment above; one comment may stand for
/// several lines right below it. Our own crates need none.
pub(super) fn without_reason(manifest: &str) -> Vec<&str> {
    let mut missing = Vec::new();
    let mut in_table = false;
    let mut explained = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_table = line == "[workspace.dependencies]";
            explained = false;
        } else if line.is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if let Some((name, value)) = line.split_once('=')
            && in_table
            && !explained
            && !value.contains("path =")
        {
            missing.push(name.trim());
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_comment_above_is_named() {
        let manifest = "[package]\nname = \"x\"\n\n# Why.\n[workspace.dependencies]\nours = { path = \"crates/ours\" }\n\
                        none = \"1\"\n\n# Reason.\nwith = \"1\"\nalso = \"1\"\n\nagain = \"1\"\n[profile.dev]\ndebug = 0\n";
        assert_eq!(without_reason(manifest), ["none", "again"]);
    }
}
