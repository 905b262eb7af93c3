//! What is done in random streams of refunds.

use counterfoil_domain::money::Minor;
use proptest::prelude::{Strategy, any, prop_oneof};

/// One thing that is done.
#[derive(Clone, Debug)]
pub(crate) enum Done {
    /// A sale in one of three ways, with hundredths of a fee or of a transfer.
    Sell {
        way: u8,
        amount: Minor,
        part: Minor,
    },
    Refund {
        sale: usize,
        amount: Option<Minor>,
        back: bool,
        fee: bool,
        waits: bool,
    },
    Fate {
        refund: usize,
        fate: Fate,
    },
    /// The payment of a sale fails.
    Fail {
        sale: usize,
    },
    TopUp {
        bakery: bool,
        amount: Minor,
        prefund: bool,
    },
    Pass {
        hours: i64,
    },
}

/// What becomes of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Cancel,
    Fail,
    Process,
    Act,
    Succeed,
}

/// Streams of it.
pub(crate) fn streams() -> impl Strategy<Value = Vec<Done>> {
    let amount = || 1..10_000_i64;
    let part = proptest::option::weighted(0.7, 1..6_000_i64);
    let fate = prop_oneof![
        2 => proptest::strategy::Just(Fate::Cancel),
        2 => proptest::strategy::Just(Fate::Fail),
        1 => proptest::strategy::Just(Fate::Process),
        2 => proptest::strategy::Just(Fate::Act),
        1 => proptest::strategy::Just(Fate::Succeed),
    ];
    let done = prop_oneof![
        3 => (0..3_u8, amount(), 0..=100_i64).prop_map(|(way, amount, part)| Done::Sell { way, amount, part }),
        6 => (any::<usize>(), part, any::<[bool; 3]>()).prop_map(|(sale, amount, [back, fee, waits])| {
            Done::Refund { sale, amount, back, fee, waits }
        }),
        6 => (any::<usize>(), fate).prop_map(|(refund, fate)| Done::Fate { refund, fate }),
        1 => any::<usize>().prop_map(|sale| Done::Fail { sale }),
        2 => (any::<bool>(), amount(), any::<bool>())
            .prop_map(|(bakery, amount, prefund)| Done::TopUp { bakery, amount, prefund }),
        2 => (0..60_i64).prop_map(|hours| Done::Pass { hours }),
    ];
    proptest::collection::vec(done, 1..40)
}
