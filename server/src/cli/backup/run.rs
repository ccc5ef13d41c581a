//! Copy, verify, put into place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chat::store::backup::{self, Contents};
use serde::Serialize;

use super::super::given::Given;
use super::super::print::{print, print_json};
use super::super::{CliError, Exit};
use super::{BackupArgs, progress};

#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    bytes: u64,
    seconds: f64,
    #[serde(flatten)]
    contents: Contents,
}

/// Makes the copy.
///
/// # Errors
/// When there is nothing to copy, the file is there already or would be in the data directory, or the copy cannot be written or is not whole.
#[tokio::main(flavor = "current_thread")]
pub async fn run(args: &BackupArgs) -> Result<Exit, CliError> {
    let directory = data_dir(args)?;
    let database = backup::database(&directory);
    let length = match fs::metadata(&database) {
        Ok(file) => file.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(CliError::NoData(directory));
        }
        Err(error) => return Err(CliError::file(database)(error)),
    };
    if is_inside(&args.file, &directory) {
        return Err(CliError::InsideData(args.file.clone()));
    }
    if !args.force && args.file.symlink_metadata().is_ok() {
        return Err(CliError::Exists(args.file.clone()));
    }
    let begun = Instant::now();
    let partial = Partial::new(&args.file)?;
    let copied = backup::copy(&directory, &partial.path);
    progress::watch(copied, &partial.path, length).await?;
    let contents = backup::verify(&partial.path).await?;
    let bytes = partial.keep(args)?;
    let report = Report {
        file: &args.file,
        bytes,
        seconds: begun.elapsed().as_secs_f64(),
        contents,
    };
    if args.json {
        print_json(&report)?;
    } else {
        print(&report.text())?;
    }
    Ok(Exit::Fine)
}

/// Whether a copy there would lie among the data, or replace it while a server writes to it. A file that links
/// there is replaced itself, and so does no harm.
fn is_inside(file: &Path, directory: &Path) -> bool {
    let parent = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    match (
        parent.unwrap_or(Path::new(".")).canonicalize(),
        directory.canonicalize(),
    ) {
        (Ok(parent), Ok(directory)) => parent.starts_with(directory),
        // A directory that is not there: the copy fails and says so.
        _ => false,
    }
}

fn data_dir(args: &BackupArgs) -> Result<PathBuf, CliError> {
    match &args.data_dir {
        Some(directory) => Ok(directory.clone()),
        None => {
            let given = Given::new().without_keys();
            Ok(given.read(args.config.as_deref())?.data_dir)
        }
    }
}

impl Report<'_> {
    fn text(&self) -> String {
        let Contents {
            users,
            rooms,
            messages,
            ..
        } = self.contents;
        let file = self.file.display();
        format!(
            "{file}: {} bytes in {:.1} s, checked: {users} users, {rooms} rooms, {messages} messages\n",
            self.bytes, self.seconds
        )
    }
}

/// The copy under another name, as long as it is not known to be whole; gone with the value.
struct Partial {
    path: PathBuf,
}

impl Partial {
    /// Makes it beside its place, for its owner alone: everybody's messages are in it.
    fn new(place: &Path) -> Result<Self, CliError> {
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let path = place.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(CliError::file(&path))?;
        Ok(Self { path })
    }

    /// Brings it to the disk and gives it its name. Its length.
    fn keep(&self, args: &BackupArgs) -> Result<u64, CliError> {
        let failed = |error| CliError::file(&args.file)(error);
        let file = File::open(&self.path).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        if args.force {
            fs::rename(&self.path, &args.file).map_err(failed)?;
        } else {
            // Unlike a rename it never replaces what has come meanwhile.
            match fs::hard_link(&self.path, &args.file) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return Err(CliError::Exists(args.file.clone()));
                }
                linked => linked.map_err(failed)?,
            }
        }
        sync_directory(&args.file).map_err(failed)?;
        Ok(bytes)
    }
}

/// A name is only safe when its directory is on the disk too.
fn sync_directory(file: &Path) -> io::Result<()> {
    let parent = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After a rename it is not there any more. SQLite may have left its journal beside it.
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            let _ = fs::remove_file(path);
        }
    }
}
