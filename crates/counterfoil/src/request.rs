//! A request: a command with what surrounds it.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{AccountId, Actor, ChargeId, Command};
use uuid::Uuid;

/// A command with its key, its time and who asks.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked.
    pub command: Command,
    /// The idempotency key, 1 to 255 bytes, scoped to the acting account.
    pub key: Option<String>,
    /// The business time; only a ledger with a simulated clock takes it from here.
    pub at: Option<Timestamp>,
    /// The command's id; the ledger gives it one where absent.
    pub id: Option<Uuid>,
    /// The account on whose behalf it is asked (Connect's `Stripe-Account`).
    pub acting: Option<AccountId>,
    /// The position of the event that brought it about.
    pub cause: Option<u64>,
    /// Who asks.
    pub actor: Actor,
}

/// From here on a position names a request of the same group; no log grows so far.
const GROUP: u64 = 1 << 51;

impl Request {
    /// A request of the platform, now, without a key.
    #[must_use]
    pub fn new(command: impl Into<Command>) -> Self {
        Self {
            command: command.into(),
            key: None,
            at: None,
            id: None,
            acting: None,
            cause: None,
            actor: Actor::Platform,
        }
    }

    /// With an idempotency key.
    #[must_use]
    pub fn idempotent(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// At a business time.
    #[must_use]
    pub fn at(mut self, time: Timestamp) -> Self {
        self.at = Some(time);
        self
    }

    /// With a command id.
    #[must_use]
    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// On behalf of an account.
    #[must_use]
    pub fn acting_as(mut self, account: AccountId) -> Self {
        self.acting = Some(account);
        self
    }

    /// Brought about by the event at a position.
    #[must_use]
    pub fn caused_by(mut self, position: u64) -> Self {
        self.cause = Some(position);
        self
    }
}

/// The charge that request number `index` of the same group will make: a split in
/// [`execute_together`](crate::Counterfoil::execute_together) names its charges so.
#[must_use]
pub fn charge_of_request(index: u16) -> ChargeId {
    ChargeId::new(GROUP + u64::from(index), 0)
}

/// Which request of the same group a charge id stands for, if it stands for one.
pub(crate) fn request_of_charge(charge: ChargeId) -> Option<usize> {
    let index = charge.0.position().checked_sub(GROUP)?;
    usize::try_from(index).ok()
}
