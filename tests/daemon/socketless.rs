//! A data directory on a file system that has no sockets, as on a stick from a camera.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use gongdan::daemon::{ServeOptions, SocketDesk, Where};
use tempfile::TempDir;

use super::{Daemon, agent, options, temp, way};

/// Such a file system, in a file, mounted as long as this lives.
struct Socketless {
    dir: TempDir,
    device: String,
}

/// Runs a command to its end; what it printed, where it ended well.
fn run(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

impl Socketless {
    /// Mounts one; `None`, with a message, where that cannot be done.
    fn mount() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: only root can mount a file system");
            return None;
        }
        let dir = temp();
        let image = dir.path().join("image").display().to_string();
        let mounted = dir.path().join("mounted");
        std::fs::create_dir(&mounted).unwrap();
        let mounted = mounted.display().to_string();
        let file = std::fs::File::create(&image).unwrap();
        file.set_len(64 << 20).unwrap();
        let Some(device) = run("losetup", &["--find", "--show", &image]) else {
            println!("skipped: a file cannot be made a disk here");
            return None;
        };
        let this = Self { dir, device };
        let own = "umask=077";
        let fat = || {
            run("mkfs.vfat", &[&this.device])?;
            run("mount", &["-t", "vfat", "-o", own, &this.device, &mounted])
        };
        let exfat = || {
            run("mkfs.exfat", &[&this.device])?;
            run("mount.exfat-fuse", &["-o", own, &this.device, &mounted])
        };
        if fat().or_else(exfat).is_none() {
            println!("skipped: there is neither FAT (mkfs.vfat) nor exFAT (exfat-fuse) here");
            return None;
        }
        Some(this)
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("mounted/data")
    }
}

impl Drop for Socketless {
    fn drop(&mut self) {
        let mounted = self.dir.path().join("mounted").display().to_string();
        run("umount", &[&mounted]);
        run("losetup", &["--detach", &self.device]);
    }
}

#[test]
fn a_file_system_without_sockets_is_served_from_the_runtime_directory() {
    let Some(disk) = Socketless::mount() else {
        return;
    };
    let runtime = temp();
    let runtime_dir = Some(runtime.path().join("gongdan"));
    let serve = ServeOptions {
        runtime_dir: runtime_dir.clone(),
        ..options(&disk.data())
    };
    let daemon = Daemon::with(serve, Arc::default());
    assert!(daemon.socket.starts_with(runtime.path()));
    let lock = std::fs::read_to_string(disk.data().join("daemon.lock")).unwrap();
    assert!(lock.contains(daemon.socket.to_str().unwrap()), "{lock}");
    // Where the client's own runtime directory is another one, the lock file tells.
    for runtime_dir in [runtime_dir, None] {
        let place = Where::Own {
            dir: disk.data(),
            runtime_dir,
        };
        agent(&SocketDesk::connect(way(place, None)).unwrap());
    }
}
