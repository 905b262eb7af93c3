//! What every simulator does: it answers an ask once, and tells what comes as its clock goes on.

use std::collections::BTreeMap;

use counterfoil_domain::calendar::Timestamp;

use crate::diary::Diary;
use crate::{Answer, AskKey, Cursor, Page, RailError, Told};

/// What was asked under each key, and answered.
pub(crate) type Given<A, F, R> = BTreeMap<AskKey, (A, Answer<F, R>)>;

/// A simulator: what it is asked and tells is its own, how is the same for all.
pub(crate) trait Simulating: Sized {
    type Ask: Clone + PartialEq;
    type Happening;
    type Fact: Clone;
    type Refusal: Clone;

    fn key(ask: &Self::Ask) -> AskKey;

    /// The refusal of something else under a key that was used.
    fn reused(key: AskKey) -> Self::Refusal;

    fn given(&mut self) -> &mut Given<Self::Ask, Self::Fact, Self::Refusal>;

    fn diary(&mut self) -> &mut Diary<Self::Happening, Self::Fact>;

    /// Takes an ask that is new, with what is known of it at once.
    fn take(&mut self, at: Timestamp, ask: &Self::Ask) -> Result<Vec<Told<Self::Fact>>, Self::Refusal>;

    /// Something that was planned happens, if it still can.
    fn happen(&mut self, at: Timestamp, key: AskKey, happening: Self::Happening);

    /// Takes an ask, once what was due by then has been told. A repeated ask gets its first answer,
    /// whenever it comes.
    fn put(
        &mut self,
        at: Timestamp,
        ask: &Self::Ask,
    ) -> Result<Answer<Self::Fact, Self::Refusal>, RailError> {
        let key = Self::key(ask);
        if let Some((first, answer)) = self.given().get(&key) {
            return Ok(if first == ask { answer.clone() } else { Answer::Refused(Self::reused(key)) });
        }
        self.diary().check(at)?;
        self.pass(at);
        let answer = match self.take(at, ask) {
            Ok(told) => Answer::Taken(told),
            Err(refusal) => Answer::Refused(refusal),
        };
        self.given().insert(key, (ask.clone(), answer.clone()));
        Ok(answer)
    }

    /// Takes these asks, in the order of their instants.
    fn put_all(mut self, asks: impl IntoIterator<Item = (Timestamp, Self::Ask)>) -> Result<Self, RailError> {
        for (at, ask) in asks {
            self.put(at, &ask)?;
        }
        Ok(self)
    }

    /// Tells everything that is due up to and with `until`.
    fn pass(&mut self, until: Timestamp) {
        while let Some((at, key, happening)) = self.diary().next(until) {
            self.happen(at, key, happening);
        }
    }

    /// A page of what came after a cursor. Where all that has been told is read already, the clock
    /// goes on to the next instant at which something is told, and no further.
    fn page(
        &mut self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<Self::Fact>, RailError> {
        while !self.diary().has_unread(after)? {
            let Some(due) = self.diary().next_due().filter(|due| *due <= until) else {
                self.pass(until);
                break;
            };
            self.pass(due);
        }
        self.diary().page(after, until, most)
    }
}
