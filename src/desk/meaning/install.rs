//! A model that is given: copied, checked, put in the place of the one before.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::api::{BadModel, DeskError, InstalledModel};
use crate::desk::errors::chain;
use crate::embed::{EmbedError, FILES, Model, NEEDED};

/// Says which model is installed; written last.
const INSTALLED: &str = "installed.json";
/// Where a model is copied to before it is checked.
const INCOMING: &str = "incoming";
/// Digits of its hash in the name of its directory.
const DIGITS: usize = 16;

/// The model that is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Installed {
    /// The name of the directory it came in.
    pub(super) name: String,
    /// Of all its files.
    pub(super) hash: String,
    /// Numbers in a vector.
    pub(super) dimensions: usize,
    layers: usize,
    vocabulary: usize,
}

impl Installed {
    /// Where it lies.
    pub(super) fn dir(&self, models: &Path) -> PathBuf {
        models.join(self.folder()).join(&self.name)
    }

    fn folder(&self) -> String {
        self.hash.chars().take(DIGITS).collect()
    }

    /// The hash as a key.
    pub(super) fn key(&self) -> [u8; 32] {
        *blake3::hash(self.hash.as_bytes()).as_bytes()
    }

    pub(super) fn told(&self) -> InstalledModel {
        InstalledModel {
            name: self.name.clone(),
            hash: self.hash.clone(),
            dimensions: self.dimensions,
            layers: self.layers,
            vocabulary: self.vocabulary,
        }
    }
}

/// What is installed.
pub(super) fn installed(models: &Path) -> Result<Option<Installed>, DeskError> {
    let path = models.join(INSTALLED);
    match fs::read(&path) {
        Ok(bytes) => {
            let read = serde_json::from_slice(&bytes);
            let read = read.map_err(|error| failed(&path, &io::Error::other(error)))?;
            Ok(Some(read))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&path, &error)),
    }
}

/// Copies a model, checks the copy, and puts it in the place of the one before.
pub(super) fn install(models: &Path, from: &Path) -> Result<(), DeskError> {
    let name = from.file_name().map(|name| name.to_string_lossy());
    let name = name.map_or_else(|| "model".to_owned(), std::borrow::Cow::into_owned);
    let incoming = models.join(INCOMING);
    clear(&incoming)?;
    let result = checked(models, from, &incoming.join(&name), name);
    // What is left of a refused one is of no use; nor does it matter.
    let _ = clear(&incoming);
    result
}

fn checked(models: &Path, from: &Path, copy: &Path, name: String) -> Result<(), DeskError> {
    let hash = copied(from, copy)?;
    let refuse = |error: EmbedError| refused(from, &error);
    let model = opened(copy).map_err(refuse)?;
    model.self_test().map_err(refuse)?;
    let description = model.description();
    let installed = Installed {
        name,
        hash,
        dimensions: description.dimensions,
        layers: description.layers,
        vocabulary: description.vocabulary,
    };
    let folder = models.join(installed.folder());
    clear(&folder)?;
    let moved = fs::rename(models.join(INCOMING), &folder);
    moved.map_err(|error| failed(&folder, &error))?;
    let text = serde_json::to_vec(&installed).map_err(DeskError::bug)?;
    let path = models.join(INSTALLED);
    let mut file = tempfile::NamedTempFile::new_in(models).map_err(|e| failed(&path, &e))?;
    file.write_all(&text)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&path, &error))?;
    file.persist(&path)
        .map_err(|error| failed(&path, &error.error))?;
    others(models, &installed.folder());
    Ok(())
}

/// Reads a model. A library that panics over what it is given is no end of the desk.
fn opened(dir: &Path) -> Result<Model, EmbedError> {
    let dir = dir.to_owned();
    let thread = std::thread::spawn(move || Model::open(&dir));
    thread.join().unwrap_or_else(|_| {
        Err(EmbedError::SelfTest {
            detail: "it cannot be read".to_owned(),
        })
    })
}

/// Copies the files of a model; their hash.
fn copied(from: &Path, to: &Path) -> Result<String, DeskError> {
    let mut hasher = blake3::Hasher::new();
    for (nth, name) in FILES.into_iter().enumerate() {
        let (source, target) = (from.join(name), to.join(name));
        let mut file = match File::open(&source) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && nth >= NEEDED => continue,
            Err(error) => {
                let path = source;
                return Err(refused(
                    from,
                    &EmbedError::Io {
                        path,
                        source: error,
                    },
                ));
            }
        };
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        }
        let mut copy = File::create(&target).map_err(|error| failed(&target, &error))?;
        hasher.update(name.as_bytes()).update(b"\0");
        let mut bytes = vec![0; 1 << 20];
        loop {
            let read = file.read(&mut bytes).map_err(|e| failed(&source, &e))?;
            let Some(part) = bytes.get(..read).filter(|part| !part.is_empty()) else {
                break;
            };
            hasher.update(part);
            copy.write_all(part).map_err(|e| failed(&target, &e))?;
        }
        copy.sync_all().map_err(|error| failed(&target, &error))?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Takes every model away, and what was made by it.
pub(super) fn remove(models: &Path, vectors: &Path) -> Result<(), DeskError> {
    clear(models)?;
    match fs::remove_file(vectors) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(vectors, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Takes models away that were installed before.
fn others(models: &Path, folder: &str) {
    let entries = fs::read_dir(models).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.path().is_dir()) {
        if entry.file_name() != folder {
            // It takes room and does no harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn clear(dir: &Path) -> Result<(), DeskError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(dir, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn failed(path: &Path, error: &io::Error) -> DeskError {
    DeskError::Storage {
        path: Some(path.display().to_string()),
        detail: error.to_string(),
    }
}

/// Why a model is refused.
pub(super) fn refused(path: &Path, error: &EmbedError) -> DeskError {
    let why = match error {
        EmbedError::Io { .. } => BadModel::Unreadable,
        EmbedError::Damaged { .. } | EmbedError::Shape { .. } => BadModel::Damaged,
        EmbedError::Unsupported { .. } => BadModel::Unsupported,
        EmbedError::Pooling => BadModel::Pooling,
        EmbedError::SelfTest { .. } => BadModel::SelfTest,
        EmbedError::NotBuilt => BadModel::NotBuilt,
    };
    DeskError::BadModel {
        path: path.display().to_string(),
        why,
        detail: chain(error),
    }
}
