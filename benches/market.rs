//! A market in memory: a ledger with sellers, and commands that change it.

pub mod store;

use counterfoil::domain::account::{Country, OnboardAccount};
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::Charge;
use counterfoil::domain::money::allocate::Ask;
use counterfoil::domain::money::{Currency, Money, Rate};
use counterfoil::domain::payout::Delay;
use counterfoil::domain::rail::RailName;
use counterfoil::domain::settings::Clock;
use counterfoil::domain::split::{Commission, Part, Split};
use counterfoil::domain::transfer::Transfer;
use counterfoil::domain::{
    AccountId, Actor, ChargeId, Command, Context, Event, Ledger, Loaded, Recorded, Settings, decide, evolve,
};
use uuid::Uuid;

/// A ledger, its events so far, and its time.
pub struct Market {
    /// The ledger.
    pub ledger: Ledger,
    /// Its events so far.
    pub log: Vec<Recorded>,
    /// Its time.
    pub now: Timestamp,
    /// The position of the next event, wherever the log begins.
    pub position: u64,
}

/// How many sellers a market has.
pub const SELLERS: u32 = 1_000;

/// A prime, so that no number of sellers that is a power of ten has a divisor of it.
const APART: u64 = 7_368_787;

/// The settings of a market on a simulated clock, whose money is available at once.
pub fn settings() -> Settings {
    let settings = Settings::new(Uuid::from_u128(1), [1; 16], Country::BR, Currency::BRL);
    Settings { clock: Clock::Simulated, delay: Delay::NONE, ..settings }
}

/// So many centavos.
pub fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

/// A separate charge.
#[expect(clippy::expect_used, reason = "the name is a rail name")]
pub fn charge(minor: i64) -> Charge {
    Charge::separate(brl(minor), RailName::new("card").expect("a rail name"))
}

/// One of so many sellers. Numbers that follow each other name sellers far apart, and as many
/// numbers as there are sellers name each once.
pub fn seller(number: u64, sellers: u32) -> AccountId {
    let sellers = u64::from(sellers);
    AccountId(1 + u32::try_from(number % sellers * APART % sellers).unwrap_or_default())
}

/// A transfer from the platform's balance.
pub fn transfer(number: u64) -> Command {
    transfer_among(number, SELLERS)
}

/// A transfer to one of so many sellers.
pub fn transfer_among(number: u64, sellers: u32) -> Command {
    Transfer::new(seller(number, sellers), brl(1)).into()
}

/// A split of a charge over five sellers, each with a commission.
pub fn split(charge: ChargeId, number: u64) -> Command {
    split_among(charge, number, SELLERS)
}

/// A split of a charge over five of so many sellers, each with a commission.
#[expect(clippy::expect_used, reason = "a tenth is a rate")]
pub fn split_among(charge: ChargeId, number: u64, sellers: u32) -> Command {
    let commission = Commission::Rate(Rate::from_basis_points(1_000).expect("a rate"));
    let part =
        |place| Part { account: seller(number * 5 + place, sellers), gross: Ask::Fixed(1_999), commission };
    let parts = (0..5).map(part).collect();
    Split { charges: vec![charge], transfer_group: None, parts, details: None }.into()
}

impl Default for Market {
    fn default() -> Self {
        Self::new()
    }
}

impl Market {
    /// A market with its sellers, and money on the platform that is available at once.
    #[must_use]
    pub fn new() -> Self {
        Self::of(settings(), SELLERS)
    }

    /// A market with settings of its own and so many sellers.
    #[must_use]
    pub fn of(settings: Settings, sellers: u32) -> Self {
        let now = Timestamp::from_micros(1_772_323_200_000_000);
        let mut market = Self { ledger: Ledger::new(), log: Vec::new(), now, position: 0 };
        market.take(&Command::OpenLedger(Box::new(settings)), &Loaded::default());
        for _ in 0..sellers {
            let onboard = OnboardAccount::new(Country::BR, Currency::BRL);
            market.take(&Command::OnboardAccount(Box::new(onboard)), &Loaded::default());
        }
        market.take(&charge(900_000_000_000).into(), &Loaded::default());
        market
    }

    /// Takes a charge: its id, and what a later command is told of it.
    #[expect(clippy::expect_used, reason = "a charge leaves a record behind")]
    pub fn charged(&mut self, minor: i64) -> (ChargeId, Loaded) {
        self.take(&charge(minor).into(), &Loaded::default());
        let last = self.log.last().expect("the charge");
        let id = ChargeId::new(last.position, 0);
        let mut loaded = Loaded::default();
        last.records(|record| {
            loaded.put(record.id(), Some(record));
        });
        (id, loaded)
    }

    /// The events of a command, recorded.
    #[expect(clippy::expect_used, reason = "a bench asks for nothing that is refused")]
    pub fn decide(&self, command: &Command, loaded: &Loaded) -> Vec<Recorded> {
        let context = Context { now: self.now, position: self.position };
        let events = decide(&self.ledger, loaded, command, &context).expect("the command is in order");
        (self.position..).zip(events).map(|(position, event)| self.recorded(position, event)).collect()
    }

    /// Decides a command and takes it in.
    pub fn take(&mut self, command: &Command, loaded: &Loaded) {
        for recorded in self.decide(command, loaded) {
            evolve(&mut self.ledger, &recorded);
            self.log.push(recorded);
            self.position += 1;
        }
    }

    fn recorded(&self, position: u64, event: Event) -> Recorded {
        let command = Uuid::from_u128(u128::from(position) << 64 | 7);
        Recorded {
            position,
            time: self.now,
            actor: Actor::Platform,
            acting: None,
            command,
            cause: None,
            event,
        }
    }
}
