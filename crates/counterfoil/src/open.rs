//! Opening a ledger: find or make its log, replay it, start its writer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Sender, sync_channel};

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{Command, Settings};
use counterfoil_log::{EventLog, LedgerId};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::clock::wall_clock;
use crate::codec::{Decoded, decode_frame};
use crate::counterfoil::{Counterfoil, Inner};
use crate::error::OpenError;
use crate::follow::{Following, Told};
use crate::ids::Ids;
use crate::projection::{Projection, Viewing, ViewsStopped};
use crate::request::Request;
use crate::sealing::Keys;
use crate::state::{Checkpoint, Keeper, Standing, StateShelf};
use crate::writer::{Message, Places, Stamper, Started, Writer, start};

/// How much of the log is read at once while replaying.
const READ_BYTES: usize = 4 << 20;

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

/// Where the parts of a data folder lie.
pub(crate) struct Layout<'a> {
    folder: &'a Path,
}

impl Layout<'_> {
    pub(crate) fn new(folder: &Path) -> Layout<'_> {
        Layout { folder }
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    pub(crate) fn views(&self) -> PathBuf {
        self.folder.join("views")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// Refuses a folder that has views or keys of a ledger, and no log.
    pub(crate) fn refuse_gone_log(&self) -> Result<(), OpenError> {
        let holds = |folder: PathBuf| std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
        if !counterfoil_log_sled::exists(&self.log())
            && (holds(self.views()) || holds(self.state()) || holds(self.keys()))
        {
            return Err(OpenError::LogGone { path: self.log() });
        }
        Ok(())
    }
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
        let found = self.find().await?;
        let settings = found.settings(self.settings.as_ref())?;
        let is_new = found.writer.position() == 0;
        let ledger = self.start(found, settings.clone()).await?;
        if is_new {
            open_with(&ledger, settings, self.opened_at).await?;
        }
        Ok(ledger)
    }

    /// Finds or makes the log, and reads what is there of it.
    async fn find(&self) -> Result<Found, OpenError> {
        let log = self.find_log()?;
        let views = self.path.as_deref().map(|folder| Layout::new(folder).views());
        let viewing = Viewing::load(views, &*log).await?;
        let state = self.state()?;
        // The writer and who follows the log begin at one place.
        let checkpoint = match &state {
            Some(state) => usable(state, &*log).await?,
            None => None,
        };
        let keeper = state.map(|state| match checkpoint.clone() {
            Some(checkpoint) => Keeper::resumed(state, checkpoint),
            None => Keeper::new(state, log.ledger()),
        });
        let writer = replay(&log, checkpoint).await?;
        Ok(Found { log, viewing, keeper, writer })
    }

    /// Starts the threads, and waits until the views answer for everything that was there at
    /// the opening.
    async fn start(&self, found: Found, settings: Settings) -> Result<Counterfoil, OpenError> {
        let Found { log, viewing, keeper, writer } = found;
        let refused = |source| OpenError::Io { path: self.path.clone().unwrap_or_default(), source };
        let clock = self.clock.unwrap_or(wall_clock);
        let known = writer.recalled().clone();
        let (recall, recalled) = watch::channel(known.clone());
        let Started { shell, head } = start(writer, log.clone(), clock, recalled).map_err(refused)?;
        let unopened = Unopened(Some(shell.messages.clone()));
        let (close, closing) = mpsc::channel(1);
        let (batches, seen) = sync_channel(BATCHES);
        let told = Told { views: Some(batches), writer: shell.messages.clone(), recalled: recall };
        let following = Following { log: log.clone(), keeper, next_frame: viewing.next_frame(), told };
        let projection = Projection::start(viewing, log.clone(), known, seen, close).map_err(refused)?;
        following.start(head.clone(), closing).map_err(refused)?;
        let position = log.head().next_position;
        let stopped = |stopped: ViewsStopped| OpenError::Breach { position, why: stopped.to_string() };
        projection.seen(position).await.map_err(stopped)?;
        unopened.opened();
        let inner = Inner {
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
        };
        Ok(Counterfoil { inner: Arc::new(inner) })
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

/// A log, and what was read of it before anything runs.
struct Found {
    log: Arc<dyn EventLog>,
    viewing: Viewing,
    /// Who makes checkpoints; none without a folder.
    keeper: Option<Keeper>,
    writer: Writer,
}

impl Found {
    /// The ledger's settings: those of its first event, or where there is none the given.
    fn settings(&self, given: Option<&Settings>) -> Result<Settings, OpenError> {
        let ledger = Uuid::from_bytes(self.log.ledger().0);
        if self.writer.position() == 0 {
            let given = given.cloned().ok_or(OpenError::NoSettings)?;
            // A log that was made and has no event yet keeps the id that its frames will carry.
            return Ok(Settings { ledger, ..given });
        }
        let settings = self.writer.ledger().settings().cloned().ok_or(OpenError::NoSettings)?;
        if settings.ledger != ledger {
            let why = "its first event is of another ledger than its frames".to_owned();
            return Err(OpenError::Breach { position: 0, why });
        }
        Ok(settings)
    }
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

/// The writer as the log has it: from the newest checkpoint that fits the log, or from
/// the first event.
async fn replay(log: &Arc<dyn EventLog>, checkpoint: Option<Checkpoint>) -> Result<Writer, OpenError> {
    let end = log.head();
    let mut writer = match checkpoint {
        Some(checkpoint) => Writer::resumed(log.clone(), checkpoint),
        None => Writer::new(log.clone()),
    };
    let mut next_frame = writer.next_frame();
    while next_frame < end.next_frame {
        let frames = log.read(next_frame, READ_BYTES).await?;
        if frames.is_empty() {
            let position = writer.position();
            let why =
                format!("the log ends with frame {}, and frame {next_frame} is not there", end.next_frame);
            return Err(OpenError::Breach { position, why });
        }
        for frame in frames {
            for decoded in decode_frame(&frame) {
                take_in(&mut writer, &decoded?, frame.recorded_at())?;
            }
            next_frame = frame.number() + 1;
        }
    }
    Ok(writer)
}

/// The newest checkpoint, where it is whole and of this log.
async fn usable(state: &StateShelf, log: &dyn EventLog) -> Result<Option<Checkpoint>, OpenError> {
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
