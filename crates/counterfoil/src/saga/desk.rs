//! A desk: where one rail is asked and listened to, in order.
//!
//! It reads the durable log event by event, puts what an event asks, records what the answer
//! holds, and only then reads on. Where the rail is out of reach it stays at that ask: asks are
//! put in the order of their positions. An ask that cannot be put yet, for want of a payee say, is
//! set aside and put again when the rail is listened to next; it keeps no other waiting.
//!
//! What stays open (an ask that was set aside, or of whose answer nobody knows what it means) keeps
//! the bookmark before it, so that the next opening puts it again, and reports it again, until the
//! log shows an answer.

use std::collections::{BTreeMap, VecDeque};

use counterfoil_domain::bookmark::SetBookmark;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{Command, Ledger, ObjectId};
use counterfoil_rails::{Answer, Cursor, RailError, Told};

use super::error::SagaError;
use super::line::{Complete, Line, Refused, Wanted};
use super::marked::{answered, unanswered};
use super::now::Now;
use super::outcome::{Heard, Said, Unrecorded, Why};
use super::patience::Patience;
use super::record::{Came, Telling, execute, record};
use crate::Counterfoil;
use crate::error::ExecuteError;
use crate::feed::Feed;
use crate::request::Request;

/// The most facts of one page.
const PAGE: usize = 100;

/// How far the desk reads on before it marks its place, though no ask needs the mark.
const STRETCH: u64 = 4_096;

pub(super) struct Desk<L: Line> {
    line: L,
    patience: Patience,
    feed: Feed,
    /// The position that it reads next; every ask before it was answered, or waits here.
    next: u64,
    /// The bookmark in the log; `None` where every opening begins with the first event.
    marked: Option<u64>,
    /// Whether an ask was answered since, of which the log shows no answer.
    untraced: bool,
    waiting: VecDeque<Wanted<L::Ask>>,
    /// The asks that cannot be put yet.
    aside: Vec<Wanted<L::Ask>>,
    /// The asks that are open, each with its position.
    open: BTreeMap<ObjectId, u64>,
    cursor: Option<Cursor>,
    told: VecDeque<Told<L::Fact>>,
    /// Whether the rail has told everything for now.
    dry: bool,
    /// Whether it lost the desk's place since it was listened to last.
    lost: bool,
    heard: Heard,
}

impl<L: Line> Desk<L> {
    pub(super) async fn open(
        ledger: &Counterfoil,
        state: &Ledger,
        mut line: L,
        patience: Patience,
        rails_forget: bool,
    ) -> Result<Self, SagaError> {
        let bookmark = state.bookmark(&bookmark_name(&line)).map_or(0, |bookmark| bookmark.cursor);
        let (mut from, mut waiting) = (0, VecDeque::new());
        if !rails_forget {
            (from, waiting) = unanswered(ledger, &mut line, bookmark).await?;
        }
        Ok(Self {
            line,
            patience,
            feed: ledger.subscribe(from),
            next: from,
            marked: (!rails_forget).then_some(bookmark),
            untraced: waiting.iter().any(|wanted| !wanted.traced),
            waiting,
            aside: Vec::new(),
            open: BTreeMap::new(),
            cursor: None,
            told: VecDeque::new(),
            dry: false,
            lost: false,
            heard: Heard::default(),
        })
    }

    /// Puts every ask that is durable and was not answered.
    pub(super) async fn put(&mut self, ledger: &Counterfoil, now: &Now) -> Result<(), SagaError> {
        while let Some(wanted) = self.first().await? {
            self.settle(ledger, &wanted, now).await?;
            self.waiting.pop_front();
            self.untraced |= !wanted.traced;
        }
        self.mark(ledger, now).await
    }

    /// The first ask that was not answered.
    async fn first(&mut self) -> Result<Option<Wanted<L::Ask>>, SagaError> {
        while self.waiting.is_empty() {
            let Some(recorded) = self.feed.try_next().await? else { return Ok(None) };
            self.next = recorded.position + 1;
            if let Some(object) = answered(&recorded) {
                self.open.remove(&object);
                self.aside.retain(|wanted| wanted.key.id() != object);
            }
            self.waiting.extend(self.line.sees(&recorded));
        }
        Ok(self.waiting.front().cloned())
    }

    /// Asks until there is an answer, and records it.
    async fn settle(
        &mut self,
        ledger: &Counterfoil,
        wanted: &Wanted<L::Ask>,
        now: &Now,
    ) -> Result<(), SagaError> {
        let (key, id) = (wanted.key, wanted.key.id());
        let ask = match self.line.complete(ledger, wanted).await? {
            Complete::Ask(ask) => ask,
            Complete::Held(why) => {
                let said = Said::NotAsked { key };
                // It is put again each time somebody listens, and reported once each time.
                if !self.heard.unrecorded.iter().any(|left| left.said == said) {
                    self.leave(said, Why::Held(why));
                }
                self.open.insert(id, wanted.position);
                self.aside.push(wanted.clone());
                return Ok(());
            }
        };
        let answer = self.asked(wanted.at, &ask).await?;
        self.dry = false;
        self.open.remove(&id);
        match answer {
            Answer::Taken(known) => {
                // No rail moves the ledger's time on by its answer.
                let latest = wanted.at.max(now.get());
                for mut told in known {
                    told.at = told.at.min(latest);
                    self.take(ledger, &told, now).await?;
                }
            }
            Answer::Refused(refusal) => {
                let said = self.line.said_no(key, &refusal);
                let fact = Fact { name: format!("{key} refused"), said, at: wanted.at };
                match self.line.refused(&ask, &refusal) {
                    Refused::Command(command) => self.enter(ledger, fact, *command, now).await?,
                    Refused::Open => {
                        self.open.insert(id, wanted.position);
                        self.leave(fact.said, Why::NoCommand);
                    }
                    Refused::Unrecorded => self.leave(fact.said, Why::NoCommand),
                }
            }
        }
        Ok(())
    }

    /// Asks, and asks again where no answer comes, as often as patience lets it.
    async fn asked(&self, at: Timestamp, ask: &L::Ask) -> Result<Answer<L::Fact, L::Refusal>, SagaError> {
        let mut tries = 1;
        loop {
            let answer = tokio::time::timeout(self.patience.answer, self.line.ask(at, ask)).await;
            let error = match answer {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => error,
                Err(_) => silent(),
            };
            self.again(tries, error).await?;
            tries += 1;
        }
    }

    /// Waits before the next try; gives up where there is none.
    async fn again(&self, tries: u32, last: RailError) -> Result<(), SagaError> {
        let wished =
            if let RailError::OutOfReach { wait_seconds, .. } = &last { *wait_seconds } else { None };
        let hopeless = !matches!(last, RailError::OutOfReach { .. });
        if hopeless || tries >= self.patience.tries {
            return Err(SagaError::OutOfReach { rail: self.line.name().clone(), tries, last });
        }
        tokio::time::sleep(self.patience.wait(tries, wished)).await;
        Ok(())
    }

    /// When the next fact up to and with `until` happened; `None` where the rail tells no more.
    pub(super) async fn next_at(&mut self, until: Timestamp) -> Result<Option<Timestamp>, SagaError> {
        while self.told.is_empty() && !self.dry {
            // Who does not answer now is not asked for each fact of another again.
            let read = self.read(until).await;
            self.dry |= read.is_err();
            read?;
        }
        Ok(self.told.front().map(|told| told.at).filter(|at| *at <= until))
    }

    /// Reads a page of facts.
    async fn read(&mut self, until: Timestamp) -> Result<(), SagaError> {
        let mut tries = 1;
        loop {
            let page = self.line.facts(self.cursor.as_ref(), until, PAGE);
            let error = match tokio::time::timeout(self.patience.answer, page).await {
                Ok(Ok(page)) => {
                    let next = page.next.or_else(|| self.cursor.clone());
                    // Who does not get on has told all, whatever it says.
                    self.dry = next == self.cursor;
                    self.told.extend(page.told);
                    self.cursor = next;
                    return Ok(());
                }
                // A rail that lost its place is read from the beginning: each fact is taken once.
                Ok(Err(RailError::UnknownCursor { .. })) if self.cursor.is_some() && !self.lost => {
                    (self.cursor, self.lost) = (None, true);
                    continue;
                }
                Ok(Err(error)) => error,
                Err(_) => silent(),
            };
            self.again(tries, error).await?;
            tries += 1;
        }
    }

    /// Takes the next fact.
    pub(super) async fn take_next(&mut self, ledger: &Counterfoil, now: &Now) -> Result<(), SagaError> {
        if let Some(told) = self.told.front().cloned() {
            self.take(ledger, &told, now).await?;
            self.told.pop_front();
        }
        Ok(())
    }

    /// Begins to listen anew: the rail may have more to tell, and what was set aside may be mended.
    pub(super) fn listen(&mut self, now: &Now) {
        (self.dry, self.lost) = (false, false);
        for mut wanted in self.aside.drain(..).rev() {
            // A rail's clock may have gone on meanwhile.
            wanted.at = wanted.at.max(now.get());
            self.waiting.push_front(wanted);
        }
    }

    /// What came of the facts since this was asked last.
    pub(super) fn heard(&mut self) -> Heard {
        std::mem::take(&mut self.heard)
    }

    async fn take(&mut self, ledger: &Counterfoil, told: &Told<L::Fact>, now: &Now) -> Result<(), SagaError> {
        match self.line.telling(ledger, told).await? {
            Telling::Command(command) => {
                let fact = Fact { name: told.id.to_string(), said: self.line.said(told), at: told.at };
                self.enter(ledger, fact, *command, now).await
            }
            Telling::Implied => Ok(()),
            Telling::Unrecorded(why) => {
                self.leave(self.line.said(told), why);
                Ok(())
            }
        }
    }

    /// Records a fact. That the ledger refuses it is no reason to stop: it is reported.
    async fn enter(
        &mut self,
        ledger: &Counterfoil,
        fact: Fact,
        command: Command,
        now: &Now,
    ) -> Result<(), SagaError> {
        let Fact { name, said, at } = fact;
        let name = format!("rail {}: {name}", self.line.name());
        match record(ledger, name, command, at, now).await {
            Ok(Came::Recorded) => self.heard.recorded += 1,
            Ok(Came::Known) => self.heard.known += 1,
            Ok(Came::Contradicts(status)) => self.leave(said, Why::Contradicts { status }),
            Err(ExecuteError::Refused(refusal)) => self.leave(said, Why::Refused(refusal)),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn leave(&mut self, said: Said, why: Why) {
        let rail = self.line.name().clone();
        tracing::warn!(%rail, %said, %why, "what a rail said is not recorded");
        self.heard.unrecorded.push(Unrecorded { rail, said, why });
    }

    /// Marks in the log how far its asks were answered: up to the first that is open.
    async fn mark(&mut self, ledger: &Counterfoil, now: &Now) -> Result<(), SagaError> {
        let Some(marked) = self.marked else { return Ok(()) };
        let cursor = self.open.values().copied().fold(self.next, u64::min);
        if cursor <= marked || (!self.untraced && cursor - marked < STRETCH) {
            return Ok(());
        }
        let set = SetBookmark { name: bookmark_name(&self.line).into(), source: [0; 32], cursor };
        execute(ledger, Request::new(set), now.get(), now).await?;
        (self.marked, self.untraced) = (Some(cursor), false);
        Ok(())
    }
}

/// A fact, or a refused ask, that is to be recorded.
struct Fact {
    /// What no other fact of the rail is called.
    name: String,
    said: Said,
    at: Timestamp,
}

fn bookmark_name<L: Line>(line: &L) -> String {
    format!("asked of {}", line.name())
}

fn silent() -> RailError {
    RailError::OutOfReach { why: "it did not answer in time".into(), wait_seconds: None }
}
