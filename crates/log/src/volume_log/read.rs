//! Reading: from the active volume, or from the one sealed volume that is open.

use std::sync::{Arc, PoisonError};

use super::shelf::folder;
use super::{Opened, VolumeLog};
use crate::{Damage, End, Extent, Frame, FrameHeader, Hash, Head, OpenError, Origin, ReadError, Volume};

/// A volume and where it begins and ends.
struct Place {
    origin: Origin,
    /// The head before the next volume's first frame, or the durable head.
    end: Head,
    active: Option<Arc<dyn Volume>>,
}

impl VolumeLog {
    pub(super) fn read_frames(&self, from: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError> {
        // The head before the shelf: the shelf then holds at least what the head promises.
        let head = self.durable_head();
        if from > head.next_frame {
            return Err(ReadError::BeyondHead { asked: from, next_frame: head.next_frame });
        }
        if from == head.next_frame {
            return Ok(Vec::new());
        }
        let place = self.place(head, |origin| origin.head.next_frame <= from)?;
        self.with_volume(&place, |volume| frames_of(volume, &place, from, max_bytes))
    }

    pub(super) fn find_frame(&self, position: u64) -> Result<Option<Frame>, ReadError> {
        let head = self.durable_head();
        if position >= head.next_position {
            return Ok(None);
        }
        let place = self.place(head, |origin| origin.head.next_position <= position)?;
        self.with_volume(&place, |volume| {
            let number = search(volume, &place, position)?;
            frames_of(volume, &place, number, 0).map(|frames| frames.into_iter().next())
        })
    }

    /// The last volume that a rule holds for.
    fn place(&self, head: Head, holds: impl Fn(&Origin) -> bool) -> Result<Place, ReadError> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let after = shelf.origins.partition_point(holds);
        let origin = after.checked_sub(1).and_then(|at| shelf.origins.get(at)).copied();
        let origin = origin.ok_or_else(|| {
            ReadError::Corrupt(Damage::new(folder(1), "a volume that begins at frame 0", "none"))
        })?;
        let next = shelf.origins.get(after).map(|next| next.head);
        let is_last = next.is_none();
        let end = next.filter(|next| next.next_frame <= head.next_frame).unwrap_or(head);
        if is_last && shelf.active.is_none() {
            return Err(ReadError::Closed);
        }
        Ok(Place { origin, end, active: if is_last { shelf.active.clone() } else { None } })
    }

    fn with_volume<T>(
        &self,
        place: &Place,
        work: impl FnOnce(&dyn Volume) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        if let Some(active) = &place.active {
            return work(&**active);
        }
        let number = place.origin.volume;
        let mut sealed = self.sealed.lock().unwrap_or_else(PoisonError::into_inner);
        let volume = match &*sealed {
            Some(opened) if opened.number == number => Arc::clone(&opened.volume),
            Some(_) | None => {
                // The old one is closed first: two would hold twice the memory.
                *sealed = None;
                let volume = self.open_sealed(place)?;
                *sealed = Some(Opened { number, volume: Arc::clone(&volume) });
                volume
            }
        };
        // The place stays taken while it is read, so that no more than one is ever open.
        let read = work(&*volume);
        drop(volume);
        read
    }

    fn open_sealed(&self, place: &Place) -> Result<Arc<dyn Volume>, ReadError> {
        let name = folder(place.origin.volume);
        let end = End::Before { next_frame: place.end.next_frame, hash: place.end.hash };
        let opened = self
            .volumes
            .survey(&name, &Extent { origin: place.origin, end })
            .and_then(|_| self.volumes.open(&name));
        opened.map_err(|error| match error {
            OpenError::Damaged(damage) => ReadError::Corrupt(damage),
            OpenError::Missing { .. }
            | OpenError::NotEmpty { .. }
            | OpenError::Locked { .. }
            | OpenError::Format { .. }
            | OpenError::Io { .. } => ReadError::Unavailable { volume: name, source: Box::new(error) },
        })
    }
}

fn io(place: &Place) -> impl Fn(crate::VolumeError) -> ReadError {
    let volume = folder(place.origin.volume);
    move |source| ReadError::Io { volume: volume.clone(), source }
}

/// Consecutive frames of one volume, each verified by its own hashes and by its neighbours'.
fn frames_of(
    volume: &dyn Volume,
    place: &Place,
    from: u64,
    max_bytes: usize,
) -> Result<Vec<Frame>, ReadError> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut number = from;
    let mut link: Option<Hash> =
        if from == place.origin.head.next_frame { Some(place.origin.head.hash) } else { None };
    for (key, value) in volume.range(from, max_bytes).map_err(io(place))? {
        if key >= place.end.next_frame || key != number {
            break;
        }
        let frame = Frame::decode(value).map_err(|error| broken(place, number, &error.to_string()))?;
        if frame.number() != number || frame.ledger() != place.origin.ledger {
            return Err(broken(
                place,
                number,
                &format!("frame {} of ledger {}", frame.number(), frame.ledger()),
            ));
        }
        if link.is_some_and(|link| link != frame.previous()) {
            return Err(broken(place, number, "a frame that was sealed on another one"));
        }
        link = Some(frame.hash());
        number = number.saturating_add(1);
        frames.push(frame);
    }
    if frames.is_empty() {
        return Err(broken(place, from, "no such frame"));
    }
    if number == place.end.next_frame && link != Some(place.end.hash) {
        return Err(broken(place, number.saturating_sub(1), "a frame with another hash than the log's"));
    }
    Ok(frames)
}

/// The last frame whose first position is not beyond a position. A control frame shares its position
/// with the frame after it, so the last one is the one that holds the event.
fn search(volume: &dyn Volume, place: &Place, position: u64) -> Result<u64, ReadError> {
    let (mut low, mut high) = (place.origin.head.next_frame, place.end.next_frame);
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        let value = volume.get(middle).map_err(io(place))?;
        let value = value.ok_or_else(|| broken(place, middle, "no such frame"))?;
        let (header, _) =
            FrameHeader::decode(&value).map_err(|error| broken(place, middle, &error.to_string()))?;
        if header.first_position <= position {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn broken(place: &Place, frame: u64, found: &str) -> ReadError {
    let expected = format!("frame {frame} of ledger {}", place.origin.ledger);
    ReadError::Corrupt(Damage::new(folder(place.origin.volume), expected, found).at_frame(frame))
}
