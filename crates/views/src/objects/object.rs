//! An object as lists show it.

use std::fmt;

use counterfoil_domain::account::Details;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::payout::PayoutState;
use counterfoil_domain::record::Kept;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, ChargeId, PayoutId, TransferId};

use crate::object::ObjectRef;

/// The latest state of an object, as far as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its kind and id.
    pub reference: ObjectRef,
    /// On whom it lives: a direct charge on its seller, a payout on whom it pays, a
    /// refund where its charge does; transfers, reversals, splits and all other charges
    /// on the platform; an account on itself.
    pub owner: AccountId,
    /// The connected account at the other end: the seller of a charge and of its
    /// refunds, the destination of a transfer and of its reversals.
    pub counterparty: Option<AccountId>,
    /// When it was made, in business time.
    pub created: Timestamp,
    /// The position of the event that last changed it and carries its whole state.
    pub changed: u64,
    /// Its currency; an account's default currency.
    pub currency: Currency,
    /// Minor units; of a split what moved, of an account 0.
    pub amount: Minor,
    /// Of a charge what was refunded, of a transfer what was reversed, of a reversal what its seller
    /// got again, of a dispute that is won what its owner did, of a hold what was released, of an
    /// application fee what was given back, of its refund what came again as that failed; else 0.
    pub returned: Minor,
    /// Of a charge what was moved to sellers and not reversed; else 0.
    pub transferred: Minor,
    /// How it stands, by Connect's name.
    pub status: &'static str,
    /// What it came of: a transfer's source charge, a refund's charge, a reversal's
    /// transfer, an application fee's charge, the fee of its refund.
    pub source: Option<ObjectRef>,
    /// The live payouts that took money which it brought (or cost) the account that it is
    /// for, the earliest first: several where its money came in several events.
    pub payouts: Vec<PayoutId>,
    texts: Option<Box<Texts>>,
}

/// Texts that most objects lack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Texts {
    external_id: Option<Box<str>>,
    transfer_group: Option<Box<str>>,
}

impl Object {
    /// The caller's id of it.
    #[must_use]
    pub fn external_id(&self) -> Option<&str> {
        self.texts.as_ref()?.external_id.as_deref()
    }

    /// The group that ties it to charges and transfers.
    #[must_use]
    pub fn transfer_group(&self) -> Option<&str> {
        self.texts.as_ref()?.transfer_group.as_deref()
    }

    /// The newest live payout that took money of it.
    #[must_use]
    pub fn newest_payout(&self) -> Option<PayoutId> {
        self.payouts.last().copied()
    }

    /// The position of the event that made it, unless it is an account.
    #[must_use]
    pub fn made_at(&self) -> Option<u64> {
        if let ObjectRef::Account(_) = self.reference {
            return None;
        }
        Some(ObjectId::from_bits(self.reference.number()).position())
    }

    /// Who its money is for: the destination of a transfer or reversal, else its owner.
    pub(super) fn beneficiary(&self) -> AccountId {
        if let ObjectRef::Transfer(_) | ObjectRef::Reversal(_) = self.reference {
            return self.counterparty.unwrap_or(self.owner);
        }
        self.owner
    }

    /// An object that was made now and lives on the platform; the rest is the caller's.
    #[inline]
    pub(super) fn new(reference: ObjectRef, time: Timestamp, position: u64, currency: Currency) -> Self {
        Self {
            reference,
            owner: AccountId::PLATFORM,
            counterparty: None,
            created: time,
            changed: position,
            currency,
            amount: 0,
            returned: 0,
            transferred: 0,
            status: "succeeded",
            source: None,
            payouts: Vec::new(),
            texts: None,
        }
    }

    /// Gives it the caller's id, if details have one.
    #[inline]
    pub(super) fn call(&mut self, details: Option<&Details>) {
        if let Some(external_id) = details.and_then(|details| details.external_id.clone()) {
            self.texts.get_or_insert_default().external_id = Some(external_id);
        }
    }

    /// Gives it a transfer group, if there is one.
    #[inline]
    pub(super) fn group(&mut self, transfer_group: Option<&str>) {
        if let Some(group) = transfer_group {
            self.texts.get_or_insert_default().transfer_group = Some(group.into());
        }
    }

    /// What a record says of an object that was made now.
    #[inline]
    pub(super) fn of<K: Kept + ?Sized>(
        reference: ObjectRef,
        kept: &K,
        time: Timestamp,
        position: u64,
    ) -> Self {
        let money = kept.money();
        let mut object = Self::new(reference, time, position, money.currency);
        object.owner = kept.owner();
        object.counterparty = kept.counterparty();
        object.amount = money.minor;
        object.returned = kept.returned();
        object.status = kept.status();
        object.source = kept.source().map(Into::into);
        object.group(kept.transfer_group());
        object
    }

    /// A charge that was made now.
    pub(super) fn charge(id: ChargeId, charge: &ChargeState, time: Timestamp, position: u64) -> Self {
        let mut object = Self::of(ObjectRef::Charge(id), charge, time, position);
        object.transferred = charge.transferred;
        object
    }

    /// A transfer that was made now.
    #[inline]
    pub(super) fn transfer(id: TransferId, transfer: &TransferState, time: Timestamp, position: u64) -> Self {
        Self::of(ObjectRef::Transfer(id), transfer, time, position)
    }

    /// A payout that was made now.
    pub(super) fn payout(id: PayoutId, payout: &PayoutState, position: u64) -> Self {
        Self::of(ObjectRef::Payout(id), payout, payout.created, position)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reference, owner, currency, returned, transferred, changed, .. } = self;
        let amount = |minor: &Minor| currency.format(*minor);
        write!(f, "{reference} of account {owner}, {} {currency}", amount(&self.amount))?;
        write!(f, ", returned {}, transferred {}", amount(returned), amount(transferred))?;
        write!(f, ", {}, last changed at position {changed}", self.status)?;
        for payout in &self.payouts {
            write!(f, ", in payout {}", payout.0.position())?;
        }
        Ok(())
    }
}
