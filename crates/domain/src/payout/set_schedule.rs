//! Setting when an account is paid out, and what stays behind. Posts nothing.

use super::{DayKind, Delay, PayoutRefusal, PayoutSchedule};
use crate::account::AccountRefusal;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::settings::LossBearer;

/// Says when an account is paid out. What is absent stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SetPayoutSchedule {
    /// Whose schedule.
    pub account: AccountId,
    /// When it is paid out.
    pub schedule: Option<PayoutSchedule>,
    /// When money of its own charges becomes available: not before the platform's, nor, under a
    /// controller, before its country's default.
    pub delay: Option<Delay>,
    /// What an automatic payout in this currency leaves behind.
    pub minimum_balance: Option<Money>,
}

impl Verb for SetPayoutSchedule {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let account = self.account;
        let holder = ledger.account(account).ok_or(AccountRefusal::Unknown { account })?;
        let operators = holder.controller.is_some_and(|terms| terms.losses == LossBearer::Operator);
        if self.delay.is_some() && operators {
            return Err(PayoutRefusal::OperatorsDelay { account }.into());
        }
        if let Some(delay) = self.delay.filter(|_| !account.is_platform()) {
            let (asked, platforms) = (delay.days, ledger.platform_delay());
            if undercuts(delay, platforms) {
                return Err(PayoutRefusal::Delay { asked, least: platforms.days }.into());
            }
            if let Some(countrys) = holder.country_delay().filter(|least| undercuts(delay, *least)) {
                let (country, least) = (holder.country, countrys.days);
                return Err(PayoutRefusal::CountryDelay { asked, country, least }.into());
            }
        }
        if self.minimum_balance.is_some_and(|minimum| minimum.minor < 0) {
            return Err(AccountRefusal::NegativeMinimum.into());
        }

        let SetPayoutSchedule { account, schedule, delay, minimum_balance } = *self;
        Ok(Events::from_iter([Event::PayoutScheduleSet { account, schedule, delay, minimum_balance }]))
    }
}

/// Whether a delay is shorter than the least. So many business days are never shorter than as
/// many calendar days; where they may be, a charge waits for the later of the two.
fn undercuts(delay: Delay, least: Delay) -> bool {
    delay.days < least.days && (delay.kind == least.kind || delay.kind == DayKind::Calendar)
}
