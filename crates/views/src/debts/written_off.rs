//! Debts that were written off, and what came back of them.

use counterfoil_domain::books::Kind;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::settings::LossBearer;
use counterfoil_domain::{AccountId, WriteOffId};

use super::Reader;
use crate::object::{ObjectKind, ObjectRef};
use crate::objects::{Object, Query};
use crate::unreadable::Unreadable;

/// A debt that was written off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenOff {
    /// Which.
    pub id: WriteOffId,
    /// Who owed it.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much was written off, in minor units; above zero.
    pub amount: Minor,
    /// What of it came back, to whoever bore it.
    pub recovered: Minor,
    /// When it was written off, in business time.
    pub at: Timestamp,
    /// Who bore it.
    pub loss_bearer: LossBearer,
}

impl WrittenOff {
    /// What did not come back.
    #[must_use]
    pub fn left(&self) -> Minor {
        self.amount.saturating_sub(self.recovered)
    }
}

impl Reader<'_> {
    /// The debts of one account, or of every connected account, that were written off by now, the
    /// earliest first. What came back is read from their accounts' statements.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn written_off(self, account: Option<AccountId>) -> Result<Vec<WrittenOff>, Unreadable> {
        let query = Query { kind: Some(ObjectKind::WriteOff), owner: account, ..Query::first(usize::MAX) };
        let objects = self.views.objects().list(&query)?.objects;
        let known = objects.into_iter().rev().filter(|object| object.created <= self.now);
        known.filter_map(|object| self.of_object(&object).transpose()).collect()
    }

    fn of_object(self, object: &Object) -> Result<Option<WrittenOff>, Unreadable> {
        let ObjectRef::WriteOff(id) = object.reference else { return Ok(None) };
        let (account, currency) = (object.owner, object.currency);
        let statement = self.views.statement();
        let mut recovered: Minor = 0;
        for line in statement.lines(account, currency, 1, statement.entries(account, currency)) {
            let line = line?;
            let own = line.kind == Kind::WriteOffRecovery && line.source == Some(object.reference);
            if own && line.time <= self.now {
                recovered = recovered.saturating_sub(line.amount);
            }
        }
        let loss_bearer = self.views.objects().loss_bearers().of(account)?;
        let (amount, at) = (object.amount, object.created);
        Ok(Some(WrittenOff { id, account, currency, amount, recovered, at, loss_bearer }))
    }
}
