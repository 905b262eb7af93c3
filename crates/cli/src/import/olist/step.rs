//! A step as requests to the ledger.

use counterfoil::domain::account::{Country, Details, OnboardAccount};
use counterfoil::domain::bookmark::SetBookmark;
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};
use counterfoil::domain::charge::Charge;
use counterfoil::domain::money::{Currency, Minor, Money};
use counterfoil::domain::payout::{MarkPayoutPaid, PayoutSchedule};
use counterfoil::domain::rail::{RailName, SettleRail};
use counterfoil::domain::split::{Ask, Commission, Part, Share, Split};
use counterfoil::domain::{Command, PayoutId};
use counterfoil::{Request, charge_of_request};
use uuid::Uuid;

use super::orders::Order;
use super::plan::{Step, Work};

/// The name under which a ledger keeps how far an import is.
pub(super) const BOOKMARK: &str = "olist";

/// Makes requests that are the same in every run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requests {
    /// The digest of the import's files and options.
    pub(super) source: [u8; 32],
}

impl Requests {
    /// The requests of step number `index`, the bookmark last. A step that pays takes
    /// its payouts from the ledger: [`Requests::pay`].
    pub(super) fn of(self, index: u64, step: &Step<'_>) -> Vec<Request> {
        let mut commands = match &step.work {
            Work::Onboard(sellers, schedule) => sellers.iter().map(|id| onboard(id, *schedule)).collect(),
            Work::Settle(rails) => rails.iter().map(|(rail, amount)| settle(rail, *amount)).collect(),
            Work::Sell(order) => sell(order),
            Work::End => vec![AdvanceTo { to: step.at }.into()],
            Work::Reach | Work::Pay(_) => Vec::new(),
        };
        commands.push(self.bookmark(index + 1));
        (0..).zip(commands).map(|(number, command)| self.request(index, number, command, step.at)).collect()
    }

    /// The requests that mark `payouts` as paid in step number `index`, which goes on
    /// unless these are the `last`.
    pub(super) fn pay(self, index: u64, at: Timestamp, payouts: &[PayoutId], last: bool) -> Vec<Request> {
        let mut requests = Vec::with_capacity(payouts.len() + 1);
        for payout in payouts {
            let command = MarkPayoutPaid { payout: *payout }.into();
            requests.push(self.request(index, payout.0.to_bits(), command, at));
        }
        // A payout's number has no remainder: it is the first object of its event.
        let number = payouts.last().map_or(0, |payout| payout.0.to_bits() + 1);
        requests.push(self.request(index, number, self.bookmark(index + u64::from(last)), at));
        requests
    }

    /// A request whose id follows from the source, the step and a number that is its
    /// own within the step.
    fn request(self, step: u64, number: u64, command: Command, at: Timestamp) -> Request {
        let name = [step.to_le_bytes(), number.to_le_bytes()].concat();
        Request::new(command).at(at).id(Uuid::new_v5(&self.namespace(), &name))
    }

    /// The namespace of all ids of this import.
    pub(super) fn namespace(self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &self.source)
    }

    fn bookmark(self, cursor: u64) -> Command {
        SetBookmark { name: BOOKMARK.into(), source: self.source, cursor }.into()
    }
}

fn onboard(id: &str, schedule: PayoutSchedule) -> Command {
    let account = OnboardAccount::new(Country::BR, Currency::BRL);
    Command::from(Box::new(OnboardAccount { schedule, details: Details::external_id(id), ..account }))
}

fn settle(rail: &RailName, amount: Minor) -> Command {
    SettleRail { rail: rail.clone(), amount: Money::new(Currency::BRL, amount) }.into()
}

/// One charge per payment, and one split of them all.
fn sell(order: &Order) -> Vec<Command> {
    let group = || Some(order.id.clone());
    let mut commands: Vec<Command> = Vec::with_capacity(order.charges.len() + 2);
    for (rail, amount) in &order.charges {
        let charge = Charge::separate(Money::new(Currency::BRL, *amount), rail.clone());
        commands.push(Charge { transfer_group: group(), ..charge }.into());
    }
    let charges = (0..).zip(&order.charges).map(|(number, _)| charge_of_request(number)).collect();
    let parts = order.shares.iter().map(part).collect();
    commands.push(Split { charges, transfer_group: group(), parts, details: None }.into());
    commands
}

fn part(share: &Share) -> Part {
    let Share { account, gross, commission } = *share;
    Part { account, gross: Ask::Fixed(gross), commission: Commission::Amount(commission) }
}
