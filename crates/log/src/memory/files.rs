//! Files on the disk in memory.

use std::io;

use super::MemoryDisk;
use super::disk::{Node, Operation, write_bytes};
use crate::Files;

/// The port to the files of a [`MemoryDisk`].
pub struct MemoryFiles(pub(super) MemoryDisk);

fn not_a_file(name: &str) -> io::Error {
    io::Error::other(format!("{name} is not a file"))
}

impl Files for MemoryFiles {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut state = self.0.state();
        let id = state.find(name)?;
        match state.node(id) {
            Some(Node::File(file)) => Ok(file.live.clone()),
            Some(Node::Folder | Node::Volume(_)) | None => Err(not_a_file(name)),
        }
    }

    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.0.state();
        state.fails(Operation::Write)?;
        let id = match state.find(name) {
            Ok(id) => id,
            Err(_) => state.add(name, Node::file())?,
        };
        match state.node(id) {
            Some(Node::File(file)) => {
                write_bytes(&mut file.live, offset, bytes);
                file.pending.push((offset, bytes.to_vec()));
                Ok(())
            }
            Some(Node::Folder | Node::Volume(_)) | None => Err(not_a_file(name)),
        }
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        let mut state = self.0.state();
        let id = state.find(name)?;
        let failed = state.fails(Operation::SyncFile);
        let node = state.node(id).ok_or_else(|| not_a_file(name))?;
        if failed.is_ok() {
            node.sync();
        } else {
            node.fail_sync();
        }
        failed
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.0.state();
        state.fails(Operation::Rename)?;
        let node = state.remove(from)?;
        state.put_name(to, node)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let state = self.0.state();
        Ok(state.names(state.find(folder)?))
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        let mut state = self.0.state();
        state.fails(Operation::SyncDir)?;
        let id = state.find(folder)?;
        state.sync_names(id);
        Ok(())
    }

    fn create_dir(&self, folder: &str) -> io::Result<()> {
        let mut state = self.0.state();
        if state.find(folder).is_err() {
            state.add(folder, Node::Folder)?;
        }
        Ok(())
    }

    fn remove_file(&self, name: &str) -> io::Result<()> {
        self.0.state().remove(name).map(drop)
    }

    fn remove_dir(&self, folder: &str) -> io::Result<()> {
        // What is in it cannot be reached any more, which is all that a removal means here.
        self.0.state().remove(folder).map(drop)
    }
}
