//! The margin: what the platform earned with each account, and with all of them.
//!
//! Every posting to the platform that is earned or spent is counted once, in one column and for
//! one account. So the margins of all rows of a currency sum to what the platform is owed and
//! was paid out in it, less what it paid in: by top-ups, and what was debited from its own bank.
//!
//! | column | postings to the platform | counted for |
//! |---|---|---|
//! | application fees | fees, less what went back of them | the charge's seller |
//! | commission | charges, captures and their failures, refunds, disputes, transfers and reversals | the seller of a direct or destination charge; else nobody |
//! | recovered | account debits, less what they cost | the account |
//! | processing fees | the processor's fees that the platform paid, those for disputes too | the seller, or nobody |
//! | losses | old debts that the platform's reserve paid, less what came back of them | the account |
//!
//! What is counted for nobody is the platform's own row: there separate charges come in and what
//! was shared out of them goes away. The commission that a split agrees on moves from it to the
//! row of its seller; what later refunds of the charge cost stays in it.
//!
//! It is no live view: it is folded from the log when it is asked for.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use counterfoil_domain::books::Kind;
use counterfoil_domain::money::Currency;
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::{AccountId, ChargeId, DebitId, Event, Record, Recorded, Step, WriteOffId};
use serde::{Deserialize, Serialize};

use crate::holding::Holdings;
use crate::projector::Projector;

/// What the platform earned, by account and currency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Margin {
    rows: Holdings<Earned>,
}

/// What the platform earned with one account in one currency, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    /// Application fees, less what went back of them.
    pub application_fees: i128,
    /// What else it kept of what payers paid; below zero where it gave more away.
    pub commission: i128,
    /// What it took back by account debits, less their cost.
    pub recovered: i128,
    /// The processor's fees that it paid.
    pub processing_fees: i128,
    /// Old debts that it paid.
    pub losses: i128,
}

/// One row of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginRow {
    /// With whom; the platform's own row is what is counted for nobody.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// What it came to.
    pub earned: Earned,
}

/// Where a posting to the platform is counted.
enum Column {
    ApplicationFees,
    Commission,
    Recovered,
    ProcessingFees,
    Losses,
    /// Neither earned nor spent: it moves between the platform's states, or to and from its bank.
    None,
}

impl Earned {
    /// What is left: fees, commission and what was recovered, less processing fees and losses.
    #[must_use]
    pub fn margin(&self) -> i128 {
        self.application_fees + self.commission + self.recovered - self.processing_fees - self.losses
    }

    fn count(&mut self, column: &Column, owed: i128) {
        match column {
            Column::ApplicationFees => self.application_fees += owed,
            Column::Commission => self.commission += owed,
            Column::Recovered => self.recovered += owed,
            Column::ProcessingFees => self.processing_fees -= owed,
            Column::Losses => self.losses -= owed,
            Column::None => {}
        }
    }

    fn add(&mut self, other: &Self) {
        self.application_fees += other.application_fees;
        self.commission += other.commission;
        self.recovered += other.recovered;
        self.processing_fees += other.processing_fees;
        self.losses += other.losses;
    }
}

impl Margin {
    /// The rows of one account or all, by account and currency; of those that have any.
    pub fn rows(&self, account: Option<AccountId>) -> impl Iterator<Item = MarginRow> + '_ {
        let rows = self.rows.of(account).filter(|(_, _, earned)| **earned != Earned::default());
        rows.map(|(account, currency, earned)| MarginRow { account, currency, earned: *earned })
    }

    /// The sums of all rows, by currency.
    #[must_use]
    pub fn totals(&self) -> BTreeMap<Currency, Earned> {
        let mut totals: BTreeMap<Currency, Earned> = BTreeMap::new();
        for row in self.rows(None) {
            totals.entry(row.currency).or_default().add(&row.earned);
        }
        totals
    }

    /// A split's commission is earned with its seller, and not with nobody.
    fn agree(&mut self, account: AccountId, currency: Currency, commission: i64) {
        if commission == 0 {
            return;
        }
        let commission = i128::from(commission);
        self.rows.with(account, currency, |earned| earned.commission += commission);
        self.rows.with(AccountId::PLATFORM, currency, |earned| earned.commission -= commission);
    }

    fn commissions(&mut self, event: &Event) {
        if let Event::ChargesSplit(split) = event {
            for share in &split.shares {
                self.agree(share.account, split.entry.currency(), share.commission);
            }
        }
        if let Event::Moved(moved) = event
            && let (Step::ChargesShared, Record::Split(_, split)) = (moved.step, &moved.subject.record)
        {
            for share in split.parts.iter().map(|part| part.share).filter(|share| share.gross > 0) {
                self.agree(share.account, split.currency, share.commission);
            }
        }
    }
}

impl Projector for Margin {
    const NAME: &'static str = "margin";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Recorded) {
        self.rows.open_of(recorded);
        if let Some(entry) = recorded.event.entry() {
            let account = counted_for(&recorded.event).unwrap_or(AccountId::PLATFORM);
            // What is of a write-off is of its account, whatever else the event is about.
            let mut owners = Vec::new();
            if let Event::Moved(moved) = &recorded.event {
                owners.extend(moved.owners());
            }
            let written_off = |place: usize| {
                owners.get(place).and_then(|record| WriteOffId::of(record)).map(|(_, it)| it.account)
            };
            let own = (0..).zip(entry.postings()).filter(|(_, posting)| {
                posting.book.owner().is_some_and(|(account, _)| account.is_platform())
            });
            for (place, posting) in own {
                let account = written_off(place).unwrap_or(account);
                let (column, owed) = (column(posting.kind), i128::from(posting.owed()));
                if !matches!(column, Column::None) {
                    self.rows.with(account, entry.currency(), |earned| earned.count(&column, owed));
                }
            }
        }
        self.commissions(&recorded.event);
    }
}

/// For whom an event's postings to the platform are counted; `None` for nobody.
fn counted_for(event: &Event) -> Option<AccountId> {
    match event {
        Event::ChargeSucceeded(charged) => charged.charge.seller,
        Event::ChargeRefunded(refunded) => refunded.charge.seller,
        Event::TransferReversed(reversed) => reversed.charge.as_ref().and_then(|charge| charge.seller),
        Event::Moved(moved) => moved.parts().map(|part| &part.record).find_map(|record| {
            let debited = || DebitId::of(record).map(|(_, debit)| debit.account);
            ChargeId::of(record).and_then(|(_, charge)| charge.seller).or_else(debited)
        }),
        Event::LedgerOpened(_)
        | Event::TimeAdvanced { .. }
        | Event::AccountOnboarded(_)
        | Event::RequirementChanged { .. }
        | Event::BankAccountAttached { .. }
        | Event::PayoutScheduleSet { .. }
        | Event::RailOpened { .. }
        | Event::ChargesSplit(_)
        | Event::TransferCreated(_)
        | Event::FundsMatured { .. }
        | Event::PayoutCreated(_)
        | Event::PayoutPaid(_)
        | Event::PayoutFailed(_)
        | Event::RailSettled { .. }
        | Event::BookmarkSet { .. }
        | Event::ConnectReserveMoved { .. }
        | Event::DebitNegativeBalancesSet { .. }
        | Event::SuccessorNamed { .. } => None,
    }
}

fn column(kind: Kind) -> Column {
    match kind {
        Kind::ApplicationFee | Kind::ApplicationFeeRefund => Column::ApplicationFees,
        Kind::Charge
        | Kind::PartialCapture
        | Kind::PaymentFailure
        | Kind::Refund
        | Kind::RefundFailure
        | Kind::Dispute
        | Kind::DisputeReversal
        | Kind::Transfer
        | Kind::TransferReversal => Column::Commission,
        Kind::AccountDebit | Kind::AccountDebitFee => Column::Recovered,
        Kind::ProcessingFee | Kind::DisputeFee | Kind::DisputeFeeReversal => Column::ProcessingFees,
        Kind::ConnectCollection | Kind::Loss | Kind::WriteOffRecovery => Column::Losses,
        Kind::Maturity
        | Kind::Payout
        | Kind::PayoutPaid
        | Kind::PayoutFailure
        | Kind::PayoutHold
        | Kind::PayoutRelease
        | Kind::Settlement
        | Kind::Topup
        | Kind::TopupReversal
        | Kind::ConnectReserve
        | Kind::ReserveHold
        | Kind::ReserveRelease
        | Kind::Prefunding
        // From or to the platform's own bank; a seller's is no posting to the platform.
        | Kind::BankDebit
        | Kind::BankDebitReturn => Column::None,
    }
}
