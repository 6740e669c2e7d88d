//! A disk that is full, or read-only: what is not written says why, nothing is damaged, and it goes on when it can.

use tempfile::TempDir;
use tenure_lifecycle::clock::CountingIds;
use tenure_lifecycle::ports::{Engine as _, StoreError};

use super::SqliteStore;
use super::rows::database;

fn store() -> (SqliteStore, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path(), &CountingIds::default()).unwrap();
    (store, directory)
}

/// Writes a text of that many bytes.
fn note(store: &SqliteStore, bytes: usize) -> Result<(), StoreError> {
    store.writer.write(move |connection| {
        connection
            .execute("INSERT INTO meta (key, value) VALUES ('note ' || ?1, zeroblob(?1))", [bytes as i64])
            .map(|_| ())
            .map_err(database)
    })
}

/// Has a setting of the writer changed.
fn set(store: &SqliteStore, pragma: &'static str) {
    store.writer.between(move |writer| writer.execute_batch(&format!("PRAGMA {pragma}"))).unwrap();
}

fn notes(store: &SqliteStore) -> i64 {
    let sql = "SELECT count(*) FROM meta WHERE key LIKE 'note %'";
    store.read(|connection| connection.query_row(sql, [], |row| row.get(0)).map_err(database)).unwrap()
}

fn is_sound(store: &SqliteStore) -> bool {
    let sql = "PRAGMA integrity_check";
    let found: String =
        store.read(|connection| connection.query_row(sql, [], |row| row.get(0)).map_err(database)).unwrap();
    found == "ok"
}

#[test]
fn a_full_disk_is_said_to_be_full_and_is_written_to_again_when_there_is_room() {
    let (store, _directory) = store();
    note(&store, 1).unwrap();
    // SQLite refuses to grow the file as it does when the disk has no room for it.
    set(&store, "max_page_count = 1");
    for bytes in [100_000, 200_000] {
        let refused = note(&store, bytes);
        assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
    }
    assert_eq!(notes(&store), 1, "nothing of what was refused is kept");
    assert!(store.last_change().is_ok(), "reading goes on");
    assert!(is_sound(&store));
    set(&store, "max_page_count = 4294967294");
    note(&store, 100_000).unwrap();
    assert_eq!(notes(&store), 2);
    assert!(is_sound(&store));
}

#[test]
fn a_read_only_disk_is_said_to_be_unwritable_and_is_written_to_again_when_it_can_be() {
    let (store, _directory) = store();
    note(&store, 1).unwrap();
    set(&store, "query_only = ON");
    let refused = note(&store, 2);
    assert!(matches!(refused, Err(StoreError::Unwritable(_))), "{refused:?}");
    assert_eq!(notes(&store), 1);
    assert!(store.last_change().is_ok() && is_sound(&store));
    set(&store, "query_only = OFF");
    note(&store, 2).unwrap();
    assert_eq!(notes(&store), 2);
}

#[test]
fn of_writes_that_share_a_transaction_each_hears_of_the_full_disk() {
    let (store, _directory) = store();
    set(&store, "max_page_count = 1");
    std::thread::scope(|scope| {
        for place in 0..16 {
            let store = &store;
            scope.spawn(move || {
                let refused = note(store, 100_000 + place);
                assert!(
                    matches!(refused, Err(StoreError::Full(_) | StoreError::Unwritable(_))),
                    "{refused:?}"
                );
            });
        }
    });
    set(&store, "max_page_count = 4294967294");
    note(&store, 100_000).unwrap();
    assert!(notes(&store) == 1 && is_sound(&store));
}
