//! Replaying: the writer as the log has it, from the newest checkpoint on.

use std::sync::Arc;

use counterfoil_log::EventLog;

use crate::codec::{Decoded, decode_frame};
use crate::error::OpenError;
use crate::state::{Checkpoint, Standing, StateShelf, TOGETHER};
use crate::writer::Writer;

/// How much of the log is read at once.
const READ_BYTES: usize = 4 << 20;

/// The writer as the log has it: from the newest checkpoint that fits the log, or from
/// the first event.
pub(crate) async fn replay(
    log: &Arc<dyn EventLog>,
    checkpoint: Option<Checkpoint>,
) -> Result<Writer, OpenError> {
    let end = log.head();
    let mut writer = match checkpoint {
        Some(checkpoint) => Writer::resumed(log.clone(), checkpoint),
        None => Writer::new(log.clone()),
    };
    let mut next_frame = writer.next_frame();
    while next_frame < end.next_frame {
        let frames = log.read(next_frame, READ_BYTES).await?;
        if frames.is_empty() {
            return Err(OpenError::missing(next_frame, writer.position()));
        }
        for frame in frames {
            let events = decode_frame(&frame).collect::<Result<Vec<_>, _>>()?;
            for some in events.chunks(TOGETHER) {
                writer.look(some);
                some.iter().try_for_each(|decoded| take_in(&mut writer, decoded, frame.recorded_at()))?;
            }
            next_frame = frame.number() + 1;
        }
    }
    Ok(writer)
}

/// The newest checkpoint, where it is whole and of this log.
pub(crate) async fn usable(state: &StateShelf, log: &dyn EventLog) -> Result<Option<Checkpoint>, OpenError> {
    let io = |source| OpenError::Io { path: state.folder().into(), source };
    let checkpoint = match state.newest().map_err(io)? {
        None => return Ok(None),
        Some(Err(broken)) => {
            tracing::warn!(file = %broken.file.display(), why = broken.why, "the checkpoint is broken; the log is read from its first frame");
            state.remove_doubted().map_err(io)?;
            return Ok(None);
        }
        Some(Ok(checkpoint)) => checkpoint,
    };
    match checkpoint.standing(log).await? {
        Standing::OfThis => Ok(Some(checkpoint)),
        Standing::Ahead => {
            let (seen, held) = (checkpoint.head.next_position, log.head().next_position);
            Err(OpenError::ShorterLog { view: "checkpoint", seen, held })
        }
        Standing::OfAnother => {
            tracing::warn!("the checkpoint is of another log; the log is read from its first frame");
            Ok(None)
        }
    }
}

/// Adds one event, where it follows from those before it. A log whose frames verify and
/// whose events contradict each other was not written by this program.
fn take_in(writer: &mut Writer, decoded: &Decoded, recorded_at: i64) -> Result<(), OpenError> {
    let position = decoded.recorded.position;
    let added =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| writer.replay(decoded, recorded_at)));
    added.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let why = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        OpenError::Breach {
            position,
            why: why.unwrap_or_else(|| "it contradicts the events before it".to_owned()),
        }
    })
}
