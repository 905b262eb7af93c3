//! An account with its wallets.

use counterfoil_domain::AccountId;
use counterfoil_domain::account::{Account, EntryRange, Wallet};
use counterfoil_domain::money::Currency;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::shapes::v1::{BankAccountV1, DelayV1, PayoutScheduleV1, ProcessingFeeV1, RequirementV1};
use crate::codec::shapes::v2::ControllerV2;
use crate::codec::shapes::{each, list, maybe};
use crate::codec::values::{country, currency, day};

/// An account.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct AccountShape<'a> {
    country: &'a str,
    currency: u16,
    controller: Option<ControllerV2>,
    processing_fee: Option<ProcessingFeeV1>,
    schedule: PayoutScheduleV1,
    delay: Option<DelayV1>,
    #[serde(deserialize_with = "list::read")]
    minimum_balance: Vec<(u16, i64)>,
    #[serde(deserialize_with = "list::read")]
    requirements: Vec<RequirementV1>,
    #[serde(borrow)]
    bank_accounts: Vec<(u16, BankAccountV1<'a>)>,
    #[serde(deserialize_with = "list::read")]
    errored_banks: Vec<u16>,
    #[serde(deserialize_with = "list::read")]
    wallets: Vec<WalletShape>,
}

/// What an account is owed in one currency.
#[derive(Debug, Serialize, Deserialize)]
struct WalletShape {
    currency: u16,
    /// Available, in transit, reserved, prefunded, connect reserved, paid out.
    amounts: [i64; 6],
    entries: u64,
    open_from: u64,
    #[serde(deserialize_with = "list::read")]
    reopened: Vec<(u64, u64)>,
    #[serde(deserialize_with = "list::read")]
    pending_days: Vec<(i32, i64)>,
    listed: bool,
}

/// What a caller calls an account.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ExternalIdShape<'a> {
    text: &'a str,
    account: u32,
}

impl<'a> From<&'a Account> for AccountShape<'a> {
    fn from(account: &'a Account) -> Self {
        let banks = account.bank_accounts.iter();
        Self {
            country: account.country.code(),
            currency: account.currency.number(),
            controller: account.controller.map(Into::into),
            processing_fee: account.processing_fee.as_deref().copied().map(Into::into),
            schedule: account.schedule.into(),
            delay: account.delay.map(Into::into),
            minimum_balance: account
                .minimum_balance
                .iter()
                .map(|(of, least)| (of.number(), *least))
                .collect(),
            requirements: account.requirements.iter().map(Into::into).collect(),
            bank_accounts: banks.map(|(of, bank)| (of.number(), bank.into())).collect(),
            errored_banks: account.errored_banks.iter().map(|of| of.number()).collect(),
            wallets: account.wallets.iter().map(|(of, wallet)| WalletShape::new(*of, wallet)).collect(),
        }
    }
}

impl TryFrom<AccountShape<'_>> for Account {
    type Error = Fault;

    fn try_from(shape: AccountShape<'_>) -> Result<Self, Fault> {
        let minimum = |(of, least)| Ok((currency(of)?, least));
        let bank = |(of, bank): (u16, BankAccountV1<'_>)| Ok((currency(of)?, bank.into()));
        Ok(Self {
            controller: maybe(shape.controller)?,
            processing_fee: maybe(shape.processing_fee)?.map(Box::new),
            schedule: shape.schedule.try_into()?,
            delay: maybe(shape.delay)?,
            minimum_balance: shape.minimum_balance.into_iter().map(minimum).collect::<Result<_, Fault>>()?,
            requirements: each(shape.requirements)?,
            bank_accounts: shape.bank_accounts.into_iter().map(bank).collect::<Result<_, Fault>>()?,
            errored_banks: shape.errored_banks.into_iter().map(currency).collect::<Result<_, Fault>>()?,
            wallets: shape.wallets.into_iter().map(WalletShape::wallet).collect::<Result<_, Fault>>()?,
            ..Self::new(country(shape.country)?, currency(shape.currency)?)
        })
    }
}

impl WalletShape {
    fn new(currency: Currency, wallet: &Wallet) -> Self {
        let Wallet { available, in_transit, reserved, prefunded, connect_reserved, paid_out, .. } = *wallet;
        Self {
            currency: currency.number(),
            amounts: [available, in_transit, reserved, prefunded, connect_reserved, paid_out],
            entries: wallet.entries,
            open_from: wallet.open_from,
            reopened: wallet.reopened.iter().map(|range| (range.first, range.last)).collect(),
            pending_days: wallet.pending_days.iter().map(|(day, amount)| (day.days(), *amount)).collect(),
            listed: wallet.listed,
        }
    }

    fn wallet(self) -> Result<(Currency, Wallet), Fault> {
        let [available, in_transit, reserved, prefunded, connect_reserved, paid_out] = self.amounts;
        let mut pending = 0_i64;
        for (_, amount) in &self.pending_days {
            let found = i128::from(pending) + i128::from(*amount);
            pending = i64::try_from(found).map_err(|_| Fault::Number { what: "pending balance", found })?;
        }
        let pending_day = |(days, amount)| Ok((day(days)?, amount));
        let wallet = Wallet {
            pending,
            available,
            in_transit,
            reserved,
            prefunded,
            connect_reserved,
            paid_out,
            entries: self.entries,
            open_from: self.open_from,
            reopened: self.reopened.into_iter().map(|(first, last)| EntryRange { first, last }).collect(),
            pending_days: self.pending_days.into_iter().map(pending_day).collect::<Result<_, Fault>>()?,
            listed: self.listed,
        };
        Ok((currency(self.currency)?, wallet))
    }
}

impl<'a> ExternalIdShape<'a> {
    pub(in crate::codec) fn of((text, account): &(&'a str, AccountId)) -> Self {
        Self { text, account: account.0 }
    }

    pub(in crate::codec) fn pair(&self) -> (Box<str>, AccountId) {
        (self.text.into(), AccountId(self.account))
    }
}
