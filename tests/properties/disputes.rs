//! Disputes of charges that rules share, in any parts and beside refunds: what sellers give back
//! is what they are liable for, by the numbers of a model, and a dispute that is won undoes what
//! it did, whatever else was done before.

use std::collections::BTreeMap;

use counterfoil_domain::account::{Country, NameSuccessor, OnboardAccount};
use counterfoil_domain::charge::{Charge, ProcessingFee};
use counterfoil_domain::dispute::{DisputeReason, MarkDisputeLost, MarkDisputeWon, OpenDispute, Recovery};
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::split::rule::{Liability, Rounding, RulePart, ShareOf, SplitRule};
use counterfoil_domain::transfer::ReverseTransfer;
use counterfoil_domain::{AccountId, ChargeId, DisputeId, SplitId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::disputing::reference;
use crate::market::{SELLERS, open, rail_name};
use crate::model::{nearest_even, sums};
use crate::rule_splits::{set, share};

/// One thing that is done to the one charge.
#[derive(Clone, Copy, Debug)]
enum Step {
    Refund {
        hundredths: u8,
    },
    Reverse {
        part: usize,
        hundredths: u8,
    },
    Dispute {
        amount: Minor,
        fee: Minor,
    },
    /// Won right after it was opened, with all fees back: nobody has more or less than before.
    InVain {
        amount: Minor,
        fee: Minor,
        moved: bool,
    },
    Lose {
        dispute: usize,
    },
    Win {
        dispute: usize,
    },
    Pass {
        hours: u16,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || 1..15_000_i64;
    let step = prop_oneof![
        2 => (0..60_u8).prop_map(|hundredths| Step::Refund { hundredths }),
        2 => (any::<usize>(), 0..=100_u8).prop_map(|(part, hundredths)| Step::Reverse { part, hundredths }),
        4 => (amount(), 0..2_000_i64).prop_map(|(amount, fee)| Step::Dispute { amount, fee }),
        3 => (amount(), 0..2_000_i64, proptest::bool::weighted(0.2))
            .prop_map(|(amount, fee, moved)| Step::InVain { amount, fee, moved }),
        2 => any::<usize>().prop_map(|dispute| Step::Lose { dispute }),
        3 => any::<usize>().prop_map(|dispute| Step::Win { dispute }),
        2 => (0..60_u16).prop_map(|hours| Step::Pass { hours }),
    ];
    proptest::collection::vec(step, 1..14)
}

/// A charge that three sellers share by weights, each liable for so many hundredths of disputes
/// and of their fees.
struct Sale {
    world: World,
    charge: ChargeId,
    split: SplitId,
    rates: [(u8, u8); 3],
    disputes: Vec<DisputeId>,
}

impl Sale {
    fn new(amount: Minor, weights: [u32; 3], rates: [(u8, u8); 3]) -> Self {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let hundredths = |rate: u8| Rate::from_basis_points(u32::from(rate) * 100).unwrap();
        let parts = (1..).zip(weights).zip(rates).map(|((account, weight), (dispute, fee))| RulePart {
            liability: Liability {
                dispute: hundredths(dispute),
                dispute_fee: hundredths(fee),
                ..Liability::default()
            },
            ..RulePart::new(AccountId(account), ShareOf::Weight(weight))
        });
        let rule = SplitRule { parts: parts.collect(), rounding: Rounding::LargestRemainder };
        let rule = set(&mut world, rule);
        let made = world.execute(Charge::separate(Money::new(Currency::USD, amount), rail_name(0))).unwrap();
        let charge = ChargeId::new(made[made.len() - 1].position, 0);
        let split = share(&mut world, vec![charge], rule);
        Self { world, charge, split, rates, disputes: Vec::new() }
    }

    /// Each part's transfer, with what it received.
    fn parts(&self) -> Vec<(TransferId, Minor)> {
        let split = self.world.records().get(self.split).unwrap();
        split.pieces().map(|piece| (piece.transfer.unwrap(), piece.amount)).collect()
    }

    fn reversible(&self, transfer: TransferId) -> Minor {
        self.world.records().get(transfer).unwrap().reversible()
    }

    fn open(&mut self, amount: Minor, fee: Minor) -> DisputeId {
        let due_by = self.world.now().plus_seconds(30 * 86_400);
        let opened = OpenDispute::new(self.charge, reference(&self.world), DisputeReason::Fraudulent, due_by);
        let recovery = Recovery::by_liability(self.split);
        let opened = OpenDispute { amount: Some(amount), fee: Some(fee), recovery, ..opened };
        let before = self.world.records().get(self.charge).unwrap().disputed();
        let left: Vec<Minor> = self.parts().iter().map(|(id, _)| self.reversible(*id)).collect();
        let made = self.world.execute(opened).unwrap();
        let first = made.iter().find(|recorded| recorded.event.name() == "dispute_opened").unwrap();
        let dispute = DisputeId::new(first.position, 0);
        self.disputes.push(dispute);
        let after: Vec<Minor> = self.parts().iter().map(|(id, _)| self.reversible(*id)).collect();
        let taken: Vec<Minor> = left.iter().zip(&after).map(|(left, after)| left - after).collect();
        assert_eq!(taken, self.expected((before, before + amount), fee, &left));
        dispute
    }

    /// What a dispute takes of each part, reckoned anew.
    fn expected(&self, (before, after): (Minor, Minor), fee: Minor, left: &[Minor]) -> Vec<Minor> {
        let of = self.world.records().get(self.charge).unwrap().amount;
        let parts = self.parts();
        let of_money = parts.iter().zip(self.rates).zip(left).map(|(((_, received), (rate, _)), left)| {
            let bears = nearest_even(*received, rate.into(), 100);
            let due = |disputed: Minor| nearest_even(bears, disputed.min(of), of);
            (due(after) - due(before)).min(*left)
        });
        let of_money: Vec<Minor> = of_money.collect();
        let fees = shares_of_the_fee(&parts, self.rates, fee, of);
        let both = of_money.iter().zip(fees).zip(left);
        both.map(|((money, fee), left)| money + fee.min(left - money)).collect()
    }

    fn totals(&self) -> (BTreeMap<u32, i128>, BTreeMap<u16, i128>) {
        let (accounts, rails, _) = sums(self.world.log(), Currency::USD);
        (accounts, rails)
    }
}

/// The fee among the parts, by their proportions times their rates, the rest the platform's:
/// whole cents first, then one each to the largest fractions, the earlier first.
fn shares_of_the_fee(
    parts: &[(TransferId, Minor)],
    rates: [(u8, u8); 3],
    fee: Minor,
    of: Minor,
) -> Vec<Minor> {
    let whole = i128::from(of) * 100;
    let mut exact: Vec<i128> = parts
        .iter()
        .zip(rates)
        .map(|((_, received), (_, rate))| i128::from(fee) * i128::from(*received) * i128::from(rate))
        .collect();
    exact.push(i128::from(fee) * whole - exact.iter().sum::<i128>());
    let mut shares: Vec<i128> = exact.iter().map(|part| part / whole).collect();
    let mut left = i128::from(fee) - shares.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by_key(|place| (-(exact[*place] % whole), *place));
    for place in order {
        if left > 0 {
            shares[place] += 1;
            left -= 1;
        }
    }
    shares.pop();
    shares.into_iter().map(|share| Minor::try_from(share).unwrap()).collect()
}

/// More sellers than one event takes back from: what is left is done right after, and so is giving
/// back, and both are exact.
#[test]
fn many_sellers_give_back_in_turns() {
    let mut world = open(ProcessingFee::NONE, 0);
    let sellers: Vec<AccountId> = (SELLERS + 1..SELLERS + 46).map(AccountId).collect();
    for _ in &sellers {
        world.execute(Box::new(OnboardAccount::new(Country::US, Currency::USD))).unwrap();
    }
    let parts = sellers.iter().map(|seller| RulePart::new(*seller, ShareOf::Fixed(100)));
    let rule = SplitRule { parts: parts.collect(), rounding: Rounding::LargestRemainder };
    let rule = set(&mut world, rule);
    let made = world.execute(Charge::separate(Money::new(Currency::USD, 5_000), rail_name(0))).unwrap();
    let charge = ChargeId::new(made[made.len() - 1].position, 0);
    let split = share(&mut world, vec![charge], rule);
    let before = sums(world.log(), Currency::USD);

    let due_by = world.now().plus_seconds(86_400);
    let opened = OpenDispute::new(charge, reference(&world), DisputeReason::Fraudulent, due_by);
    let recovery = Recovery::by_liability(split);
    let made = world.execute(OpenDispute { fee: Some(0), recovery, ..opened }).unwrap();
    let names: Vec<&str> = made.iter().map(|recorded| recorded.event.name()).collect();
    assert_eq!(names, ["dispute_opened", "dispute_recovered", "dispute_recovered", "dispute_recovered"]);
    let dispute = DisputeId::new(made[0].position, 0);
    let state = world.records().get(dispute).unwrap();
    assert_eq!(state.recovered.iter().map(|recovered| recovered.amount).sum::<Minor>(), 4_500);
    assert_eq!(state.recovered.len(), 45);
    let owed = |world: &World, seller: AccountId| {
        world.ledger().account(seller).unwrap().wallet(Currency::USD).unwrap().pending
    };
    assert!(sellers.iter().all(|seller| owed(&world, *seller) == 0));

    let made = world.execute(MarkDisputeWon { dispute, fees_returned: None }).unwrap();
    assert_eq!(made.len(), 4);
    assert!(sellers.iter().all(|seller| owed(&world, *seller) == 100));
    assert_eq!(sums(world.log(), Currency::USD), before);
    assert_eq!(world.finish(), []);
}

fn act(sale: &mut Sale, step: Step) {
    match step {
        Step::Refund { hundredths } => {
            let left = sale.world.records().get(sale.charge).unwrap().refundable();
            let amount = Some(left * Minor::from(hundredths) / 100);
            let _refused = sale.world.execute(Refund { amount, ..Refund::full(sale.charge) });
        }
        Step::Reverse { part, hundredths } => {
            let parts = sale.parts();
            let (transfer, _) = parts[part % parts.len()];
            let amount = Some(sale.reversible(transfer) * Minor::from(hundredths) / 100);
            let _refused = sale.world.execute(ReverseTransfer { amount, ..ReverseTransfer::full(transfer) });
        }
        Step::Dispute { amount, fee } => {
            sale.open(amount, fee);
        }
        Step::InVain { amount, fee, moved } => {
            let before = sale.totals();
            let dispute = sale.open(amount, fee);
            if moved {
                // Where the seller moved its new account has what is its own; all together the same.
                let (account, successor) = (AccountId(1), AccountId(SELLERS));
                let _again = sale.world.execute(NameSuccessor { account, successor });
            }
            sale.world.execute(MarkDisputeWon { dispute, fees_returned: Some(fee) }).unwrap();
            let after = sale.totals();
            assert_eq!(before.1, after.1, "the rails hold what they held");
            let of = |(accounts, _): &(BTreeMap<u32, i128>, _), number: u32| {
                accounts.get(&number).copied().unwrap_or_default()
            };
            let second = |totals| of(totals, 2);
            let moved = |totals| of(totals, 1) + of(totals, SELLERS);
            assert_eq!((of(&before, 0), second(&before)), (of(&after, 0), second(&after)));
            assert_eq!(moved(&before), moved(&after));
        }
        Step::Lose { dispute } => {
            if let Some(dispute) = nth(sale, dispute) {
                let _refused = sale.world.execute(MarkDisputeLost { dispute });
            }
        }
        Step::Win { dispute } => {
            if let Some(dispute) = nth(sale, dispute) {
                let _refused = sale.world.execute(MarkDisputeWon { dispute, fees_returned: None });
            }
        }
        Step::Pass { hours } => {
            let to = sale.world.now().plus_seconds(i64::from(hours) * 3_600);
            sale.world.execute(counterfoil_domain::calendar::AdvanceTo { to }).unwrap();
        }
    }
}

fn nth(sale: &Sale, index: usize) -> Option<DisputeId> {
    sale.disputes.get(index.checked_rem(sale.disputes.len())?).copied()
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn sellers_give_back_what_they_are_liable_for_and_get_it_again(
        amount in 100..12_000_i64,
        weights in [1..50_u32, 1..50_u32, 1..50_u32],
        rates in [(0..=100_u8, 0..=100_u8), (0..=100_u8, 0..=100_u8), (0..=100_u8, 0..=100_u8)],
        steps in steps(),
    ) {
        let mut sale = Sale::new(amount, weights, rates);
        for step in steps {
            act(&mut sale, step);
        }
        assert_eq!(sale.world.finish(), []);
    }
}
