//! Rails that answer as a test says, tell what it hands them, and count what they are asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::rail::RailName;
use counterfoil::rails::{
    Answer, BankAnswer, BankAsk, BankFact, BankRail, CardAnswer, CardAsk, CardFact, CardRail, Cursor, FactId,
    Page, RailError, Told,
};

type Answering<A, T> = dyn Fn(&A) -> Result<T, RailError> + Send + Sync;

/// A rail of a test.
pub(crate) struct Scripted<A, F, T> {
    name: RailName,
    answer: Box<Answering<A, T>>,
    told: Mutex<Vec<Told<F>>>,
    asked: Mutex<Vec<A>>,
}

pub(crate) type Cards = Scripted<CardAsk, CardFact, CardAnswer>;
pub(crate) type Bank = Scripted<BankAsk, BankFact, BankAnswer>;

impl<A: Clone, F: Clone, T> Scripted<A, F, T> {
    fn new(name: &str, answer: impl Fn(&A) -> Result<T, RailError> + Send + Sync + 'static) -> Arc<Self> {
        let (name, answer) = (RailName::new(name).unwrap(), Box::new(answer));
        Arc::new(Self { name, answer, told: Mutex::default(), asked: Mutex::default() })
    }

    /// Tells a fact from now on.
    pub(crate) fn tell(&self, at: &str, fact: F) {
        let mut told = self.told.lock().unwrap();
        let id = FactId::new(&format!("fact_{}", told.len())).unwrap();
        told.push(Told { id, at: at.parse().unwrap(), fact });
    }

    /// Everything that it was asked.
    pub(crate) fn asked(&self) -> Vec<A> {
        self.asked.lock().unwrap().clone()
    }

    fn take(&self, ask: &A) -> Result<T, RailError> {
        self.asked.lock().unwrap().push(ask.clone());
        (self.answer)(ask)
    }

    fn page(&self, after: Option<&Cursor>, until: Timestamp) -> Page<F> {
        let read: usize = after.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let all = self.told.lock().unwrap();
        let told: Vec<Told<F>> = all.iter().filter(|told| told.at <= until).skip(read).cloned().collect();
        let end = read + told.len();
        Page { told, next: (end > 0).then(|| Cursor::new(&end.to_string()).unwrap()), more: false }
    }
}

/// A processor that answers so.
pub(crate) fn cards(
    answer: impl Fn(&CardAsk) -> Result<CardAnswer, RailError> + Send + Sync + 'static,
) -> Arc<Cards> {
    Scripted::new("card", answer)
}

/// A bank that answers so.
pub(crate) fn bank(
    answer: impl Fn(&BankAsk) -> Result<BankAnswer, RailError> + Send + Sync + 'static,
) -> Arc<Bank> {
    Scripted::new(RailName::BANK, answer)
}

/// A bank that takes everything and says nothing.
pub(crate) fn quiet_bank() -> Arc<Bank> {
    bank(|_| Ok(Answer::Taken(Vec::new())))
}

/// A processor that takes everything and says nothing.
pub(crate) fn quiet_cards() -> Arc<Cards> {
    cards(|_| Ok(Answer::Taken(Vec::new())))
}

/// No answer.
pub(crate) fn silence<T>() -> Result<T, RailError> {
    Err(RailError::OutOfReach { why: "the line broke".into(), wait_seconds: None })
}

#[async_trait]
impl CardRail for Cards {
    fn name(&self) -> &RailName {
        &self.name
    }

    async fn ask(&self, _: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.take(ask)
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        _: usize,
    ) -> Result<Page<CardFact>, RailError> {
        Ok(self.page(after, until))
    }
}

#[async_trait]
impl BankRail for Bank {
    fn name(&self) -> &RailName {
        &self.name
    }

    async fn ask(&self, _: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError> {
        self.take(ask)
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        _: usize,
    ) -> Result<Page<BankFact>, RailError> {
        Ok(self.page(after, until))
    }
}
