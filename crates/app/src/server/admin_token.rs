//! The local administrator's token: in a file of the data directory, so that whoever may read that may administer.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tenure_http::hash_token;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::operations::{Lifecycle, NewToken};
use tenure_lifecycle::token::Caller;

use super::data_directory::close_to_others;

/// Name of the file.
const FILE: &str = "admin-token";
/// Name of the token.
const NAME: &str = "local-admin";

/// The local administrator.
#[derive(Clone, Debug)]
pub(crate) struct AdminToken {
    /// Where the token is.
    pub(crate) file: PathBuf,
    /// Who calls with it.
    pub(crate) caller: Caller,
}

/// Finds the token of the file, or makes one if the file is gone or holds none that is still good.
///
/// Tokens of a file that was deleted stay good until they are revoked.
pub(crate) fn admin_token(lifecycle: &Lifecycle, data: &Path) -> anyhow::Result<AdminToken> {
    let file = data.join(FILE);
    if let Some(caller) = known(lifecycle, &file)? {
        return Ok(AdminToken { file, caller });
    }
    let new = NewToken { name: NAME.to_owned(), scopes: vec!["*".to_owned()], ttl: None };
    let (token, text) = lifecycle.create_token(Actor::Engine, new, hash_token)?;
    write(data, &file, &text.0).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(AdminToken { file, caller: token.caller })
}

fn known(lifecycle: &Lifecycle, file: &Path) -> anyhow::Result<Option<Caller>> {
    let cannot = || format!("{} cannot be used", file.display());
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        // What is no text is no token either.
        Err(error) if error.kind() == ErrorKind::InvalidData => String::new(),
        Err(error) => return Err(error).with_context(cannot),
    };
    close_to_others(file).with_context(cannot)?;
    let token = lifecycle.store.token_by_hash(&hash_token(text.trim()))?;
    let good = token.filter(|token| token.is_good(lifecycle.now()));
    if good.is_none() {
        tracing::warn!(
            file = %file.display(),
            "the administrator's token in the file is not good any more; the file gets a new one"
        );
    }
    Ok(good.map(|token| token.caller))
}

/// Writes the token so that the file is never half there and never open to others.
fn write(data: &Path, file: &Path, token: &str) -> std::io::Result<()> {
    let mut temporary = tempfile::NamedTempFile::new_in(data)?;
    writeln!(temporary, "{token}")?;
    temporary.as_file().sync_all()?;
    temporary.persist(file)?;
    std::fs::File::open(data)?.sync_all()
}
