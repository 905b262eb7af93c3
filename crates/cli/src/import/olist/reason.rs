//! The reasons for which a row is refused.

use std::fmt;

/// Why a row is refused. The order is the specification: of several reasons that apply
/// to a row the first stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// The row, or a field of it that we read, is not what it must be.
    Malformed,
    /// An earlier row has the same key.
    Duplicate,
    /// The seller is not in the file of sellers.
    UnknownSeller,
    /// There is no money in it.
    ZeroAmount,
    /// The payment's type is `not_defined`.
    UndefinedType,
    /// No item names the payment's order.
    OrderWithoutItems,
    /// No accepted payment names the item's order.
    OrderWithoutPayment,
    /// The order's accepted payments are less than its sellers' nets.
    SharesNotCovered,
    /// The order is more than one split of the ledger can hold.
    OrderTooLarge,
}

impl Reason {
    /// The name under which it is counted and reported.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Duplicate => "duplicate",
            Self::UnknownSeller => "unknown_seller",
            Self::ZeroAmount => "zero_amount",
            Self::UndefinedType => "undefined_type",
            Self::OrderWithoutItems => "order_without_items",
            Self::OrderWithoutPayment => "order_without_payment",
            Self::SharesNotCovered => "shares_not_covered",
            Self::OrderTooLarge => "order_too_large",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
