//! The commands of reserves.

use counterfoil_domain::money::Money;
use counterfoil_domain::reserve::{
    CreateReserveHold, DisableReservePlan, HoldSource, PlanSchedule, ReleaseReserveHold, SetReservePlan,
};
use counterfoil_domain::{Command, RecordId};

use super::phrase::{Holding, Planning, Reserving};
use super::stage::Stage;
use super::terms::details;
use super::words::{Amount, Complaint};

impl Stage {
    /// The command of a phrase about reserves, and what it calls what it makes.
    pub(super) fn reserve(
        &self,
        line: usize,
        reserving: &Reserving,
    ) -> Result<(Option<String>, Command), Complaint> {
        let wrong = |name: &str| Complaint::new(line, format!("{name} takes no such step"));
        let object = |name: &str| {
            self.names.object(name).ok_or_else(|| Complaint::unknown(line, name, self.names.all()))
        };
        match reserving {
            Reserving::Plan(planning) => Ok((Some(planning.name.clone()), self.plan(line, planning)?.into())),
            Reserving::Hold(holding) => Ok((Some(holding.name.clone()), self.hold(line, holding)?.into())),
            Reserving::Release(name, amount) => {
                let RecordId::ReserveHold(hold) = object(name)? else { return Err(wrong(name)) };
                let currency = self.world.records().get(hold);
                let currency = currency.map_or(self.home(), |hold| hold.amount.currency);
                let amount = Amount::maybe(amount, currency)?;
                Ok((None, ReleaseReserveHold { hold, amount }.into()))
            }
            Reserving::Disable(name) => {
                let RecordId::ReservePlan(plan) = object(name)? else { return Err(wrong(name)) };
                Ok((None, DisableReservePlan { plan }.into()))
            }
        }
    }

    fn plan(&self, line: usize, planning: &Planning) -> Result<SetReservePlan, Complaint> {
        let schedule = match (planning.days, planning.until) {
            (Some(days), expires_on) => PlanSchedule::Rolling { days, expires_on },
            (None, Some(release_after)) => PlanSchedule::Fixed { release_after },
            (None, None) => return Err(Complaint::new(line, "a plan needs days or an end")),
        };
        Ok(SetReservePlan {
            account: self.names.accounts.get(&planning.account, line)?,
            currency: planning.currency,
            rate: planning.rate,
            schedule,
            details: details(planning.described),
        })
    }

    fn hold(&self, line: usize, holding: &Holding) -> Result<CreateReserveHold, Complaint> {
        let source = match &holding.source {
            None => None,
            Some(name) => match self.names.object(name) {
                Some(RecordId::Charge(charge)) => Some(HoldSource::Charge(charge)),
                Some(RecordId::Transfer(transfer)) => Some(HoldSource::Transfer(transfer)),
                _ => return Err(Complaint::unknown(line, name, self.names.all())),
            },
        };
        Ok(CreateReserveHold {
            account: self.names.accounts.get(&holding.account, line)?,
            amount: Money::new(holding.amount.1, holding.amount.0),
            source,
            release_after: holding.until,
            details: details(holding.described),
        })
    }
}
