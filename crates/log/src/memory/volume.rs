//! Volumes on the disk in memory: ordered maps that obey the port's contract.

use std::io;
use std::sync::Arc;

use super::MemoryDisk;
use super::disk::{Node, Operation, Values};
use crate::{
    Bytes, Damage, End, Extent, Fill, Frame, FrameHeader, HEADER_BYTES, MAX_UNSYNCED, OpenError, Record,
    Sealed, Survey, Volume, VolumeError, Volumes,
};

/// The port to the volumes of a [`MemoryDisk`].
pub struct MemoryVolumes(pub(super) MemoryDisk);

struct MemoryVolume {
    disk: MemoryDisk,
    node: u64,
}

/// A finished volume; the frames beyond its end were superseded.
struct MemorySealed {
    volume: MemoryVolume,
    extent: Extent,
}

/// The name of the map in a volume's folder.
const MAP: &str = "map";

impl MemoryVolumes {
    fn node(&self, folder: &str) -> Result<u64, OpenError> {
        let map = format!("{folder}/{MAP}");
        self.0.state().find(&map).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                Damage::new(map, "a map of frames", "nothing").into()
            } else {
                OpenError::io(folder, error)
            }
        })
    }
}

impl Volumes for MemoryVolumes {
    fn create(&self, folder: &str) -> Result<Arc<dyn Volume>, OpenError> {
        let made = {
            let mut state = self.0.state();
            let made = state.add(&format!("{folder}/{MAP}"), Node::volume());
            made.and_then(|node| state.find(folder).map(|folder| (node, folder))).map(|(node, folder)| {
                state.sync_names(folder);
                node
            })
        };
        let node = made.map_err(|source| OpenError::io(folder, source))?;
        Ok(Arc::new(MemoryVolume { disk: self.0.clone(), node }))
    }

    fn survey(&self, folder: &str, extent: &Extent) -> Result<Survey, OpenError> {
        let node = self.node(folder)?;
        let volume = MemoryVolume { disk: self.0.clone(), node };
        let values =
            volume.read(Clone::clone).map_err(|source| OpenError::io(folder, io::Error::other(source)))?;
        survey(folder, extent, &values)
    }

    fn open(&self, folder: &str) -> Result<Arc<dyn Volume>, OpenError> {
        let node = self.node(folder)?;
        Ok(Arc::new(MemoryVolume { disk: self.0.clone(), node }))
    }

    fn open_sealed(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        self.survey(folder, extent)?;
        let node = self.node(folder)?;
        Ok(Arc::new(MemorySealed { volume: MemoryVolume { disk: self.0.clone(), node }, extent: *extent }))
    }

    fn settle(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        self.open_sealed(folder, extent)
    }

    fn rescan(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        self.open_sealed(folder, extent)
    }
}

fn survey(file: &str, extent: &Extent, values: &Values) -> Result<Survey, OpenError> {
    let mut survey = Survey { frames: 0, events: 0, bytes: 0, head: extent.origin.head };
    let until = match extent.end {
        End::Before { next_frame, .. } => next_frame,
        End::AfterFirst => extent.origin.head.next_frame.saturating_add(1),
    };
    let ends_here = matches!(extent.end, End::Before { .. });
    while let Some(value) = values.get(&survey.head.next_frame) {
        let number = survey.head.next_frame;
        let frame = Frame::decode(value.clone());
        let fits = frame.as_ref().is_ok_and(|f| f.number() == number && f.previous() == survey.head.hash);
        match frame {
            Ok(frame) if fits => {
                survey.frames = survey.frames.saturating_add(1);
                survey.events = survey.events.saturating_add(u64::from(frame.count()));
                survey.bytes = survey.bytes.saturating_add(u64::try_from(frame.bytes().len()).unwrap_or(0));
                survey.head = frame.head_after();
            }
            Ok(_) if number < until => return Err(extent.missing(file, number, "another frame").into()),
            Err(error) if number < until => {
                return Err(extent.missing(file, number, error.to_string()).into());
            }
            Ok(_) | Err(_) => break,
        }
        if let End::Before { next_frame, hash } = extent.end
            && survey.head.next_frame == next_frame
            && survey.head.hash != hash
        {
            return Err(extent
                .missing(file, number, format!("a frame with hash {}", survey.head.hash))
                .into());
        }
    }
    if survey.head.next_frame < until || (ends_here && survey.head.next_frame < extent.origin.head.next_frame)
    {
        return Err(extent.missing(file, survey.head.next_frame, "no such frame").into());
    }
    Ok(survey)
}

impl MemoryVolume {
    fn read<T>(&self, look: impl FnOnce(&Values) -> T) -> Result<T, VolumeError> {
        let mut state = self.disk.state();
        state.fails(Operation::Get)?;
        match state.node(self.node) {
            Some(Node::Volume(volume)) => Ok(look(&volume.live)),
            Some(Node::Folder | Node::File(_)) | None => Err(VolumeError::Engine("it is gone".to_owned())),
        }
    }
}

impl Volume for MemoryVolume {
    fn put(&self, number: u64, value: &[u8]) -> Result<(), VolumeError> {
        let mut state = self.disk.state();
        state.fails(Operation::Put)?;
        let Some(Node::Volume(volume)) = state.node(self.node) else {
            return Err(VolumeError::Engine("it is gone".to_owned()));
        };
        let unsynced = volume.pending.iter().map(|(_, value)| value.len()).sum::<usize>();
        let bytes = unsynced.saturating_add(value.len());
        if bytes > MAX_UNSYNCED {
            return Err(VolumeError::Unsynced { bytes, limit: MAX_UNSYNCED });
        }
        let value = Bytes::from(value);
        volume.live.insert(number, value.clone());
        volume.pending.push((number, value));
        Ok(())
    }

    fn sync(&self) -> Result<(), VolumeError> {
        let mut state = self.disk.state();
        let failed = state.fails(Operation::SyncVolume);
        let Some(node) = state.node(self.node) else {
            return Err(VolumeError::Engine("it is gone".to_owned()));
        };
        if failed.is_ok() {
            node.sync();
        } else {
            node.fail_sync();
        }
        failed.map_err(VolumeError::Io)
    }

    fn get(&self, number: u64) -> Result<Option<Bytes>, VolumeError> {
        self.read(|values| values.get(&number).cloned())
    }

    fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError> {
        self.read(|values| {
            let mut taken = 0_usize;
            let within = values.range(from..).take_while(|(_, value)| {
                let first = taken == 0;
                taken = taken.saturating_add(value.len());
                first || taken <= max_bytes
            });
            within.map(|(number, value)| (*number, value.clone())).collect()
        })
    }

    fn last(&self) -> Result<Option<u64>, VolumeError> {
        self.read(|values| values.last_key_value().map(|(number, _)| *number))
    }

    fn fill(&self) -> Fill {
        let bytes = self.read(|values| values.values().map(|value| value.len()).sum::<usize>());
        Fill { bytes: u64::try_from(bytes.unwrap_or(0)).unwrap_or(u64::MAX), trees: 0 }
    }
}

impl MemorySealed {
    fn numbers(&self) -> std::ops::Range<u64> {
        let first = self.extent.origin.head.next_frame;
        first..first.saturating_add(self.extent.frames())
    }
}

impl Sealed for MemorySealed {
    fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError> {
        let mut records = self.volume.range(from, max_bytes)?;
        records.retain(|(number, _)| self.numbers().contains(number));
        Ok(records)
    }

    fn header(&self, number: u64) -> Result<Option<[u8; HEADER_BYTES]>, VolumeError> {
        let value = self.volume.get(number)?;
        Ok(value.and_then(|value| value.first_chunk().copied()))
    }

    fn holding(&self, position: u64) -> Result<Option<u64>, VolumeError> {
        self.volume.read(|values| {
            let begins_before = |value: &Bytes| {
                FrameHeader::decode(value).is_ok_and(|(header, _)| header.first_position <= position)
            };
            let mut held = values.range(self.numbers()).filter(|(_, value)| begins_before(value));
            held.next_back().map(|(number, _)| *number)
        })
    }

    fn memory_bytes(&self) -> usize {
        size_of::<Self>()
    }
}
