//! A disk in memory that knows the difference between what is written and what is synced.
//!
//! Every file and every volume has a live content, which readers see, and a durable one, which a
//! crash leaves. Names are durable after a `sync_dir` alone. A **failed** sync drops what it should
//! have written: the live content still shows it, and no later sync ever writes it. That is
//! what an operating system's page cache does.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{MemoryFiles, MemoryVolumes};
use crate::{Bytes, LedgerId, OpenError, Settings, VolumeLog};

/// What can be told to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `Volume::put`: refused, nothing stored.
    Put,
    /// `Volume::get` and `Volume::range`.
    Get,
    /// `Volume::sync`: what was pending is visible and never written.
    SyncVolume,
    /// `Files::write_at`: refused, nothing written.
    Write,
    /// `Files::sync`: what was pending is visible and never written.
    SyncFile,
    /// `Files::sync_dir`: refused.
    SyncDir,
    /// `Files::rename`: refused.
    Rename,
}

/// What a crash leaves of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: the power went, and the disk had written what it was told to sync.
    Synced,
    /// Everything: only the process died.
    Everything,
    /// Some of it, chosen by a seed: the power went while the system was writing.
    Torn(u64),
}

/// The disk. Clones share it.
#[derive(Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<State>>);

#[derive(Default)]
pub(super) struct State {
    nodes: HashMap<u64, Node>,
    live: Names,
    durable: Names,
    faults: HashMap<Operation, u64>,
}

/// Folder and name to node. The log's folder is node 0.
type Names = BTreeMap<(u64, String), u64>;

pub(super) enum Node {
    Folder,
    File(Content<Vec<u8>, (u64, Vec<u8>)>),
    Volume(Content<Values, (u64, Bytes)>),
}

pub(super) type Values = BTreeMap<u64, Bytes>;

/// What is seen, what is on the disk, and the writes between them.
#[derive(Default)]
pub(super) struct Content<T, W> {
    pub(super) live: T,
    durable: T,
    pub(super) pending: Vec<W>,
}

impl MemoryDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a log on it.
    pub fn create(&self, ledger: LedgerId, settings: Settings) -> Result<VolumeLog, OpenError> {
        VolumeLog::create(ledger, self.files(), self.volumes(), settings, None)
    }

    /// Opens the log on it.
    pub fn open(&self, settings: Settings) -> Result<VolumeLog, OpenError> {
        VolumeLog::open(self.files(), self.volumes(), settings, None)
    }

    /// The port to its files.
    #[must_use]
    pub fn files(&self) -> Arc<MemoryFiles> {
        Arc::new(MemoryFiles(self.clone()))
    }

    /// The port to its volumes.
    #[must_use]
    pub fn volumes(&self) -> Arc<MemoryVolumes> {
        Arc::new(MemoryVolumes(self.clone()))
    }

    /// Lets an operation fail once, after so many that succeed.
    pub fn fail(&self, operation: Operation, after: u64) {
        self.state().faults.insert(operation, after);
    }

    /// The machine stops and starts. Drop the log first.
    pub fn crash(&self, keep: Keep) {
        let mut state = self.state();
        state.faults.clear();
        match keep {
            Keep::Everything => return,
            Keep::Synced => {}
            Keep::Torn(seed) => {
                // Names are written by the journal in order: all of them or none.
                let mut chance = Chance(seed);
                if chance.next() {
                    state.durable = state.live.clone();
                }
                for node in state.nodes.values_mut() {
                    node.write_some(&mut chance);
                }
            }
        }
        state.live = state.durable.clone();
        state.nodes.values_mut().for_each(Node::forget);
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether this operation is the one that was told to fail.
    pub(super) fn fails(&mut self, operation: Operation) -> io::Result<()> {
        match self.faults.get_mut(&operation) {
            Some(0) => {
                self.faults.remove(&operation);
                Err(io::Error::other(format!("{operation:?} fails as it was told to")))
            }
            Some(left) => {
                *left = left.saturating_sub(1);
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(super) fn find(&self, path: &str) -> io::Result<u64> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(0, |folder, part| {
            let found = self.live.get(&(folder, part.to_owned()));
            found
                .copied()
                .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("{path} is not there")))
        })
    }

    /// The folder of a path, and the last part of it.
    fn parent(&self, path: &str) -> io::Result<(u64, String)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.find(folder)?, name.to_owned()))
    }

    pub(super) fn add(&mut self, path: &str, node: Node) -> io::Result<u64> {
        let key = self.parent(path)?;
        // Nodes are never taken away, so their count is a number that is free. 0 is the root.
        let id = u64::try_from(self.nodes.len()).unwrap_or(u64::MAX).saturating_add(1);
        self.nodes.insert(id, node);
        self.live.insert(key, id);
        Ok(id)
    }

    pub(super) fn remove(&mut self, path: &str) -> io::Result<u64> {
        let key = self.parent(path)?;
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("{path} is not there"));
        self.live.remove(&key).ok_or_else(missing)
    }

    pub(super) fn put_name(&mut self, path: &str, node: u64) -> io::Result<()> {
        let key = self.parent(path)?;
        self.live.insert(key, node);
        Ok(())
    }

    pub(super) fn names(&self, folder: u64) -> Vec<String> {
        self.live.keys().filter(|(of, _)| *of == folder).map(|(_, name)| name.clone()).collect()
    }

    pub(super) fn sync_names(&mut self, folder: u64) {
        self.durable.retain(|(of, _), _| *of != folder);
        let names = self.live.iter().filter(|((of, _), _)| *of == folder);
        self.durable.extend(names.map(|(key, node)| (key.clone(), *node)));
    }

    pub(super) fn node(&mut self, id: u64) -> Option<&mut Node> {
        self.nodes.get_mut(&id)
    }
}

impl Node {
    pub(super) fn file() -> Self {
        Self::File(Content::default())
    }

    pub(super) fn volume() -> Self {
        Self::Volume(Content::default())
    }

    /// What was pending reaches the disk.
    pub(super) fn sync(&mut self) {
        match self {
            Self::Folder => {}
            Self::File(file) => {
                for (offset, bytes) in std::mem::take(&mut file.pending) {
                    write_bytes(&mut file.durable, offset, &bytes);
                }
            }
            Self::Volume(volume) => volume.durable.extend(std::mem::take(&mut volume.pending)),
        }
    }

    /// What was pending never reaches the disk, and is seen all the same.
    pub(super) fn fail_sync(&mut self) {
        match self {
            Self::Folder => {}
            Self::File(file) => file.pending.clear(),
            Self::Volume(volume) => volume.pending.clear(),
        }
    }

    fn write_some(&mut self, chance: &mut Chance) {
        match self {
            Self::Folder => {}
            Self::File(file) => file.pending.retain(|_| chance.next()),
            Self::Volume(volume) => volume.pending.retain(|_| chance.next()),
        }
        self.sync();
    }

    fn forget(&mut self) {
        match self {
            Self::Folder => {}
            Self::File(file) => {
                file.pending.clear();
                file.live.clone_from(&file.durable);
            }
            Self::Volume(volume) => {
                volume.pending.clear();
                volume.live.clone_from(&volume.durable);
            }
        }
    }
}

pub(super) fn write_bytes(content: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let end = start.saturating_add(bytes.len());
    if content.len() < end {
        content.resize(end, 0);
    }
    if let Some(place) = content.get_mut(start..end) {
        place.copy_from_slice(bytes);
    }
}

/// A coin from a seed (splitmix64), so that a torn crash can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}
