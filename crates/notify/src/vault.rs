//! Keeping secrets: sealed with a key that lies beside the data, in a file that nobody else may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use tenure_lifecycle::extension::Sealed;

use crate::config::Secret;

/// How many bytes a key has.
const KEY: usize = 32;
/// What sealed bytes begin with: the way in which they are sealed.
const WAY: u8 = 1;

/// Seals secrets and opens them again.
pub struct Vault {
    key: LessSafeKey,
    random: SystemRandom,
}

/// Why there is no vault.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file cannot be used.
    #[error("the key file cannot be used")]
    File(#[source] io::Error),
    /// It is no key.
    #[error("the key file must hold {KEY} bytes")]
    Form,
    /// There is no randomness.
    #[error("the system gives no random bytes")]
    Random,
}

impl Vault {
    /// A vault with the key of that file, which is made if it is not there.
    pub fn open(file: &Path) -> Result<Self, VaultError> {
        let random = SystemRandom::new();
        let mut key = [0; KEY];
        match File::open(file) {
            Ok(mut open) => {
                open.set_permissions(fs::Permissions::from_mode(0o600)).map_err(VaultError::File)?;
                open.read_exact(&mut key).map_err(|_| VaultError::Form)?;
                if open.read(&mut [0]).map_err(VaultError::File)? > 0 {
                    return Err(VaultError::Form);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                random.fill(&mut key).map_err(|_| VaultError::Random)?;
                make(file, &key).map_err(VaultError::File)?;
            }
            Err(error) => return Err(VaultError::File(error)),
        }
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| VaultError::Form)?;
        Ok(Self { key: LessSafeKey::new(key), random })
    }

    /// Seals a secret; `None` if the system gives no random bytes.
    pub fn seal(&self, secret: &str) -> Option<Sealed> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).ok()?;
        let mut bytes = secret.as_bytes().to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(unique, Aad::from([WAY]), &mut bytes).ok()?;
        Some(Sealed([&[WAY], nonce.as_slice(), bytes.as_slice()].concat()))
    }

    /// Opens a secret; `None` if it was sealed with another key, or is none.
    pub fn unseal(&self, sealed: &Sealed) -> Option<Secret> {
        let (way, rest) = sealed.0.split_first()?;
        let (nonce, bytes) = rest.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = bytes.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from([*way]), &mut bytes).ok()?;
        std::str::from_utf8(plain).ok().map(Secret::new)
    }
}

/// Writes the key so that the file is never half there and never open to others.
fn make(file: &Path, key: &[u8; KEY]) -> io::Result<()> {
    let unfinished = file.with_extension("tmp");
    // What a process before us left half done.
    if let Err(error) = fs::remove_file(&unfinished)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    new.write_all(key)?;
    new.sync_all()?;
    fs::rename(&unfinished, file)?;
    match file.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_opened_by_its_own_key_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret-key");
        let vault = Vault::open(&file).unwrap();
        let (sealed, again) = (vault.seal("s3cret").unwrap(), vault.seal("s3cret").unwrap());
        assert_ne!(sealed, again);
        assert!(!sealed.0.windows(6).any(|bytes| bytes == b"s3cret"));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let reopened = Vault::open(&file).unwrap();
        assert_eq!(reopened.unseal(&sealed).unwrap().reveal(), "s3cret");
        let other = Vault::open(&folder.path().join("other")).unwrap();
        assert!(other.unseal(&sealed).is_none());
        let mut changed = sealed.clone();
        *changed.0.last_mut().unwrap() ^= 1;
        assert!(vault.unseal(&changed).is_none());
        for bytes in [vec![], vec![1], vec![1; 12], vec![2; 60]] {
            assert!(vault.unseal(&Sealed(bytes)).is_none());
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret-key");
        for bytes in [vec![0; KEY - 1], vec![0; KEY + 1]] {
            fs::write(&file, bytes).unwrap();
            assert!(matches!(Vault::open(&file), Err(VaultError::Form)));
        }
    }
}
