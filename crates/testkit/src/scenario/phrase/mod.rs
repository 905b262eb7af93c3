//! Phrases: what a `given` or `when` line says, read but not yet resolved to ids.

mod account;
mod dispute;
mod movement;
mod opening;
mod read;
mod reserve;
mod rule;

use counterfoil_domain::account::{Controller, Country, Gates, RequirementName};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::{ChargeType, DeclineCode, FraudType};
use counterfoil_domain::money::{Currency, Minor, Rate};
use counterfoil_domain::payout::{Delay, FailureCode, PayoutSchedule};
use counterfoil_domain::refund::{OnShortfall, Reason, RefundFailure};
use counterfoil_domain::settings::{FeePayer, LossBearer, RequirementCollector};

use super::words::Amount;

pub use dispute::{Disputed, Disputing, Recovering};
pub use reserve::{Holding, Planning, Reserving};
pub use rule::{Asks, Rounds, Ruling, RulingPart};

/// What one line asks for; names are still names.
#[derive(Clone, Debug)]
pub enum Phrase {
    /// `platform in US, USD, …`
    Platform(Opening),
    /// `it is TIME`
    It(Timestamp),
    /// `time passes to TIME`
    Pass(Timestamp),
    /// `there is no charge NAME`: a name for what does not exist.
    Missing(Missing, String),
    /// `NAME is onboarded in US, USD, …`
    Onboard(String, Country, Currency, Vec<Term>),
    /// `NAME provides identity`
    Provide(String, RequirementName),
    /// `NAME's identity is verified`
    Resolve(String, RequirementName, bool),
    /// `NAME gets bank account 6789 in USD`
    Bank(String, [u8; 4], Currency),
    /// `NAME has schedule daily, delay 5 calendar days, minimum 20.00 USD`, or
    /// `NAME has bank debits on`
    Terms(String, Vec<Term>),
    /// `NAME charges 100.00 USD on card for SELLER, fee 10.00 (destination)`
    Charge(Box<Sale>),
    /// `NAME authorises 100.00 USD on card for SELLER, until TIME (direct)`
    Authorise(Box<Sale>),
    /// `NAME begins 100.00 USD on ach for SELLER (direct)`
    Begin(Box<Sale>),
    /// `NAME asks 100.00 USD on card for SELLER, card tok_visa (direct)`
    Ask(Box<Sale>),
    /// `NAME is taken, available 2026-03-02`: the money of a charge that was asked.
    Taken(String, Option<Day>),
    /// `NAME is declined as insufficient_funds`
    Decline(String, DeclineCode),
    /// `NAME is suspected as made_with_stolen_card, known as issfr_1`: a fraud warning.
    Suspect(String, FraudType, String),
    /// `NAME is captured 60.00, fee 5.00, keeping rest`
    Capture(Capturing),
    /// `NAME shares CHARGE and CHARGE by RULE version 2, group TEXT`, or
    /// `NAME shares CHARGE and CHARGE: SELLER 60.00 less 6.00, SELLER rest, group TEXT`
    Share(Sharing),
    /// `NAME meets delivery_confirmed`
    Meet(String, String),
    /// `NAME is set: SELLER 60 % least 5.00, SELLER rest, rounding half-even into rest`
    Rule(Ruling),
    /// `NAME moves 40.00 USD from CHARGE to SELLER, group TEXT`; `NAME queues …` may wait.
    Move(Moving),
    /// `NAME is reversed by 10.00, with fee`: a transfer; a top-up `is reversed` as a whole.
    Reverse(String, Option<Amount>, bool),
    /// `NAME is refunded 20.00, reversing transfer and fee, as duplicate`
    Refund(Returning),
    /// `NAME pays ACCOUNT 50.00 USD`, or `in USD` for all of it
    Pay(String, String, Currency, Option<Minor>),
    /// `NAME is paid`
    Paid(String),
    /// `NAME fails as account_closed`
    Fail(String, Failure),
    /// `NAME tops up ACCOUNT 100.00 USD, into prefunding, group TEXT`
    Topup(Topping),
    /// `NAME debits ACCOUNT 20.00 USD, fee 1.5 %, group TEXT`
    Debit(Topping),
    /// What is done with reserves.
    Reserve(Reserving),
    /// `NAME releases ACCOUNT 20.00 USD`: prefunding
    Release(Topping),
    /// `NAME is returned as declined`
    Return(String, Failure),
    /// `NAME succeeds`
    Succeed(String),
    /// `NAME is canceled`
    Cancel(String),
    /// `NAME is processing`, or `is awaiting action`
    Pend(String, bool),
    /// `NAME returns fee 4.00`
    ReturnFee(String, Option<Amount>),
    /// `NAME disputes CHARGE 40.00, as fraudulent, due TIME, fee 15.00, recovering transfer and fee`,
    /// `recovering by SPLIT`; `NAME inquires about CHARGE …` is an inquiry.
    Dispute(Box<Disputing>),
    /// What happens to a dispute.
    Disputed(String, Disputed),
    /// `NAME is succeeded by NAME`: a seller moved to another account.
    Succeeded(String, String),
    /// `RAIL settles 96.80 USD`
    Settle(String, Minor, Currency),
    /// `bookmark NAME reaches 10 of SOURCE`
    Bookmark(String, u64, String),
    /// `rails number 999`: so many rails have taken a charge each.
    Rails(u16),
    /// `transfers number 100 from CHARGE to SELLER`: so many were made, of a hundred minor units.
    Transfers(u16, String, String),
}

/// What does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An account.
    Account,
    /// A charge.
    Charge,
    /// A transfer.
    Transfer,
    /// A payout.
    Payout,
    /// A top-up.
    Topup,
    /// A bank debit.
    BankDebit,
    /// A split rule.
    Rule,
    /// A split by a rule.
    Split,
    /// A refund.
    Refund,
    /// A reserve plan.
    Plan,
    /// A reserve hold.
    Hold,
    /// A dispute.
    Dispute,
}

/// Why something failed, in the words of each kind of thing that knows the name.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// Of a payout or a top-up.
    pub bank: Option<FailureCode>,
    /// Of a refund.
    pub refund: Option<RefundFailure>,
}

/// How the platform's ledger is opened, where not as usual.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its country.
    pub country: Country,
    /// Its currency.
    pub currency: Currency,
    /// The rate and fixed part of its processing fee.
    pub processing_fee: (Rate, Minor),
    /// When its charges mature.
    pub delay: Delay,
    /// The smallest charge.
    pub minimum_charge: Minor,
    /// How far a refund may overdraw its payer.
    pub overdraft_limit: Minor,
    /// What becomes of a refund that its payer cannot cover.
    pub on_shortfall: OnShortfall,
    /// Who pays the processing fee of direct charges.
    pub fee_payer: FeePayer,
    /// Who bears sellers' losses.
    pub loss_bearer: LossBearer,
    /// Who collects what sellers must provide.
    pub collector: RequirementCollector,
}

/// A term of an account.
#[derive(Clone, Debug)]
pub enum Term {
    /// When it is paid out.
    Schedule(PayoutSchedule),
    /// When its own charges mature.
    Delay(Delay),
    /// What an automatic payout leaves behind.
    Minimum(Minor, Currency),
    /// Who answers for it.
    Controller(Controller),
    /// What the processor takes of charges of which it is merchant of record.
    Processing(Rate, Minor),
    /// What it must provide.
    Needing(RequirementName, Gates, Option<Timestamp>),
    /// Where it is paid.
    Bank([u8; 4]),
    /// Whether what it owes is debited from there.
    BankDebits(bool),
    /// The caller's id of it.
    Known(String),
    /// A description of so many letters.
    Described(usize),
}

/// A charge.
#[derive(Clone, Debug)]
pub struct Sale {
    /// What it is called.
    pub name: String,
    /// What is charged.
    pub amount: (Minor, Currency),
    /// On which rail.
    pub rail: String,
    /// For whom.
    pub seller: Option<String>,
    /// On whose behalf.
    pub merchant: Option<String>,
    /// In which way.
    pub charge_type: ChargeType,
    /// The application fee.
    pub fee: Option<Minor>,
    /// What the seller gets, where that is said instead of a fee.
    pub share: Option<Minor>,
    /// The processing fee, where not the ledger's.
    pub processing_fee: Option<(Rate, Minor)>,
    /// The transfer group.
    pub group: Option<String>,
    /// Until when it is authorised, where not as usual.
    pub until: Option<Timestamp>,
    /// The token of the payer's card, where it is asked and not with the usual one.
    pub card: Option<String>,
    /// A description of so many letters.
    pub described: Option<usize>,
}

/// A capture.
#[derive(Clone, Debug)]
pub struct Capturing {
    /// Of which charge.
    pub charge: String,
    /// How much; all that is left where absent.
    pub amount: Option<Amount>,
    /// The application fee, where not as asked.
    pub fee: Option<Amount>,
    /// Whether what is left may still be captured.
    pub keeping_rest: bool,
}

/// A split.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// What it is called.
    pub name: String,
    /// What it shares.
    pub charges: Vec<String>,
    /// Among whom.
    pub parts: Vec<SharePart>,
    /// By which rule, and which of its versions.
    pub rule: Option<(String, Option<u16>)>,
    /// The transfer group.
    pub group: Option<String>,
    /// A description of so many letters.
    pub described: Option<usize>,
}

/// A seller's part of a split.
#[derive(Clone, Debug)]
pub struct SharePart {
    /// The seller.
    pub account: String,
    /// What it sold.
    pub gross: Part,
    /// What the platform keeps.
    pub commission: Option<Part>,
}

/// A part of an amount.
#[derive(Clone, Debug)]
pub enum Part {
    /// So much.
    Amount(Amount),
    /// A share.
    Percent(Rate),
    /// What the others leave.
    Rest,
}

/// A transfer.
#[derive(Clone, Debug)]
pub struct Moving {
    /// What it is called.
    pub name: String,
    /// What moves.
    pub amount: (Minor, Currency),
    /// From which charge.
    pub source: Option<String>,
    /// To whom.
    pub destination: String,
    /// Whether it may wait for the platform's balance.
    pub may_wait: bool,
    /// The transfer group.
    pub group: Option<String>,
    /// A description of so many letters.
    pub described: Option<usize>,
}

/// A top-up, or a debit.
#[derive(Clone, Debug)]
pub struct Topping {
    /// What it is called.
    pub name: String,
    /// Whose balance.
    pub account: String,
    /// How much.
    pub amount: (Minor, Currency),
    /// Whether it goes into prefunding.
    pub prefunding: bool,
    /// What a debit costs the platform.
    pub fee: Option<(Rate, Minor)>,
    /// The transfer group.
    pub group: Option<String>,
    /// A description of so many letters.
    pub described: Option<usize>,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Returning {
    /// Of which charge.
    pub charge: String,
    /// How much; all that is left where absent.
    pub amount: Option<Amount>,
    /// Whether the transfer is reversed.
    pub reversing_transfer: bool,
    /// Which transfers are reversed besides, and by how much.
    pub reversing: Vec<(Amount, String)>,
    /// By the liability of the parts of which splits.
    pub liable: Vec<String>,
    /// Whether the application fee is given back.
    pub reversing_fee: bool,
    /// What becomes of it where its payer cannot cover it.
    pub on_shortfall: Option<OnShortfall>,
    /// Why.
    pub reason: Option<Reason>,
}
