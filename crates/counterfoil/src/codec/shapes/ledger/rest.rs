//! The state of a ledger but for its accounts.

use counterfoil_domain::bookmark::Bookmark;
use counterfoil_domain::books::Tally;
use counterfoil_domain::calendar::{Rank, Wait, Waiting};
use counterfoil_domain::debt::Began;
use counterfoil_domain::money::Currency;
use counterfoil_domain::parts::Rest;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::reserve::{Chain, HoldSource};
use counterfoil_domain::{AccountId, ChargeId, ReservePlanId, WriteOffId};
use serde::{Deserialize, Serialize};

use crate::codec::numbers::Numbered;
use crate::codec::shapes::list;
use crate::codec::shapes::v1::{
    HoldSourceV1, OfV1, RecordIdV1, ReservePlanStateV1, WriteOffStateV1, hold, read_record_id, record_id,
};
use crate::codec::shapes::v2::LedgerOpenedV2;
use crate::codec::values::{currency, day, object, timestamp};
use crate::codec::{Fault, entry};

/// Everything but the accounts.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct RestShape<'a> {
    #[serde(borrow)]
    settings: Option<LedgerOpenedV2<'a>>,
    now: i64,
    rails: Vec<&'a str>,
    #[serde(deserialize_with = "list::read")]
    tallies: Vec<TallyShape>,
    #[serde(deserialize_with = "list::read")]
    taken_in: Vec<(u16, i128)>,
    payday_over: Option<i32>,
    #[serde(deserialize_with = "list::read")]
    maturities: Vec<WaitingShape>,
    bookmarks: Vec<(&'a str, [u8; 32], u64)>,
    #[serde(deserialize_with = "list::read")]
    waits: Vec<(RecordIdV1, WaitShape)>,
    #[serde(deserialize_with = "list::read")]
    waits_with: Vec<(RecordIdV1, (u64, u16))>,
    #[serde(deserialize_with = "list::read")]
    called_off: Vec<(u64, u16)>,
    #[serde(deserialize_with = "list::read")]
    debts: Vec<(u32, u16, i64, u64)>,
    #[serde(deserialize_with = "list::read")]
    write_offs: Vec<OfV1<WriteOffStateV1>>,
    #[serde(deserialize_with = "list::read")]
    reserve_plans: Vec<OfV1<ReservePlanStateV1>>,
    #[serde(deserialize_with = "list::read")]
    holds_of_days: Vec<(i32, u64, u64)>,
    #[serde(deserialize_with = "list::read")]
    holds_of_plans: Vec<((u64, u16), u64, u64)>,
    #[serde(deserialize_with = "list::read")]
    sales_to_hold: Vec<(HoldSourceV1, u32, u16, i64)>,
    #[serde(deserialize_with = "list::read")]
    successors: Vec<(u32, u32)>,
}

/// What an object waits for.
#[derive(Debug, Serialize, Deserialize)]
enum WaitShape {
    Until(i64, u8),
    Funds(u32, u16, i64),
}

/// The tally of a book.
#[derive(Debug, Serialize, Deserialize)]
struct TallyShape {
    book: (u8, u32),
    currency: u16,
    balance: i128,
    entries: u64,
}

/// Those who wait for a day.
#[derive(Debug, Serialize, Deserialize)]
struct WaitingShape {
    day: i32,
    #[serde(deserialize_with = "list::read")]
    holders: Vec<(u32, u16)>,
    having: u64,
    begun: bool,
}

impl<'a> From<&'a Rest> for RestShape<'a> {
    fn from(rest: &'a Rest) -> Self {
        let bookmark =
            |(name, Bookmark { source, cursor }): &'a (Box<str>, Bookmark)| (&**name, *source, *cursor);
        Self {
            settings: rest.settings.as_deref().map(Into::into),
            now: rest.now.micros(),
            rails: rest.rails.iter().map(RailName::as_str).collect(),
            tallies: rest
                .tallies
                .iter()
                .map(|(book, currency, Tally { balance, entries })| TallyShape {
                    book: entry::numbers(*book),
                    currency: currency.number(),
                    balance: *balance,
                    entries: *entries,
                })
                .collect(),
            taken_in: rest.taken_in.iter().map(|(currency, amount)| (currency.number(), *amount)).collect(),
            payday_over: rest.payday_over.map(|day| day.days()),
            maturities: rest
                .maturities
                .iter()
                .map(|(day, Waiting { holders, having, begun })| WaitingShape {
                    day: day.days(),
                    holders: holders.iter().map(|(account, of)| (account.0, of.number())).collect(),
                    having: *having as u64,
                    begun: *begun,
                })
                .collect(),
            bookmarks: rest.bookmarks.iter().map(bookmark).collect(),
            waits: rest.waits.iter().map(|(id, wait)| (record_id(*id), (*wait).into())).collect(),
            waits_with: rest
                .waits_with
                .iter()
                .map(|(id, charge)| (record_id(*id), (charge.0.position(), charge.0.ordinal())))
                .collect(),
            called_off: rest
                .called_off
                .iter()
                .map(|charge| (charge.0.position(), charge.0.ordinal()))
                .collect(),
            debts: rest
                .debts
                .iter()
                .map(|(account, of, began)| (account.0, of.number(), began.at.micros(), began.position))
                .collect(),
            write_offs: rest.write_offs.iter().map(|(id, state)| OfV1::new(id.0, state)).collect(),
            reserve_plans: rest.reserve_plans.iter().map(|(id, plan)| OfV1::new(id.0, plan)).collect(),
            holds_of_days: rest
                .holds_of_days
                .iter()
                .map(|(day, Chain { newest, standing })| (day.days(), newest.0.position(), *standing))
                .collect(),
            holds_of_plans: rest
                .holds_of_plans
                .iter()
                .map(|(plan, Chain { newest, standing })| {
                    ((plan.0.position(), plan.0.ordinal()), newest.0.position(), *standing)
                })
                .collect(),
            sales_to_hold: rest
                .sales_to_hold
                .iter()
                .map(|(source, account, of, gross)| ((*source).into(), account.0, of.number(), *gross))
                .collect(),
            successors: rest.successors.iter().map(|(left, moved_to)| (left.0, moved_to.0)).collect(),
        }
    }
}

impl TryFrom<RestShape<'_>> for Rest {
    type Error = Fault;

    fn try_from(shape: RestShape<'_>) -> Result<Self, Fault> {
        let rail = |name: &str| RailName::new(name).map_err(|_| Fault::Text { what: "name of a rail" });
        let tally = |TallyShape { book: (number, holder), currency: of, balance, entries }| {
            Ok((entry::of_numbers(number, holder)?, currency(of)?, Tally { balance, entries }))
        };
        let taken_in = |(of, amount)| Ok((currency(of)?, amount));
        let bookmark =
            |(name, source, cursor): (&str, [u8; 32], u64)| (name.into(), Bookmark { source, cursor });
        Ok(Self {
            settings: shape.settings.map(|settings| settings.try_into().map(Box::new)).transpose()?,
            now: timestamp(shape.now)?,
            rails: each(shape.rails, rail)?,
            tallies: each(shape.tallies, tally)?,
            taken_in: each(shape.taken_in, taken_in)?,
            payday_over: shape.payday_over.map(day).transpose()?,
            maturities: each(shape.maturities, WaitingShape::waiting)?,
            bookmarks: shape.bookmarks.into_iter().map(bookmark).collect(),
            waits: each(shape.waits, |(id, wait)| Ok((read_record_id(id)?, wait.try_into()?)))?,
            waits_with: each(shape.waits_with, |(id, (position, ordinal))| {
                Ok((read_record_id(id)?, ChargeId(object(position, ordinal)?)))
            })?,
            called_off: each(shape.called_off, |(position, ordinal)| {
                Ok(ChargeId(object(position, ordinal)?))
            })?,
            debts: each(shape.debts, |(account, of, at, position)| {
                Ok((AccountId(account), currency(of)?, Began { at: timestamp(at)?, position }))
            })?,
            write_offs: each(shape.write_offs, |state| {
                state.parts().map(|(id, state)| (WriteOffId(id), state))
            })?,
            reserve_plans: each(shape.reserve_plans, |plan| {
                plan.parts().map(|(id, plan)| (ReservePlanId(id), plan))
            })?,
            holds_of_days: each(shape.holds_of_days, |(of, newest, standing)| {
                Ok((day(of)?, chain(newest, standing)?))
            })?,
            holds_of_plans: each(shape.holds_of_plans, |((position, ordinal), newest, standing)| {
                Ok((ReservePlanId(object(position, ordinal)?), chain(newest, standing)?))
            })?,
            sales_to_hold: each(shape.sales_to_hold, sale_to_hold)?,
            successors: shape
                .successors
                .into_iter()
                .map(|(left, moved_to)| (AccountId(left), AccountId(moved_to)))
                .collect(),
        })
    }
}

/// Each of some shapes as what it stands for.
fn each<S, T>(shapes: Vec<S>, read: impl FnMut(S) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    shapes.into_iter().map(read).collect()
}

fn chain(newest: u64, standing: u64) -> Result<Chain, Fault> {
    if standing == 0 {
        return Err(Fault::Number { what: "number of holds that stand", found: 0 });
    }
    Ok(Chain { newest: hold(newest)?, standing })
}

fn sale_to_hold(
    (source, account, of, gross): (HoldSourceV1, u32, u16, i64),
) -> Result<(HoldSource, AccountId, Currency, i64), Fault> {
    if gross <= 0 {
        return Err(Fault::Number { what: "sale to hold a share of", found: gross.into() });
    }
    Ok((source.try_into()?, AccountId(account), currency(of)?, gross))
}

impl From<Wait> for WaitShape {
    fn from(wait: Wait) -> Self {
        match wait {
            Wait::Until(at, rank) => Self::Until(at.micros(), rank.number()),
            Wait::Funds(account, of, need) => Self::Funds(account.0, of.number(), need),
        }
    }
}

impl TryFrom<WaitShape> for Wait {
    type Error = Fault;

    fn try_from(shape: WaitShape) -> Result<Self, Fault> {
        match shape {
            WaitShape::Until(at, rank) => Ok(Self::Until(timestamp(at)?, Rank::numbered(rank)?)),
            WaitShape::Funds(account, of, need) => Ok(Self::Funds(AccountId(account), currency(of)?, need)),
        }
    }
}

impl WaitingShape {
    fn waiting(self) -> Result<(counterfoil_domain::calendar::Day, Waiting), Fault> {
        let holder = |(account, of)| Ok((AccountId(account), currency(of)?));
        let waiting = Waiting {
            holders: self.holders.into_iter().map(holder).collect::<Result<_, Fault>>()?,
            having: usize::try_from(self.having).unwrap_or(usize::MAX),
            begun: self.begun,
        };
        Ok((day(self.day)?, waiting))
    }
}
