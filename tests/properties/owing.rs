//! Sellers who owe, and the banks that are asked for it: against a naive model, and in steps of
//! the random streams.

use counterfoil_domain::account::{AttachBankAccount, BankAccount, Country, KeyId, OnboardAccount, Sealed};
use counterfoil_domain::bank_debit::{
    BankDebitStatus, MarkBankDebitFailed, MarkBankDebitReturned, MarkBankDebitSucceeded,
    SetDebitNegativeBalances,
};
use counterfoil_domain::charge::{Charge, ChargeKind, ProcessingFee};
use counterfoil_domain::laws::Law;
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::payout::{FailureCode, PayoutSchedule, RequestPayout};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::{
    AccountId, BankDebitId, ChargeId, Command, Event, Moved, Record, Recorded, Step, TopupId,
};
use counterfoil_testkit::{Records, World};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::market::{nth, open, rail_name};
use crate::tampering::{breach, tampered};

/// The account after the sellers of every market.
const BAKERY: AccountId = AccountId(4);

/// What a bank says of a debit: it arrives or not, and may go back once it has.
pub(crate) fn result(records: &Records, debit: usize, arrives: bool) -> Option<Command> {
    let live = |status| matches!(status, BankDebitStatus::Pending | BankDebitStatus::Succeeded);
    let debits = records.each::<BankDebitId>().filter(|(_, debit)| live(debit.status));
    let bank_debit = nth(debits.map(|(id, _)| id), debit)?;
    let code = FailureCode::InsufficientFunds;
    if records.get(bank_debit)?.status == BankDebitStatus::Succeeded {
        return Some(MarkBankDebitReturned { bank_debit, code }.into());
    }
    Some(if arrives {
        MarkBankDebitSucceeded { bank_debit }.into()
    } else {
        MarkBankDebitFailed { bank_debit, code }.into()
    })
}

fn usd(minor: Minor) -> Money {
    Money::new(Currency::USD, minor)
}

fn sealed(number: u8) -> Sealed {
    Sealed { key: KeyId([1; 16]), fingerprint: [number; 8], ciphertext: Box::new([3; 16]) }
}

/// A market with one more seller, who is paid daily and debited.
fn market() -> World {
    let mut world = open(ProcessingFee::NONE, Minor::MAX / 4);
    let mut seller = OnboardAccount::new(Country::US, Currency::USD);
    seller.schedule = PayoutSchedule::Daily;
    seller.bank_account = Some(BankAccount { number: sealed(0), last4: *b"6789" });
    world.execute(Command::OnboardAccount(Box::new(seller))).unwrap();
    world.execute(SetDebitNegativeBalances { account: BAKERY, on: true }).unwrap();
    world
}

/// One thing that happens to the seller.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// So much comes in.
    In(Minor),
    /// So much that came in goes back.
    Out(Minor),
    /// The bank answers the debit that is on its way.
    Answer(bool),
    /// The bank returns the newest debit that arrived.
    Return,
    /// A bank account is put on file.
    Bank,
    /// The next day begins, and is a payday.
    Day,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        2 => (1..9_000_i64).prop_map(Deed::In),
        3 => (1..9_000_i64).prop_map(Deed::Out),
        3 => any::<bool>().prop_map(Deed::Answer),
        1 => proptest::strategy::Just(Deed::Return),
        2 => proptest::strategy::Just(Deed::Bank),
        4 => proptest::strategy::Just(Deed::Day),
    ];
    proptest::collection::vec(deed, 1..40)
}

/// What the model knows: a balance, a debit on its way, those that arrived, and whether the bank
/// account can be used. It decides nothing by what the ledger says.
#[derive(Debug, Default)]
struct Model {
    available: Minor,
    pending: Option<(BankDebitId, Minor, u8)>,
    arrived: Vec<(BankDebitId, Minor, u8)>,
    bank: u8,
    errored: bool,
    asked: usize,
}

impl Model {
    fn refuse(&mut self, bank: u8) {
        self.errored |= bank == self.bank;
    }

    /// A day begins: what is there is paid out; what is owed is asked once.
    fn day(&mut self, world: &mut World) {
        let day = world.now().day().plus(1);
        let position = world.log().len();
        world.execute(counterfoil_domain::calendar::AdvanceTo { to: day.start() }).unwrap();
        if self.available > 0 && !self.errored {
            self.available = 0;
        }
        if self.available < 0 && !self.errored && self.pending.is_none() {
            let made = world.log()[position..].iter().find(|recorded| step_of(recorded).is_some());
            let made = made.expect("a debit was asked");
            let id = BankDebitId::new(made.position, 0);
            self.pending = Some((id, -self.available, self.bank));
            self.asked += 1;
        }
    }

    fn answer(&mut self, world: &mut World, arrives: bool) {
        let Some((bank_debit, amount, bank)) = self.pending.take() else { return };
        if arrives {
            world.execute(MarkBankDebitSucceeded { bank_debit }).unwrap();
            self.available += amount;
            self.arrived.push((bank_debit, amount, bank));
        } else {
            world.execute(MarkBankDebitFailed { bank_debit, code: FailureCode::Declined }).unwrap();
            self.refuse(bank);
        }
    }

    fn do_it(&mut self, world: &mut World, deed: Deed) {
        match deed {
            Deed::In(amount) => {
                let _topup = top_up(world, amount);
                self.available += amount;
            }
            Deed::Out(amount) => {
                let topup = top_up(world, amount);
                if self.available + amount > 0 {
                    // It is paid out first, so that taking it back makes a debt.
                    let asked = RequestPayout { account: BAKERY, currency: Currency::USD, amount: None };
                    if world.execute(asked).is_ok() {
                        self.available = -amount;
                    }
                }
                world.execute(MarkTopupReversed { topup }).unwrap();
            }
            Deed::Answer(arrives) => self.answer(world, arrives),
            Deed::Return => {
                let Some((bank_debit, amount, bank)) = self.arrived.pop() else { return };
                let code = FailureCode::InsufficientFunds;
                world.execute(MarkBankDebitReturned { bank_debit, code }).unwrap();
                self.available -= amount;
                self.refuse(bank);
            }
            Deed::Bank => {
                self.bank += 1;
                self.errored = false;
                let (account, currency, last4) = (BAKERY, Currency::USD, *b"4321");
                let number = sealed(self.bank);
                world.execute(Box::new(AttachBankAccount { account, currency, number, last4 })).unwrap();
            }
            Deed::Day => self.day(world),
        }
    }
}

fn top_up(world: &mut World, minor: Minor) -> TopupId {
    let asked = CreateTopup::new(BAKERY, usd(minor));
    let topup = TopupId::new(world.execute(asked).unwrap().last().unwrap().position, 0);
    world.execute(MarkTopupSucceeded { topup }).unwrap();
    topup
}

/// The step that an event is of the bakery's debit, where it is one.
fn step_of(recorded: &Recorded) -> Option<Step> {
    let Event::Moved(moved) = &recorded.event else { return None };
    let Record::BankDebit(_, debit) = &moved.subject.record else { return None };
    (debit.account == BAKERY).then_some(moved.step)
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_seller_owes_what_a_naive_model_says(deeds in deeds()) {
        let mut world = market();
        let mut model = Model::default();
        for deed in deeds {
            model.do_it(&mut world, deed);
            let holder = world.ledger().account(BAKERY).unwrap();
            assert_eq!(holder.available(Currency::USD), model.available, "{deed:?} {model:?}");
            assert_eq!(holder.bank_is_usable(Currency::USD), !model.errored, "{deed:?} {model:?}");
            // The platform holds what is owed, however it was paid or came back.
            let owed = i128::from(model.available.min(0).saturating_neg());
            assert_eq!(world.ledger().owed_by_sellers(Currency::USD), owed);
            let reserved = world.ledger().account(AccountId::PLATFORM).unwrap();
            let reserved = reserved.wallet(Currency::USD).map_or(0, |wallet| wallet.connect_reserved);
            assert_eq!(i128::from(reserved), owed);
        }
        let asked = world.log().iter().filter(|it| step_of(it) == Some(Step::BankDebitCreated)).count();
        assert_eq!(asked, model.asked, "no debit was asked that the model does not know of");
        assert_eq!(world.finish(), []);
    }
}

/// A debt of 90.00, of which a debit is asked, arrives and is returned: the last three of its
/// log are those steps, with the reserve between them.
fn owing() -> Vec<Recorded> {
    let mut world = market();
    let kind = ChargeKind::Direct { account: BAKERY, application_fee: 0 };
    let sale = Charge { kind, ..Charge::separate(usd(9_000), rail_name(0)) };
    let charge = ChargeId::new(world.execute(sale).unwrap().last().unwrap().position, 0);
    let mut model = Model::default();
    (0..3).for_each(|_| model.day(&mut world));
    world.execute(Refund::full(charge)).unwrap();
    model.available = -9_000;
    model.day(&mut world);
    let (bank_debit, ..) = model.pending.unwrap();
    world.execute(MarkBankDebitSucceeded { bank_debit }).unwrap();
    world.execute(MarkBankDebitReturned { bank_debit, code: FailureCode::Declined }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

#[test]
fn a_debit_that_is_not_what_was_asked_is_noticed() {
    let law = |step: Step, tamper: &dyn Fn(&mut Moved)| {
        let log = owing();
        let place = log.iter().position(|recorded| step_of(recorded) == Some(step)).unwrap();
        tampered(log, place, tamper).law
    };
    let state = |moved: &mut Moved, minor: Minor| {
        let Record::BankDebit(_, debit) = &mut moved.subject.record else { panic!("of a bank debit") };
        debit.amount.minor = minor;
    };
    let exceeds = law(Step::BankDebitCreated, &|moved| state(moved, 9_001));
    assert!(matches!(exceeds, Law::BankDebitExceeds { amount: 9_001, owed: 9_000, .. }), "{exceeds}");
    let forgets = law(Step::BankDebitSucceeded, &|moved| state(moved, 8_999));
    assert!(matches!(forgets, Law::BankDebitForgets { .. }), "{forgets}");
    let early = law(Step::BankDebitReturned, &|moved| moved.step = Step::BankDebitFailed);
    assert!(matches!(early, Law::BankDebitForgets { .. }), "{early}");
    let books = law(Step::BankDebitSucceeded, &|moved| moved.step = Step::BankDebitFailed);
    assert!(matches!(books, Law::BankDebitBooks { due: 0, booked: 9_000, .. }), "{books}");
    let said = law(Step::BankDebitReturned, &|moved| moved.subject.amount = 8_999);
    assert!(matches!(said, Law::BankDebitBooks { due: -9_000, booked: -8_999, .. }), "{said}");
    let mut log = owing();
    let place = log.iter().position(|it| step_of(it) == Some(Step::BankDebitCreated)).unwrap();
    let mut again = log[place].clone();
    again.position += 1;
    log.truncate(place + 1);
    log.push(again);
    let twice = breach(&log).unwrap().law;
    assert_eq!(twice, Law::BankDebitTwice { account: BAKERY, currency: Currency::USD });
}
