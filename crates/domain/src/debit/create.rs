//! Debiting an account: what it has available becomes the platform's. The operator may
//! charge the platform for it.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, available | amount | |
//! | platform, available | | amount |
//! | platform, available | fee | |
//! | `operator:fees` | | fee |

use super::{DebitRefusal, DebitState};
use crate::account::{AccountRefusal, Details};
use crate::books::{Book, Draft, Kind, OperatorBook, State};
use crate::charge::ProcessingFee;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, DebitId};
use crate::money::{Minor, Money};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::settings::LossBearer;
use crate::step::{Moved, Step};
use crate::transfer::refuse_abroad;

/// Takes money back from a connected account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DebitAccount {
    /// Whose.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// What the operator charges the platform for it; nothing where absent. Connect charges
    /// extra, 1.5 % (unconfirmed).
    pub fee: Option<ProcessingFee>,
    /// The group that ties it to charges and transfers.
    pub transfer_group: Option<Box<str>>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

impl DebitAccount {
    /// A debit without a fee, group or details.
    #[must_use]
    pub fn new(account: AccountId, amount: Money) -> Self {
        Self { account, amount, fee: None, transfer_group: None, details: None }
    }
}

impl Verb for DebitAccount {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let fee = refuse(self, scene)?;
        let Self { account, amount, .. } = *self;
        let (minor, kind) = (amount.minor, Kind::AccountDebit);
        let platform = Book::Account(AccountId::PLATFORM, State::Available);
        let mut draft = Draft::new(amount.currency);
        draft
            .debit(Book::Account(account, State::Available), kind, minor)
            .credit(platform, kind, minor)
            .debit(platform, Kind::AccountDebitFee, fee)
            .credit(Book::Operator(OperatorBook::Fees), Kind::AccountDebitFee, fee);

        let transfer_group = self.transfer_group.clone();
        let state = DebitState { account, amount, fee, transfer_group };
        let debit = Record::Debit(DebitId::new(scene.context.position, 0), state);
        let step = Moved::new(Step::AccountDebited, debit).of(minor).booked(draft, scene.ledger);
        Ok(step.told(self.details.clone()).into())
    }
}

/// Its fee, where it breaks no rule.
fn refuse(command: &DebitAccount, scene: &Scene<'_>) -> Result<Minor, Refusal> {
    let (account, asked, ledger) = (command.account, command.amount, scene.ledger);
    if asked.minor <= 0 {
        return Err(DebitRefusal::NotPositive { asked }.into());
    }
    if command.transfer_group.as_ref().is_some_and(|group| group.is_empty() || group.len() > 255) {
        return Err(DebitRefusal::TransferGroup.into());
    }
    Details::check(command.details.as_deref()).map_err(|error| DebitRefusal::Details { error })?;
    if ledger.loss_bearer(account) == LossBearer::Operator {
        return Err(DebitRefusal::LossBearer.into());
    }
    if account.is_platform() {
        return Err(DebitRefusal::Platform.into());
    }
    let holder = ledger.account(account).ok_or(AccountRefusal::Unknown { account })?;
    refuse_abroad(ledger, holder)?;
    let fee = command.fee.map_or(0, |fee| fee.on(asked.minor));
    if !(0..=asked.minor).contains(&fee) {
        let fee = Money::new(asked.currency, fee);
        return Err(DebitRefusal::Fee { fee, debit: asked }.into());
    }
    let available = holder.available(asked.currency);
    if asked.minor > available {
        let available = Money::new(asked.currency, available);
        return Err(DebitRefusal::AccountShort { asked, available }.into());
    }
    Ok(fee)
}
