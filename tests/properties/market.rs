//! A small market in which random things are done, most of them legal.

use counterfoil_domain::account::{
    AttachBankAccount, BankAccount, Controller, Country, Gates, KeyId, OnboardAccount, ProvideRequirement,
    RequirementName, ResolveRequirement, Sealed,
};
use counterfoil_domain::bank_debit::SetDebitNegativeBalances;
use counterfoil_domain::calendar::{AdvanceTo, Timestamp, Weekday};
use counterfoil_domain::charge::{Charge, ChargeKind, ChargeType, DestinationShare, ProcessingFee};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::payout::{
    DayKind, Delay, FailureCode, MarkPayoutFailed, MarkPayoutPaid, MonthDays, PayoutSchedule, RequestPayout,
    SetPayoutSchedule, Weekdays,
};
use counterfoil_domain::rail::{RailName, SettleRail};
use counterfoil_domain::record::{Kept, RecordKey};
use counterfoil_domain::refund::OnShortfall;
use counterfoil_domain::settings::{Clock, FeePayer, LossBearer, Mode, Profile, RequirementCollector};
use counterfoil_domain::transfer::{CancelTransfer, QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, Command, Settings, TransferId};
use counterfoil_testkit::{Records, World};
use proptest::prelude::{Strategy, any, prop_oneof};

use crate::awaiting::awaiting;
use crate::disputing::disputing;
use crate::owing;
use crate::refunding::refunding;
use crate::reserving::reserving;
use crate::sharing::{rules, sharing};
use crate::topping_up::topping_up;

/// The sellers are accounts 1 to 3.
pub(crate) const SELLERS: u32 = 3;

/// One thing that is done; numbers choose among what there is. `TakeBack` is a refund that takes
/// back of some transfers, of each so many hundredths; `Refunded` is what becomes of one. `Bear` is
/// one that the parts of a split bear.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Charge { way: u8, seller: u32, amount: Minor, fee: u8, rail: u8, euro: bool },
    Transfer { seller: u32, amount: Minor, from: Option<usize>, may_wait: bool },
    Cancel { transfer: usize },
    Debit { account: u32, amount: Minor, fee: u8 },
    Await { way: u8, seller: u32, amount: Minor, fee: u8, how: u8 },
    Capture { charge: usize, amount: Option<Minor>, fee: Option<u8>, last: bool },
    Result { charge: usize, which: u8 },
    Split { charge: usize, second: Option<usize>, parts: [(u8, u8); 3] },
    SetRule { next: Option<usize>, parts: [[u8; 4]; 4], rounding: u8 },
    Share { charge: usize, second: Option<usize>, rule: usize, first: bool },
    Meet { split: usize, fact: usize },
    Bear { split: usize, choice: usize, amount: Option<Minor>, waits: bool },
    Reverse { transfer: usize, amount: Option<Minor> },
    Refund { charge: usize, amount: Option<Minor>, transfer: bool, fee: bool, waits: bool },
    TakeBack { charge: usize, amount: Option<Minor>, of: u8, part: u8, waits: bool },
    Refunded { refund: usize, how: u8 },
    ReturnFee { charge: usize, amount: Option<Minor> },
    Dispute { charge: usize, amount: Option<Minor>, fee: u8, inquiry: bool, recover: u8, days: u8 },
    Disputed { dispute: usize, how: u8 },
    Succeed { seller: u32, successor: u32 },
    Topup { account: u32, amount: Minor },
    ToppedUp { topup: usize, how: u8 },
    Reserve { how: u8, seller: u32, choice: usize, amount: Minor },
    Pay { account: u32, amount: Option<Minor> },
    Paid { payout: usize },
    Fail { payout: usize },
    Bank { seller: u32 },
    BankDebit { debit: usize, arrives: bool },
    BankDebits { account: u32, on: bool },
    Schedule { account: u32, which: u8, minimum: Option<Minor> },
    Provide { seller: u32, verified: bool },
    Settle { rail: u8, amount: Minor },
    Pass { hours: u16 },
}

/// Streams of steps.
pub(crate) fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 1..longest)
}

/// Any step.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let amount = || 1..20_000_i64;
    let some = |range: std::ops::Range<Minor>| proptest::option::of(range);
    let seller = || 1..=SELLERS;
    prop_oneof![
        8 => (0..6_u8, seller(), amount(), 0..=100_u8, 0..2_u8, proptest::bool::weighted(0.1))
            .prop_map(|(way, seller, amount, fee, rail, euro)| Step::Charge { way, seller, amount, fee, rail, euro }),
        4 => (seller(), amount(), proptest::option::weighted(0.6, any::<usize>()), any::<bool>())
            .prop_map(|(seller, amount, from, may_wait)| Step::Transfer { seller, amount, from, may_wait }),
        1 => any::<usize>().prop_map(|transfer| Step::Cancel { transfer }),
        2 => (0..=SELLERS, amount(), 0..102_u8)
            .prop_map(|(account, amount, fee)| Step::Debit { account, amount, fee }),
        6 => (0..6_u8, seller(), amount(), 0..=100_u8, 0..3_u8)
            .prop_map(|(way, seller, amount, fee, how)| Step::Await { way, seller, amount, fee, how }),
        4 => (any::<usize>(), some(1..10_000), proptest::option::weighted(0.2, any::<u8>()), any::<bool>())
            .prop_map(|(charge, amount, fee, last)| Step::Capture { charge, amount, fee, last }),
        4 => (any::<usize>(), 0..8_u8).prop_map(|(charge, which)| Step::Result { charge, which }),
        3 => (any::<usize>(), proptest::option::of(any::<usize>()), any::<[(u8, u8); 3]>())
            .prop_map(|(charge, second, parts)| Step::Split { charge, second, parts }),
        2 => (proptest::option::of(any::<usize>()), any::<[[u8; 4]; 4]>(), any::<u8>())
            .prop_map(|(next, parts, rounding)| Step::SetRule { next, parts, rounding }),
        4 => (any::<usize>(), proptest::option::of(any::<usize>()), any::<usize>(), any::<bool>())
            .prop_map(|(charge, second, rule, first)| Step::Share { charge, second, rule, first }),
        3 => any::<[usize; 2]>().prop_map(|[split, fact]| Step::Meet { split, fact }),
        3 => (any::<[usize; 2]>(), some(1..10_000), any::<bool>())
            .prop_map(|([split, choice], amount, waits)| Step::Bear { split, choice, amount, waits }),
        2 => (any::<usize>(), some(1..5_000)).prop_map(|(transfer, amount)| Step::Reverse { transfer, amount }),
        6 => (any::<usize>(), some(1..10_000), any::<[bool; 3]>())
            .prop_map(|(charge, amount, [transfer, fee, waits])| {
                Step::Refund { charge, amount, transfer, fee, waits }
            }),
        2 => (any::<usize>(), some(1..10_000), 0..4_u8, 0..=100_u8, any::<bool>())
            .prop_map(|(charge, amount, of, part, waits)| Step::TakeBack { charge, amount, of, part, waits }),
        8 => (any::<usize>(), 0..8_u8).prop_map(|(refund, how)| Step::Refunded { refund, how }),
        1 => (any::<usize>(), some(1..500)).prop_map(|(charge, amount)| Step::ReturnFee { charge, amount }),
        4 => (any::<usize>(), some(1..15_000), any::<u8>(), any::<bool>(), 0..4_u8, 0..20_u8)
            .prop_map(|(charge, amount, fee, inquiry, recover, days)| {
                Step::Dispute { charge, amount, fee, inquiry, recover, days }
            }),
        6 => (any::<usize>(), 0..8_u8).prop_map(|(dispute, how)| Step::Disputed { dispute, how }),
        1 => (seller(), seller()).prop_map(|(seller, successor)| Step::Succeed { seller, successor }),
        2 => (0..=SELLERS, amount()).prop_map(|(account, amount)| Step::Topup { account, amount }),
        2 => (any::<usize>(), 0..6_u8).prop_map(|(topup, how)| Step::ToppedUp { topup, how }),
        5 => (0..6_u8, seller(), any::<usize>(), amount())
            .prop_map(|(how, seller, choice, amount)| Step::Reserve { how, seller, choice, amount }),
        3 => (0..=SELLERS, some(1..10_000)).prop_map(|(account, amount)| Step::Pay { account, amount }),
        2 => any::<usize>().prop_map(|payout| Step::Paid { payout }),
        2 => any::<usize>().prop_map(|payout| Step::Fail { payout }),
        2 => seller().prop_map(|seller| Step::Bank { seller }),
        // Nothing where no bank was asked: debts are rare.
        5 => (any::<usize>(), any::<bool>())
            .prop_map(|(debit, arrives)| Step::BankDebit { debit, arrives }),
        1 => (0..=SELLERS, proptest::bool::weighted(0.8))
            .prop_map(|(account, on)| Step::BankDebits { account, on }),
        1 => (0..=SELLERS, any::<u8>(), some(0..5_000))
            .prop_map(|(account, which, minimum)| Step::Schedule { account, which, minimum }),
        1 => (seller(), any::<bool>()).prop_map(|(seller, verified)| Step::Provide { seller, verified }),
        1 => (0..2_u8, -20_000..20_000_i64).prop_map(|(rail, amount)| Step::Settle { rail, amount }),
        5 => (0..200_u16).prop_map(|hours| Step::Pass { hours }),
        // So long that debts are written off, 180 days.
        1 => (4_300..4_500_u16).prop_map(|hours| Step::Pass { hours }),
    ]
}

/// A market with its three sellers, before anything is sold.
pub(crate) fn open(processing_fee: ProcessingFee, overdraft_limit: Minor) -> World {
    open_under(processing_fee, overdraft_limit, |_| None)
}

/// The same with each seller under terms of its own.
pub(crate) fn open_under(
    processing_fee: ProcessingFee,
    overdraft_limit: Minor,
    terms: impl Fn(AccountId) -> Option<Controller>,
) -> World {
    let mut world = World::new("2026-03-02T10:00:00Z".parse().unwrap());
    world.execute(Command::OpenLedger(Box::new(settings(processing_fee, overdraft_limit)))).unwrap();
    for number in 1..=SELLERS {
        let mut seller = OnboardAccount::new(Country::US, Currency::USD);
        seller.schedule = schedule(number as u8);
        seller.controller = terms(AccountId(number));
        seller.bank_account = Some(BankAccount { number: sealed(), last4: *b"6789" });
        let deadline: Timestamp = "2026-03-12".parse().unwrap();
        seller.requirements.push((RequirementName::TaxId, Gates::PAYOUTS, Some(deadline)));
        world.execute(Command::OnboardAccount(Box::new(seller))).unwrap();
    }
    world
}

/// The market of the random streams: a processing fee with a fixed part, and refunds
/// that may overdraw; sellers' banks are debited for what they owe, and two split rules are there.
pub(crate) fn usual() -> World {
    let rate = Rate::from_basis_points(290).unwrap();
    let mut world = open(ProcessingFee { rate, fixed: 30 }, 1_000);
    for account in (1..=SELLERS).map(AccountId) {
        world.execute(SetDebitNegativeBalances { account, on: true }).unwrap();
    }
    for rule in rules(world.now()) {
        world.execute(rule).unwrap();
    }
    world
}

/// Does a step; whether it was refused is not told, the world checks what matters.
pub(crate) fn act(world: &mut World, step: &Step) {
    if let Step::Pass { hours } = step {
        let to = world.now().plus_seconds(i64::from(*hours) * 3_600);
        world.execute(AdvanceTo { to }).unwrap();
        return;
    }
    if topping_up(world, step) {
        return;
    }
    let other = || refunding(world.records(), step).or_else(|| reserving(world, step));
    let other = || other().or_else(|| disputing(world, step)).or_else(|| sharing(world, step));
    if let Some(command) = command(world, step).or_else(other) {
        let _ = world.execute(command);
    }
}

fn command(world: &World, step: &Step) -> Option<Command> {
    let records = world.records();
    Some(match *step {
        Step::Charge { way, seller, amount, fee, rail, euro } => {
            charge((way, seller, fee), money(amount, euro), rail).into()
        }
        Step::Await { .. } | Step::Capture { .. } | Step::Result { .. } => awaiting(records, step)?,
        Step::Transfer { .. } | Step::Cancel { .. } => transfer(records, step)?,
        Step::Debit { .. } => debit(world, step)?.into(),
        Step::Reverse { transfer, amount } => {
            // About every third asks for the fee, where there may be one.
            let refund_application_fee = transfer.is_multiple_of(3);
            ReverseTransfer { transfer: any_of(records, transfer)?, amount, refund_application_fee }.into()
        }
        Step::Pay { account, amount } => {
            let account = AccountId(account);
            let available = world.ledger().account(account)?.available(Currency::USD);
            let amount = amount.map(|amount| amount.min(available));
            RequestPayout { account, currency: Currency::USD, amount }.into()
        }
        Step::Paid { payout } => MarkPayoutPaid { payout: any_of(records, payout)? }.into(),
        Step::Fail { payout } => {
            let payout = any_of(records, payout)?;
            MarkPayoutFailed { payout, code: FailureCode::CouldNotProcess }.into()
        }
        Step::Bank { seller } => {
            let (account, currency) = (AccountId(seller), Currency::USD);
            Box::new(AttachBankAccount { account, currency, number: sealed(), last4: *b"4321" }).into()
        }
        Step::BankDebit { debit, arrives } => owing::result(records, debit, arrives)?,
        Step::BankDebits { account, on } => {
            SetDebitNegativeBalances { account: AccountId(account), on }.into()
        }
        Step::Schedule { account, which, minimum } => {
            let minimum_balance = minimum.map(|minor| Money::new(Currency::USD, minor));
            let schedule = Some(schedule(which));
            SetPayoutSchedule { account: AccountId(account), schedule, delay: None, minimum_balance }.into()
        }
        Step::Provide { seller, verified } => {
            let (account, name) = (AccountId(seller), RequirementName::TaxId);
            let provided = ResolveRequirement { account, name, verified };
            if verified { provided.into() } else { ProvideRequirement { account, name }.into() }
        }
        Step::Settle { rail, amount } => {
            SettleRail { rail: rail_name(rail), amount: money(amount, false) }.into()
        }
        Step::Refund { .. }
        | Step::TakeBack { .. }
        | Step::Split { .. }
        | Step::SetRule { .. }
        | Step::Share { .. }
        | Step::Meet { .. }
        | Step::Bear { .. }
        | Step::Refunded { .. }
        | Step::ReturnFee { .. }
        | Step::Dispute { .. }
        | Step::Disputed { .. }
        | Step::Succeed { .. }
        | Step::Topup { .. }
        | Step::ToppedUp { .. }
        | Step::Reserve { .. }
        | Step::Pass { .. } => return None,
    })
}

fn transfer(records: &Records, step: &Step) -> Option<Command> {
    if let Step::Cancel { transfer } = *step {
        let each = records.each::<TransferId>();
        let waiting = each.filter(|(_, transfer)| transfer.wait().is_some()).map(|(id, _)| id);
        return Some(CancelTransfer { transfer: nth(waiting, transfer)? }.into());
    }
    let Step::Transfer { seller, amount, from, may_wait } = *step else {
        return None;
    };
    let source: Option<ChargeId> = from.and_then(|index| any_of(records, index));
    let charge = source.and_then(|id| records.get(id));
    let currency = charge.map_or(Currency::USD, |charge| charge.currency);
    let mut transfer = Transfer::new(AccountId(seller), Money::new(currency, amount));
    transfer.source_charge = source;
    Some(if may_wait { QueueTransfer(transfer).into() } else { transfer.into() })
}

fn debit(world: &World, step: &Step) -> Option<DebitAccount> {
    let Step::Debit { account, amount, fee } = *step else {
        return None;
    };
    let account = AccountId(account);
    let available = world.ledger().account(account)?.available(Currency::USD);
    // Mostly within what is there.
    let amount = if fee < 100 { amount.min(available) } else { amount };
    let rate = Rate::from_basis_points(u32::from(fee) * 10).unwrap();
    let fee = (fee > 20).then_some(ProcessingFee { rate, fixed: 0 });
    Some(DebitAccount { fee, ..DebitAccount::new(account, Money::new(Currency::USD, amount)) })
}

fn money(amount: Minor, euro: bool) -> Money {
    Money::new(if euro { Currency::EUR } else { Currency::USD }, amount)
}

pub(crate) fn charge((way, seller, fee): (u8, u32, u8), amount: Money, rail: u8) -> Charge {
    let account = AccountId(seller);
    let part = amount.minor * Minor::from(fee) / 100;
    let mut charge = Charge::separate(amount, rail_name(rail));
    charge.kind = match way {
        0 => ChargeKind::Direct { account, application_fee: part },
        1 => ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(part) },
        2 => ChargeKind::Destination { account, share: DestinationShare::Amount(part.max(1)) },
        _ => ChargeKind::Separate,
    };
    charge
}

pub(crate) fn any_of<Id: RecordKey>(records: &Records, index: usize) -> Option<Id> {
    nth(records.each().map(|(id, _)| id), index)
}

pub(crate) fn nth<Id: Copy>(ids: impl Iterator<Item = Id>, index: usize) -> Option<Id> {
    let all: Vec<Id> = ids.collect();
    all.get(index.checked_rem(all.len())?).copied()
}

fn schedule(which: u8) -> PayoutSchedule {
    match which % 4 {
        0 => PayoutSchedule::Manual,
        1 => PayoutSchedule::Daily,
        2 => PayoutSchedule::Weekly(Weekdays::new(&[Weekday::Monday, Weekday::Thursday]).unwrap()),
        _ => PayoutSchedule::Monthly(MonthDays::new(&[15, 31]).unwrap()),
    }
}

/// A rail by a small number.
pub(crate) fn rail_name(number: u8) -> RailName {
    RailName::new(if number == 0 { "card" } else { "voucher" }).unwrap()
}

fn sealed() -> Sealed {
    Sealed { key: KeyId([1; 16]), fingerprint: [2; 8], ciphertext: Box::new([3; 16]) }
}

fn settings(processing_fee: ProcessingFee, overdraft_limit: Minor) -> Settings {
    Settings {
        ledger: uuid::Uuid::from_u128(1),
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "operator".into(),
        country: Country::US,
        currency: Currency::USD,
        profile: Profile::Marketplace,
        default_charge_type: ChargeType::Separate,
        fee_payer: FeePayer::Account,
        loss_bearer: LossBearer::Platform,
        requirement_collector: RequirementCollector::Platform,
        processing_fee,
        delay: Delay { days: 2, kind: DayKind::Business },
        minimum_charge: 0,
        overdraft_limit,
        on_shortfall: OnShortfall::Refuse,
        id_key: [7; 16],
    }
}
