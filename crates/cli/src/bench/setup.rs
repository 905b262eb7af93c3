//! Setting up: the sellers, the platform's money, and for a payday the sellers' own.

use counterfoil::domain::account::OnboardAccount;
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::charge::{Charge, LARGEST_AMOUNT};
use counterfoil::domain::money::Minor;
use counterfoil::domain::transfer::Transfer;
use counterfoil::domain::{AccountId, Command};
use counterfoil::{Counterfoil, ExecuteError, Outcome, Receipt, Request};

use super::generator::{self, MOST};
use super::workload::Workload;
use super::world::{self, CURRENCY, Market};
use super::{Args, callers, strain};
use crate::draw::Draw;
use crate::exit::Failure;
use crate::output::ProgressLine;

/// The bookmark that counts sellers.
const SELLERS: &str = "bench sellers";

/// Sellers of a group: it has 48 KiB, and an onboarding takes less than 100 bytes.
const SELLERS_TOGETHER: u64 = 250;

/// Groups, or transfers, that are handed over at once.
const GROUPS_AT_ONCE: usize = 40;
const TRANSFERS_AT_ONCE: usize = 8_190;

/// After so many days a charge's money has matured: two business days and any holidays.
const WEEK: i64 = 7 * 86_400;

/// Sets a market's ledger up.
pub(super) struct Setup<'a> {
    ledger: &'a Counterfoil,
    market: Market,
    line: ProgressLine,
    changed: bool,
}

impl<'a> Setup<'a> {
    /// The set-up of this ledger.
    pub(super) fn new(ledger: &'a Counterfoil, market: Market) -> Self {
        Self { ledger, market, line: ProgressLine::new("setting up"), changed: false }
    }

    /// Makes what is missing for a run, and says whether anything was.
    pub(super) async fn make(mut self, asked: &Args) -> Result<bool, Failure> {
        self.onboard().await?;
        if asked.workload == Workload::Payout {
            self.pay_in().await?;
        } else {
            self.fund(asked.commands).await?;
        }
        if self.market.strained {
            self.changed |= strain::strain(self.ledger, self.market.accounts).await?;
        }
        Ok(self.changed)
    }

    /// Onboards the sellers that are not there yet.
    async fn onboard(&mut self) -> Result<(), Failure> {
        let total = u64::from(self.market.accounts);
        let mut there = self.ledger.bookmark(SELLERS).await?.map_or(0, |sellers| sellers.cursor);
        while there < total {
            let mut groups = Vec::with_capacity(GROUPS_AT_ONCE);
            while there < total && groups.len() < GROUPS_AT_ONCE {
                let more = SELLERS_TOGETHER.min(total - there);
                there += more;
                let mut group: Vec<Request> = (0..more).map(|_| Request::new(self.seller())).collect();
                group.push(Request::new(world::bookmark(SELLERS, there)));
                groups.push(group);
            }
            self.done(self.ledger.execute_in_order(groups).await.into_iter().flatten())?;
            self.line.at(there, total);
        }
        Ok(())
    }

    fn seller(&self) -> Command {
        let seller = OnboardAccount::new(world::COUNTRY, CURRENCY);
        Command::from(Box::new(OnboardAccount { schedule: self.market.schedule, ..seller }))
    }

    /// Charges for the platform until it can transfer that often, and lets the money mature.
    async fn fund(&mut self, transfers: u64) -> Result<(), Failure> {
        self.ledger.caught_up().await?;
        let most = Minor::try_from(transfers).unwrap_or(Minor::MAX).saturating_mul(MOST);
        let platforms =
            self.ledger.views(|views| views.balance().funds(AccountId::PLATFORM, CURRENCY).available);
        let mut missing = most.saturating_sub(platforms);
        if missing <= 0 {
            return Ok(());
        }
        let mut charges = Vec::new();
        while missing > 0 {
            charges.push(Request::new(Charge::separate(world::brl(LARGEST_AMOUNT), generator::card()?)));
            missing = missing.saturating_sub(LARGEST_AMOUNT);
        }
        let receipts = self.ledger.execute_batch(charges).await;
        let now = receipts.iter().flatten().map(|receipt| receipt.time).max();
        self.done(receipts)?;
        let to = now.unwrap_or(world::start()).plus_seconds(WEEK);
        let _matured = self.ledger.execute(AdvanceTo { to }).await?;
        Ok(())
    }

    /// Transfers something to every seller who has nothing.
    async fn pay_in(&mut self) -> Result<(), Failure> {
        self.ledger.caught_up().await?;
        let sellers = 1..=self.market.accounts;
        let poor: Vec<u32> = self.ledger.views(|views| {
            let balance = views.balance();
            sellers.filter(|number| balance.funds(AccountId(*number), CURRENCY).available <= 0).collect()
        });
        if poor.is_empty() {
            return Ok(());
        }
        self.fund(poor.len() as u64).await?;
        let mut done = 0;
        for some in poor.chunks(TRANSFERS_AT_ONCE) {
            let transfers = some.iter().map(|number| {
                let amount = generator::amount(&mut Draw::new(0, u64::from(*number)));
                Request::new(Transfer::new(AccountId(*number), world::brl(amount)))
            });
            self.done(self.ledger.execute_batch(transfers.collect()).await)?;
            done += some.len() as u64;
            self.line.at(done, poor.len() as u64);
        }
        Ok(())
    }

    fn done(
        &mut self,
        receipts: impl IntoIterator<Item = Result<Receipt<Outcome>, ExecuteError>>,
    ) -> Result<(), Failure> {
        self.changed = true;
        receipts.into_iter().try_for_each(|receipt| callers::new(receipt).map(drop))
    }
}
