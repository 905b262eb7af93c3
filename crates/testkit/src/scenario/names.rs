//! Names: what a scenario calls the accounts, charges, transfers and payouts of its world.

use std::collections::BTreeMap;

use counterfoil_domain::prefunding::DrawdownCause;
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::{
    AccountId, ChargeId, Event, Moved, PayoutId, Record, RecordId, Recorded, RefundId, ReversalId, TransferId,
};

use super::words::Complaint;

/// Names by id, and ids by name. A name is given once.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Accounts; the platform is known from the start.
    pub(super) accounts: Named<AccountId>,
    /// Charges.
    pub(super) charges: Named<ChargeId>,
    /// Transfers: `order-1.transfer` of a destination charge, `split-1.2` of a split.
    pub(super) transfers: Named<TransferId>,
    /// Payouts: `bakery-payout-1` where the schedule made it.
    pub(super) payouts: Named<PayoutId>,
    /// All else that takes steps; `bakery-debit-1` is a debit of its bank.
    pub(super) objects: Named<RecordId>,
    /// Splits, by the position of their event.
    pub(super) splits: Named<u64>,
    automatic: BTreeMap<AccountId, u32>,
    /// How many refunds each charge has.
    refunds: BTreeMap<ChargeId, u32>,
    /// How often each account's prefunding was used.
    drawdowns: BTreeMap<AccountId, u32>,
    debited: BTreeMap<AccountId, u32>,
    /// How often a debt of each account was written off.
    written_off: BTreeMap<AccountId, u32>,
}

/// Names of one kind of thing.
#[derive(Clone, Debug)]
pub(super) struct Named<Id>(BTreeMap<String, Id>);

impl<Id> Default for Named<Id> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<Id: Copy + Eq> Named<Id> {
    /// Names a thing.
    pub(super) fn put(&mut self, name: &str, id: Id) {
        self.0.insert(name.to_owned(), id);
    }

    /// The thing of that name.
    ///
    /// # Errors
    /// No such name.
    pub(super) fn get(&self, name: &str, line: usize) -> Result<Id, Complaint> {
        let known = || self.0.keys().map(String::as_str);
        self.0.get(name).copied().ok_or_else(|| Complaint::unknown(line, name, known()))
    }

    /// The thing of that name, if there is one.
    #[must_use]
    pub(super) fn find(&self, name: &str) -> Option<Id> {
        self.0.get(name).copied()
    }

    /// What the thing is called.
    #[must_use]
    pub(super) fn name(&self, id: Id) -> &str {
        self.0.iter().find(|(_, known)| **known == id).map_or("?", |(name, _)| name.as_str())
    }
}

impl Names {
    /// What an object is called.
    #[must_use]
    pub(super) fn of(&self, id: RecordId) -> &str {
        match id {
            RecordId::Charge(charge) => self.charges.name(charge),
            RecordId::Transfer(transfer) => self.transfers.name(transfer),
            RecordId::Payout(payout) => self.payouts.name(payout),
            RecordId::Topup(_)
            | RecordId::Reversal(_)
            | RecordId::Debit(_)
            | RecordId::Drawdown(_)
            | RecordId::WriteOff(_)
            | RecordId::SplitRule(_)
            | RecordId::SplitRuleVersion(_)
            | RecordId::Split(_)
            | RecordId::Refund(_)
            | RecordId::BankDebit(_)
            | RecordId::ReservePlan(_)
            | RecordId::ReserveHold(_)
            | RecordId::Dispute(_) => self.objects.name(id),
        }
    }

    /// What every object is called.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let names = (self.charges.0.keys()).chain(self.transfers.0.keys());
        names.chain(self.payouts.0.keys()).chain(self.objects.0.keys()).map(String::as_str)
    }

    /// The object of that name, of whatever kind.
    #[must_use]
    pub(super) fn object(&self, name: &str) -> Option<RecordId> {
        let charge = self.charges.find(name).map(RecordId::from);
        let transfer = || self.transfers.find(name).map(RecordId::from);
        let payout = || self.payouts.find(name).map(RecordId::from);
        charge.or_else(transfer).or_else(payout).or_else(|| self.objects.find(name))
    }

    /// Names what an event made; `name` is what the phrase calls it, where it does.
    pub(super) fn learn(&mut self, recorded: &Recorded, name: Option<&str>) {
        let position = recorded.position;
        if matches!(recorded.event, Event::LedgerOpened(_)) {
            self.accounts.put("platform", AccountId::PLATFORM);
        }
        if let (Event::AccountOnboarded(onboarded), Some(name)) = (&recorded.event, name) {
            self.accounts.put(name, onboarded.account);
        }
        if let (Event::ChargeSucceeded(charged), Some(name)) = (&recorded.event, name) {
            let id = ChargeId::new(position, 0);
            self.charges.put(name, id);
            if charged.transfer.is_some() {
                self.transfers.put(&format!("{name}.transfer"), id.destination_transfer());
            }
        }
        if let (Event::TransferCreated(_), Some(name)) = (&recorded.event, name) {
            self.transfers.put(name, TransferId::new(position, 0));
        }
        if let (Event::ChargesSplit(split), Some(name)) = (&recorded.event, name) {
            self.splits.put(name, position);
            for (ordinal, _) in (0..).zip(&split.transfers) {
                self.transfers.put(&format!("{name}.{}", ordinal + 1), TransferId::new(position, ordinal));
            }
        }
        if let Event::Moved(moved) = &recorded.event {
            moved.parts().for_each(|part| self.learn_part(position, moved, &part.record, name));
        }
        if let Event::Moved(moved) = &recorded.event
            && let RecordId::Split(_) = moved.subject.record.id()
        {
            let split = self.objects.name(moved.subject.record.id()).to_owned();
            let known = |number: &i32| self.transfers.find(&format!("{split}.{number}")).is_none();
            let free = (1..).find(known).unwrap_or(1);
            let made = moved.beside.iter().filter_map(|part| TransferId::of(&part.record));
            let made: Vec<TransferId> = made.map(|(id, _)| id).collect();
            for (number, id) in (free..).zip(made) {
                self.transfers.put(&format!("{split}.{number}"), id);
            }
        }
        self.learn_refund(recorded);
        if let Event::PayoutCreated(moved) = &recorded.event {
            match name.filter(|_| !moved.payout.automatic) {
                Some(name) => self.payouts.put(name, moved.id),
                None => {
                    let account = moved.payout.account;
                    let count = self.automatic.entry(account).or_default();
                    *count += 1;
                    let name = format!("{}-payout-{count}", self.accounts.name(account));
                    self.payouts.put(&name, moved.id);
                }
            }
        }
    }

    /// Names what a step made: its object as the phrase says, a charge's transfer after the charge.
    fn learn_part(&mut self, position: u64, moved: &Moved, record: &Record, name: Option<&str>) {
        let id = record.id();
        // What the command brought about by itself has its name already.
        if id.object().position() != position {
            return;
        }
        if let Record::BankDebit(_, debit) = record {
            let count = self.debited.entry(debit.account).or_default();
            *count += 1;
            let name = format!("{}-debit-{count}", self.accounts.name(debit.account));
            return self.objects.put(&name, id);
        }
        if let Record::WriteOff(_, written_off) = record {
            let count = self.written_off.entry(written_off.account).or_default();
            *count += 1;
            let name = format!("{}.write-off-{count}", self.accounts.name(written_off.account));
            return self.objects.put(&name, id);
        }
        if let Record::Reversal(_, reversal) = record
            && reversal.refund.is_none()
        {
            let name = format!("{}.reversal", self.transfers.name(reversal.transfer));
            // A dispute may take of a transfer more than once.
            let name = if reversal.dispute.is_some() { self.free(name) } else { name };
            self.objects.put(&name, id);
        }
        // What a plan holds is called after its sale.
        if let Record::ReserveHold(_, hold) = record
            && let (Some(source), Some(_)) = (hold.source, hold.plan)
        {
            let name = self.free(format!("{}.hold", self.of(source.into())));
            return self.objects.put(&name, id);
        }
        if let Record::Drawdown(_, drawn) = record
            && drawn.cause == DrawdownCause::Shortfall
        {
            let count = self.drawdowns.entry(drawn.account).or_default();
            *count += 1;
            let name = format!("{}.drawdown-{count}", self.accounts.name(drawn.account));
            self.objects.put(&name, id);
            return;
        }
        match (id, moved.subject.record.id()) {
            (RecordId::Transfer(transfer), RecordId::Charge(charge)) => {
                let name = format!("{}.transfer", self.charges.name(charge));
                self.transfers.put(&name, transfer);
            }
            (RecordId::Transfer(transfer), subject @ RecordId::Dispute(_)) => {
                let name = format!("{}.transfer", self.objects.name(subject));
                self.transfers.put(&name, transfer);
            }
            (RecordId::Charge(charge), _) => name.into_iter().for_each(|it| self.charges.put(it, charge)),
            (RecordId::Transfer(transfer), of) if id == of => {
                name.into_iter().for_each(|it| self.transfers.put(it, transfer));
            }
            (_, subject) if id == subject => name.into_iter().for_each(|it| self.objects.put(it, id)),
            _ => {}
        }
    }

    /// A charge's refunds are called `order-1.refund-1`, `-2` and so on; what one takes back,
    /// The name, or the first that is free of `NAME-2`, `NAME-3` and so on.
    fn free(&self, name: String) -> String {
        let again = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(again);
        names.find(|name| self.objects.find(name).is_none()).unwrap_or(name)
    }

    /// `order-1.refund-1.reversal-1` and so on.
    fn learn_refund(&mut self, recorded: &Recorded) {
        let mut reversals = Vec::new();
        recorded.records(|record| {
            let new = record.id().object().position() == recorded.position;
            if let Some((id, refund)) = RefundId::of(&record).filter(|_| new) {
                let count = self.refunds.entry(refund.charge).or_default();
                *count += 1;
                let name = format!("{}.refund-{count}", self.charges.name(refund.charge));
                self.objects.put(&name, id.into());
            }
            let reversal = ReversalId::of(&record).filter(|_| new);
            reversals.extend(reversal.and_then(|(id, made)| made.refund.map(|refund| (id, refund))));
        });
        for (count, (id, refund)) in (1..).zip(reversals) {
            let name = format!("{}.reversal-{count}", self.objects.name(refund.into()));
            self.objects.put(&name, id.into());
        }
    }
}
