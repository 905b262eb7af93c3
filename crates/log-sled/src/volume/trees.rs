//! The trees of a volume: each holds a run of frames and bears the number of its first.

use std::collections::BTreeMap;
use std::sync::Arc;

use counterfoil_log::{Bytes, Record, VolumeError};

use super::refused;

/// sled rewrites a page after 10 changes and splits it above 16 entries: 8 frames stay below both.
const FRAMES_PER_TREE: u64 = 8;
/// Every new tree rewrites the list of trees, so small frames share one until it is worth it.
const BYTES_PER_TREE: u64 = 64 << 10;
/// A tree's name and a key: a frame number, big endian so that they sort.
const KEY_BYTES: usize = 8;

/// All trees by their first frame. Cheap to clone for a read.
#[derive(Clone, Default)]
pub(super) struct Trees(Arc<BTreeMap<u64, sled::Tree>>);

/// How full the last tree is.
#[derive(Default)]
struct TreeFill {
    frames: u64,
    bytes: u64,
}

/// What the writer counts.
pub(super) struct Growth {
    tree: Option<sled::Tree>,
    tree_fill: TreeFill,
    /// Bytes put since the last sync.
    pub(super) unsynced: usize,
    pub(super) bytes: u64,
    pub(super) trees: u64,
}

/// One row of a tree.
type Row = Result<(sled::IVec, sled::IVec), sled::Error>;

pub(super) fn open_tree(db: &sled::Db, first: u64) -> Result<sled::Tree, VolumeError> {
    db.open_tree(first.to_be_bytes()).map_err(refused)
}

fn number(key: &[u8]) -> Option<u64> {
    key.first_chunk::<KEY_BYTES>().filter(|_| key.len() == KEY_BYTES).map(|key| u64::from_be_bytes(*key))
}

fn entry(row: Row) -> Result<(u64, sled::IVec), VolumeError> {
    let (key, value) = row.map_err(refused)?;
    let number =
        number(&key).ok_or_else(|| VolumeError::Engine("a key that is no frame number".to_owned()))?;
    Ok((number, value))
}

impl Trees {
    /// All trees of a database but sled's own, whose name is no number.
    pub(super) fn open(db: &sled::Db) -> Result<Self, VolumeError> {
        let mut trees = BTreeMap::new();
        for first in db.tree_names().iter().filter_map(|name| number(name)) {
            trees.insert(first, open_tree(db, first)?);
        }
        Ok(Self(Arc::new(trees)))
    }

    /// Goes on with the last tree, whose rows have to be counted.
    pub(super) fn growth(&self, bytes: u64) -> Result<Growth, VolumeError> {
        let mut tree_fill = TreeFill::default();
        let last = self.0.last_key_value().map(|(_, tree)| tree.clone());
        if let Some(tree) = &last {
            for row in tree.iter() {
                let (_, value) = entry(row)?;
                tree_fill.count(value.len());
            }
        }
        let trees = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        Ok(Growth { tree: last, tree_fill, unsynced: 0, bytes, trees })
    }

    pub(super) fn add(&mut self, first: u64, tree: sled::Tree) {
        Arc::make_mut(&mut self.0).insert(first, tree);
    }

    /// The tree that holds a frame, if any does: the last that begins at or before it.
    fn holding(&self, number: u64) -> Option<&sled::Tree> {
        self.0.range(..=number).next_back().map(|(_, tree)| tree)
    }

    pub(super) fn get(&self, number: u64) -> Result<Option<Bytes>, VolumeError> {
        let Some(tree) = self.holding(number) else { return Ok(None) };
        let value = tree.get(number.to_be_bytes()).map_err(refused)?;
        Ok(value.map(|value| Bytes::from(&*value)))
    }

    pub(super) fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError> {
        let start = self.0.range(..=from).next_back().map_or(0, |(first, _)| *first);
        let mut found: Vec<Record> = Vec::new();
        let mut taken = 0_usize;
        for tree in self.0.range(start..).map(|(_, tree)| tree) {
            for row in tree.range(from.to_be_bytes()..) {
                let (number, value) = entry(row)?;
                taken = taken.saturating_add(value.len());
                if taken > max_bytes && !found.is_empty() {
                    return Ok(found);
                }
                found.push((number, Bytes::from(&*value)));
            }
        }
        Ok(found)
    }

    pub(super) fn last(&self) -> Result<Option<u64>, VolumeError> {
        for tree in self.0.values().rev() {
            // A crash can leave a tree without a row.
            if let Some(row) = tree.last().map_err(refused)? {
                return entry(Ok(row)).map(|(number, _)| Some(number));
            }
        }
        Ok(None)
    }
}

impl Growth {
    /// The tree that the next frame goes into; none where a new one must begin.
    pub(super) fn tree_for_next(&self) -> Option<sled::Tree> {
        let full = self.tree_fill.frames >= FRAMES_PER_TREE && self.tree_fill.bytes >= BYTES_PER_TREE;
        if full { None } else { self.tree.clone() }
    }

    pub(super) fn begin_tree(&mut self, tree: sled::Tree) {
        self.tree = Some(tree);
        self.tree_fill = TreeFill::default();
        self.trees = self.trees.saturating_add(1);
    }

    pub(super) fn grow(&mut self, bytes: usize) {
        self.tree_fill.count(bytes);
        self.unsynced = self.unsynced.saturating_add(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    pub(super) fn forget_tree(&mut self) -> Option<sled::Tree> {
        self.tree.take()
    }
}

impl TreeFill {
    fn count(&mut self, bytes: usize) {
        self.frames = self.frames.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}
