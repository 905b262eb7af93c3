//! `kill -9` between any two steps: nobody is charged or paid twice, and nothing is left undone.
//!
//! The child tells a story on a real data folder, with a processor and a bank whose books are
//! files of their own. It can die before and after each append to the log, each effect at a rail
//! and each reading of facts. The parent kills it at every one of these places in turn, starts it
//! again, and compares what the rails did and what the ledger holds with a run that nobody killed.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use counterfoil::Counterfoil;
use counterfoil::domain::money::Minor;
use counterfoil::domain::refund::Refund;
use counterfoil::domain::{AccountId, Event, Record};
use counterfoil::log::{AppendError, EventLog, Frame, Head, LedgerId, ReadError};
use counterfoil::saga::{Paid, Saga};

use crate::processor::{Bank, Processor, Steps, read};
use crate::shop::{MONDAY, at, events, impatient, onboard, sale, settings};

const FOLDER: &str = "COUNTERFOIL_SAGA_FOLDER";
const DIES_AT: &str = "COUNTERFOIL_SAGA_DIES_AT";

/// A log that may die before and after each append.
struct Mortal {
    log: Arc<dyn EventLog>,
    steps: &'static Steps,
}

#[async_trait]
impl EventLog for Mortal {
    fn ledger(&self) -> LedgerId {
        self.log.ledger()
    }

    fn head(&self) -> Head {
        self.log.head()
    }

    async fn append(&self, expected: Head, frames: &[Frame]) -> Result<Head, AppendError> {
        self.steps.reach();
        let head = self.log.append(expected, frames).await;
        self.steps.reach();
        head
    }

    async fn read(&self, from_frame: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError> {
        self.log.read(from_frame, max_bytes).await
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

/// The process that is killed. It tells the whole story from its beginning, whoever told some
/// of it before: every request of its own has an idempotency key.
#[tokio::test]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let dies_at = std::env::var(DIES_AT).map_or(0, |text| text.parse().unwrap());
    let steps: &'static Steps = Box::leak(Box::new(Steps::new(dies_at)));
    let path = folder.join("log");
    let log = if counterfoil_log_sled::exists(&path) {
        counterfoil_log_sled::open(&path)
    } else {
        let ledger = LedgerId(*settings().ledger.as_bytes());
        counterfoil_log_sled::create(&path, ledger, counterfoil::log::Settings::default())
    };
    let log = Arc::new(Mortal { log: log.unwrap(), steps });
    let shop = Counterfoil::builder().path(folder).log(log).settings(settings()).opened_at(at(MONDAY));
    let shop = shop.open().await.unwrap();
    let rails = (Arc::new(Processor::new(folder, steps)), Arc::new(Bank::new(folder, steps)));
    let saga = Saga::builder(&shop, rails.0, rails.1).patience(impatient()).open().await.unwrap();

    let bakery = onboard(&shop, "bakery", "000000000001").await;
    let florist = onboard(&shop, "florist", "000000000002").await;
    let orders = [
        (MONDAY, bakery, 10_000, "tok_visa"),
        (MONDAY, florist, 20_000, "tok_visa"),
        (MONDAY, florist, 50_000, "tok_disputed"),
        ("2026-03-02T11:00:00Z", florist, 30_000, "tok_lost"),
        ("2026-03-03T11:00:00Z", florist, 40_000, "tok_visa"),
    ];
    let mut newest = None;
    for (number, (when, seller, minor, card)) in (1..).zip(orders) {
        let asked = shop.execute(sale(seller, minor, card)).idempotent(format!("order-{number}"));
        if let Paid::Captured { charge, .. } | Paid::Unknown { charge } =
            saga.charge(asked.at(at(when))).await.unwrap()
        {
            newest = Some(charge);
        }
    }
    let refund = Refund { amount: Some(1_000), ..Refund::full(newest.unwrap()) };
    saga.hear(at("2026-03-03T12:00:00Z")).await.unwrap();
    let _receipt = shop.execute(refund).idempotent("back").at(at("2026-03-03T12:00:00Z")).await.unwrap();
    saga.put().await.unwrap();
    saga.advance(at("2026-03-10")).await.unwrap();
    println!("\nreached {}", steps.reached());
    shop.close().await.unwrap();
}

/// Runs the child; how many steps it took, where it lived to its end.
fn run(folder: &Path, dies_at: u64) -> Option<u64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["crash::child", "--exact", "--nocapture"]).env(FOLDER, folder);
    let child = command.env(DIES_AT, dies_at.to_string()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = child.spawn().unwrap().wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let reached = printed.lines().find_map(|line| line.strip_prefix("reached "));
    if output.status.code().is_some() {
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the child failed by itself: {printed}{errors}");
    }
    reached.map(|count| count.parse().unwrap())
}

/// What the rails did, in their own words but without keys and instants; and how often they were
/// asked.
fn done(folder: &Path, book: &str) -> (Vec<String>, usize) {
    let lines = read(&folder.join(book));
    let mut keys: Vec<&String> = lines.iter().map(|[key, ..]| key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), lines.len(), "nothing is done twice under one key: {lines:?}");
    let mut words: Vec<String> = lines.iter().map(|[_, _, what]| what.clone()).collect();
    words.sort_unstable();
    (words, read(&folder.join(book).with_extension("asked")).len())
}

/// What the ledger holds in the end: its steps of money, and every account's balances.
async fn held(folder: &Path) -> (Vec<String>, Vec<[Minor; 4]>) {
    let log = counterfoil_log_sled::open(&folder.join("log")).unwrap();
    let shop = Counterfoil::builder().path(folder).log(log).open().await.unwrap();
    let events = events(&shop).await;
    let mut laws = counterfoil::domain::laws::Laws::new();
    let mut words = Vec::new();
    for recorded in &events {
        laws.check(recorded).unwrap();
        match &recorded.event {
            Event::Moved(moved) => {
                if let Record::Refund(_, refund) = &moved.subject.record {
                    words.push(format!("{} {} {}", recorded.time, moved.step.name(), refund.amount));
                }
                if let Record::Dispute(_, dispute) = &moved.subject.record {
                    let (step, stands) = (moved.step.name(), dispute.status.name());
                    words.push(format!("{} {step} {stands} {}", recorded.time, dispute.withdrawn));
                }
                if let Record::Charge(_, charge) = &moved.subject.record {
                    words.push(format!("{} {} {:?}", recorded.time, moved.step.name(), charge.amount));
                }
            }
            Event::PayoutCreated(moved) | Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
                let (name, amount) = (recorded.event.name(), moved.payout.amount);
                words.push(format!("{} {name} {amount} of {}", recorded.time, moved.payout.account));
            }
            _ => {}
        }
    }
    let ledger = shop.ledger().await.unwrap();
    assert_eq!(laws.finish(&ledger), []);
    let balances = (0..ledger.accounts().len() as u32).map(|number| {
        let wallet = ledger.account(AccountId(number)).unwrap().wallet(settings().currency).cloned();
        let wallet = wallet.unwrap_or_default();
        [wallet.pending, wallet.available, wallet.in_transit, wallet.paid_out]
    });
    let balances = balances.collect();
    shop.close().await.unwrap();
    words.sort_unstable();
    (words, balances)
}

/// The dispute went its whole way, once.
fn assert_dispute(words: &[String]) {
    let disputed: Vec<&str> =
        words.iter().filter(|word| word.contains("dispute_")).map(|word| &word[21..]).collect();
    assert_eq!(
        disputed,
        [
            "dispute_evidence_submitted warning_under_review 0",
            "dispute_opened warning_needs_response 0",
            "dispute_escalated needs_response 50000",
            "dispute_evidence_submitted under_review 50000",
            "dispute_won won 0",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_charged_or_paid_twice_wherever_the_process_dies() {
    let whole = tempfile::tempdir().unwrap();
    let steps = run(whole.path(), 0).expect("nobody killed it");
    let (cards, cards_asked) = done(whole.path(), "cards");
    let (bank, bank_asked) = done(whole.path(), "bank");
    assert_eq!(
        cards,
        [
            "refund 1000",
            "tok_disputed 50000",
            "tok_lost 30000",
            "tok_visa 10000",
            "tok_visa 20000",
            "tok_visa 40000"
        ]
    );
    // 85.00 of the bakery, which come back; 670.00 and 385.00 of the florist, two days apart.
    assert_eq!(bank.len(), 3, "{bank:?}");
    assert_eq!((cards_asked, bank_asked), (6, 3));
    let expected = held(whole.path()).await;
    // The platform's 60.00 less the 10.00 refunded and the 15.00 of the dispute that was won; the bakery's
    // 85.00 came back; the florist has 1,055.00 at her bank.
    assert_eq!(expected.1, [[0, 3_500, 0, 0], [0, 8_500, 0, 0], [0, 0, 0, 105_500]]);
    assert_dispute(&expected.0);
    assert!(steps > 60, "{steps}");

    let (cards, bank, expected) = (Arc::new(cards), Arc::new(bank), Arc::new(expected));
    let next = Arc::new(AtomicU64::new(1));
    // Most of the time is a disk's: several die at once.
    let workers = (0..8).map(|_| {
        let (cards, bank, expected, next) = (cards.clone(), bank.clone(), expected.clone(), next.clone());
        tokio::spawn(async move {
            let mut asked_again = 0;
            loop {
                let dies_at = next.fetch_add(1, Ordering::SeqCst);
                if dies_at > steps {
                    return asked_again;
                }
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().to_owned();
                tokio::task::spawn_blocking(move || {
                    assert_eq!(run(&path, dies_at), None, "it dies at step {dies_at}");
                    run(&path, 0).expect("nobody killed it this time");
                })
                .await
                .unwrap();
                let (again, cards_asked) = done(folder.path(), "cards");
                assert_eq!(again, *cards, "died at step {dies_at}");
                let (again, bank_asked) = done(folder.path(), "bank");
                assert_eq!(again, *bank, "died at step {dies_at}");
                assert_eq!(held(folder.path()).await, *expected, "died at step {dies_at}");
                asked_again += cards_asked + bank_asked - 9;
            }
        })
    });
    let mut asked_again = 0;
    for worker in workers.collect::<Vec<_>>() {
        asked_again += worker.await.unwrap();
    }
    assert!(asked_again >= 7, "after some deaths a rail was asked again: {asked_again}");
}

/// Dying once more while it mends what the first death left.
#[tokio::test]
async fn nor_where_it_dies_again_and_again() {
    let whole = tempfile::tempdir().unwrap();
    run(whole.path(), 0).expect("nobody killed it");
    let expected = (done(whole.path(), "cards").0, done(whole.path(), "bank").0, held(whole.path()).await);
    for pace in [3, 4, 5, 7, 11, 13] {
        let folder = tempfile::tempdir().unwrap();
        let mut lives = 1;
        // It takes more steps to die each time, so that it gets on.
        while run(folder.path(), pace + lives).is_none() {
            lives += 1;
            assert!(lives < 200, "it gets on");
        }
        let came = (done(folder.path(), "cards").0, done(folder.path(), "bank").0, held(folder.path()).await);
        assert_eq!(came, expected, "at pace {pace}, after {lives} lives");
    }
}
