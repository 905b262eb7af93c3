//! Version 1: the first shape of every event. Frozen: fields are neither added,
//! removed, renamed in meaning nor moved.

mod account;
mod bank_account;
mod bookmark;
mod calendar;
mod charge;
mod charge_more;
mod condition;
mod debit;
mod debt;
mod details;
mod moved;
mod object;
mod payout;
mod rail;
mod rate;
mod refund;
mod requirement;
mod schedule;
mod settings;
mod split;
mod split_by_rule;
mod split_rule;
mod topup;
mod transfer;

pub(in super::super) use account::OnboardedV1;
pub(in super::super) use bank_account::{BankAccountAttachedV1, BankAccountV1};
pub(in super::super) use bookmark::BookmarkSetV1;
pub(in super::super) use calendar::{FundsMaturedV1, TimeAdvancedV1};
pub(in super::super) use charge::ChargedMoreV1;
pub(in super::super) use charge_more::ChargeMoreV1;
pub(in super::super) use debt::{ConnectReserveMovedV1, DebtCollectedV1};
pub(in super::super) use moved::{MovedV1, RecordIdV1, read_record_id, record_id};
pub(in super::super) use payout::PayoutMovedV1;
pub(in super::super) use rail::{RailOpenedV1, RailSettledV1};
pub(in super::super) use rate::ProcessingFeeV1;
pub(in super::super) use refund::RefundedV1;
pub(in super::super) use requirement::{RequirementChangedV1, RequirementV1};
pub(in super::super) use schedule::{DelayV1, PayoutScheduleSetV1, PayoutScheduleV1};
pub(in super::super) use settings::LedgerOpenedV1;
pub(in super::super) use split::SplitMoreV1;
pub(in super::super) use transfer::{ReversedV1, TransferredMoreV1};
