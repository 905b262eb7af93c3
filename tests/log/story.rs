//! What every story here is told with: frames whose bytes follow from their number, and a small dice.

use std::fs;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use counterfoil_log::{EventLog, Frame, FrameBuilder, Head, LedgerId, Settings};

/// The ledger of all stories.
pub(crate) const LEDGER: LedgerId = LedgerId(*b"the bakery's own");

/// Waits for an answer of the log.
pub(crate) fn wait<T>(answer: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(answer)
}

/// Whether many more rounds were asked for.
pub(crate) fn rounds(usual: usize, slow: usize) -> usize {
    if std::env::var_os("COUNTERFOIL_SLOW").is_some() { slow } else { usual }
}

/// Volumes of so many bytes, the anchor synced with every commit, and every read answered by a volume.
pub(crate) fn small_volumes(bytes: u64) -> Settings {
    Settings { volume_bytes: bytes, anchor_every: Duration::ZERO, recent_bytes: 0, ..Settings::default() }
}

/// The event at a position: its bytes follow from the position, and do not compress.
pub(crate) fn event(position: u64, bytes: usize) -> Vec<u8> {
    let mut dice = Dice(position.wrapping_mul(0x1234_5678_9ABC_DEF1));
    (0..bytes).map(|_| dice.next() as u8).collect()
}

/// The frame that follows a head: so many events of so many bytes.
pub(crate) fn frame_after(head: &Head, events: u64, bytes: usize) -> (Frame, Head) {
    let mut builder = FrameBuilder::new();
    for at in 0..events {
        builder.push(&event(head.next_position + at, bytes));
    }
    builder.seal(head, LEDGER, 1_700_000_000_000_000 + head.next_frame as i64, 7)
}

/// Frames that follow one another.
pub(crate) fn frames_after(mut head: Head, count: usize, events: u64, bytes: usize) -> Vec<Frame> {
    (0..count)
        .map(|_| {
            let (frame, next) = frame_after(&head, events, bytes);
            head = next;
            frame
        })
        .collect()
}

/// Appends so many frames, each by itself.
pub(crate) fn append(log: &dyn EventLog, count: usize, events: u64, bytes: usize) -> Head {
    for _ in 0..count {
        let head = log.head();
        let (frame, _) = frame_after(&head, events, bytes);
        wait(log.append(head, &[frame])).expect("an append");
    }
    log.head()
}

/// All frames of a log.
pub(crate) fn read_all(log: &dyn EventLog) -> Result<Vec<Frame>, counterfoil_log::ReadError> {
    let mut frames = Vec::new();
    while (frames.len() as u64) < log.head().next_frame {
        frames.extend(wait(log.read(frames.len() as u64, 1 << 20))?);
    }
    Ok(frames)
}

/// Dice that fall the same way every time (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Every file below a folder with its content, by relative path, sorted.
pub(crate) fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                files.push((name, fs::read(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

/// Writes files below a folder. Zeros at the end are left to the file system.
pub(crate) fn write_files(folder: &Path, files: &[(String, Vec<u8>)]) {
    use std::os::unix::fs::FileExt;
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().expect("a parent");
        fs::create_dir_all(parent).expect("a folder");
        if name.ends_with("/db") {
            fs::create_dir_all(parent.join("blobs")).expect("a folder");
        }
        let file = fs::File::create(&path).expect("a file");
        file.set_len(content.len() as u64).expect("a length");
        for (block, at) in content.chunks(64 << 10).zip((0_u64..).step_by(64 << 10)) {
            if *block != vec![0; block.len()] {
                file.write_all_at(block, at).expect("a write");
            }
        }
    }
}
