//! Where lock, log and socket lie, and whether the directory can be trusted.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::{DaemonError, DirectoryProblem};

/// Bytes of a socket's path at most: `sun_path` holds 108, one of them the end.
pub(super) const MAX_SOCKET_PATH: usize = 107;

/// File systems on which `flock` does not reach other hosts, or not reliably.
const NETWORK: [(i64, &str); 4] = [
    (0x6969, "NFS"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x5346_414f, "AFS"),
];

/// A data directory, as far as the daemon's files in it go.
#[derive(Debug, Clone)]
pub(super) struct Place {
    dir: PathBuf,
    runtime: Option<PathBuf>,
}

impl Place {
    pub(super) fn new(dir: &Path, runtime: Option<&Path>) -> Self {
        // A daemon outlives the directory its starter stood in.
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
        Self {
            dir,
            runtime: runtime.map(Path::to_path_buf),
        }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Held for the daemon's life.
    pub(super) fn lock(&self) -> PathBuf {
        self.dir.join("daemon.lock")
    }

    /// Held while a client starts a daemon.
    pub(super) fn start_lock(&self) -> PathBuf {
        self.dir.join("daemon.start")
    }

    /// What a daemon without a terminal says.
    pub(super) fn log(&self) -> PathBuf {
        self.dir.join("daemon.log")
    }

    /// The socket, where nothing forbids it.
    pub(super) fn socket(&self) -> PathBuf {
        self.dir.join("desk.sock")
    }

    /// The places a socket may lie in, the preferred first.
    ///
    /// # Errors
    /// [`DaemonError::NoPlace`] where there is none.
    pub(super) fn sockets(&self) -> Result<Vec<PathBuf>, DaemonError> {
        let runtime = self.runtime.as_ref().map(|dir| dir.join(self.short_name()));
        let found: Vec<PathBuf> = [Some(self.socket()), runtime]
            .into_iter()
            .flatten()
            .filter(|path| path.as_os_str().len() <= MAX_SOCKET_PATH)
            .collect();
        if found.is_empty() {
            let length = self.socket().as_os_str().len();
            let reason = format!(
                "its path has {length} bytes where {MAX_SOCKET_PATH} are possible, \
                 and there is no runtime directory (XDG_RUNTIME_DIR) to put it in"
            );
            return Err(self.no_place(reason));
        }
        Ok(found)
    }

    pub(super) fn no_place(&self, reason: String) -> DaemonError {
        DaemonError::NoPlace {
            path: self.dir.clone(),
            reason,
        }
    }

    /// A socket name that no other data directory has.
    fn short_name(&self) -> String {
        use std::os::unix::ffi::OsStrExt;
        let hash = blake3::hash(self.dir.as_os_str().as_bytes());
        format!(
            "gongdan-{}.sock",
            hash.to_hex().get(..16).unwrap_or_default()
        )
    }
}

/// Makes a directory of our own where there is none, and makes sure that it is only ours.
///
/// One that others may only read is closed to them; one that they may write in is refused, for
/// nobody knows what they left there.
pub(super) fn prepare(dir: &Path) -> Result<(), DaemonError> {
    if let Err(error) = fs::symlink_metadata(dir)
        && error.kind() == io::ErrorKind::NotFound
    {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(DaemonError::io(dir))?;
    }
    let mode = check(dir, euid())?;
    if mode & 0o077 != 0 {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
            .map_err(DaemonError::io(dir))?;
    }
    match network(dir)? {
        Some(kind) => Err(wrong(dir, DirectoryProblem::Network { kind })),
        None => Ok(()),
    }
}

/// Whether a directory is a real one, of this owner, and nobody else can write in it; gives its
/// permission bits.
pub(super) fn check(dir: &Path, owner: u32) -> Result<u32, DaemonError> {
    let found = fs::symlink_metadata(dir).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => DaemonError::Absent { path: dir.into() },
        io::ErrorKind::PermissionDenied => wrong(dir, DirectoryProblem::Closed),
        _ => DaemonError::Io {
            path: dir.into(),
            source,
        },
    })?;
    let mode = found.mode() & 0o7777;
    let problem = if found.is_symlink() {
        DirectoryProblem::Symlink
    } else if !found.is_dir() {
        DirectoryProblem::NotADirectory
    } else if found.uid() != owner {
        DirectoryProblem::Owner {
            owner: found.uid(),
            wanted: owner,
        }
    } else if mode & 0o022 != 0 {
        DirectoryProblem::Mode { mode }
    } else {
        return Ok(mode);
    };
    Err(wrong(dir, problem))
}

/// Whether this user may keep a store in a directory: one of their own, or one that is still to
/// be made.
///
/// Root is refused in another user's directory and under it: files that belong to root would shut
/// the owner out of their own store.
///
/// # Errors
/// [`DaemonError::Directory`] where the directory is somebody else's.
pub fn may_keep(dir: &Path) -> Result<(), DaemonError> {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    for (at, path) in dir.ancestors().enumerate() {
        let owner = match fs::metadata(path) {
            Ok(found) => found.uid(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(wrong(&dir, DirectoryProblem::Closed));
            }
            // Whatever it is, opening the store will say it.
            Err(_) => return Ok(()),
        };
        let wanted = euid();
        let foreign = if at == 0 {
            owner != wanted
        } else {
            wanted == 0 && owner != 0
        };
        return if foreign {
            Err(wrong(path, DirectoryProblem::Owner { owner, wanted }))
        } else {
            Ok(())
        };
    }
    Ok(())
}

pub(super) fn wrong(dir: &Path, problem: DirectoryProblem) -> DaemonError {
    DaemonError::Directory {
        path: dir.into(),
        problem,
    }
}

/// The user this process acts as.
pub(super) fn euid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The kind of network file system a directory lies on, if it does.
fn network(dir: &Path) -> Result<Option<&'static str>, DaemonError> {
    let found = rustix::fs::statfs(dir).map_err(|error| DaemonError::Io {
        path: dir.into(),
        source: error.into(),
    })?;
    Ok(network_kind(found.f_type as i64))
}

fn network_kind(magic: i64) -> Option<&'static str> {
    // The kernel's word is 32 bits wide; some of these have the sign bit set.
    let magic = magic & 0xffff_ffff;
    NETWORK
        .iter()
        .find(|(known, _)| *known == magic)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_takes_a_name_in_the_runtime_directory() {
        let long = PathBuf::from("/").join("目录".repeat(20));
        let place = Place::new(&long, Some(Path::new("/run/user/1000")));
        let sockets = place.sockets().unwrap();
        assert_eq!(sockets.len(), 1);
        assert!(sockets[0].starts_with("/run/user/1000"));
        let refused = Place::new(&long, None).sockets().unwrap_err().to_string();
        assert!(refused.contains("XDG_RUNTIME_DIR"), "{refused}");
    }

    #[test]
    fn a_short_path_lies_in_the_data_directory() {
        let place = Place::new(Path::new("/data"), None);
        assert_eq!(place.sockets().unwrap(), [Path::new("/data/desk.sock")]);
    }

    #[test]
    fn network_file_systems_are_known_by_their_number() {
        assert_eq!(network_kind(0x6969), Some("NFS"));
        assert_eq!(
            network_kind(i64::from(0xff53_4d42_u32 as i32)),
            Some("CIFS")
        );
        assert_eq!(network_kind(0xef53), None, "ext4 is local");
    }

    #[test]
    fn a_directory_that_others_can_write_in_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o770)).unwrap();
        let refused = prepare(dir.path()).unwrap_err();
        assert!(matches!(
            refused,
            DaemonError::Directory {
                problem: DirectoryProblem::Mode { mode: 0o770 },
                ..
            }
        ));
    }

    #[test]
    fn a_directory_that_others_can_only_read_is_closed_to_them() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        prepare(dir.path()).unwrap();
        let mode = fs::metadata(dir.path()).unwrap().mode() & 0o777;
        assert_eq!(mode, 0o700);
    }

    #[test]
    fn root_keeps_no_store_in_or_under_somebody_elses_directory() {
        if euid() != 0 {
            eprintln!("skipped: only root can give a directory away");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        may_keep(&dir.path().join("new")).unwrap();
        std::os::unix::fs::chown(dir.path(), Some(65534), None).unwrap();
        for path in [dir.path().to_path_buf(), dir.path().join("a/new")] {
            let refused = may_keep(&path).unwrap_err();
            let problem = DirectoryProblem::Owner {
                owner: 65534,
                wanted: 0,
            };
            assert!(
                matches!(&refused, DaemonError::Directory { problem: p, .. } if *p == problem),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_link_and_a_stranger_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(dir.path(), &link).unwrap();
        let problem = |error| match error {
            DaemonError::Directory { problem, .. } => problem,
            other => panic!("{other}"),
        };
        assert_eq!(
            problem(prepare(&link).unwrap_err()),
            DirectoryProblem::Symlink
        );
        let stranger = euid() + 1;
        assert_eq!(
            problem(check(dir.path(), stranger).unwrap_err()),
            DirectoryProblem::Owner {
                owner: euid(),
                wanted: stranger
            }
        );
    }

    #[test]
    fn a_directory_that_is_not_there_is_made_private() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        prepare(&inner).unwrap();
        assert_eq!(fs::metadata(&inner).unwrap().mode() & 0o777, 0o700);
    }
}
