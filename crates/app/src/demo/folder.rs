//! The folder of the demo, made anew each time. Nothing is deleted that the demo did not make.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, bail};
use tenure_lifecycle::clock::RandomIds;
use tenure_store::{OpenError, SqliteStore};

use crate::server::make_private;

/// Says that the folder was made by the demo.
const MARKER: &str = ".made-by-tenure-demo";
/// What the marker says.
const NOTICE: &str =
    "`tenure demo` made this directory and deletes it, with everything in it, when it runs again.\n";

/// Makes the folder, after deleting the one that an earlier demo made.
pub(crate) fn recreate(folder: &Path) -> anyhow::Result<()> {
    match std::fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("{} cannot be looked at", folder.display())),
        Ok(found) => {
            let is_marked = std::fs::read_to_string(folder.join(MARKER)).is_ok_and(|text| text == NOTICE);
            if !found.is_dir() || !is_marked {
                bail!(
                    "{} is there and was not made by the demo; it is left alone. Run the demo in another directory, \
                     or move that one away",
                    folder.display()
                );
            }
            refuse_one_in_use(folder)?;
            std::fs::remove_dir_all(folder)
                .with_context(|| format!("{} cannot be deleted", folder.display()))?;
        }
    }
    make_private(folder)?;
    std::fs::write(folder.join(MARKER), NOTICE)
        .with_context(|| format!("{} cannot be written to", folder.display()))
}

/// An earlier demo may still be serving it.
fn refuse_one_in_use(folder: &Path) -> anyhow::Result<()> {
    match SqliteStore::open(folder, &RandomIds) {
        Err(error @ OpenError::InUse { .. }) => Err(error.into()),
        // Whatever else may be wrong with it, it is deleted now.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("tenure-demo");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("precious"), "x").unwrap();
        for marker in [None, Some("something else")] {
            if let Some(text) = marker {
                std::fs::write(folder.join(MARKER), text).unwrap();
            }
            assert!(recreate(&folder).unwrap_err().to_string().contains("left alone"));
            assert!(folder.join("precious").exists());
        }
    }

    #[test]
    fn a_link_is_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("tenure-demo");
        recreate(&folder).unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        assert!(recreate(&link).is_err());
        assert!(folder.join(MARKER).exists());
    }

    #[test]
    fn a_folder_of_the_demo_is_made_anew() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("tenure-demo");
        recreate(&folder).unwrap();
        std::fs::write(folder.join("old"), "x").unwrap();
        recreate(&folder).unwrap();
        assert!(!folder.join("old").exists() && folder.join(MARKER).exists());
    }
}
