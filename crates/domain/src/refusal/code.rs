//! Error codes as Connect spells them: <https://docs.stripe.com/error-codes>.

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $text:literal,)+) => {
        /// An error code of Connect's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $code,)+
        }

        impl Code {
            /// Every code that a rule has.
            pub const ALL: &'static [Self] = &[$(Self::$code,)+];

            /// Its spelling.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $text,)+ }
            }
        }
    };
}

codes! {
    /// The account cannot be used for this.
    AccountInvalid = "account_invalid",
    /// The amount is above the largest.
    AmountTooLarge = "amount_too_large",
    /// The amount is below the smallest.
    AmountTooSmall = "amount_too_small",
    /// The account has not enough available for a transfer or payout.
    BalanceInsufficient = "balance_insufficient",
    /// The bank account cannot be paid to.
    BankAccountUnusable = "bank_account_unusable",
    /// Nothing of the charge is left to refund.
    ChargeAlreadyRefunded = "charge_already_refunded",
    /// The platform may not do this to a standard account.
    NotAllowedOnStandardAccount = "not_allowed_on_standard_account",
    /// The number is none that this parameter takes.
    ParameterInvalidInteger = "parameter_invalid_integer",
    /// Parameters that exclude each other.
    ParametersExclusive = "parameters_exclusive",
    /// Payouts are disabled on the account.
    PayoutsNotAllowed = "payouts_not_allowed",
    /// Something of this id exists.
    ResourceAlreadyExists = "resource_already_exists",
    /// Nothing of this id exists.
    ResourceMissing = "resource_missing",
    /// It cannot come to this status from the one that it has.
    StatusTransitionInvalid = "status_transition_invalid",
    /// The transfer cannot be made.
    TransfersNotAllowed = "transfers_not_allowed",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
