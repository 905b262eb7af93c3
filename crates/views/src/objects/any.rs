//! A row of any table, to compare two views by.

use std::collections::VecDeque;
use std::fmt;

use counterfoil_domain::calendar::Day;
use counterfoil_domain::id::ObjectId;

use super::again::{AGAIN, Again};
use super::row::{BELATED, Belated, By, Listed, MATURITY, Maturity, PENDING, Pending, Purse, RANGE, Taken};
use crate::rows;

/// A row of any table, to compare two views by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Any {
    Listed(Listed),
    Pending(Pending),
    Maturity(Maturity),
    Taken(Taken),
    Belated(Belated),
    Again(Again),
}

/// Where a row of any table is: in the order of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AnyPlace {
    Listed(Listed),
    Pending(Pending),
    Maturity((Purse, Day)),
    Taken((Purse, u64, u64)),
    Belated((Purse, Day, u64, u64)),
    Again(Again),
}

impl rows::Row for Any {
    type Place = AnyPlace;

    fn place(&self) -> AnyPlace {
        match self {
            Self::Listed(row) => AnyPlace::Listed(row.place()),
            Self::Pending(row) => AnyPlace::Pending(row.place()),
            Self::Maturity(row) => AnyPlace::Maturity(row.place()),
            Self::Taken(row) => AnyPlace::Taken(row.place()),
            Self::Belated(row) => AnyPlace::Belated(row.place()),
            Self::Again(row) => AnyPlace::Again(row.place()),
        }
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        fn read<R: rows::Row>(
            (key, value): (&[u8], &[u8]),
            any: fn(R) -> Any,
            into: &mut VecDeque<Any>,
        ) -> Option<()> {
            let mut rows = VecDeque::new();
            R::read(key, value, &mut rows)?;
            into.extend(rows.into_iter().map(any));
            Some(())
        }
        match *key.first()? {
            PENDING => read((key, value), Self::Pending, into),
            MATURITY => read((key, value), Self::Maturity, into),
            RANGE => read((key, value), Self::Taken, into),
            BELATED => read((key, value), Self::Belated, into),
            AGAIN => read((key, value), Self::Again, into),
            _ => read((key, value), Self::Listed, into),
        }
    }
}

impl fmt::Display for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |made: u64| ObjectId::from_bits(made);
        match self {
            Self::Listed(Listed { by, property, kind, made }) => {
                let (kind, made) = (kind.name(), id(*made));
                write!(f, "{kind} {}.{} ", made.position(), made.ordinal())?;
                match by {
                    By::Kind => f.write_str("by its kind"),
                    By::Counterparty => write!(f, "by its counterparty account {property}"),
                    By::Owner => write!(f, "by its owner account {property}"),
                    By::Source => write!(f, "by its source {}", id(*property).position()),
                    By::Group => f.write_str("by its transfer group"),
                    By::ExternalId => f.write_str("by its external id"),
                }
            }
            Self::Pending(Pending { purse, day, made, kind }) => {
                write!(f, "{purse}, pending until {day}, {} {}", kind.name(), id(*made).position())
            }
            Self::Belated(Belated { purse, day, position, made, kind }) => {
                let (kind, made) = (kind.name(), id(*made).position());
                write!(f, "{purse}, pending until {day} since position {position}, {kind} {made}")
            }
            Self::Again(Again { made, kind, position }) => {
                write!(f, "{} {}, moved again at position {position}", kind.name(), id(*made).position())
            }
            Self::Maturity(Maturity { purse, day, entry }) => {
                write!(f, "{purse}, matured on {day} in entry {entry}")
            }
            Self::Taken(Taken { purse, last, payout, first, failed }) => {
                let (payout, failed) = (id(*payout).position(), if *failed { ", which failed" } else { "" });
                write!(f, "{purse}, entries {first} to {last} taken by payout {payout}{failed}")
            }
        }
    }
}

impl fmt::Display for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account {} in {}", self.account, self.currency)
    }
}
