//! Beginning a new volume after a seal: built under a temporary name with its first frames, synced,
//! renamed, its name synced; only then anchored and acknowledged.

use std::sync::{Arc, PoisonError};
use std::thread;

use super::append::{Doubt, put_all};
use super::create::{adopt, write_origin};
use super::shelf::{folder, temporary_folder};
use super::{VolumeLog, Writer};
use crate::{End, Extent, Frame, Head, Origin, Volume};

impl VolumeLog {
    pub(super) fn start_successor(
        &self,
        writer: &mut Writer,
        head: Head,
        frames: &[Frame],
    ) -> Result<Arc<dyn Volume>, Doubt> {
        let building = |error| Doubt::new("building the next volume", error);
        let before = self.origins().last().copied();
        let number = before.map_or(0, |origin| origin.volume).saturating_add(1);
        let origin = Origin { ledger: self.ledger, volume: number, head };
        let (temporary, name) = (temporary_folder(number), folder(number));
        write_origin(&*self.files, &temporary, &origin).map_err(building)?;
        let volume = self.volumes.create(&temporary).map_err(building)?;
        put_all(&*volume, frames)?;
        volume.sync().map_err(|source| Doubt::new("syncing the next volume", source))?;
        // It stays open while its folder moves: to open it again would cost more than all the rest.
        adopt(&*self.files, &temporary, &name).map_err(building)?;
        let finished = {
            let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            shelf.origins.push(origin);
            shelf.active.replace(Arc::clone(&volume))
        };
        tracing::info!(volume = number, frame = head.next_frame, "a new volume begins");
        let end = End::Before { next_frame: head.next_frame, hash: head.hash };
        if let Some(origin) = before {
            self.settle(writer, Extent { origin, end }, finished);
        }
        Ok(volume)
    }

    /// Beside the writer: closes the finished volume and remembers where its frames lie.
    fn settle(&self, writer: &mut Writer, extent: Extent, finished: Option<Arc<dyn Volume>>) {
        if let Some(earlier) = writer.settling.take()
            && earlier.join().is_err()
        {
            tracing::warn!("the thread that settles a finished volume panicked");
        }
        let volumes = Arc::clone(&self.volumes);
        let sealed = Arc::clone(&self.sealed);
        writer.settling = Some(thread::spawn(move || {
            drop(finished);
            if let Err(error) = sealed.settle(&*volumes, &extent) {
                let volume = extent.origin.volume;
                tracing::warn!(volume, %error, "a finished volume was not settled; its next open is slower");
            }
        }));
    }
}
