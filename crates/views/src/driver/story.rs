//! A story: random commands, most of them legal, whose log the laws are checked on.

use counterfoil_domain::account::{AttachBankAccount, KeyId, Sealed};
use counterfoil_domain::charge::{
    Authorise, BeginCharge, CaptureCharge, Charge, ChargeKind, DestinationShare, MarkChargeFailed,
    MarkChargeSucceeded,
};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::dispute::{
    DisputeReason, DisputeReference, MarkDisputeLost, MarkDisputeWon, OpenDispute, Recovery, SubmitEvidence,
};
use counterfoil_domain::money::{Currency, Money, Rate};
use counterfoil_domain::payout::{
    FailureCode, MarkPayoutFailed, MarkPayoutPaid, PayoutSchedule, RequestPayout, SetPayoutSchedule, Weekdays,
};
use counterfoil_domain::rail::SettleRail;
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::reserve::{
    CreateReserveHold, DisableReservePlan, HoldSource, PlanSchedule, ReleaseReserveHold, SetReservePlan,
};
use counterfoil_domain::split::{Ask, Commission, Part, Split};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::transfer::{CancelTransfer, QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, Command, TopupId};
use proptest::prelude::{Strategy, any, prop_oneof};

use super::{Driver, brl, card};

/// One step: what is done, to what, and how much.
pub(crate) type Step = (u8, u16, i64);

/// A series of steps.
#[derive(Clone, Debug)]
pub(crate) struct Story(Vec<Step>);

impl Story {
    /// Stories of up to `steps` steps.
    pub(crate) fn of(steps: usize) -> impl Strategy<Value = Self> {
        // Most charges are made at once.
        let verb =
            prop_oneof![36 => 0..18_u8, 4 => 18..22_u8, 8 => 22..27_u8, 4 => 27..29_u8, 1 => 29..30_u8];
        let step = (verb, any::<u16>(), 1..50_000_i64);
        proptest::collection::vec(step, 0..steps).prop_map(Self)
    }

    /// How many steps it has.
    pub(crate) fn steps(&self) -> usize {
        self.0.len()
    }

    /// The ledger after the story. What a step asks for may be refused; that is a step
    /// without a trace.
    pub(crate) fn tell(&self) -> Driver {
        let mut driver = Driver::open();
        let weekly = PayoutSchedule::Weekly(Weekdays::from_bits(0b1_0010).unwrap());
        driver.onboard("bakery", PayoutSchedule::Daily);
        driver.onboard("florist", weekly);
        driver.onboard("carpenter", PayoutSchedule::Manual);
        for (verb, choice, amount) in &self.0 {
            if *verb < 3 {
                let to = driver.now.plus_seconds(amount * 7);
                driver.advance(to);
            } else if *verb == 29 {
                top_up(&mut driver, usize::from(*choice), *amount);
            } else if let Some(command) = command(&driver, *verb, usize::from(*choice), *amount) {
                let _refused = driver.execute(command);
            }
        }
        driver.settle();
        driver
    }
}

/// A seller pays in, by turns into its prefunding.
fn top_up(driver: &mut Driver, choice: usize, amount: i64) {
    let account = AccountId(choice as u32 % 3 + 1);
    let topup = if choice.is_multiple_of(2) { CreateTopup::prefunding } else { CreateTopup::new };
    let made = driver.run(topup(account, brl(amount)));
    driver.run(MarkTopupSucceeded { topup: TopupId::new(made, 0) });
}

fn one<T: Copy>(of: &[T], choice: usize) -> Option<T> {
    of.get(choice % of.len().max(1)).copied()
}

fn command(driver: &Driver, verb: u8, choice: usize, amount: i64) -> Option<Command> {
    let account = AccountId(choice as u32 % 3 + 1);
    let currency = if choice.is_multiple_of(11) { Currency::USD } else { Currency::BRL };
    let money = |minor| Money::new(currency, minor);
    let charges = driver.charge_ids();
    let transfers = driver.transfer_ids();
    let payouts = driver.payout_ids();
    Some(match verb {
        3..=6 => charge(verb, account, Money::new(currency, amount)).into(),
        7 => split(one(&charges, choice)?, account).into(),
        8 => {
            let source_charge = one(&charges, choice);
            Transfer { source_charge, ..Transfer::new(account, money(amount / 3 + 1)) }.into()
        }
        9 => {
            let amount = Some(amount / 5 + 1);
            ReverseTransfer { amount, ..ReverseTransfer::full(one(&transfers, choice)?) }.into()
        }
        10 | 11 => {
            let mut refund = Refund::full(one(&charges, choice)?);
            refund.amount = choice.is_multiple_of(2).then_some(amount / 2 + 1);
            if choice % 5 < 2 {
                refund.recover = Recover::OwnTransfer;
            }
            refund.refund_application_fee = choice % 5 == 1;
            refund.into()
        }
        12 => RequestPayout { account, currency, amount: choice.is_multiple_of(2).then_some(amount) }.into(),
        13 if choice.is_multiple_of(3) => {
            MarkPayoutFailed { payout: one(&payouts, choice)?, code: FailureCode::NoAccount }.into()
        }
        13 => MarkPayoutPaid { payout: one(&payouts, choice)? }.into(),
        14 if choice.is_multiple_of(2) => SettleRail { rail: card(), amount: money(amount) }.into(),
        14 => SetPayoutSchedule {
            account,
            schedule: None,
            delay: None,
            minimum_balance: Some(brl(amount / 10)),
        }
        .into(),
        17 => DebitAccount::new(account, money(amount / 8 + 1)).into(),
        16 if choice.is_multiple_of(4) => CancelTransfer { transfer: one(&transfers, choice)? }.into(),
        16 => QueueTransfer(Transfer::new(account, money(amount / 4 + 1))).into(),
        15 => attach(account, currency),
        22..=26 => reserve(driver, verb, choice, amount)?,
        27.. => dispute(driver, verb, choice, amount)?,
        _ => await_charge(driver, verb, choice, amount)?,
    })
}

/// A charge that is authorised or begun, and what becomes of one.
fn await_charge(driver: &Driver, verb: u8, choice: usize, amount: i64) -> Option<Command> {
    let made = || {
        let account = AccountId(choice as u32 % 3 + 1);
        Box::new(charge(3 + (choice % 4) as u8, account, brl(amount)))
    };
    let waiting = || {
        let charges = driver.charge_ids();
        let open = |id: &ChargeId| driver.charge(*id).is_some_and(|charge| charge.more.is_some());
        one(&charges.into_iter().filter(open).collect::<Vec<_>>(), choice)
    };
    Some(match verb {
        18 => Authorise { charge: made(), capture_before: None }.into(),
        19 => BeginCharge { charge: made() }.into(),
        20 => {
            let amount = Some(amount / 3 + 1).filter(|_| choice.is_multiple_of(3));
            let capture = CaptureCharge::full(waiting()?);
            CaptureCharge { amount, final_capture: choice.is_multiple_of(2), ..capture }.into()
        }
        _ if choice.is_multiple_of(3) => MarkChargeSucceeded { charge: waiting()? }.into(),
        _ => MarkChargeFailed { charge: waiting()?, code: FailureCode::NoAccount }.into(),
    })
}

/// A plan, a hold or a release.
fn reserve(driver: &Driver, verb: u8, choice: usize, amount: i64) -> Option<Command> {
    let account = AccountId(choice as u32 % 3 + 1);
    let release_after = driver.now.plus_seconds(amount * 5 + 1);
    let holds = driver.hold_ids();
    Some(match verb {
        22 => {
            let rate = Rate::from_basis_points(amount as u32 % 5_000 + 1).unwrap();
            let schedule = match choice % 2 {
                0 => PlanSchedule::Rolling { days: 1, expires_on: Some(release_after) },
                _ => PlanSchedule::Fixed { release_after },
            };
            SetReservePlan { account, currency: Currency::BRL, rate, schedule, details: None }.into()
        }
        23 => ReleaseReserveHold { hold: one(&holds, choice)?, amount: None }.into(),
        24 => ReleaseReserveHold { hold: one(&holds, choice)?, amount: Some(amount / 50 + 1) }.into(),
        25 => DisableReservePlan { plan: one(&driver.plan_ids(), choice)? }.into(),
        _ => {
            let charge = one(&driver.charge_ids(), choice)?;
            let source = choice.is_multiple_of(2).then_some(HoldSource::Charge(charge));
            let owner = driver.charge(charge).map_or(account, |charge| charge.owner);
            let account = if source.is_some() { owner } else { account };
            let amount = brl(amount / 30 + 1);
            CreateReserveHold { account, amount, source, release_after, details: None }.into()
        }
    })
}

/// A dispute that takes a transfer back where there is one, and what becomes of one.
fn dispute(driver: &Driver, verb: u8, choice: usize, amount: i64) -> Option<Command> {
    if verb == 27 {
        let due_by = driver.now.plus_seconds(amount * 30);
        let reference = DisputeReference::new(&format!("du_{}", driver.log.len())).unwrap();
        let charge = one(&driver.charge_ids(), choice)?;
        let opened = OpenDispute::new(charge, reference, DisputeReason::General, due_by);
        let recovery = Recovery::OwnTransfer { with_fee: choice.is_multiple_of(2) };
        let amount = Some(amount / 2 + 1).filter(|_| choice.is_multiple_of(3));
        return Some(OpenDispute { amount, fee: Some(150), recovery, ..opened }.into());
    }
    let dispute = one(&driver.dispute_ids(), choice)?;
    Some(match choice % 4 {
        0 => SubmitEvidence { dispute, fee: Some(140) }.into(),
        1 => MarkDisputeLost { dispute }.into(),
        _ => MarkDisputeWon { dispute, fees_returned: choice.is_multiple_of(3).then_some(50) }.into(),
    })
}

fn charge(verb: u8, account: AccountId, amount: Money) -> Charge {
    let minor = amount.minor;
    let kind = match verb {
        3 => ChargeKind::Separate,
        4 => ChargeKind::Direct { account, application_fee: minor / 10 },
        _ => ChargeKind::Destination {
            account,
            share: match minor % 3 {
                0 => DestinationShare::Whole,
                1 => DestinationShare::LessApplicationFee(minor / 7),
                _ => DestinationShare::Amount(minor / 2 + 1),
            },
        },
    };
    Charge { kind, ..Charge::separate(amount, card()) }
}

fn split(charge: ChargeId, account: AccountId) -> Split {
    let rate = |points| Rate::from_basis_points(points).unwrap();
    let first = Part { account, gross: Ask::Percent(rate(3_333)), commission: Commission::Amount(1) };
    let account = AccountId(account.0 % 3 + 1);
    let second = Part { account, gross: Ask::Remainder, commission: Commission::Rate(rate(1_500)) };
    Split { charges: vec![charge], transfer_group: None, parts: vec![first, second], details: None }
}

/// Puts a bank account on file.
pub(crate) fn attach(account: AccountId, currency: Currency) -> Command {
    let number = Sealed { key: KeyId([1; 16]), fingerprint: [2; 8], ciphertext: Box::default() };
    Box::new(AttachBankAccount { account, currency, number, last4: *b"6789" }).into()
}
