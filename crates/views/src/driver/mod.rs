//! A ledger for tests: commands in, recorded events out, with nothing in between but
//! the domain.

mod bygone;
mod memory;
mod story;

pub(crate) use bygone::Bygone;
pub(crate) use memory::{Fixed, MemoryShelf};
pub(crate) use story::{Story, attach};

use std::collections::BTreeMap;

use counterfoil_domain::account::{Country, Details, OnboardAccount};
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{ChargeState, ChargeType, ProcessingFee};
use counterfoil_domain::due::{do_due, next_due};
use counterfoil_domain::money::{Currency, Money, Rate};
use counterfoil_domain::payout::{DayKind, Delay, PayoutSchedule};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::refund::OnShortfall;
use counterfoil_domain::settings::{
    Clock, FeePayer, LossBearer, Mode, Profile, RequirementCollector, Settings,
};
use counterfoil_domain::transfer::CancelTransfer;
use counterfoil_domain::{
    AccountId, Actor, ChargeId, Command, Context, Event, Ledger, Loaded, Needs, PayoutId, Record, RecordId,
    Recorded, Refusal, TransferId, decide, evolve,
};

use crate::projector::Projector;
use crate::reading::Reading;
use crate::views::Views;

/// A ledger and everything that happened in it.
pub(crate) struct Driver {
    pub(crate) ledger: Ledger,
    pub(crate) log: Vec<Recorded>,
    now: Timestamp,
    records: BTreeMap<RecordId, Record>,
}

/// An amount in the ledger's currency.
pub(crate) fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

/// The instant that `text` names.
pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The card rail.
pub(crate) fn card() -> RailName {
    RailName::new("card").unwrap()
}

/// A marketplace in Brazil: two business days of delay, processing fee 2 % and 10.
pub(crate) fn settings() -> Settings {
    Settings {
        ledger: uuid::Uuid::nil(),
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "counterfoil".into(),
        country: Country::BR,
        currency: Currency::BRL,
        profile: Profile::Marketplace,
        default_charge_type: ChargeType::Separate,
        fee_payer: FeePayer::Account,
        loss_bearer: LossBearer::Platform,
        requirement_collector: RequirementCollector::Platform,
        processing_fee: ProcessingFee { rate: Rate::from_basis_points(200).unwrap(), fixed: 10 },
        delay: Delay { days: 2, kind: DayKind::Business },
        minimum_charge: 0,
        overdraft_limit: 1_000_000,
        on_shortfall: OnShortfall::Refuse,
        id_key: [7; 16],
    }
}

impl Driver {
    /// A ledger that was opened on Monday 2017-09-11.
    pub(crate) fn open() -> Self {
        let mut driver = Self {
            ledger: Ledger::new(),
            log: Vec::new(),
            now: time("2017-09-11"),
            records: BTreeMap::new(),
        };
        driver.run(Box::new(settings()));
        driver
    }

    /// Lets time pass, with the work that falls due.
    pub(crate) fn at(&mut self, text: &str) -> &mut Self {
        self.advance(time(text));
        self
    }

    /// Lets time pass.
    pub(crate) fn advance(&mut self, to: Timestamp) {
        while let Some((now, due)) = next_due(&self.ledger, to) {
            let loaded = self.load(|loaded| due.needs(loaded));
            let context = Context { now, position: self.log.len() as u64 };
            for event in do_due(&self.ledger, &loaded, due, &context) {
                self.record(now, Actor::Time, event);
            }
        }
        self.now = to;
        self.run(AdvanceTo { to });
    }

    /// What the ledger does of a command now.
    pub(crate) fn execute(&mut self, command: impl Into<Command>) -> Result<u64, Refusal> {
        let command = command.into();
        let loaded = self.load(|loaded| command.needs(loaded));
        let position = self.log.len() as u64;
        let events = decide(&self.ledger, &loaded, &command, &Context { now: self.now, position })?;
        for event in events {
            self.record(self.now, Actor::Platform, event);
        }
        Ok(self.log.len() as u64 - 1)
    }

    fn load(&self, needs: impl Fn(&Loaded) -> Needs) -> Loaded {
        let mut loaded = Loaded::default();
        loop {
            let needs = needs(&loaded);
            if needs.is_empty() {
                return loaded;
            }
            needs.into_iter().for_each(|id| loaded.put(id, self.records.get(&id).cloned()));
        }
    }

    /// The same, where it is not refused; the position of its last event.
    pub(crate) fn run(&mut self, command: impl Into<Command>) -> u64 {
        self.execute(command).unwrap()
    }

    /// A seller that a caller calls `name`.
    pub(crate) fn onboard(&mut self, name: &str, schedule: PayoutSchedule) -> AccountId {
        let mut onboarding = OnboardAccount::new(Country::BR, Currency::BRL);
        onboarding.schedule = schedule;
        onboarding.details = Details::external_id(name);
        self.run(Box::new(onboarding));
        self.ledger.account_by_external_id(name).unwrap()
    }

    /// What a view makes of it all.
    pub(crate) fn fold<P: Projector>(&self) -> P {
        let mut view = P::default();
        self.log.iter().for_each(|recorded| view.apply(recorded));
        view
    }

    /// Every view of it all.
    pub(crate) fn views(&self) -> Views {
        let mut views = Views::new();
        views.apply_all(&self.log).unwrap();
        views
    }

    /// Asks the views something.
    pub(crate) fn ask<T>(&self, with: impl FnOnce(Reading<'_>) -> T) -> T {
        with(Reading::new(&self.views(), &Bygone::of(&self.log)))
    }

    /// Calls off every transfer that waits for the platform's balance.
    pub(crate) fn empty_the_queue(&mut self) {
        for transfer in self.transfer_ids() {
            // Most do not wait.
            let _refused = self.execute(CancelTransfer { transfer });
        }
    }

    /// A charge as it stands.
    pub(crate) fn charge(&self, id: ChargeId) -> Option<&ChargeState> {
        ChargeId::of(self.records.get(&id.into())?).map(|(_, charge)| charge)
    }

    /// Every payout's id, the earliest first.
    pub(crate) fn payout_ids(&self) -> Vec<PayoutId> {
        self.ids()
    }

    /// Every charge's id, the earliest first.
    pub(crate) fn charge_ids(&self) -> Vec<ChargeId> {
        self.ids()
    }

    /// Every transfer's id, the earliest first.
    pub(crate) fn transfer_ids(&self) -> Vec<TransferId> {
        self.ids()
    }

    fn ids<I: RecordKey>(&self) -> Vec<I> {
        self.records.values().filter_map(I::of).map(|(id, _)| id).collect()
    }

    fn record(&mut self, time: Timestamp, actor: Actor, event: Event) {
        let position = self.log.len() as u64;
        let command = uuid::Uuid::nil();
        let recorded = Recorded { position, time, actor, acting: None, command, cause: None, event };
        evolve(&mut self.ledger, &recorded);
        recorded.records(|record| drop(self.records.insert(record.id(), record)));
        self.log.push(recorded);
    }
}
