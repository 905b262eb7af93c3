//! Following a log that fails, and what is told of it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel, sync_channel};

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{Actor, Event, Recorded};
use counterfoil_log::memory::MemoryLog;
use counterfoil_log::{AppendError, EventLog, Frame, FrameBuilder, Hash, Head, LedgerId, ReadError};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::{Following, News, Told};
use crate::codec::{CODEC, encode};
use crate::projection::{Projection, Viewing};
use crate::state::Recalled;
use crate::writer::Message;

/// A log that holds a frame and does not give it.
struct Gone {
    panics: bool,
}

#[async_trait]
impl EventLog for Gone {
    fn ledger(&self) -> LedgerId {
        LedgerId([7; 16])
    }

    fn head(&self) -> Head {
        Head { next_frame: 1, next_position: 1, hash: Hash([1; 32]), epoch: 0 }
    }

    async fn append(&self, expected: Head, _: &[Frame]) -> Result<Head, AppendError> {
        Ok(expected)
    }

    async fn read(&self, asked: u64, _: usize) -> Result<Vec<Frame>, ReadError> {
        assert!(!self.panics, "the log is gone");
        Err(ReadError::BeyondHead { asked, next_frame: 0 })
    }

    async fn frame_of(&self, _: u64) -> Result<Option<Frame>, ReadError> {
        Ok(None)
    }

    async fn take_epoch(&self, _: i64) -> Result<Head, AppendError> {
        Ok(self.head())
    }

    async fn close(&self) -> Result<(), AppendError> {
        Ok(())
    }
}

/// What the writer and the views are told by who follows this log.
fn told(log: Gone) -> (Receiver<Message>, Receiver<News>) {
    let (writer, messages) = channel();
    let (views, news) = sync_channel(1);
    let (recalled, _) = watch::channel(Recalled::default());
    let log: Arc<dyn EventLog> = Arc::new(log);
    let (_, head) = watch::channel(log.head());
    let told = Told { views: Some(views), writer, recalled };
    let following = Following { log, keeper: None, next_frame: 0, told };
    following.start(head, mpsc::channel(1).1).unwrap();
    (messages, news)
}

/// A frame with one event, at the end of a log.
async fn append(log: &dyn EventLog) {
    let head = log.head();
    let recorded = Recorded {
        position: head.next_position,
        time: Timestamp::from_micros(0),
        actor: Actor::Time,
        acting: None,
        command: Uuid::nil(),
        cause: None,
        event: Event::TimeAdvanced { to: Timestamp::from_micros(0) },
    };
    let mut builder = FrameBuilder::new();
    builder.push_with(|out| encode(&recorded, 1, None, out)).unwrap();
    let (frame, _) = builder.seal(&head, log.ledger(), 0, CODEC);
    log.append(head, &[frame]).await.unwrap();
}

/// The memory of a batch that the views are done with is used again; what it held is not.
#[tokio::test]
async fn a_batch_holds_what_is_new_alone() {
    let log: Arc<dyn EventLog> = MemoryLog::new(LedgerId([7; 16])).unwrap().log();
    let (head, followed) = watch::channel(log.head());
    let (views, news) = sync_channel(1);
    let told =
        Told { views: Some(views), writer: channel().0, recalled: watch::channel(Recalled::default()).0 };
    let (_close, closing) = mpsc::channel(1);
    let following = Following { log: log.clone(), keeper: None, next_frame: 0, told };
    following.start(followed, closing).unwrap();
    for position in 0..5 {
        append(&*log).await;
        head.send_replace(log.head());
        let Ok(News::Happened(batch)) = news.recv() else { panic!("the views are told") };
        let positions: Vec<u64> = batch.events.iter().map(|recorded| recorded.position).collect();
        assert_eq!((positions, batch.heads.len()), (vec![position], 1));
    }
}

/// A writer that was far ahead waited for ever for who had stopped.
#[test]
fn who_follows_no_more_holds_nobody_back() {
    for panics in [false, true] {
        let messages: Vec<Message> = told(Gone { panics }).0.iter().collect();
        assert!(matches!(messages[..], [Message::Followed(u64::MAX)]), "panics: {panics}");
    }
}

/// A log that could not be read for now was told as damage, with its exit code.
#[test]
fn a_log_that_is_not_to_be_read_now_is_not_damaged() {
    let (_messages, news) = told(Gone { panics: false });
    let Ok(News::Stopped(stopped)) = news.recv() else { panic!("the views are told why") };
    assert!(!stopped.is_corruption && !stopped.why.is_empty(), "{stopped}");
}

/// Symptom: a thread that panicked while it followed the log was told to callers as "the ledger
/// is closed", and so was what they might do. Cause: the views heard nothing from it any more,
/// as at the end. Fix: it says what it was at before it is gone.
#[tokio::test]
async fn who_panics_while_following_says_so_to_who_waits_for_the_views() {
    let sound = MemoryLog::new(LedgerId([7; 16])).unwrap().log();
    let viewing = Viewing::load(None, &*sound).await.unwrap();
    let (close, closing) = mpsc::channel(1);
    let (views, news) = sync_channel(1);
    let projection = Projection::start(viewing, sound, Recalled::default(), news, close).unwrap();
    let log: Arc<dyn EventLog> = Arc::new(Gone { panics: true });
    let (_, head) = watch::channel(log.head());
    let recalled = watch::channel(Recalled::default()).0;
    let told = Told { views: Some(views), writer: channel().0, recalled };
    Following { log, keeper: None, next_frame: 0, told }.start(head, closing).unwrap();
    let stopped = projection.seen(1).await.unwrap_err();
    for words in ["panicked while reading the log, at frame 0", "open the ledger again", "counterfoil audit"]
    {
        assert!(stopped.why.contains(words), "{words} is not said: {stopped}");
    }
    assert!(!stopped.why.contains("closed") && !stopped.is_corruption, "{stopped}");
    // Closing has an end all the same.
    projection.close().await;
}
