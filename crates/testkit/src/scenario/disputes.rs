//! Disputes: as they are told they become commands of the domain.

use counterfoil_domain::account::NameSuccessor;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::dispute::{
    AcceptDispute, CloseInquiry, DisputeReference, EscalateInquiry, MarkDisputeLost, MarkDisputeWon,
    OpenDispute, Recovery, SubmitEvidence,
};
use counterfoil_domain::{Command, DisputeId, RecordId};

use super::phrase::{Disputed, Disputing, Recovering};
use super::stage::Stage;
use super::words::{Amount, Complaint};

/// How long a dispute can be answered where the phrase does not say: two weeks.
const TWO_WEEKS: i64 = 14 * 86_400;

impl Stage {
    /// The command that opens a dispute or an inquiry.
    pub(super) fn dispute(&self, line: usize, told: &Disputing) -> Result<OpenDispute, Complaint> {
        let charge = self.names.charges.get(&told.charge, line)?;
        let currency = self.world.records().get(charge).map_or(self.home(), |charge| charge.currency);
        let minor = |amount: &Option<Amount>| Amount::maybe(amount, currency);
        let recovery = match &told.recovering {
            Recovering::Nothing => Recovery::None,
            Recovering::Transfer(with_fee) => Recovery::OwnTransfer { with_fee: *with_fee },
            Recovering::Exactly(parts) => {
                let part = |(name, amount): &(String, Amount)| {
                    Ok((self.names.transfers.get(name, line)?, amount.minor(currency)?))
                };
                Recovery::Exactly(parts.iter().map(part).collect::<Result<_, Complaint>>()?)
            }
            Recovering::By(names) => {
                let splits = names.iter().map(|name| self.shared_by_rule(line, name));
                Recovery::ByLiability(splits.collect::<Result<_, _>>()?)
            }
        };
        let reference = told.reference.as_ref().unwrap_or(&told.name);
        let reference =
            DisputeReference::new(reference).map_err(|error| Complaint::new(line, error.to_string()))?;
        Ok(OpenDispute {
            charge,
            reference,
            amount: minor(&told.amount)?,
            reason: told.reason,
            due_by: told.due.unwrap_or(self.in_two_weeks()),
            inquiry: told.inquiry,
            fee: minor(&told.fee)?,
            recovery,
        })
    }

    /// The command of what happens to a dispute.
    pub(super) fn disputed(&self, line: usize, name: &str, told: &Disputed) -> Result<Command, Complaint> {
        let RecordId::Dispute(dispute) = self.names.objects.get(name, line)? else {
            return Err(Complaint::new(line, format!("{name} is no dispute")));
        };
        let minor = |amount: &Option<Amount>| self.minor(dispute, amount);
        Ok(match told {
            Disputed::Answered(fee) => SubmitEvidence { dispute, fee: minor(fee)? }.into(),
            Disputed::Escalated { amount, due, fee } => {
                let (amount, due_by) = (minor(amount)?, due.unwrap_or(self.in_two_weeks()));
                EscalateInquiry { dispute, amount, due_by, fee: minor(fee)? }.into()
            }
            Disputed::Closed(prevented) => CloseInquiry { dispute, prevented: *prevented }.into(),
            Disputed::Accepted => AcceptDispute { dispute }.into(),
            Disputed::Won(returned) => MarkDisputeWon { dispute, fees_returned: minor(returned)? }.into(),
            Disputed::Lost => MarkDisputeLost { dispute }.into(),
        })
    }

    /// The command of a seller that moved to another account.
    pub(super) fn succeeded(
        &self,
        line: usize,
        account: &str,
        successor: &str,
    ) -> Result<Command, Complaint> {
        let accounts = &self.names.accounts;
        let (account, successor) = (accounts.get(account, line)?, accounts.get(successor, line)?);
        Ok(NameSuccessor { account, successor }.into())
    }

    fn minor(&self, dispute: DisputeId, amount: &Option<Amount>) -> Result<Option<i64>, Complaint> {
        let known = self.world.records().get(dispute);
        let currency = known.map_or(self.home(), |dispute| dispute.amount.currency);
        Amount::maybe(amount, currency)
    }

    fn in_two_weeks(&self) -> Timestamp {
        self.world.now().plus_seconds(TWO_WEEKS)
    }
}
