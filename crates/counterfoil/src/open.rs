//! Opening a ledger: find or make its log, replay it, start its writer.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Sender, sync_channel};

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{Command, Settings};
use counterfoil_log::{EventLog, Head, LedgerId};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::clock::wall_clock;
use crate::counterfoil::{Counterfoil, Inner};
use crate::error::OpenError;
use crate::follow::{Following, Told};
use crate::ids::Ids;
use crate::layout::Layout;
use crate::projection::{Projection, Viewing};
use crate::replay::{replay, usable};
use crate::request::Request;
use crate::sealing::Keys;
use crate::state::{Checkpoint, Keeper, Recalled, StateShelf};
use crate::writer::{Lines, Message, Places, Shell, Stamper, Writer};

/// How many batches of decoded events may wait for the views.
const BATCHES: usize = 4;

/// How many requests may wait: beyond it a submission is refused, not queued.
const PLACES: usize = 131_072;

/// Gathers what a ledger is opened with.
#[derive(Default)]
#[must_use]
pub struct Builder {
    path: Option<PathBuf>,
    log: Option<Arc<dyn EventLog>>,
    settings: Option<Settings>,
    opened_at: Option<Timestamp>,
    clock: Option<fn() -> Timestamp>,
    places: Option<usize>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The data folder: log, views and keys of this ledger; `./counterfoil-data` where
    /// neither this nor a log of one's own is given.
    pub fn path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.path = Some(folder.into());
        self
    }

    /// A log of one's own, in the place of the one in the data folder.
    pub fn log(mut self, log: Arc<dyn EventLog>) -> Self {
        self.log = Some(log);
        self
    }

    /// What the ledger is opened with where it is new; a ledger that exists keeps its own.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// The business time of the first event, where the clock is simulated.
    pub fn opened_at(mut self, time: Timestamp) -> Self {
        self.opened_at = Some(time);
        self
    }

    /// The machine's clock, for tests of ledgers that run on it.
    pub fn clock(mut self, clock: fn() -> Timestamp) -> Self {
        self.clock = Some(clock);
        self
    }

    /// How many requests may wait before further ones are refused as overload.
    pub fn places(mut self, places: usize) -> Self {
        self.places = Some(places);
        self
    }

    /// Opens the ledger, making it where it is new and settings were given.
    ///
    /// # Errors
    /// A folder that is missing, in use or damaged; a log whose events cannot be
    /// understood or contradict each other; a view's snapshot that is damaged.
    pub async fn open(mut self) -> Result<Counterfoil, OpenError> {
        if self.path.is_none() && self.log.is_none() {
            self.path = Some(PathBuf::from("counterfoil-data"));
        }
        let log = self.find_log()?;
        // Views and checkpoint are read at the same time; whatever fails, both have come to an end.
        let (viewing, checkpoint) = tokio::join!(self.viewing(&log), self.checkpoint(&log));
        let (viewing, (keeper, checkpoint)) = (viewing?, checkpoint?);
        let recalled = checkpoint.as_ref().map(|checkpoint| checkpoint.recalled.clone()).unwrap_or_default();

        let lines = Lines::new(log.head());
        let (recall, recalling) = watch::channel(recalled.clone());
        let (close, closing) = mpsc::channel(1);
        let (batches, seen) = sync_channel(BATCHES);
        let told = Told { views: Some(batches), writer: lines.messages(), recalled: recall };
        let following = Following { log: log.clone(), keeper, next_frame: viewing.next_frame(), told };
        let started = Projection::start(viewing, log.clone(), recalled, seen, close);
        let projection = started.map_err(|error| self.io(error))?;

        // The log is followed while the writer reads it. Where either cannot, all who write into
        // the folder have let go of it when that is told.
        let begun = match following.start(lines.head(), closing) {
            Ok(()) => self.start(&log, lines, checkpoint, recalling, &projection).await,
            Err(error) => Err(self.io(error)),
        };
        let Begun { shell, head, settings, first } = match begun {
            Ok(begun) => begun,
            Err(error) => {
                projection.give_up().await;
                self.let_go(&log).await;
                return Err(error);
            }
        };
        let ledger = Counterfoil {
            inner: Arc::new(Inner {
                log,
                shell,
                head,
                places: Places::new(self.places.unwrap_or(PLACES)),
                stamper: Stamper::new(&settings.id_key),
                projection,
                keys: self.path.as_deref().map(|folder| Keys::new(Layout::new(folder).keys())),
                ids: Ids::new(settings.id_key),
                settings,
                closed: AtomicBool::new(false),
            }),
        };
        if let Some(first) = first
            && let Err(error) = open_with(&ledger, first, self.opened_at).await
        {
            // It is told why it was not opened, not how it was closed.
            let _ = ledger.close().await;
            return Err(error);
        }
        Ok(ledger)
    }

    /// Starts the writer where the log ends, and waits for the views to be there as well.
    async fn start(
        &self,
        log: &Arc<dyn EventLog>,
        lines: Lines,
        checkpoint: Option<Checkpoint>,
        recalling: watch::Receiver<Recalled>,
        projection: &Projection,
    ) -> Result<Begun, OpenError> {
        let writer = replay(log, checkpoint).await?;
        let (settings, first) = self.settings_of(&writer, log.ledger())?;
        let head = lines.head();
        let clock = self.clock.unwrap_or(wall_clock);
        let shell = lines.start(writer, log.clone(), clock, recalling).map_err(|error| self.io(error))?;
        let unopened = Unopened(Some(shell.messages.clone()));
        // The views answer for everything that was there at the opening.
        let opened_at = log.head().next_position;
        let seen = projection.seen(opened_at).await;
        seen.map_err(OpenError::Views)?;
        unopened.opened();
        Ok(Begun { shell, head, settings, first })
    }

    /// What the ledger was opened with; and what it is to be opened with, where it is new.
    fn settings_of(&self, writer: &Writer, log: LedgerId) -> Result<(Settings, Option<Settings>), OpenError> {
        let first = if writer.position() == 0 {
            let settings = self.settings.clone().ok_or(OpenError::NoSettings)?;
            // A log that was made and has no event yet keeps the id that its frames will carry.
            Some(Settings { ledger: Uuid::from_bytes(log.0), ..settings })
        } else {
            None
        };
        let settings = first.as_ref().or(writer.ledger().settings()).cloned().ok_or(OpenError::NoSettings)?;
        if *settings.ledger.as_bytes() != log.0 {
            let why = "its first event is of another ledger than its frames".to_owned();
            return Err(OpenError::Breach { position: 0, why });
        }
        Ok((settings, first))
    }

    /// The views as they are in the folder, read on a thread of their own.
    async fn viewing(&self, log: &Arc<dyn EventLog>) -> Result<Viewing, OpenError> {
        let Some(folder) = self.path.as_deref().map(|folder| Layout::new(folder).views()) else {
            return Viewing::load(None, &**log).await;
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| self.io(error))?;
        let (reply, viewing) = oneshot::channel();
        let log = log.clone();
        let read = move || {
            let viewing = runtime.block_on(Viewing::load(Some(folder), &*log));
            // Where the opening fails, nobody holds the log once that is told.
            drop(log);
            // Whoever gave the opening up has no use for it.
            let _ = reply.send(viewing);
        };
        let thread = std::thread::Builder::new().name("counterfoil-views".to_owned()).spawn(read);
        thread.map_err(|error| self.io(error))?;
        viewing.await.map_err(|_| self.io(io::Error::other("the views were not read")))?
    }

    /// Who keeps checkpoints, and the one from which the writer begins. They begin at one place.
    async fn checkpoint(
        &self,
        log: &Arc<dyn EventLog>,
    ) -> Result<(Option<Keeper>, Option<Checkpoint>), OpenError> {
        let Some(state) = self.state()? else {
            return Ok((None, None));
        };
        let checkpoint = usable(&state, &**log).await?;
        let keeper = match checkpoint.clone() {
            Some(checkpoint) => Keeper::resumed(state, checkpoint),
            None => Keeper::new(state, log.ledger()),
        };
        Ok((Some(keeper.awaited(log.head().next_position)), checkpoint))
    }

    /// Lets go of the log in the data folder, whoever holds it still; a log of one's own stays open.
    async fn let_go(&self, log: &Arc<dyn EventLog>) {
        if self.log.is_none()
            && let Err(error) = log.close().await
        {
            tracing::warn!(%error, "the log of a ledger that was not opened");
        }
    }

    /// What the system did not do for the data folder.
    fn io(&self, source: io::Error) -> OpenError {
        OpenError::Io { path: self.path.clone().unwrap_or_default(), source }
    }

    fn state(&self) -> Result<Option<StateShelf>, OpenError> {
        let Some(folder) = self.path.as_deref() else {
            return Ok(None);
        };
        let path = Layout::new(folder).state();
        StateShelf::new(&path).map(Some).map_err(|source| OpenError::Io { path, source })
    }

    fn find_log(&self) -> Result<Arc<dyn EventLog>, OpenError> {
        if let Some(log) = &self.log {
            return Ok(log.clone());
        }
        let folder = self.path.clone().unwrap_or_default();
        let layout = Layout::new(&folder);
        let log = layout.log();
        if counterfoil_log_sled::exists(&log) {
            return Ok(counterfoil_log_sled::open(&log)?);
        }
        layout.refuse_gone_log()?;
        match &self.settings {
            Some(settings) => {
                let ledger = LedgerId(*settings.ledger.as_bytes());
                Ok(counterfoil_log_sled::create(&log, ledger, counterfoil_log::Settings::default())?)
            }
            None => Err(counterfoil_log::OpenError::Missing { path: log }.into()),
        }
    }
}

/// A writer that runs, and what the ledger was opened with.
struct Begun {
    shell: Shell,
    head: watch::Receiver<Head>,
    settings: Settings,
    /// What it is to be opened with, where it is new.
    first: Option<Settings>,
}

/// A writer that runs and nobody has yet: where the opening fails after all, or is given
/// up, it lets the log go.
struct Unopened(Option<Sender<Message>>);

impl Unopened {
    fn opened(mut self) {
        self.0 = None;
    }
}

impl Drop for Unopened {
    fn drop(&mut self) {
        if let Some(writer) = &self.0 {
            let _ = writer.send(Message::Close(tokio::sync::oneshot::channel().0));
        }
    }
}

/// Records the first event.
async fn open_with(ledger: &Counterfoil, settings: Settings, at: Option<Timestamp>) -> Result<(), OpenError> {
    let simulated = settings.clock == Clock::Simulated;
    // The ledger's own id serves, so that ledgers that are made alike begin alike.
    let id = settings.ledger;
    let mut request = Request::new(Command::OpenLedger(Box::new(settings))).id(id);
    if simulated {
        request = request.at(at.unwrap_or(Timestamp::from_micros(0)));
    }
    for answer in ledger.execute_batch(vec![request]).await {
        let _opened = answer.map_err(OpenError::Settings)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::account::Country;
    use counterfoil_domain::money::Currency;
    use counterfoil_domain::{Actor, Event, Recorded};
    use counterfoil_log::FrameBuilder;
    use counterfoil_log::memory::MemoryLog;

    use super::*;
    use crate::codec::{CODEC, encode};

    /// The log is followed while the writer reads it: where the writer refused it, what was
    /// followed was kept all the same.
    #[tokio::test]
    async fn of_a_log_that_is_refused_nothing_is_kept() {
        let log: Arc<dyn EventLog> = MemoryLog::new(LedgerId([7; 16])).unwrap().log();
        let another = Settings::new(Uuid::from_u128(8), [7; 16], Country::BR, Currency::BRL);
        let recorded = Recorded {
            position: 0,
            time: Timestamp::from_micros(0),
            actor: Actor::Platform,
            acting: None,
            command: Uuid::from_u128(1),
            cause: None,
            event: Event::LedgerOpened(Box::new(another)),
        };
        let mut builder = FrameBuilder::new();
        builder.push_with(|out| encode(&recorded, 1, None, out)).unwrap();
        let head = log.head();
        let (frame, _) = builder.seal(&head, log.ledger(), 0, CODEC);
        log.append(head, &[frame]).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let opened = Counterfoil::builder().path(folder.path()).log(log).open().await;
        assert!(matches!(opened, Err(OpenError::Breach { position: 0, .. })));
        for part in ["views", "state"] {
            let files = std::fs::read_dir(folder.path().join(part)).unwrap();
            assert_eq!(files.count(), 0, "{part}");
        }
    }

    /// Rows that were written and then not named, because so little had happened, stayed
    /// for good, and each opening added to them.
    #[tokio::test]
    async fn what_an_earlier_run_did_not_name_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
        let open = || Counterfoil::builder().path(folder.path());
        open().settings(settings).open().await.unwrap().close().await.unwrap();
        let left = folder.path().join("views").join("statement-0-9.run");
        std::fs::write(&left, "rows").unwrap();
        open().open().await.unwrap().close().await.unwrap();
        assert!(!left.exists());
    }
}
