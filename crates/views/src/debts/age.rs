//! How old a part of a debt is.

use counterfoil_domain::calendar::Timestamp;

/// How old a part of a debt is, in days of business time (UTC). A debt is written off at the
/// start of its 180th day, so that the oldest is of logs from before that, or of a past time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// 0 to 30 days.
    UpTo30,
    /// 31 to 60.
    UpTo60,
    /// 61 to 90.
    UpTo90,
    /// 91 to 180.
    UpTo180,
    /// More.
    Beyond180,
}

impl Age {
    /// Every age, the youngest first.
    pub const ALL: [Self; 5] = [Self::UpTo30, Self::UpTo60, Self::UpTo90, Self::UpTo180, Self::Beyond180];

    /// The age at `now` of what happened then.
    #[must_use]
    pub fn of(then: Timestamp, now: Timestamp) -> Self {
        match now.day().days().saturating_sub(then.day().days()) {
            ..=30 => Self::UpTo30,
            31..=60 => Self::UpTo60,
            61..=90 => Self::UpTo90,
            91..=180 => Self::UpTo180,
            181.. => Self::Beyond180,
        }
    }

    /// Its days, as a report heads them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UpTo30 => "0-30",
            Self::UpTo60 => "31-60",
            Self::UpTo90 => "61-90",
            Self::UpTo180 => "91-180",
            Self::Beyond180 => ">180",
        }
    }

    /// Its key for machines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::UpTo30 => "days_0_30",
            Self::UpTo60 => "days_31_60",
            Self::UpTo90 => "days_61_90",
            Self::UpTo180 => "days_91_180",
            Self::Beyond180 => "days_over_180",
        }
    }
}
