//! Samples for the tests: one of each event, with everything filled that may be.

use counterfoil_domain::account::onboard::Onboarded;
use counterfoil_domain::account::{
    BankAccount, Country, Details, EntryRange, Gates, KeyId, Requirement, RequirementName, Sealed, Standing,
};
use counterfoil_domain::bank_debit::{BankDebitState, BankDebitStatus};
use counterfoil_domain::books::Kind;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::charge::{ChargeState, ChargeType, ProcessingFee};
use counterfoil_domain::debit::DebitState;
use counterfoil_domain::money::{Currency, Money, Rate};
use counterfoil_domain::payout::{
    DayKind, Delay, FailureCode, MonthDays, PayoutMoved, PayoutSchedule, PayoutState, PayoutStatus, Weekdays,
};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::refund::create::Refunded;
use counterfoil_domain::refund::{OnShortfall, Reason};
use counterfoil_domain::settings::{
    Clock, FeePayer, LossBearer, Mode, Profile, RequirementCollector, Settings,
};
use counterfoil_domain::split::{Share, SplitMade};
use counterfoil_domain::step::{Books, Part};
use counterfoil_domain::topup::TopupBalance;
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::transfer::reverse::Reversed;
use counterfoil_domain::transfer::{Cancellation, Queue, ReversalState, TransferState};
use counterfoil_domain::{
    AccountId, Actor, BankDebitId, ChargeId, DebitId, DisputeId, DrawdownId, Event, Moved, PayoutId, RailId,
    Record, Recorded, RefundId, ReserveHoldId, ReservePlanId, ReversalId, SplitId, SplitRuleId,
    SplitRuleVersionId, Step, TopupId, TransferId, WriteOffId,
};
use uuid::Uuid;

use super::entries::{every_book, every_kind, moved};
use super::sample_disputes::{dispute, dispute_after, dispute_reversal};
use super::sample_reserves::{reserve_hold, reserve_plan};
use super::sample_rules::{rule, rule_version, split_by_rule};
use super::standings::charge_after;
use super::{Decoded, Stamp, refunds, topups};

pub(super) const BAKERY: AccountId = AccountId(12_345);
pub(super) const FLORIST: AccountId = AccountId(999_999);

/// One of each event, in the order of their types.
pub(super) fn samples() -> Vec<Decoded> {
    let events = [plain_events(), charge_events(), payout_events()].concat();
    (0..).zip(events).map(|(index, event)| around(index, event)).chain(steps()).collect()
}

/// An event in an envelope that is full at every third position, so that every field
/// of it is both there and absent in some sample.
pub(super) fn around(index: u64, event: Event) -> Decoded {
    let full = index.is_multiple_of(3);
    let recorded = Recorded {
        position: 1_000_000 + index,
        time: Timestamp::from_micros(1_505_293_142_000_001),
        actor: [Actor::Platform, Actor::Time, Actor::Operator][index as usize % 3],
        acting: full.then_some(BAKERY),
        command: if index % 3 == 1 { Uuid::nil() } else { Uuid::from_bytes([0xc0; 16]) },
        cause: full.then_some(999_999),
        event,
    };
    let stamp = full.then_some(Stamp { key: [0xa1; 16], request: [0xb2; 8] });
    Decoded { recorded, command_events: if full { 1 } else { 0 }, stamp }
}

fn plain_events() -> Vec<Event> {
    vec![
        Event::LedgerOpened(Box::new(settings())),
        Event::TimeAdvanced { to: instant() },
        Event::AccountOnboarded(Box::new(onboarded())),
        Event::RequirementChanged {
            account: BAKERY,
            name: RequirementName::TaxId,
            standing: Standing::Pending(Some(instant())),
        },
        Event::BankAccountAttached { account: BAKERY, currency: Currency::EUR, bank: Box::new(bank()) },
        Event::PayoutScheduleSet {
            account: BAKERY,
            schedule: Some(PayoutSchedule::Monthly(MonthDays::from_bits(0x4000_0001).unwrap())),
            delay: Some(Delay { days: 7, kind: DayKind::Calendar }),
            minimum_balance: Some(Money::new(Currency::USD, 2_500)),
        },
        Event::RailOpened { rail: RailId(1), name: RailName::new("card_1").unwrap() },
    ]
}

fn charge_events() -> Vec<Event> {
    let state = charge();
    let source = Some(charge());
    let id = ChargeId::new(999_998, 0);
    vec![
        Event::ChargeSucceeded(Box::new(Charged {
            charge: state.clone(),
            transfer: Some(transfer(BAKERY)),
            fee_payer: AccountId::PLATFORM,
            entry: every_book(),
            details: details(),
        })),
        Event::ChargesSplit(Box::new(SplitMade {
            shares: vec![
                Share { account: BAKERY, gross: 10_000, commission: 1_000 },
                Share { account: FLORIST, gross: 90, commission: 0 },
            ],
            charges: vec![(id, state.clone())],
            transfers: vec![transfer(BAKERY), transfer(FLORIST)],
            entry: moved(Kind::Transfer),
            details: details(),
        })),
        Event::TransferCreated(Box::new(Transferred {
            transfer: transfer(FLORIST),
            charge: source.clone().map(Box::new),
            entry: moved(Kind::Transfer),
            details: details(),
        })),
        Event::TransferReversed(Box::new(Reversed {
            id: TransferId::new(999_999, 1),
            amount: 500,
            transfer: transfer(BAKERY),
            charge: source,
            entry: moved(Kind::TransferReversal),
        })),
        Event::ChargeRefunded(Box::new(Refunded {
            id,
            amount: 700,
            reversed: 600,
            fee_refunded: 60,
            reason: Some(Reason::Fraudulent),
            charge: state,
            transfer: Some((TransferId::new(999_998, 1), transfer(BAKERY))),
            entry: every_kind(),
        })),
        Event::FundsMatured { account: BAKERY, day: day(), entry: Box::new(moved(Kind::Maturity)) },
    ]
}

fn payout_events() -> Vec<Event> {
    let failed = PayoutStatus::Failed(FailureCode::NoAccount);
    vec![
        Event::PayoutCreated(Box::new(payout(PayoutStatus::InTransit))),
        Event::PayoutPaid(Box::new(payout(PayoutStatus::Paid))),
        Event::PayoutFailed(Box::new(payout(failed))),
        Event::RailSettled { rail: RailId(1), entry: Box::new(moved(Kind::Settlement)) },
        bookmark([0x5e; 32]),
        Event::ConnectReserveMoved { entry: Box::new(moved(Kind::ConnectReserve)) },
        Event::SuccessorNamed { account: BAKERY, successor: FLORIST },
        Event::DebitNegativeBalancesSet { account: BAKERY, on: true },
    ]
}

/// Every step, by turns with an entry and objects beside it: by its number, so that the bytes of
/// one do not change with another that comes before it.
fn steps() -> impl Iterator<Item = Decoded> {
    Step::ALL.iter().map(|step| {
        let number = step.number();
        let event = Event::Moved(Box::new(taken(*step, number.is_multiple_of(2))));
        around(u64::from(number) - 14, event)
    })
}

fn taken(step: Step, full: bool) -> Moved {
    let part = |record, amount| Part { record, amount };
    let (mut beside, kinds) = (records(), records().len());
    let subject = beside.iter().position(|record| step.is_of(record)).unwrap_or(kinds);
    // Its own kind and those that are older, so that a new kind leaves older samples as they are.
    beside.truncate(subject + 1);
    // A reversal that a dispute made stands beside disputes alone.
    if step == Step::DisputeRecovered {
        beside.push(Record::Reversal(ReversalId::new(999_994, 1), dispute_reversal(reversal())));
    }
    let mut subject = standing(step, beside[subject].clone());
    if let (Record::Charge(_, state), Some(after)) = (&mut subject, charge_after(step)) {
        *state = after;
    }
    // Kinds that the entries of other samples have not.
    let further = [
        (Step::ChargeBegun, Kind::PartialCapture),
        (Step::ChargeFailed, Kind::PaymentFailure),
        (Step::RefundCreated, Kind::RefundFailure),
        (Step::DisputeOpened, Kind::Dispute),
        (Step::DisputeEvidenceSubmitted, Kind::DisputeFee),
        (Step::DisputeWon, Kind::DisputeReversal),
        (Step::DisputeRecovered, Kind::DisputeFeeReversal),
        (Step::PrefundingUsed, Kind::Prefunding),
        (Step::BankDebitCreated, Kind::BankDebit),
        (Step::BankDebitFailed, Kind::BankDebitReturn),
        (Step::DebtCollected, Kind::WriteOffRecovery),
    ];
    let kind = further.into_iter().find(|(of, _)| *of == step).map_or(Kind::Topup, |(_, kind)| kind);
    // Whose the second posting is must be there.
    let second = if beside.len() > 1 { 2 } else { 1 };
    let books = Books { entry: moved(kind), owners: [(1, 0), (1, second)].into_iter().collect() };
    Moved {
        step,
        subject: part(subject, 9_000),
        beside: if full { beside.into_iter().map(|record| part(record, 700)).collect() } else { Vec::new() },
        books: full.then_some(books),
        details: if full { details() } else { None },
    }
}

/// A record as a step leaves it, where that is not as it stands most often.
fn standing(step: Step, record: Record) -> Record {
    let standings = [
        (Step::TransferQueued, Queue::Waiting),
        (Step::TransferReleased, Queue::Released(1_000_023)),
        (Step::TransferCanceled, Queue::Canceled(Cancellation::DestinationClosed)),
    ];
    if let Record::Dispute(id, dispute) = record {
        return Record::Dispute(id, dispute_after(step, dispute));
    }
    let Some((_, queue)) = standings.into_iter().find(|(of, _)| *of == step) else { return record };
    let Record::Transfer(id, transfer) = record else { return record };
    Record::Transfer(id, TransferState { queue: Some(Box::new(queue)), ..transfer })
}

/// One record of each kind; a reversal that a refund made is stored in a form of its own.
pub(super) fn records() -> Vec<Record> {
    let PayoutMoved { id, payout, .. } = payout(PayoutStatus::Paid);
    vec![
        Record::Charge(ChargeId::new(999_998, 0), charge()),
        Record::Transfer(TransferId::new(999_998, 1), transfer(BAKERY)),
        Record::Payout(id, payout),
        Record::Topup(TopupId::new(999_997, 0), topups::topup(TopupBalance::Payments)),
        Record::Reversal(ReversalId::new(999_996, 0), reversal()),
        Record::Debit(DebitId::new(999_995, 0), debit()),
        Record::SplitRule(SplitRuleId::new(999_996, 0), rule()),
        Record::SplitRuleVersion(SplitRuleVersionId::new(999_997, 1), rule_version()),
        Record::Split(SplitId::new(999_998, 0), split_by_rule()),
        Record::Reversal(ReversalId::new(999_996, 1), refunds::reversal()),
        Record::Refund(RefundId::new(999_996, 0), refunds::refund()),
        Record::ReservePlan(ReservePlanId::new(999_994, 0), reserve_plan()),
        Record::ReserveHold(ReserveHoldId::new(999_999, 0), reserve_hold()),
        Record::Dispute(DisputeId::new(999_995, 0), dispute()),
        Record::Topup(TopupId::new(999_999, 0), topups::topup(TopupBalance::RefundAndDisputePrefunding)),
        Record::Drawdown(DrawdownId::new(999_994, 0), topups::drawdown()),
        Record::BankDebit(BankDebitId::new(999_994, 0), bank_debit()),
        Record::WriteOff(WriteOffId::new(999_993, 0), topups::write_off()),
    ]
}

/// A bookmark of `source`.
pub(super) fn bookmark(source: [u8; 32]) -> Event {
    Event::BookmarkSet { name: "orders.csv".into(), source, cursor: 99_441 }
}

/// An instant.
pub(super) fn instant() -> Timestamp {
    Timestamp::from_micros(1_505_300_000_000_000)
}

/// A day of availability.
pub(super) fn day() -> Day {
    Day::from_days(17_424)
}

fn settings() -> Settings {
    Settings {
        ledger: Uuid::from_bytes([0x1d; 16]),
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "Counterfoil".into(),
        country: Country::BR,
        currency: Currency::BRL,
        profile: Profile::Marketplace,
        default_charge_type: ChargeType::Separate,
        fee_payer: FeePayer::Platform,
        loss_bearer: LossBearer::Platform,
        requirement_collector: RequirementCollector::Operator,
        processing_fee: ProcessingFee { rate: Rate::from_basis_points(399).unwrap(), fixed: 39 },
        delay: Delay { days: 2, kind: DayKind::Business },
        minimum_charge: 50,
        overdraft_limit: 100_000,
        on_shortfall: OnShortfall::Refuse,
        id_key: [0x2e; 16],
    }
}

fn onboarded() -> Onboarded {
    let requirement = |name, gates, standing| Requirement { name, gates, standing };
    Onboarded {
        account: BAKERY,
        country: Country::DE,
        currency: Currency::EUR,
        holder: Some(sealed()),
        schedule: PayoutSchedule::Weekly(Weekdays::from_bits(0b1_0010).unwrap()),
        requirements: vec![
            requirement(RequirementName::Identity, Gates::BOTH, Standing::Due(None)),
            requirement(RequirementName::BankAccount, Gates::PAYOUTS, Standing::Due(Some(instant()))),
            requirement(RequirementName::TermsOfService, Gates::CHARGES, Standing::Verified),
            requirement(RequirementName::BusinessProfile, Gates::CHARGES, Standing::PastDue),
        ],
        bank_account: Some(bank()),
        details: details(),
        controller: None,
        processing_fee: None,
    }
}

fn sealed() -> Sealed {
    Sealed { key: KeyId([0x3f; 16]), fingerprint: [0x4a; 8], ciphertext: vec![0x5b; 24].into() }
}

fn bank() -> BankAccount {
    BankAccount { number: sealed(), last4: *b"6789" }
}

fn details() -> Option<Box<Details>> {
    let pairs = [("order", "17"), ("till", "são paulo")];
    Some(Box::new(Details {
        external_id: Some("seller-17".into()),
        description: Some("Zwölf Brötchen".into()),
        metadata: pairs.map(|(key, value)| (key.into(), value.into())).into(),
    }))
}

/// A charge with everything filled.
pub(super) fn charge() -> ChargeState {
    ChargeState {
        charge_type: ChargeType::Destination,
        owner: AccountId::PLATFORM,
        seller: Some(BAKERY),
        rail: RailId(1),
        currency: Currency::BRL,
        amount: 10_000,
        available_on: day(),
        processing_fee: 320,
        application_fee: 1_000,
        transferred: 9_000,
        refunded: 700,
        refunded_reversing: 0,
        refunded_with_fee: 0,
        fee_refunded: 0,
        pending_left: 680,
        fee_pending_left: 0,
        transfer_group: Some("order-17".into()),
        more: None,
    }
}

/// A transfer with everything filled.
pub(super) fn transfer(destination: AccountId) -> TransferState {
    TransferState {
        destination,
        currency: Currency::BRL,
        amount: 9_000,
        reversed: 600,
        source_charge: Some(ChargeId::new(999_998, 0)),
        available_on: day(),
        pending_left: 8_400,
        transfer_group: Some("order-17".into()),
        queue: None,
        held: None,
    }
}

fn reversal() -> ReversalState {
    ReversalState {
        transfer: TransferId::new(999_998, 1),
        destination: BAKERY,
        refund: None,
        amount: Money::new(Currency::BRL, 600),
        fee_refunded: 60,
        given_back: 0,
        dispute: None,
        transfer_group: Some("order-17".into()),
    }
}

fn debit() -> DebitState {
    let (amount, transfer_group) = (Money::new(Currency::BRL, 2_000), Some("order-17".into()));
    DebitState { account: BAKERY, amount, fee: 30, transfer_group }
}

fn bank_debit() -> BankDebitState {
    let (amount, status) =
        (Money::new(Currency::BRL, 6_000), BankDebitStatus::Returned(FailureCode::Declined));
    BankDebitState { account: BAKERY, amount, status, arrival: day(), bank: [7; 8] }
}

fn payout(status: PayoutStatus) -> PayoutMoved {
    let payout = PayoutState {
        account: BAKERY,
        currency: Currency::BRL,
        amount: 10_000,
        status,
        created: instant(),
        arrival: day(),
        automatic: true,
        entries: [EntryRange { first: 1, last: 9 }, EntryRange { first: 12, last: 1_000 }]
            .into_iter()
            .collect(),
        own: EntryRange { first: 1_001, last: 1_002 },
        bank: Some([7; 8]),
    };
    PayoutMoved { id: PayoutId::new(999_999, 0), payout, entry: moved(Kind::Payout) }
}
