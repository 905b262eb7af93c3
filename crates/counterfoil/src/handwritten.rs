//! Logs written by hand: as an earlier release left them, or a crash between two frames.

use std::path::Path;
use std::sync::Arc;

use counterfoil_domain::account::{Country, OnboardAccount};
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::Charge;
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::settings::{Clock, Settings};
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::transfer::{QueueTransfer, Transfer};
use counterfoil_domain::{AccountId, Actor, Event, Recorded, Step};
use counterfoil_log::memory::MemoryLog;
use counterfoil_log::{EventLog, FrameBuilder, LedgerId};
use uuid::Uuid;

use crate::Counterfoil;
use crate::audit::{Verdict, audit};
use crate::codec::{CODEC, encode};
use crate::layout::Layout;

const LEDGER: Uuid = Uuid::from_u128(7);
const PLATFORM: AccountId = AccountId::PLATFORM;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

fn new_log() -> Arc<dyn EventLog> {
    MemoryLog::new(LedgerId(*LEDGER.as_bytes())).unwrap().log()
}

async fn open(log: Arc<dyn EventLog>) -> Counterfoil {
    let settings = Settings::new(LEDGER, [7; 16], Country::BR, Currency::BRL);
    let settings = Settings { clock: Clock::Simulated, ..settings };
    Counterfoil::builder().log(log).settings(settings).opened_at(at("2026-03-02")).open().await.unwrap()
}

/// Every event of a ledger.
async fn events(ledger: &Counterfoil) -> Vec<Recorded> {
    let mut feed = ledger.subscribe(0);
    let mut events = Vec::new();
    while let Some(recorded) = feed.try_next().await.unwrap() {
        events.push(recorded);
    }
    events
}

/// Appends events to a log, each in a frame and a command of its own.
async fn append(log: &dyn EventLog, events: &[Recorded]) {
    for recorded in events {
        let head = log.head();
        assert_eq!(recorded.position, head.next_position);
        let mut builder = FrameBuilder::new();
        builder.push_with(|out| encode(recorded, 1, None, out)).unwrap();
        let (frame, _) = builder.seal(&head, log.ledger(), recorded.time.micros(), CODEC);
        log.append(head, &[frame]).await.unwrap();
    }
}

fn names(events: &[Recorded]) -> Vec<&'static str> {
    events.iter().map(|recorded| recorded.event.name()).collect()
}

/// A bakery that has 90.00 from a top-up, which the platform took back from it.
async fn bakery(ledger: &Counterfoil) -> (AccountId, MarkTopupReversed) {
    let onboarding = OnboardAccount::new(Country::BR, Currency::BRL);
    let account = ledger.execute(Box::new(onboarding)).await.unwrap().reply;
    let topup = CreateTopup::new(account, brl(9_000));
    let topup = ledger.execute(topup).await.unwrap().reply.object;
    let _arrived = ledger.execute(MarkTopupSucceeded { topup }).await.unwrap();
    let _debited = ledger.execute(DebitAccount::new(account, brl(9_000))).await.unwrap();
    (account, MarkTopupReversed { topup })
}

/// What the platform has available and holds, and what the bakery has available.
async fn balances(ledger: &Counterfoil, bakery: AccountId) -> [i64; 3] {
    let ledger = ledger.ledger().await.unwrap();
    let platform = ledger.account(PLATFORM).unwrap().wallet(Currency::BRL).unwrap();
    let bakery = ledger.account(bakery).unwrap();
    [platform.available, platform.connect_reserved, bakery.available(Currency::BRL)]
}

/// A command and what follows of it at once may be in different frames, and a crash come between
/// them. The bakery's bank takes 90.00 back; that the platform holds them is lost. The next
/// command finds it done: at the instant of the debt, before itself, and in a preview.
#[tokio::test]
async fn what_a_crash_cut_off_a_command_is_done_before_the_next() {
    let whole = open(new_log()).await;
    let (bakery, reversal) = bakery(&whole).await;
    let _reversed = whole.execute(reversal).at(at("2026-03-03T10:00:00Z")).await.unwrap();
    let mut all = events(&whole).await;
    assert_eq!(all.last().unwrap().event.name(), "connect_reserve_moved");
    let cut_off = all.pop().unwrap();

    let log = new_log();
    append(&*log, &all).await;
    let ledger = open(log).await;
    assert_eq!(balances(&ledger, bakery).await, [9_000, 0, -9_000]);
    // All of the platform's 90.00 must be held: nothing of them may go to a florist.
    let later = at("2026-03-05T12:00:00Z");
    let florist = Box::new(OnboardAccount::new(Country::BR, Currency::BRL));
    let transfer = Transfer::new(bakery, brl(1));
    let refused = ledger.preview(transfer.clone()).at(later).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "platform_balance_must_cover_transfer");
    let _florist = ledger.execute(florist).at(later).await.unwrap();
    assert_eq!(balances(&ledger, bakery).await, [0, 9_000, -9_000]);
    let after = events(&ledger).await.split_off(all.len());
    assert_eq!(names(&after), ["connect_reserve_moved", "account_onboarded"]);
    assert_eq!(after[0], cut_off, "it is the very event that was cut off");
    assert_eq!(after[1].time, later);
}

/// The same where a transfer that waited was let go by the command before the crash: what is
/// asked next does not overtake it.
#[tokio::test]
async fn a_transfer_that_a_crash_held_up_is_made_before_the_next() {
    let whole = open(new_log()).await;
    let florist = Box::new(OnboardAccount::new(Country::BR, Currency::BRL));
    let florist = whole.execute(florist).await.unwrap().reply;
    let _waits = whole.execute(QueueTransfer(Transfer::new(florist, brl(9_000)))).await.unwrap();
    let _debited = bakery(&whole).await;
    let mut all = events(&whole).await;
    let released = all.pop().unwrap();
    assert_eq!(released.event.name(), Step::TransferReleased.name());

    let log = new_log();
    append(&*log, &all).await;
    let ledger = open(log).await;
    let overtakes = Transfer::new(florist, brl(9_000));
    let refused = ledger.execute(overtakes).at(at("2026-03-05")).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "platform_balance_must_cover_transfer");
    let after = events(&ledger).await.split_off(all.len());
    assert_eq!(after, [released]);
}

/// The log of a release that kept no reserve and wrote nothing off: a debt of 90.00 since 3 March,
/// then a year that passed without a word about it.
async fn old_log() -> Vec<Recorded> {
    let ledger = open(new_log()).await;
    let (_, reversal) = bakery(&ledger).await;
    let _reversed = ledger.execute(reversal).at(at("2026-03-03T10:00:00Z")).await.unwrap();
    let mut old = events(&ledger).await;
    let reserve = old.pop().unwrap();
    let to = at("2027-03-03");
    let event = Event::TimeAdvanced { to };
    old.push(Recorded { time: to, actor: Actor::Platform, event, ..reserve });
    old
}

/// Such a log opens, and its debt is known with its age. The first command holds the reserve
/// and then, since 180 days are over, writes the debt off: at the log's own last instant, for
/// business time never goes back. The audit is sound before and after.
#[tokio::test]
async fn a_log_from_before_the_reserve_opens_and_catches_up() {
    let folder = tempfile::tempdir().unwrap();
    let old = old_log().await;
    write(folder.path(), &old).await;
    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Sound);

    let ledger = Counterfoil::builder().path(folder.path()).open().await.unwrap();
    let bakery = AccountId(1);
    assert_eq!(balances(&ledger, bakery).await, [9_000, 0, -9_000]);
    let debts: Vec<_> = ledger.ledger().await.unwrap().debts().collect();
    let [debt] = debts[..] else { panic!("{debts:?}") };
    assert_eq!((debt.account, debt.amount, debt.since), (bakery, 9_000, at("2026-03-03T10:00:00Z")));

    let later = at("2027-04-01");
    let _passed = ledger.execute(AdvanceTo { to: later }).await.unwrap();
    let after = events(&ledger).await.split_off(old.len());
    assert_eq!(names(&after), ["connect_reserve_moved", "debt_collected", "time_advanced"]);
    assert_eq!([after[0].time, after[1].time], [at("2027-03-03"); 2]);
    assert_eq!(balances(&ledger, bakery).await, [0, 0, 0]);
    let charge = Charge::separate(brl(1_000), RailName::new("card").unwrap());
    let _charged = ledger.execute(charge).await.unwrap();
    ledger.close().await.unwrap();
    let report = audit(folder.path()).await.unwrap();
    assert_eq!(report.verdict(), Verdict::Sound, "{:?}", report.passes);
}

/// Makes a data folder with this log.
async fn write(folder: &Path, events: &[Recorded]) {
    let layout = Layout::new(folder);
    let ledger = LedgerId(*LEDGER.as_bytes());
    let log =
        counterfoil_log_sled::create(&layout.log(), ledger, counterfoil_log::Settings::default()).unwrap();
    append(&*log, events).await;
    log.close().await.unwrap();
}
