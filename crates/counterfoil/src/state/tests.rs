//! Checkpoints: what was kept is what the log says, and what is broken is not believed.

use std::collections::BTreeMap;
use std::fs;

use counterfoil_domain::account::{
    AccountType, AttachBankAccount, Country, Details, Gates, KeyId, OnboardAccount, RequirementName, Sealed,
};
use counterfoil_domain::bookmark::SetBookmark;
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{BeginCharge, Charge, MarkChargeFailed, MarkChargeSucceeded, ProcessingFee};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::due::{do_due, next_due};
use counterfoil_domain::money::{Currency, Money, Rate};
use counterfoil_domain::payout::{DayKind, Delay, FailureCode, PayoutSchedule, RequestPayout};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::refund::{OnShortfall, Refund};
use counterfoil_domain::reserve::{CreateReserveHold, PlanSchedule, SetReservePlan};
use counterfoil_domain::settings::{Clock, Settings};
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::transfer::{QueueTransfer, Transfer};
use counterfoil_domain::{
    AccountId, Actor, ChargeId, Command, Context, Event, Ledger, Loaded, Record, RecordId, Recorded, TopupId,
    decide, evolve,
};
use counterfoil_log::{Hash, Head};
use uuid::Uuid;

use super::recall::Recall;
use super::shelf::Broken;
use super::{Checkpoint, Keeper, StateShelf};
use crate::codec::{Decoded, Stamp};
use crate::writer::Mark;

/// A ledger by hand: commands in, decoded events out.
struct Shop {
    ledger: Ledger,
    events: Vec<Decoded>,
    now: Timestamp,
    records: BTreeMap<RecordId, Record>,
}

fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

impl Shop {
    fn open() -> Self {
        let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
        let delay = Delay { days: 2, kind: DayKind::Calendar };
        let settings = Settings { clock: Clock::Simulated, delay, ..settings };
        let mut shop = Self {
            ledger: Ledger::new(),
            events: Vec::new(),
            now: "2026-03-02".parse().unwrap(),
            records: BTreeMap::new(),
        };
        shop.run(Box::new(settings));
        shop
    }

    fn run(&mut self, command: impl Into<Command>) {
        let position = self.events.len() as u64;
        let context = Context { now: self.now, position };
        let events = decide(&self.ledger, &self.loaded(), &command.into(), &context).unwrap();
        for event in events {
            self.record(self.now, Actor::Platform, event);
        }
    }

    /// Everything that there is.
    fn loaded(&self) -> Loaded {
        let mut loaded = Loaded::default();
        self.records.iter().for_each(|(id, record)| loaded.put(*id, Some(record.clone())));
        loaded
    }

    fn due(&mut self, to: Timestamp) {
        while let Some((now, due)) = next_due(&self.ledger, to) {
            let context = Context { now, position: self.events.len() as u64 };
            for event in do_due(&self.ledger, &self.loaded(), due, &context) {
                self.record(now, Actor::Time, event);
            }
        }
    }

    fn advance(&mut self, to: &str) {
        let to = to.parse().unwrap();
        self.due(to);
        self.now = to;
        self.run(AdvanceTo { to });
    }

    fn record(&mut self, time: Timestamp, actor: Actor, event: Event) {
        let position = self.events.len() as u64;
        let recorded =
            Recorded { position, time, actor, acting: None, command: Uuid::nil(), cause: None, event };
        evolve(&mut self.ledger, &recorded);
        recorded.records(|record| drop(self.records.insert(record.id(), record)));
        let stamp = (actor == Actor::Platform).then(|| stamp(position));
        self.events.push(Decoded { recorded, command_events: 1, stamp });
    }

    /// One of everything that a ledger's state holds.
    fn busy() -> Self {
        let mut shop = Self::open();
        for (name, schedule) in [("bakery", PayoutSchedule::Daily), ("florist", PayoutSchedule::Manual)] {
            let mut onboard = OnboardAccount::new(Country::BR, Currency::BRL);
            onboard.schedule = schedule;
            // Florist is under terms of its own, with prices of its own.
            if name == "florist" {
                onboard.controller = Some(AccountType::Custom.controller());
                onboard.processing_fee = Some(ProcessingFee { fixed: 7, ..ProcessingFee::NONE });
            }
            onboard.details = Details::external_id(name);
            let gates = Gates { charges: false, payouts: name == "florist" };
            let deadline = Some("2026-04-01".parse().unwrap());
            onboard.requirements.push((RequirementName::Identity, gates, deadline));
            shop.run(Box::new(onboard));
        }
        let number = Sealed { key: KeyId([3; 16]), fingerprint: [4; 8], ciphertext: [5; 40].into() };
        let (account, currency) = (AccountId(1), Currency::BRL);
        shop.run(Box::new(AttachBankAccount { account, currency, number, last4: *b"1234" }));
        shop.run(Charge::separate(brl(1_000_000), RailName::new("card").unwrap()));
        shop.advance("2026-03-05");
        shop.run(Charge::separate(brl(5_000), RailName::new("boleto").unwrap()));
        shop.run(Transfer::new(AccountId(1), brl(70)));
        shop.run(Transfer::new(AccountId(2), brl(90)));
        shop.run(RequestPayout { account: AccountId::PLATFORM, currency, amount: Some(10) });
        shop.run(QueueTransfer(Transfer::new(AccountId(1), brl(2_000_000))));
        shop.run(QueueTransfer(Transfer::new(AccountId(2), brl(5))));
        let (account, release_after) = (AccountId(2), "2026-04-05".parse().unwrap());
        let amount = brl(20);
        shop.run(CreateReserveHold { account, amount, source: None, release_after, details: None });
        let rate = Rate::from_basis_points(1_000).unwrap();
        let schedule = PlanSchedule::Rolling { days: 9, expires_on: Some(release_after) };
        shop.run(SetReservePlan { account, currency, rate, schedule, details: None });
        // Its share is not held yet.
        shop.run(Transfer::new(account, brl(50)));
        shop.refund_in_vain();
        shop.use_prefunding();
        shop.run(SetBookmark { name: "orders".into(), source: [9; 32], cursor: 17 });
        shop
    }

    /// A refund waits in a currency of which the platform has nothing, and its payment fails.
    fn refund_in_vain(&mut self) {
        let amount = Money::new(Currency::USD, 1_000);
        let charge = self.next();
        let sale = Charge::separate(amount, RailName::new("card").unwrap());
        self.run(BeginCharge { charge: Box::new(sale) });
        let charge = ChargeId::new(charge, 0);
        self.run(Transfer { source_charge: Some(charge), ..Transfer::new(AccountId(2), amount) });
        self.run(MarkChargeSucceeded { charge });
        self.run(Refund { on_shortfall: Some(OnShortfall::Wait), ..Refund::full(charge) });
        self.run(MarkChargeFailed { charge, code: FailureCode::Declined });
        self.due(self.now);
    }

    /// A seller spends a top-up that the bank takes back, and has some of it prefunded.
    fn use_prefunding(&mut self) {
        let seller = AccountId(2);
        let topups = [CreateTopup::new(seller, brl(50)), CreateTopup::prefunding(seller, brl(40))];
        let [spent, _] = topups.map(|topup| {
            let topup_id = TopupId::new(self.next(), 0);
            self.run(topup);
            self.run(MarkTopupSucceeded { topup: topup_id });
            topup_id
        });
        self.run(DebitAccount::new(seller, brl(120)));
        self.run(MarkTopupReversed { topup: spent });
        self.due(self.now);
        let drawn = |event: &Decoded| event.recorded.event.name() == "prefunding_used";
        assert!(self.events.iter().any(drawn), "it was used");
    }

    fn next(&self) -> u64 {
        self.events.len() as u64
    }

    /// Keeps the first `events` of them, in frames of a few.
    fn keep(&self, keeper: &mut Keeper, events: std::ops::Range<usize>) {
        for frame in self.events[events].chunks(3) {
            let next_position = frame.last().unwrap().recorded.position + 1;
            let hash = Hash([next_position as u8; 32]);
            let head = Head { next_frame: next_position, next_position, hash, epoch: 0 };
            let events: Vec<Recorded> = frame.iter().map(|decoded| decoded.recorded.clone()).collect();
            keeper.take_in(&events, &keys(frame), 1_000, head);
        }
    }
}

fn stamp(position: u64) -> Stamp {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&position.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    Stamp { key, request: [1; 8] }
}

fn keys(frame: &[Decoded]) -> Vec<(u64, u64)> {
    let key = |decoded: &Decoded| Some((super::short(&decoded.stamp?.key), decoded.recorded.position));
    frame.iter().filter_map(key).collect()
}

fn newest(shelf: &StateShelf) -> Result<Checkpoint, Broken> {
    shelf.newest().unwrap().unwrap()
}

#[test]
fn a_ledger_comes_back_from_its_checkpoint_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = StateShelf::new(folder.path()).unwrap();
    assert!(shelf.newest().unwrap().is_none());
    let shop = Shop::busy();
    let count = shop.events.len();
    for cut in 1..count {
        let mut keeper = Keeper::new(shelf.clone(), counterfoil_log::LedgerId([7; 16]));
        shop.keep(&mut keeper, 0..cut);
        let _recalled = keeper.checkpoint().unwrap();
        let checkpoint = newest(&shelf).unwrap();
        assert_eq!(&checkpoint.ledger, keeper.ledger(), "after {cut} events");
        assert_eq!(checkpoint.head, keeper.head());
        let mut resumed = Keeper::resumed(shelf.clone(), checkpoint);
        shop.keep(&mut resumed, cut..count);
        assert_eq!(resumed.ledger(), &shop.ledger, "after {cut} events and the rest");
        let recalled = resumed.checkpoint().unwrap();
        for decoded in &shop.events {
            let position = decoded.recorded.position;
            let key = decoded.stamp.map(|stamp| recalled.key(super::short(&stamp.key)).unwrap());
            assert!(key.is_none_or(|found| found == Some(position)), "the key of {position}");
        }
        assert_eq!(recalled.key(1).unwrap(), None);
        shelf.clear().unwrap();
    }
}

#[test]
fn a_broken_checkpoint_is_named_and_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = StateShelf::new(folder.path()).unwrap();
    let shop = Shop::busy();
    let mut keeper = Keeper::new(shelf.clone(), counterfoil_log::LedgerId([7; 16]));
    shop.keep(&mut keeper, 0..shop.events.len());
    let _recalled = keeper.checkpoint().unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let whole = fs::read(&path).unwrap();
        for place in (0..whole.len()).step_by(whole.len().div_ceil(200)) {
            let mut broken = whole.clone();
            broken[place] ^= 16;
            fs::write(&path, &broken).unwrap();
            // A run's blocks are checked when they are read, everything else at once.
            let found = newest(&shelf)
                .map_err(|broken| broken.why)
                .and_then(|found| found.recalled.verify().map_err(|error| error.to_string()));
            assert!(found.is_err(), "{} with byte {place} flipped", path.display());
        }
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(newest(&shelf).is_err(), "half of {}", path.display());
        fs::remove_file(&path).unwrap();
        assert!(shelf.newest().unwrap().is_none_or(|found| found.is_err()), "without {}", path.display());
        fs::write(&path, &whole).unwrap();
    }
    assert!(newest(&shelf).is_ok());
}

/// Runs of one tier become one, keys that left the window go, and the answers stay.
#[test]
fn merged_runs_recall_what_they_were_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let mut recall = Recall::default();
    let key = |position: u64| (super::short(&stamp(position).key), position);
    for round in 0..40_u64 {
        let keys: Vec<(u64, u64)> = (round * 10..round * 10 + 10).map(key).collect();
        recall.end(&keys, Mark { position: round * 10 + 10, recorded_at: 0 });
        recall.flush(folder.path()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let recalled = recall.recalled();
    assert!(recalled.spans().count() < 30, "some were merged: {}", recalled.spans().count());
    for position in 0..400 {
        assert_eq!(recalled.key(super::short(&stamp(position).key)).unwrap(), Some(position));
    }
    recall.end(&[key(1 << 26)], Mark { position: (1 << 26) + 1, recorded_at: 0 });
    recall.flush(folder.path()).unwrap();
    assert_eq!(recall.recalled().spans().count(), 1, "the others are too far back");
}

/// A ledger that was closed right after a checkpoint left a merge behind, which wrote into
/// the folder while the next one was open in it.
#[test]
fn a_merge_that_nobody_wants_any_more_comes_to_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut recall = Recall::default();
    const KEYS: u64 = 20_000;
    for round in 0..8 {
        let positions = round * KEYS..(round + 1) * KEYS;
        let keys: Vec<(u64, u64)> =
            positions.map(|position| (super::short(&stamp(position).key), position)).collect();
        recall.end(&keys, Mark { position: (round + 1) * KEYS, recorded_at: 0 });
        recall.flush(folder.path()).unwrap();
    }
    let merged = recall.merging().unwrap().to_owned();
    drop(recall);
    assert!(merged.exists(), "the merge is done");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 9, "and left nothing unfinished");
}

/// What could not be removed kept everything that came after it in the folder.
#[test]
fn what_cannot_be_removed_keeps_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = StateShelf::new(folder.path()).unwrap();
    let named = |kind| [0, 1, 2, 3].map(|number| folder.path().join(format!("keys-{number}-9.{kind}")));
    let (stuck, old) = (named("run"), named("run.tmp"));
    // A folder is removed by nobody who removes a file.
    stuck.iter().for_each(|path| fs::create_dir(path).unwrap());
    old.iter().for_each(|path| fs::write(path, "rows").unwrap());
    let shop = Shop::busy();
    let mut keeper = Keeper::new(shelf.clone(), counterfoil_log::LedgerId([7; 16]));
    shop.keep(&mut keeper, 0..shop.events.len());
    let _recalled = keeper.checkpoint().unwrap();
    assert!(stuck.iter().all(|path| path.exists()) && old.iter().all(|path| !path.exists()));
    assert!(newest(&shelf).is_ok());
}

/// One checkpoint that failed was the last of its process, and the next opening read all
/// of the log.
#[test]
fn a_checkpoint_that_failed_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let (state, away) = (folder.path().join("state"), folder.path().join("away"));
    let shelf = StateShelf::new(&state).unwrap();
    let shop = Shop::busy();
    let mut keeper = Keeper::new(shelf.clone(), counterfoil_log::LedgerId([7; 16]));
    shop.keep(&mut keeper, 0..shop.events.len());
    fs::rename(&state, &away).unwrap();
    assert!(keeper.checkpoint().is_err());
    assert!(keeper.has_news(), "nothing of it is kept");
    fs::rename(&away, &state).unwrap();
    let recalled = keeper.finish().unwrap();
    assert!(!keeper.has_news());
    let checkpoint = newest(&shelf).unwrap();
    assert_eq!((&checkpoint.ledger, checkpoint.head), (&shop.ledger, keeper.head()));
    for decoded in shop.events.iter().filter(|decoded| decoded.stamp.is_some()) {
        let found = recalled.key(super::short(&decoded.stamp.unwrap().key)).unwrap();
        assert_eq!(found, Some(decoded.recorded.position));
    }
}
