//! The stage: a world on which phrases are done.

use counterfoil_domain::account::{
    AttachBankAccount, OnboardAccount, ProvideRequirement, ResolveRequirement,
};
use counterfoil_domain::bank_debit::{MarkBankDebitFailed, MarkBankDebitReturned, MarkBankDebitSucceeded};
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{
    CancelCharge, Charge, MarkChargeFailed, MarkChargeSucceeded, ProcessingFee,
};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::{MarkPayoutFailed, MarkPayoutPaid, RequestPayout};
use counterfoil_domain::prefunding::ReleasePrefunding;
use counterfoil_domain::rail::SettleRail;
use counterfoil_domain::refund::{CancelRefund, MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded};
use counterfoil_domain::split::{Ask, Commission, Part as SplitPart, Split};
use counterfoil_domain::topup::{CancelTopup, CreateTopup, MarkTopupFailed, MarkTopupSucceeded};
use counterfoil_domain::transfer::{CancelTransfer, QueueTransfer, Transfer};
use counterfoil_domain::{
    AccountId, BankDebitId, ChargeId, Command, DisputeId, PayoutId, RecordId, Recorded, RefundId, Refusal,
    ReserveHoldId, ReservePlanId, SplitId, SplitRuleId, TopupId, TransferId,
};

use super::names::Names;
use super::phrase::{Missing, Moving, Part, Phrase, Ruling, Sharing, Topping};
use super::terms::{bookmark, details, onboarding, rail, schedule, sealed, settings};
use super::words::Complaint;
use crate::World;

/// A world with its names.
#[derive(Debug)]
pub(super) struct Stage {
    /// The world.
    pub(super) world: World,
    /// What things are called.
    pub(super) names: Names,
}

/// What doing a phrase came to.
pub(super) type Outcome = Result<Vec<Recorded>, Refusal>;

/// Monday, ten in the morning: an ordinary business day far from holidays.
const BEGINNING: i64 = 1_772_445_600;

/// A position that no scenario reaches: what is made there does not exist.
const NOWHERE: u64 = 1 << 40;

impl Default for Stage {
    fn default() -> Self {
        let world = World::new(Timestamp::from_micros(BEGINNING * 1_000_000));
        Self { world, names: Names::default() }
    }
}

impl Stage {
    /// The platform's currency, in which amounts and books stand without one.
    #[must_use]
    pub(super) fn home(&self) -> Currency {
        self.world.ledger().settings().map_or(Currency::USD, |settings| settings.currency)
    }

    /// Does what a phrase says.
    ///
    /// # Errors
    /// A phrase that names what is unknown. A refusal is an outcome, no error.
    pub(super) fn perform(&mut self, line: usize, phrase: &Phrase) -> Result<Outcome, Complaint> {
        match phrase {
            Phrase::It(time) => {
                self.world.set_now(*time);
                Ok(Ok(Vec::new()))
            }
            Phrase::Missing(kind, name) => {
                self.name_nothing(*kind, name);
                Ok(Ok(Vec::new()))
            }
            Phrase::Rails(count) => self.open_rails(line, *count),
            Phrase::Transfers(count, charge, seller) => self.transfers(line, *count, charge, seller),
            Phrase::Rule(ruling) => self.set_rules(line, ruling),
            Phrase::Platform(_)
            | Phrase::Pass(_)
            | Phrase::Onboard(..)
            | Phrase::Provide(..)
            | Phrase::Resolve(..)
            | Phrase::Bank(..)
            | Phrase::Terms(..)
            | Phrase::Charge(_)
            | Phrase::Authorise(_)
            | Phrase::Begin(_)
            | Phrase::Ask(_)
            | Phrase::Taken(..)
            | Phrase::Decline(..)
            | Phrase::Suspect(..)
            | Phrase::Capture(_)
            | Phrase::Share(_)
            | Phrase::Meet(..)
            | Phrase::Move(_)
            | Phrase::Reverse(..)
            | Phrase::Refund(_)
            | Phrase::Pay(..)
            | Phrase::Paid(_)
            | Phrase::Fail(..)
            | Phrase::Return(..)
            | Phrase::Topup(_)
            | Phrase::Debit(_)
            | Phrase::Reserve(_)
            | Phrase::Release(_)
            | Phrase::Succeed(_)
            | Phrase::Cancel(_)
            | Phrase::Pend(..)
            | Phrase::ReturnFee(..)
            | Phrase::Dispute(_)
            | Phrase::Disputed(..)
            | Phrase::Succeeded(..)
            | Phrase::Settle(..)
            | Phrase::Bookmark(..) => {
                let (name, command) = self.command(line, phrase)?;
                Ok(self.execute(name.as_deref(), command))
            }
        }
    }

    fn execute(&mut self, name: Option<&str>, command: Command) -> Outcome {
        let events = self.world.execute(command)?;
        for recorded in &events {
            self.names.learn(recorded, name);
        }
        Ok(events)
    }

    fn name_nothing(&mut self, kind: Missing, name: &str) {
        match kind {
            Missing::Account => self.names.accounts.put(name, AccountId(u32::MAX)),
            Missing::Charge => self.names.charges.put(name, ChargeId::new(NOWHERE, 0)),
            Missing::Transfer => self.names.transfers.put(name, TransferId::new(NOWHERE, 0)),
            Missing::Payout => self.names.payouts.put(name, PayoutId::new(NOWHERE, 0)),
            Missing::Topup => self.names.objects.put(name, TopupId::new(NOWHERE, 0).into()),
            Missing::BankDebit => self.names.objects.put(name, BankDebitId::new(NOWHERE, 0).into()),
            Missing::Rule => self.names.objects.put(name, SplitRuleId::new(NOWHERE, 0).into()),
            Missing::Split => self.names.objects.put(name, SplitId::new(NOWHERE, 0).into()),
            Missing::Refund => self.names.objects.put(name, RefundId::new(NOWHERE, 0).into()),
            Missing::Plan => self.names.objects.put(name, ReservePlanId::new(NOWHERE, 0).into()),
            Missing::Hold => self.names.objects.put(name, ReserveHoldId::new(NOWHERE, 0).into()),
            Missing::Dispute => self.names.objects.put(name, DisputeId::new(NOWHERE, 0).into()),
        }
    }

    fn open_rails(&mut self, line: usize, count: u16) -> Result<Outcome, Complaint> {
        let amount = Money::new(self.home(), 100);
        for number in 1..count {
            let rail = rail(line, &format!("rail_{number}"))?;
            if let Err(refusal) = self.execute(None, Charge::separate(amount, rail).into()) {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(Vec::new()))
    }

    fn transfers(
        &mut self,
        line: usize,
        count: u16,
        charge: &str,
        seller: &str,
    ) -> Result<Outcome, Complaint> {
        let source_charge = Some(self.names.charges.get(charge, line)?);
        let made = Transfer::new(self.names.accounts.get(seller, line)?, Money::new(self.home(), 100));
        let transfer = Transfer { source_charge, ..made };
        for _ in 0..count {
            if let Err(refusal) = self.execute(None, transfer.clone().into()) {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(Vec::new()))
    }

    fn set_rules(&mut self, line: usize, ruling: &Ruling) -> Result<Outcome, Complaint> {
        let mut outcome = Ok(Vec::new());
        for _ in 0..ruling.times {
            let command = self.set_rule(line, ruling)?;
            outcome = self.execute(Some(&ruling.name), command.into());
            if outcome.is_err() {
                break;
            }
        }
        Ok(outcome)
    }

    /// The command of a phrase, and what it calls what it makes.
    fn command(&self, line: usize, phrase: &Phrase) -> Result<(Option<String>, Command), Complaint> {
        let accounts = &self.names.accounts;
        let unnamed = |command| Ok((None, command));
        match phrase {
            Phrase::Platform(opening) => unnamed(Command::OpenLedger(Box::new(settings(opening)))),
            Phrase::Pass(to) => unnamed(AdvanceTo { to: *to }.into()),
            Phrase::Onboard(name, country, currency, terms) => {
                let mut command = OnboardAccount::new(*country, *currency);
                onboarding(line, terms, &mut command)?;
                Ok((Some(name.clone()), Box::new(command).into()))
            }
            Phrase::Provide(account, name) => {
                let account = accounts.get(account, line)?;
                unnamed(ProvideRequirement { account, name: *name }.into())
            }
            Phrase::Resolve(account, name, verified) => {
                let account = accounts.get(account, line)?;
                unnamed(ResolveRequirement { account, name: *name, verified: *verified }.into())
            }
            Phrase::Bank(account, last4, currency) => {
                let (account, number, last4) = (accounts.get(account, line)?, sealed(*last4), *last4);
                let bank = AttachBankAccount { account, currency: *currency, number, last4 };
                unnamed(Box::new(bank).into())
            }
            Phrase::Terms(account, terms) => unnamed(schedule(line, accounts.get(account, line)?, terms)?),
            Phrase::Charge(sale) | Phrase::Authorise(sale) | Phrase::Begin(sale) | Phrase::Ask(sale) => {
                self.sale(line, sale, phrase)
            }
            Phrase::Capture(_) | Phrase::Taken(..) | Phrase::Decline(..) | Phrase::Suspect(..) => {
                unnamed(self.taken(line, phrase)?)
            }
            Phrase::Meet(name, fact) => unnamed(self.meet(line, name, fact)?.into()),
            Phrase::Share(sharing) => Ok((Some(sharing.name.clone()), self.sharing(line, sharing)?)),
            Phrase::Move(moving) => Ok((Some(moving.name.clone()), self.transfer(line, moving)?)),
            Phrase::Reverse(..) | Phrase::Refund(_) | Phrase::ReturnFee(..) => {
                unnamed(self.return_of(line, phrase)?)
            }
            Phrase::Pay(name, account, currency, amount) => {
                let account = accounts.get(account, line)?;
                let command = RequestPayout { account, currency: *currency, amount: *amount };
                Ok((Some(name.clone()), command.into()))
            }
            Phrase::Topup(topping) | Phrase::Debit(topping) | Phrase::Release(topping) => {
                Ok((Some(topping.name.clone()), self.to_or_from(line, topping, phrase)?))
            }
            Phrase::Reserve(reserving) => self.reserve(line, reserving),
            Phrase::Paid(name)
            | Phrase::Fail(name, _)
            | Phrase::Return(name, _)
            | Phrase::Succeed(name)
            | Phrase::Cancel(name)
            | Phrase::Pend(name, _) => unnamed(self.step(line, name, phrase)?),
            Phrase::Dispute(told) => Ok((Some(told.name.clone()), self.dispute(line, told)?.into())),
            Phrase::Disputed(name, told) => unnamed(self.disputed(line, name, told)?),
            Phrase::Succeeded(account, successor) => unnamed(self.succeeded(line, account, successor)?),
            Phrase::Settle(name, minor, currency) => {
                let amount = Money::new(*currency, *minor);
                unnamed(SettleRail { rail: rail(line, name)?, amount }.into())
            }
            Phrase::Bookmark(name, cursor, source) => unnamed(bookmark(name, *cursor, source).into()),
            Phrase::It(_)
            | Phrase::Missing(..)
            | Phrase::Rails(_)
            | Phrase::Transfers(..)
            | Phrase::Rule(_) => Err(Complaint::new(line, "this phrase is no command")),
        }
    }

    fn sharing(&self, line: usize, sharing: &Sharing) -> Result<Command, Complaint> {
        match &sharing.rule {
            Some((rule, version)) => Ok(self.split_by_rule(line, sharing, (rule, *version))?.into()),
            None => Ok(self.split(line, sharing)?.into()),
        }
    }

    fn split(&self, line: usize, sharing: &Sharing) -> Result<Split, Complaint> {
        let charges: Result<Vec<ChargeId>, Complaint> =
            sharing.charges.iter().map(|charge| self.names.charges.get(charge, line)).collect();
        let charges = charges?;
        // Amounts are in the currency of the first charge; a split has one.
        let currency = charges.iter().find_map(|id| self.world.records().get(*id));
        let currency = currency.map_or(self.home(), |charge| charge.currency);
        let mut parts = Vec::with_capacity(sharing.parts.len());
        for part in &sharing.parts {
            let gross = match &part.gross {
                Part::Amount(amount) => Ask::Fixed(amount.minor(currency)?),
                Part::Percent(rate) => Ask::Percent(*rate),
                Part::Rest => Ask::Remainder,
            };
            let commission = match &part.commission {
                None => Commission::None,
                Some(Part::Amount(amount)) => Commission::Amount(amount.minor(currency)?),
                Some(Part::Percent(rate)) => Commission::Rate(*rate),
                Some(Part::Rest) => return Err(Complaint::new(line, "a commission is no remainder")),
            };
            parts.push(SplitPart {
                account: self.names.accounts.get(&part.account, line)?,
                gross,
                commission,
            });
        }
        let transfer_group = sharing.group.as_deref().map(Into::into);
        Ok(Split { charges, transfer_group, parts, details: details(sharing.described) })
    }

    fn transfer(&self, line: usize, moving: &Moving) -> Result<Command, Complaint> {
        let destination = self.names.accounts.get(&moving.destination, line)?;
        let mut transfer = Transfer::new(destination, Money::new(moving.amount.1, moving.amount.0));
        if let Some(source) = &moving.source {
            transfer.source_charge = Some(self.names.charges.get(source, line)?);
        }
        transfer.transfer_group = moving.group.as_deref().map(Into::into);
        transfer.details = details(moving.described);
        Ok(if moving.may_wait { QueueTransfer(transfer).into() } else { transfer.into() })
    }

    /// The command of a top-up, a debit or a release.
    fn to_or_from(&self, line: usize, topping: &Topping, phrase: &Phrase) -> Result<Command, Complaint> {
        let account = self.names.accounts.get(&topping.account, line)?;
        let amount = Money::new(topping.amount.1, topping.amount.0);
        let transfer_group = topping.group.as_deref().map(Into::into);
        let details = details(topping.described);
        if matches!(phrase, Phrase::Release(_)) {
            return Ok(ReleasePrefunding { account, amount, details }.into());
        }
        if matches!(phrase, Phrase::Debit(_)) {
            let fee = topping.fee.map(|(rate, fixed)| ProcessingFee { rate, fixed });
            return Ok(DebitAccount { account, amount, fee, transfer_group, details }.into());
        }
        let topup = if topping.prefunding { CreateTopup::prefunding } else { CreateTopup::new };
        Ok(CreateTopup { transfer_group, details, ..topup(account, amount) }.into())
    }

    /// The command of a step that an object takes as a whole.
    fn step(&self, line: usize, name: &str, phrase: &Phrase) -> Result<Command, Complaint> {
        let names = &self.names;
        let object = names.object(name).ok_or_else(|| Complaint::unknown(line, name, names.all()))?;
        let no_such = || Complaint::new(line, format!("{name} takes no such step"));
        match (object, phrase) {
            (RecordId::Payout(payout), Phrase::Paid(_)) => Ok(MarkPayoutPaid { payout }.into()),
            (RecordId::Payout(payout), Phrase::Fail(_, failure)) => {
                let code = failure.bank.ok_or_else(no_such)?;
                Ok(MarkPayoutFailed { payout, code }.into())
            }
            (RecordId::Charge(charge), Phrase::Succeed(_)) => Ok(MarkChargeSucceeded { charge }.into()),
            (RecordId::Charge(charge), Phrase::Fail(_, failure)) => {
                let code = failure.bank.ok_or_else(no_such)?;
                Ok(MarkChargeFailed { charge, code }.into())
            }
            (RecordId::Charge(charge), Phrase::Cancel(_)) => Ok(CancelCharge { charge }.into()),
            (RecordId::Topup(topup), Phrase::Succeed(_)) => Ok(MarkTopupSucceeded { topup }.into()),
            (RecordId::Topup(topup), Phrase::Fail(_, failure)) => {
                let code = failure.bank.ok_or_else(no_such)?;
                Ok(MarkTopupFailed { topup, code }.into())
            }
            (RecordId::Topup(topup), Phrase::Cancel(_)) => Ok(CancelTopup { topup }.into()),
            (RecordId::BankDebit(bank_debit), Phrase::Succeed(_)) => {
                Ok(MarkBankDebitSucceeded { bank_debit }.into())
            }
            (RecordId::BankDebit(bank_debit), Phrase::Fail(_, failure)) => {
                let code = failure.bank.ok_or_else(no_such)?;
                Ok(MarkBankDebitFailed { bank_debit, code }.into())
            }
            (RecordId::BankDebit(bank_debit), Phrase::Return(_, failure)) => {
                let code = failure.bank.ok_or_else(no_such)?;
                Ok(MarkBankDebitReturned { bank_debit, code }.into())
            }
            (RecordId::Transfer(transfer), Phrase::Cancel(_)) => Ok(CancelTransfer { transfer }.into()),
            (RecordId::Refund(refund), Phrase::Succeed(_)) => Ok(MarkRefundSucceeded { refund }.into()),
            (RecordId::Refund(refund), Phrase::Fail(_, failure)) => {
                let failure = failure.refund.ok_or_else(no_such)?;
                Ok(MarkRefundFailed { refund, failure }.into())
            }
            (RecordId::Refund(refund), Phrase::Cancel(_)) => Ok(CancelRefund { refund }.into()),
            (RecordId::Refund(refund), Phrase::Pend(_, requires_action)) => {
                Ok(MarkRefundPending { refund, requires_action: *requires_action }.into())
            }
            (
                RecordId::Charge(_)
                | RecordId::Transfer(_)
                | RecordId::Payout(_)
                | RecordId::Topup(_)
                | RecordId::Reversal(_)
                | RecordId::Debit(_)
                | RecordId::SplitRule(_)
                | RecordId::SplitRuleVersion(_)
                | RecordId::Split(_)
                | RecordId::Refund(_)
                | RecordId::ReservePlan(_)
                | RecordId::ReserveHold(_)
                | RecordId::Dispute(_)
                | RecordId::Drawdown(_)
                | RecordId::WriteOff(_)
                | RecordId::BankDebit(_),
                _,
            ) => Err(no_such()),
        }
    }
}
