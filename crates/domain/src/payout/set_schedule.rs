//! Setting when an account is paid out, and what stays behind. Posts nothing.

use super::{DayKind, Delay, PayoutRefusal, PayoutSchedule};
use crate::account::AccountRefusal;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::money::Money;
use crate::refusal::Refusal;

/// Says when an account is paid out. What is absent stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SetPayoutSchedule {
    /// Whose schedule.
    pub account: AccountId,
    /// When it is paid out.
    pub schedule: Option<PayoutSchedule>,
    /// When money of its own charges becomes available: not before the platform's.
    pub delay: Option<Delay>,
    /// What an automatic payout in this currency leaves behind.
    pub minimum_balance: Option<Money>,
}

impl Verb for SetPayoutSchedule {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let account = self.account;
        if ledger.account(account).is_none() {
            return Err(AccountRefusal::Unknown { account }.into());
        }
        let platforms = ledger.platform_delay();
        // So many business days are never shorter than as many calendar days; where they may
        // be, a charge waits for the later of the two.
        if let Some(delay) = self.delay
            && !account.is_platform()
            && delay.days < platforms.days
            && (delay.kind == platforms.kind || delay.kind == DayKind::Calendar)
        {
            return Err(PayoutRefusal::Delay { asked: delay.days, least: platforms.days }.into());
        }
        if self.minimum_balance.is_some_and(|minimum| minimum.minor < 0) {
            return Err(AccountRefusal::NegativeMinimum.into());
        }

        let SetPayoutSchedule { account, schedule, delay, minimum_balance } = *self;
        Ok(Events::from_iter([Event::PayoutScheduleSet { account, schedule, delay, minimum_balance }]))
    }
}
