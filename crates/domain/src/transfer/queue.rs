//! Queueing a transfer: it is made at once where the platform's balance covers it and nobody
//! waits before it, and otherwise as soon as both is so. Until then nothing is booked.
//!
//! One that names its source charge never waits: it needs no balance.

use super::create::{make, platforms_available, refuse};
use super::{Queue, Transfer, TransferRefusal, TransferState};
use crate::charge::LARGEST_AMOUNT;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, TransferId};
use crate::ledger::Ledger;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// The most transfers that may wait in one currency (our own rule). What waits is in memory and
/// in each checkpoint: some 200 bytes for each, so at most 20 MB.
pub const MOST_QUEUED: usize = 100_000;

/// The most that may wait in one currency, in minor units: ten times the largest single amount
/// (our own rule).
pub const MOST_QUEUED_AMOUNT: i128 = 10 * LARGEST_AMOUNT as i128;

/// Moves money to a seller, as soon as the platform has it. Connect refuses such a transfer
/// and never tries again; the queue is our own rule (docs/decisions/queued-transfers.md).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueueTransfer(pub Transfer);

impl Verb for QueueTransfer {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        self.0.needs(loaded, needs);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Self(command) = self;
        let Scene { ledger, context, .. } = *scene;
        let charge = refuse(command, scene)?;
        let currency = command.amount.currency;
        let covered = command.amount.minor <= platforms_available(ledger, currency)
            && !ledger.agenda.has_queue(AccountId::PLATFORM, currency);
        if charge.is_some() || covered {
            return make(command, charge, scene);
        }
        refuse_full(ledger, command)?;

        let transfer = TransferState {
            destination: command.destination,
            currency,
            amount: command.amount.minor,
            reversed: 0,
            source_charge: None,
            available_on: context.now.day(),
            pending_left: 0,
            transfer_group: command.transfer_group.clone(),
            queue: Some(Box::new(Queue::Waiting)),
            held: None,
        };
        let record = Record::Transfer(TransferId::new(context.position, 0), transfer);
        Ok(Moved::new(Step::TransferQueued, record).told(command.details.clone()).into())
    }
}

/// Refuses what is beyond the queue's room; refunds that wait for the same money take of it too.
fn refuse_full(ledger: &Ledger, command: &Transfer) -> Result<(), TransferRefusal> {
    let asked = command.amount;
    let (waiting, amount) = ledger.agenda.queued(AccountId::PLATFORM, asked.currency);
    if waiting >= MOST_QUEUED || amount + i128::from(asked.minor) > MOST_QUEUED_AMOUNT {
        return Err(TransferRefusal::QueueFull { asked, waiting });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, Country};
    use crate::calendar::{Timestamp, Wait};
    use crate::decide::Context;
    use crate::money::{Currency, Money};
    use crate::refusal::Refusal;
    use crate::settings::Settings;

    /// A ledger in which so many transfers of one minor unit wait.
    fn ledger(waiting: usize) -> Ledger {
        let mut ledger = Ledger::new();
        let settings = Settings::new(uuid::Uuid::nil(), [0; 16], Country::US, Currency::USD);
        ledger.settings = Some(Box::new(settings));
        ledger.accounts = vec![Account::new(Country::US, Currency::USD); 2];
        let wait = Some(Wait::Funds(AccountId::PLATFORM, Currency::USD, 1));
        for position in 0..waiting as u64 {
            let _before = ledger.agenda.set(TransferId::new(position, 0).into(), wait, None);
        }
        ledger
    }

    fn queue(ledger: &Ledger, currency: Currency) -> Result<Events, Refusal> {
        let context = Context { now: Timestamp::MIN, position: 1 << 40 };
        let scene = Scene { ledger, loaded: &Loaded::default(), context: &context };
        QueueTransfer(Transfer::new(AccountId(1), Money::new(currency, 1))).decide(&scene)
    }

    #[test]
    fn a_queue_has_room_for_so_many_in_each_currency() {
        let mut ledger = ledger(MOST_QUEUED - 1);
        assert!(queue(&ledger, Currency::USD).is_ok());
        let last = TransferId::new(MOST_QUEUED as u64, 0);
        let wait = Wait::Funds(AccountId::PLATFORM, Currency::USD, 1);
        assert_eq!(ledger.agenda.set(last.into(), Some(wait), None), None);
        let refused = queue(&ledger, Currency::USD).unwrap_err();
        assert_eq!(refused.rule(), "transfer_queue_must_have_room");
        assert!(queue(&ledger, Currency::EUR).is_ok(), "each currency has a queue of its own");
        assert_eq!(ledger.agenda.set(last.into(), None, None), Some(wait));
        assert!(queue(&ledger, Currency::USD).is_ok(), "who leaves makes room");
    }
}
