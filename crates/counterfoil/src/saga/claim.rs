//! Claims: what a fact says of its object beside that it happened, held against what was asked.
//!
//! A rail that took or paid another amount than it was asked for, or tells of what another rail was
//! asked for, is believed in nothing of that fact: it is reported, and recorded by no command.

use counterfoil_domain::money::Money;
use counterfoil_domain::{ObjectId, Recorded};

use super::error::SagaError;
use super::outcome::Why;
use crate::Counterfoil;

/// What a fact says, as far as it says anything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    /// How much.
    pub(super) amount: Option<Money>,
    /// Of a refund: its payment.
    pub(super) payment: Option<ObjectId>,
}

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// How much.
    pub(super) amount: Money,
    /// Of a refund: its payment.
    pub(super) payment: Option<ObjectId>,
    /// Whether this rail was asked.
    pub(super) here: bool,
}

impl Claim {
    /// How it differs from what was asked.
    pub(super) fn differs(&self, asked: &Asked) -> Option<Why> {
        let payment = self.payment.zip(asked.payment);
        if !asked.here || payment.is_some_and(|(told, asked)| told != asked) {
            return Some(Why::NotAskedHere);
        }
        let told = self.amount.filter(|told| *told != asked.amount)?;
        Some(Why::OtherAmount { asked: asked.amount, told })
    }
}

/// The event that made an object; `None` where there is none at that place.
pub(super) async fn event_of(ledger: &Counterfoil, object: ObjectId) -> Result<Option<Recorded>, SagaError> {
    let position = object.position();
    let recorded = ledger.subscribe(position).try_next().await?;
    Ok(recorded.filter(|recorded| recorded.position == position))
}
