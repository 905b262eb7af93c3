//! Shapes: how views store the domain's types, which know no serialisation.
//!
//! `#[serde(with = "crate::shape")]` on a field stores any type that has a [`Shape`].
//! What a snapshot holds is a cache with a version, so these numbers may change with
//! the version of the view; the numbers in the log are the codec's.

use counterfoil_domain::account::{Country, EntryRange, Gates, RequirementName, Standing};
use counterfoil_domain::books::Kind;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{FailureCode, MonthDays, PayoutSchedule, PayoutStatus, Weekdays};
use counterfoil_domain::{AccountId, PayoutId};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type with a form that can be stored.
pub(crate) trait Shape: Sized {
    /// The form.
    type Form: Serialize + for<'de> Deserialize<'de>;

    /// Its form.
    fn form(&self) -> Self::Form;

    /// What has this form; `None` where nothing has.
    fn from_form(form: Self::Form) -> Option<Self>;
}

/// Stores a value by its shape.
pub(crate) fn serialize<T: Shape, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.form().serialize(serializer)
}

/// Reads a value by its shape.
pub(crate) fn deserialize<'de, T: Shape, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let form = T::Form::deserialize(deserializer)?;
    T::from_form(form)
        .ok_or_else(|| D::Error::custom(format_args!("no {} has this form", std::any::type_name::<T>())))
}

macro_rules! shapes {
    ($($type:ty as $form:ty: $value:ident => $write:expr, $read:expr;)+) => {$(
        impl Shape for $type {
            type Form = $form;

            fn form(&self) -> $form {
                let $value = self;
                $write
            }

            fn from_form(form: $form) -> Option<Self> {
                ($read)(form)
            }
        }
    )+};
}

shapes! {
    AccountId as u32: value => value.0, |form| Some(Self(form));
    Currency as u16: value => value.number(), Self::from_number;
    Day as i32: value => value.days(), |form| Some(Self::from_days(form));
    Timestamp as i64: value => value.micros(), |form| Some(Self::from_micros(form));
    PayoutId as u64: value => value.0.to_bits(), |form| Some(Self(ObjectId::from_bits(form)));
    EntryRange as (u64, u64): value => (value.first, value.last), |(first, last)| Some(Self { first, last });
    Gates as (bool, bool): value => (value.charges, value.payouts),
        |(charges, payouts)| Some(Self { charges, payouts });
    Country as String: value => value.code().to_owned(), |form: String| Self::new(&form).ok();
    RequirementName as u8: value => requirement_number(*value),
        |form| Self::ALL.into_iter().find(|name| requirement_number(*name) == form);
    Standing as (u8, Option<i64>): value => standing_form(*value), standing;
    PayoutSchedule as (u8, u32): value => schedule_form(*value), schedule;
    PayoutStatus as (u8, u8): value => status_form(*value), status;
    Kind as u8: value => kind_number(*value), kind;
}

impl<T: Shape> Shape for Option<T> {
    type Form = Option<T::Form>;

    fn form(&self) -> Self::Form {
        self.as_ref().map(T::form)
    }

    fn from_form(form: Self::Form) -> Option<Self> {
        match form {
            Some(form) => T::from_form(form).map(Some),
            None => Some(None),
        }
    }
}

impl<T: Shape> Shape for Box<[T]> {
    type Form = Vec<T::Form>;

    fn form(&self) -> Self::Form {
        self.iter().map(T::form).collect()
    }

    fn from_form(form: Self::Form) -> Option<Self> {
        form.into_iter().map(T::from_form).collect()
    }
}

fn requirement_number(name: RequirementName) -> u8 {
    match name {
        RequirementName::Identity => 0,
        RequirementName::BusinessProfile => 1,
        RequirementName::TaxId => 2,
        RequirementName::BankAccount => 3,
        RequirementName::TermsOfService => 4,
    }
}

fn standing_form(standing: Standing) -> (u8, Option<i64>) {
    match standing {
        Standing::Due(deadline) => (0, deadline.map(Timestamp::micros)),
        Standing::Pending(deadline) => (1, deadline.map(Timestamp::micros)),
        Standing::Verified => (2, None),
        Standing::PastDue => (3, None),
    }
}

fn standing((number, deadline): (u8, Option<i64>)) -> Option<Standing> {
    let deadline = deadline.map(Timestamp::from_micros);
    match number {
        0 => Some(Standing::Due(deadline)),
        1 => Some(Standing::Pending(deadline)),
        2 => Some(Standing::Verified),
        3 => Some(Standing::PastDue),
        _ => None,
    }
}

fn schedule_form(schedule: PayoutSchedule) -> (u8, u32) {
    match schedule {
        PayoutSchedule::Manual => (0, 0),
        PayoutSchedule::Daily => (1, 0),
        PayoutSchedule::Weekly(days) => (2, u32::from(days.bits())),
        PayoutSchedule::Monthly(days) => (3, days.bits()),
    }
}

fn schedule((number, bits): (u8, u32)) -> Option<PayoutSchedule> {
    match number {
        0 => Some(PayoutSchedule::Manual),
        1 => Some(PayoutSchedule::Daily),
        2 => Weekdays::from_bits(u8::try_from(bits).ok()?).ok().map(PayoutSchedule::Weekly),
        3 => MonthDays::from_bits(bits).ok().map(PayoutSchedule::Monthly),
        _ => None,
    }
}

fn status_form(status: PayoutStatus) -> (u8, u8) {
    match status {
        PayoutStatus::InTransit => (0, 0),
        PayoutStatus::Paid => (1, 0),
        PayoutStatus::Failed(code) => (2, code.number()),
        PayoutStatus::Returned(code) => (3, code.number()),
    }
}

fn status((number, code): (u8, u8)) -> Option<PayoutStatus> {
    match number {
        0 => Some(PayoutStatus::InTransit),
        1 => Some(PayoutStatus::Paid),
        2 => FailureCode::from_number(code).map(PayoutStatus::Failed),
        3 => FailureCode::from_number(code).map(PayoutStatus::Returned),
        _ => None,
    }
}

macro_rules! kinds {
    ($($kind:ident = $number:literal,)+) => {
        fn kind_number(kind: Kind) -> u8 {
            match kind { $(Kind::$kind => $number),+ }
        }

        fn kind(number: u8) -> Option<Kind> {
            match number { $($number => Some(Kind::$kind),)+ _ => None }
        }
    };
}

kinds! {
    Charge = 0,
    ProcessingFee = 1,
    ApplicationFee = 2,
    ApplicationFeeRefund = 3,
    Transfer = 4,
    TransferReversal = 5,
    Refund = 6,
    Maturity = 7,
    Payout = 8,
    PayoutPaid = 9,
    PayoutFailure = 10,
    PayoutHold = 11,
    PayoutRelease = 12,
    Settlement = 13,
    Topup = 14,
    TopupReversal = 15,
    ConnectReserve = 16,
    ConnectCollection = 17,
    Loss = 18,
    AccountDebit = 19,
    AccountDebitFee = 20,
    PartialCapture = 21,
    PaymentFailure = 22,
    RefundFailure = 23,
    ReserveHold = 24,
    ReserveRelease = 25,
    Dispute = 26,
    DisputeFee = 27,
    DisputeReversal = 28,
    DisputeFeeReversal = 29,
    Prefunding = 30,
    BankDebit = 31,
    BankDebitReturn = 32,
    WriteOffRecovery = 33,
}
