//! A processor and a bank that outlive the process: what they did stands in files of their own,
//! synced before they answer, and each step at which the process may die is counted.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::money::Money;
use counterfoil::domain::rail::RailName;
use counterfoil::rails::bank::{BankOrder, Flow, OrderResult};
use counterfoil::rails::card::{CardOrder, Decline, DisputeOutcome, DisputeReason, DisputeStage, FraudType};
use counterfoil::rails::{
    Answer, AskKey, BankAnswer, BankAsk, BankFact, BankRail, CardAnswer, CardAsk, CardFact, CardRail, Cursor,
    DisputeRef, FactId, Page, RailError, Told, WarningRef,
};

/// Counts steps, and kills the process at one of them.
pub(crate) struct Steps {
    reached: AtomicU64,
    dies_at: u64,
}

impl Steps {
    pub(crate) fn new(dies_at: u64) -> Self {
        Self { reached: AtomicU64::new(0), dies_at }
    }

    /// A place at which the process may die, by `kill -9`.
    pub(crate) fn reach(&self) {
        if self.reached.fetch_add(1, Ordering::SeqCst) + 1 == self.dies_at {
            let pid = std::process::id().to_string();
            Command::new("kill").args(["-9", &pid]).status().unwrap();
            loop {
                thread::sleep(Duration::from_secs(1));
            }
        }
    }

    pub(crate) fn reached(&self) -> u64 {
        self.reached.load(Ordering::SeqCst)
    }
}

/// A file of lines that is synced after each: `<key> <instant> <what>`.
struct Book {
    path: PathBuf,
    open: Mutex<()>,
}

impl Book {
    fn new(folder: &Path, name: &str) -> Self {
        Self { path: folder.join(name), open: Mutex::new(()) }
    }

    fn lines(&self) -> Vec<[String; 3]> {
        read(&self.path)
    }

    /// What was done under a key, now or before: the very first time it is done now.
    fn once(&self, steps: &Steps, key: AskKey, at: Timestamp, what: &str) -> [String; 3] {
        let _open = self.open.lock().unwrap();
        steps.reach();
        let asked = self.path.with_extension("asked");
        append(&asked, &format!("{key} {at} {what}"));
        let key = key.to_string();
        if let Some(done) = self.lines().into_iter().find(|[of, ..]| *of == key) {
            assert_eq!(done[2], what, "another ask under the key {key}");
            return done;
        }
        append(&self.path, &format!("{key} {at} {what}"));
        steps.reach();
        [key, at.to_string(), what.to_owned()]
    }
}

fn append(path: &Path, line: &str) {
    let mut file: File = OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{line}").unwrap();
    file.sync_all().unwrap();
}

/// The lines of a book; none where it was never written.
pub(crate) fn read(path: &Path) -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let parts = |line: &str| {
        let mut parts = line.splitn(3, ' ').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap())
    };
    text.lines().map(parts).collect()
}

/// The facts after a cursor, which is a count.
fn page<F: Clone>(mut all: Vec<Told<F>>, after: Option<&Cursor>, until: Timestamp, most: usize) -> Page<F> {
    all.sort_by_key(|told| told.at);
    let read: usize = after.map_or(0, |cursor| cursor.as_str().parse().unwrap());
    let due = all.partition_point(|told| told.at <= until).max(read);
    let end = due.min(read + most);
    let next = (end > 0).then(|| Cursor::new(&end.to_string()).unwrap());
    Page { told: all[read.min(all.len())..end.min(all.len())].to_vec(), next, more: end < due }
}

fn told<F>(key: &str, number: u8, at: Timestamp, fact: F) -> Told<F> {
    Told { id: FactId::new(&format!("fact_{key}_{number}")).unwrap(), at, fact }
}

/// What comes of a payment that is warned of, inquired about, disputed, answered and won: each with the
/// days since.
fn troubles(payment: AskKey, amount: Money, at: Timestamp) -> Vec<(i64, CardFact)> {
    let dispute = || DisputeRef::new(&format!("dp_{payment}")).unwrap();
    let warning = WarningRef::new(&format!("issfr_{payment}")).unwrap();
    let (fee, due_by) = (None, at.plus_seconds(20 * 86_400));
    let (reason, stage) = (DisputeReason::Fraudulent, DisputeStage::Inquiry);
    let (outcome, fees_returned) = (DisputeOutcome::Won, None);
    vec![
        (2, CardFact::FraudWarning { warning, payment, fraud_type: FraudType::MadeWithStolenCard }),
        (3, CardFact::DisputeOpened { dispute: dispute(), payment, amount, reason, stage, due_by, fee }),
        (3, CardFact::EvidenceReceived { dispute: dispute(), payment, stage: stage.answered(), fee }),
        (4, CardFact::DisputeEscalated { dispute: dispute(), payment, due_by, fee }),
        (4, CardFact::FundsWithdrawn { dispute: dispute(), payment, amount }),
        (
            5,
            CardFact::EvidenceReceived { dispute: dispute(), payment, stage: DisputeStage::UnderReview, fee },
        ),
        (6, CardFact::FundsReinstated { dispute: dispute(), payment, amount }),
        (6, CardFact::DisputeClosed { dispute: dispute(), payment, outcome, fees_returned }),
    ]
}

/// A card processor. Of every second key its answer says nothing, and the facts come later.
pub(crate) struct Processor {
    name: RailName,
    book: Book,
    steps: &'static Steps,
}

impl Processor {
    pub(crate) fn new(folder: &Path, steps: &'static Steps) -> Self {
        Self { name: RailName::new("card").unwrap(), book: Book::new(folder, "cards"), steps }
    }

    fn facts_of([key, at, what]: &[String; 3]) -> Vec<Told<CardFact>> {
        let payment: AskKey = key.parse().unwrap();
        let (name, amount) = what.split_once(' ').unwrap();
        let at: Timestamp = at.parse().unwrap();
        let amount = counterfoil::domain::money::Money::new(
            counterfoil::domain::money::Currency::USD,
            amount.parse().unwrap(),
        );
        let fact = match name {
            "tok_visa" | "tok_disputed" => {
                CardFact::Captured { payment, capture: payment, amount, last: true, available_on: None }
            }
            "refund" => CardFact::RefundSucceeded { refund: payment, payment, amount },
            _ => CardFact::Declined { payment, code: Decline::LostCard },
        };
        let mut facts = vec![told(key, 1, at, fact)];
        if name == "tok_disputed" {
            let troubles = (2..).zip(troubles(payment, amount, at));
            facts.extend(
                troubles.map(|(number, (day, fact))| told(key, number, at.plus_seconds(day * 86_400), fact)),
            );
        }
        facts
    }
}

#[async_trait]
impl CardRail for Processor {
    fn name(&self) -> &RailName {
        &self.name
    }

    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        let what = match &ask.order {
            CardOrder::Authorise { card, amount, .. } => format!("{} {}", card.as_str(), amount.minor),
            CardOrder::Refund { amount, .. } => format!("refund {}", amount.minor),
            other => panic!("{other:?}"),
        };
        let done = self.book.once(self.steps, ask.key, at, &what);
        let says_nothing = ask.key.id().position() % 2 == 1;
        let known = Self::facts_of(&done).into_iter().take(1);
        Ok(Answer::Taken(known.filter(|_| !says_nothing).collect()))
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        self.steps.reach();
        let all = self.book.lines().iter().flat_map(Self::facts_of).collect();
        Ok(page(all, after, until, most))
    }
}

/// A bank that pays out on the day it was told, and takes every third payout back a day later.
pub(crate) struct Bank {
    name: RailName,
    book: Book,
    steps: &'static Steps,
}

impl Bank {
    pub(crate) fn new(folder: &Path, steps: &'static Steps) -> Self {
        Self { name: RailName::new(RailName::BANK).unwrap(), book: Book::new(folder, "bank"), steps }
    }

    fn facts_of([key, _, what]: &[String; 3]) -> Vec<Told<BankFact>> {
        use counterfoil::domain::money::{Currency, Money};
        use counterfoil::domain::payout::FailureCode::AccountClosed;
        let order: AskKey = key.parse().unwrap();
        let parts: Vec<&str> = what.split(' ').collect();
        let amount = Money::new(Currency::USD, parts[0].parse().unwrap());
        let paid: Timestamp = parts[1].parse().unwrap();
        let fact = |result| BankFact { order, flow: Flow::Payout, amount, result };
        let mut facts = vec![told(key, 1, paid, fact(OrderResult::Done))];
        if parts[2].ends_with('1') {
            let returned = fact(OrderResult::Returned(AccountClosed));
            facts.push(told(key, 2, paid.plus_seconds(86_400), returned));
        }
        facts
    }
}

#[async_trait]
impl BankRail for Bank {
    fn name(&self) -> &RailName {
        &self.name
    }

    async fn ask(&self, at: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError> {
        let BankOrder::PayOut { to, amount, arrive_on } = &ask.order else { panic!("{ask:?}") };
        let number = to.details.as_ref().unwrap().number();
        let what = format!("{} {} {number}", amount.minor, arrive_on.unwrap());
        self.book.once(self.steps, ask.key, at, &what);
        Ok(Answer::Taken(Vec::new()))
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<BankFact>, RailError> {
        self.steps.reach();
        let all = self.book.lines().iter().flat_map(Self::facts_of).collect();
        Ok(page(all, after, until, most))
    }
}
