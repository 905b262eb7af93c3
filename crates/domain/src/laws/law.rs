//! The laws, each with the sentence that tells how it was broken.

use crate::account::EntryRange;
use crate::books::{Book, State};
use crate::calendar::{Day, Timestamp};
use crate::id::{
    AccountId, BankDebitId, ChargeId, DebitId, DisputeId, PayoutId, RefundId, ReserveHoldId, TransferId,
    WriteOffId,
};
use crate::money::{Currency, Minor};

use super::Difference;
use super::declare::laws;

laws! {
    /// Positions are counted from 0 without a gap.
    Position {
        /// The position that was due.
        expected: u64,
    } => "positions have no gap; {expected} was due";
    /// Business time never goes back.
    Time {
        /// The event's.
        time: Timestamp,
        /// What it was already.
        before: Timestamp,
    } => "business time never goes back; it was {before} and became {time}";
    /// Accounts are numbered without a gap, the platform first and once.
    AccountNumber {
        /// The number that was given.
        account: AccountId,
        /// The number that was due.
        expected: usize,
    } => "accounts are numbered without a gap; {expected} was due, {account} was given";
    /// An entry sums to zero.
    Balance {
        /// Its currency.
        currency: Currency,
        /// Debits less credits.
        left_over: i128,
    } => "an entry sums to zero; {left_over} minor units of {currency} are left over";
    /// An event says of its objects what its entry booked.
    Told {
        /// Of what.
        what: &'static str,
        /// What is said.
        said: i128,
        /// What was booked.
        booked: i128,
    } => "an event says what its entry booked; the {what} is said to be {said}, and {booked} was booked";
    /// The platform's reserve is what its sellers owe.
    Reserve {
        /// In which currency.
        currency: Currency,
        /// What they owe.
        owed: i128,
        /// What is held.
        held: i128,
    } => "the platform's reserve is what its sellers owe; they owe {owed} minor units of {currency}, and {held} are held";
    /// A posting names an account that exists.
    UnknownAccount {
        /// The account.
        account: AccountId,
    } => "money moves between accounts that exist; there is no account {account}";
    /// Entry numbers count each book's postings without a gap.
    EntryNumber {
        /// The book, an account's over all its states.
        book: Book,
        /// The currency.
        currency: Currency,
        /// The number that was due.
        expected: u64,
        /// The number that was given.
        found: u64,
    } => "entry numbers have no gap; {expected} was due for {book:?} in {currency}, {found} was given";
    /// Only available may be negative.
    Negative {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// Which state.
        state: State,
        /// Its balance.
        balance: i128,
    } => "only available may be negative; {state:?} of account {account} is {balance} minor units of {currency}";
    /// The pending money of a day is never negative.
    NegativeDay {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// The day.
        day: Day,
        /// What is pending of it.
        held: i128,
    } => "what is pending of a day is never negative; account {account} has {held} minor units of {currency} of {day}";
    /// Pending money matures when its day begins.
    Late {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// The day that began.
        day: Day,
    } => "pending money matures when its day begins; account {account} still has {currency} of {day}";
    /// Pending money is what the charges, fees and transfers of its day left there.
    Unexplained {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// The day.
        day: Day,
        /// What is pending of it.
        held: i128,
        /// What the records come to.
        explained: i128,
    } => "pending money is what records left there; account {account} has {held} minor units of {currency} of {day}, its records say {explained}";
    /// What the rails hold is what is owed.
    Equation {
        /// The currency.
        currency: Currency,
        /// What the rails hold.
        rails: i128,
        /// What accounts, operator, tax, suspense and conversion come to.
        owed: i128,
    } => "the rails hold what is owed; they hold {rails} minor units of {currency}, and {owed} are owed";
    /// A payout is the sum of the entries that it takes, and above zero.
    PayoutSum {
        /// The payout.
        payout: PayoutId,
        /// What it pays.
        amount: Minor,
        /// What its entries come to.
        sum: i128,
    } => "a payout is the sum of its entries; {payout} pays {amount}, its entries come to {sum}";
    /// An entry is in at most one live payout, and a payout's own movement in none.
    EntryTaken {
        /// The payout that takes it again.
        payout: PayoutId,
        /// The range with the entry.
        range: EntryRange,
        /// Who has it; none where it is a payout's own movement.
        by: Option<PayoutId>,
    } => "an entry is in one live payout at most; {payout} takes {range:?}, part of which is closed by {by:?}";
    /// Only a payout that was made and has not failed is paid or fails.
    NoLivePayout {
        /// The payout.
        payout: PayoutId,
    } => "only a live payout is paid or fails; {payout} is none";
    /// A payout keeps its account, amount and entries, and follows its lifecycle.
    PayoutChanged {
        /// The payout.
        payout: PayoutId,
    } => "a payout keeps what it was made with and follows its lifecycle; {payout} does not";
    /// Open entries sum to the available balance.
    OpenEntries {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// What the open entries come to.
        open: i128,
        /// The available balance.
        available: i128,
    } => "open entries sum to the available balance; those of account {account} come to {open} minor units of {currency}, available are {available}";
    /// A charge gives back and shares out no more than there is.
    ChargeBound {
        /// The charge.
        charge: ChargeId,
        /// Which total.
        what: &'static str,
        /// What it says.
        said: Minor,
        /// The most that it may be.
        bound: Minor,
    } => "what moves of a charge lies between nothing and all; {what} of {charge} is {said}, at most {bound}";
    /// A charge keeps its totals.
    ChargeForgets {
        /// The charge.
        charge: ChargeId,
        /// Which total.
        what: &'static str,
        /// What it says.
        said: Minor,
        /// What the events come to.
        added: Minor,
    } => "a charge keeps its totals; {what} of {charge} is {said}, its events come to {added}";
    /// A charge keeps its merchant of record, who is its seller or, of a separate charge, an account.
    MerchantChanged {
        /// The charge.
        charge: ChargeId,
    } => "a charge keeps its merchant of record; that of {charge} is another, or cannot be";
    /// The capture that first takes an application fee says so, and no other.
    FeeMoved {
        /// The charge.
        charge: ChargeId,
    } => "the fee of captures is an object of the first that takes one; that of {charge} is said to be another's";
    /// A transfer moves back no more than it moved.
    TransferBound {
        /// The transfer.
        transfer: TransferId,
        /// What was moved back.
        said: Minor,
        /// What was moved.
        bound: Minor,
    } => "a transfer moves back between nothing and all; {said} of {bound} was moved back of {transfer}";
    /// A transfer keeps what was moved back.
    TransferForgets {
        /// The transfer.
        transfer: TransferId,
        /// What it says.
        said: Minor,
        /// What the events come to.
        added: Minor,
    } => "a transfer keeps what was moved back; {transfer} says {said}, its events come to {added}";
    /// Of transfers that wait, the first is served first.
    Overtaken {
        /// The transfer that was served.
        transfer: TransferId,
        /// The first that waits in its currency; none where nobody does.
        first: Option<TransferId>,
    } => "of transfers that wait the first is served first; {transfer} was, first is {first:?}";
    /// A transfer that waits keeps what it was asked for, and leaves the queue once.
    QueueForgets {
        /// The transfer.
        transfer: TransferId,
    } => "a transfer that waits keeps what was asked and leaves the queue once; {transfer} does not";
    /// A transfer that waits books nothing, and its amount when it is released.
    QueueBooks {
        /// The transfer.
        transfer: TransferId,
        /// What its destination should receive.
        due: i128,
        /// What it received.
        received: i128,
    } => "a transfer that waits books nothing until it is released; {transfer} should bring {due}, it brings {received}";
    /// A debit moves its amount from a connected account to the platform, less the fee, and
    /// the fee to the operator.
    DebitBooks {
        /// The debit.
        debit: DebitId,
        /// What it says of its amount.
        amount: i128,
        /// What it says of its fee.
        fee: i128,
    } => "a debit moves its amount to the platform and its fee to the operator; {debit} says {amount} and {fee} and books otherwise";
    /// A refund keeps what was asked and what it took, and goes from one state to the next.
    RefundForgets {
        /// The refund.
        refund: RefundId,
    } => "a refund keeps what it is and goes from one state to the next; {refund} does not";
    /// A refund whose payment failed waits no more.
    RefundLate {
        /// The refund.
        refund: RefundId,
    } => "a refund whose payment failed is called off at once; {refund} was not";
    /// A hold keeps whose it is, the holds before it and what was released of it; its sale names it.
    HoldForgets {
        /// The hold.
        hold: ReserveHoldId,
    } => "a hold keeps whose it is and what was released of it; {hold} does not";
    /// A hold and its releases book what they say, to the reserved balance.
    HoldBooks {
        /// The hold.
        hold: ReserveHoldId,
        /// What should be added to the reserved balance.
        due: i128,
        /// What was.
        booked: i128,
    } => "what is held and released is booked; {hold} should add {due}, it adds {booked}";
    /// What is held of an account is what is left of its holds.
    Held {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// What is left of its holds.
        holds: i128,
        /// Its reserved balance.
        held: i128,
    } => "what is held of an account is the sum of its holds; of account {account} in {currency} holds come to {holds}, held is {held}";
    /// Nothing is held after its day.
    HoldLate {
        /// The hold.
        hold: ReserveHoldId,
        /// When it should have been released.
        due: Timestamp,
    } => "nothing is held after its day; {hold} should have been released at {due}";
    /// What its day releases is not released before.
    HoldEarly {
        /// The hold.
        hold: ReserveHoldId,
        /// When it should be released.
        due: Timestamp,
    } => "a hold is released on its day; {hold} was before {due}";
    /// A dispute keeps what its postings came to.
    DisputeForgets {
        /// The dispute.
        dispute: DisputeId,
        /// Which total.
        what: &'static str,
        /// What it says.
        said: i128,
        /// What its postings came to.
        added: i128,
    } => "a dispute keeps its totals; {what} of {dispute} is {said}, its postings come to {added}";
    /// A dispute keeps what it was opened with, takes all of it or nothing, and follows its
    /// lifecycle.
    DisputeChanged {
        /// The dispute.
        dispute: DisputeId,
    } => "a dispute keeps what it was opened with, takes all or nothing and follows its lifecycle; {dispute} does not";
    /// Prefunding is what top-ups brought there, less what was drawn.
    Prefunding {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// What is there.
        held: i128,
        /// What top-ups and drawdowns come to.
        added: i128,
    } => "prefunding is what top-ups brought, less what was drawn; account {account} has {held} minor units of {currency}, its events come to {added}";
    /// Prefunding that is used covers what is short, and no more.
    PrefundingUse {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
        /// What is available after.
        available: i128,
        /// What is left of the prefunding.
        held: i128,
    } => "prefunding is used for what is short and no more; account {account} then had {available} minor units of {currency} available and {held} prefunded";
    /// An account that is below zero uses its prefunding before time passes.
    PrefundingLate {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
    } => "prefunding is used at the instant at which it is needed; account {account} in {currency} went on below zero";
    /// A bank is asked for no more than its account owes.
    BankDebitExceeds {
        /// The bank debit.
        bank_debit: BankDebitId,
        /// What is asked.
        amount: i128,
        /// What is owed.
        owed: i128,
    } => "a bank is asked for no more than its account owes; {bank_debit} asks {amount}, owed are {owed}";
    /// One bank debit of an account is on its way at a time, in one currency.
    BankDebitTwice {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
    } => "one bank debit is on its way at a time; account {account} has two in {currency}";
    /// A bank debit keeps what was asked, and follows its lifecycle.
    BankDebitForgets {
        /// The bank debit.
        bank_debit: BankDebitId,
    } => "a bank debit keeps what was asked and follows its lifecycle; {bank_debit} does not";
    /// A bank debit books its amount when it arrives and when it is returned, and else nothing.
    BankDebitBooks {
        /// The bank debit.
        bank_debit: BankDebitId,
        /// What its step should bring.
        due: i128,
        /// What it brings.
        booked: i128,
    } => "a bank debit books what arrives and what is returned; {bank_debit} should bring {due}, it brings {booked}";
    /// A write-off keeps what was written off, and says what came back of it.
    WriteOff {
        /// The write-off.
        write_off: WriteOffId,
        /// What of it.
        what: &'static str,
        /// What it says.
        said: i128,
        /// What its events come to.
        booked: i128,
    } => "a write-off keeps what was written off and what came back of it; {what} of {write_off} is {said}, by its events {booked}";
    /// The ledger has what the log comes to.
    Differs {
        /// What of it, with its owner.
        what: Difference,
        /// What the ledger has.
        ledger: i128,
        /// What the log comes to.
        log: i128,
    } => "the ledger is what its log comes to; {what} is {ledger} in the ledger and {log} by the log";
}
