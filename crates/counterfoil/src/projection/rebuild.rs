//! Rebuilding a view from the first event, beside the live one, and exchanging them.

use std::sync::{PoisonError, RwLockReadGuard, RwLockWriteGuard};

use counterfoil_log::{EventLog, Frame, Head};
use counterfoil_views::views::{Behind, Incomparable};
use counterfoil_views::{Gap, Rebuild, View};

use super::waiting::wait;
use super::{BYTES, Live, Projection};
use crate::codec::decode_frame;
use crate::error::OpenError;

/// So few events are left for when whoever asks the views waits: some milliseconds' worth.
const FEW: u64 = if cfg!(test) { 4 } else { 1 << 12 };

/// What a rebuild came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which view.
    pub view: View,
    /// How many events it was built from.
    pub events: u64,
    /// The first place where the old one was not like the new one.
    pub difference: Option<String>,
    /// What was wrong with its snapshot when the ledger was opened.
    pub damage: Option<String>,
}

/// How much of the log is read at once.
const READ_BYTES: usize = 1 << 20;

/// What comparing the rebuilt view with the live one came to.
struct Compared {
    difference: Option<String>,
    unreadable: Option<String>,
}

/// A view in the making.
struct Feeding<'a> {
    log: &'a dyn EventLog,
    rebuild: Rebuild,
    /// The head of the log that ends with what it has seen.
    head: Head,
}

impl Projection {
    /// Rebuilds a view and puts the rebuilt one in its place, snapshot included.
    pub(crate) async fn rebuild(&self, view: View, log: &dyn EventLog) -> Result<Rebuilt, OpenError> {
        let making = self.shared.making();
        let rebuilt = self.rebuild_beside(view, log).await;
        drop(making);
        // In a folder that was closed meanwhile another may have files in the making.
        match self.while_open() {
            Ok(_open) => self.shared.sweep(),
            Err(closed) => return rebuilt.map_err(|_| closed),
        }
        rebuilt
    }

    async fn rebuild_beside(&self, view: View, log: &dyn EventLog) -> Result<Rebuilt, OpenError> {
        let mut feeding = Feeding { log, rebuild: Rebuild::of(view), head: Head::genesis(log.ledger()) };
        let seen = self.seen(log.head().next_position).await;
        seen.map_err(|_| self.shared.stopped().map_or(OpenError::Closed, OpenError::Views))?;
        self.catch_up(&mut feeding).await?;
        let compared = self.compare(&mut feeding)?;
        // The live view has moved on meanwhile.
        self.catch_up(&mut feeding).await?;
        self.exchange(feeding, compared)
    }

    /// Feeds what the live view has seen, in rounds, until little is left, or until a round
    /// brings them hardly nearer: the log grows as fast as it is read.
    async fn catch_up(&self, feeding: &mut Feeding<'_>) -> Result<(), OpenError> {
        let mut before = u64::MAX;
        loop {
            let live = self.shared.read_views(|views| views.position(feeding.rebuild.view()));
            let left = live.saturating_sub(feeding.position());
            if left <= FEW || left > before - before / 8 {
                return Ok(());
            }
            before = left;
            while feeding.position() < live {
                let frames = feeding.log.read(feeding.head.next_frame, READ_BYTES).await?;
                feeding.add(&frames, live)?;
                self.write_rows(&mut feeding.rebuild, BYTES)?;
            }
        }
    }

    /// Feeds what is left while the live views wait. They stay at the position of the rebuilt
    /// one for as long as they are held.
    fn meet(&self, feeding: &mut Feeding<'_>) -> Result<RwLockWriteGuard<'_, Live>, OpenError> {
        let live = self.shared.live.write().unwrap_or_else(PoisonError::into_inner);
        let until = live.views.position(feeding.rebuild.view());
        while feeding.position() < until {
            let frames = wait(|| feeding.log.read(feeding.head.next_frame, READ_BYTES));
            feeding.add(&frames.map_err(io_error)??, until)?;
            self.write_rows(&mut feeding.rebuild, BYTES)?;
        }
        Ok(live)
    }

    /// Compares the rebuilt view with the live one, while that goes on and answers.
    fn compare(&self, feeding: &mut Feeding<'_>) -> Result<Compared, OpenError> {
        let view = feeding.rebuild.view();
        let live = self.meet(feeding)?.views.only(view);
        self.write_rows(&mut feeding.rebuild, 0)?;
        match live.compare(&feeding.rebuild) {
            Ok(difference) => {
                Ok(Compared { difference: difference.map(|it| it.to_string()), unreadable: None })
            }
            // A file of the live one that cannot be read is a reason to exchange it.
            Err(Incomparable::Unreadable(why)) => {
                Ok(Compared { difference: None, unreadable: Some(why.to_string()) })
            }
            Err(Incomparable::Behind(behind)) => Err(parted(behind)),
        }
    }

    /// Puts the rebuilt view in the place of the live one, and its snapshot on the shelf.
    fn exchange(&self, mut feeding: Feeding<'_>, compared: Compared) -> Result<Rebuilt, OpenError> {
        let view = feeding.rebuild.view();
        // What is in memory is copied for the snapshot while the views wait.
        self.write_rows(&mut feeding.rebuild, 0)?;
        let mut live = self.meet(&mut feeding)?;
        let (events, head) = (feeding.position(), feeding.head);
        live.views.swap(feeding.rebuild).map_err(|(behind, _)| parted(behind))?;
        let (exchanged, lineage) = (live.views.only(view), self.shared.lineage(&live, &head));
        drop(live);
        let _open = self.while_open()?;
        self.shared.write_snapshot(&exchanged, view, &lineage).map_err(io_error)?;
        let Compared { difference, unreadable } = compared;
        let mut damaged = self.shared.damaged.write().unwrap_or_else(PoisonError::into_inner);
        let damage = damaged.iter().find(|(broken, _)| *broken == view).map(|(_, why)| why.clone());
        damaged.retain(|(broken, _)| *broken != view);
        Ok(Rebuilt { view, events, difference, damage: damage.or(unreadable) })
    }

    /// As long as this is held, the folder is not closed.
    fn while_open(&self) -> Result<RwLockReadGuard<'_, bool>, OpenError> {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        if *closed { Err(OpenError::Closed) } else { Ok(closed) }
    }

    /// Moves the rebuilt view's rows to disk, beside those of the live one, where there are
    /// more bytes of them than so many.
    fn write_rows(&self, rebuild: &mut Rebuild, more_than: usize) -> Result<(), OpenError> {
        let _open = self.while_open()?;
        match &self.shared.shelf {
            Some(shelf) if rebuild.unwritten() > more_than => rebuild.flush(shelf.folder()).map_err(io_error),
            Some(_) | None => Ok(()),
        }
    }
}

impl Feeding<'_> {
    /// The position of the event that it needs next.
    fn position(&self) -> u64 {
        self.rebuild.next_position()
    }

    /// Feeds frames that come next, until a position.
    fn add(&mut self, frames: &[Frame], until: u64) -> Result<(), OpenError> {
        if frames.is_empty() {
            return Err(OpenError::missing(self.head.next_frame, self.position()));
        }
        for frame in frames {
            if self.position() >= until {
                break;
            }
            let events = decode_frame(frame).map(|decoded| decoded.map(|decoded| decoded.recorded));
            let why = |gap: Gap| OpenError::Breach { position: gap.found, why: gap.to_string() };
            self.rebuild.apply_all(&events.collect::<Result<Vec<_>, _>>()?).map_err(why)?;
            self.head = frame.head_after();
        }
        Ok(())
    }
}

/// They were held at one position, and are not there.
fn parted(behind: Behind) -> OpenError {
    OpenError::Breach { position: behind.live, why: behind.to_string() }
}

fn io_error(error: impl std::error::Error) -> OpenError {
    OpenError::Io { path: "views".into(), source: std::io::Error::other(error.to_string()) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;
    use counterfoil_domain::Settings;
    use counterfoil_domain::account::Country;
    use counterfoil_domain::charge::Charge;
    use counterfoil_domain::money::{Currency, Money};
    use counterfoil_domain::rail::RailName;
    use counterfoil_log::memory::MemoryLog;
    use counterfoil_log::{AppendError, LedgerId, ReadError};
    use uuid::Uuid;

    use super::*;
    use crate::Counterfoil;

    /// A log that has grown by a frame, which the live views have seen if they could, for
    /// every frame that is read of it.
    struct Growing {
        ledger: Counterfoil,
        log: Arc<dyn EventLog>,
    }

    #[async_trait]
    impl EventLog for Growing {
        fn ledger(&self) -> LedgerId {
            self.log.ledger()
        }

        fn head(&self) -> Head {
            self.log.head()
        }

        async fn append(&self, expected: Head, frames: &[Frame]) -> Result<Head, AppendError> {
            self.log.append(expected, frames).await
        }

        async fn read(&self, from_frame: u64, _: usize) -> Result<Vec<Frame>, ReadError> {
            charge(&self.ledger).await;
            let seen = self.ledger.caught_up();
            let _ = tokio::time::timeout(Duration::from_millis(20), seen).await;
            self.log.read(from_frame, 1).await
        }

        async fn frame_of(&self, position: u64) -> Result<Option<Frame>, ReadError> {
            self.log.frame_of(position).await
        }

        async fn take_epoch(&self, recorded_at: i64) -> Result<Head, AppendError> {
            self.log.take_epoch(recorded_at).await
        }

        async fn close(&self) -> Result<(), AppendError> {
            self.log.close().await
        }
    }

    async fn charge(ledger: &Counterfoil) {
        let charge = Charge::separate(Money::new(Currency::BRL, 1_000), RailName::new("card").unwrap());
        let _charged = ledger.execute(charge).await.unwrap();
    }

    /// Symptom: a rebuild of a ledger that was never at rest might have no end. Cause: it
    /// waited to stand, by chance, where the live view stands. Fix: that one is held for the
    /// last stretch.
    #[tokio::test]
    async fn a_rebuild_of_a_log_that_grows_as_fast_as_it_is_read_has_an_end() {
        let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
        let log: Arc<dyn EventLog> = MemoryLog::new(LedgerId(*settings.ledger.as_bytes())).unwrap().log();
        let ledger = Counterfoil::builder().log(log.clone()).settings(settings).open().await.unwrap();
        for _ in 0..2 * FEW {
            charge(&ledger).await;
        }
        let before = ledger.head().next_position;
        let growing = Growing { ledger: ledger.clone(), log };
        let rebuild = ledger.inner.projection.rebuild(View::Balance, &growing);
        let rebuilt = tokio::time::timeout(Duration::from_secs(20), rebuild).await.unwrap().unwrap();
        assert!((before..ledger.head().next_position).contains(&rebuilt.events));
        assert_eq!(rebuilt.difference, None);
        // What was put in the place of the live view goes on as that did.
        let rebuilt = ledger.rebuild(View::Balance).await.unwrap();
        assert_eq!((rebuilt.events, rebuilt.difference), (ledger.head().next_position, None));
    }
}
