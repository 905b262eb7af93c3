//! Generated files of the same shape as the real ones, and as dirty.

use std::fmt::Write;

use crate::files::{Files, check_at};
use crate::reckon::reckon;
use crate::totals::check;

/// Numbers by chance, the same for the same seed (Knuth's MMIX generator).
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn amount(&mut self, most: u64) -> (u64, String) {
        let centavos = self.below(most) + 1;
        let text = match centavos % 100 {
            0 => format!("{}", centavos / 100),
            part if part % 10 == 0 => format!("{}.{}", centavos / 100, part / 10),
            part => format!("{}.{part:02}", centavos / 100),
        };
        (centavos, text)
    }
}

/// Files with `orders` orders of `sellers` sellers over a year and a half.
pub(crate) fn files(seed: u64, orders: u64, sellers: u64) -> Files {
    let mut dice = Dice::new(seed);
    let mut text = [String::new(), String::new(), String::new()];
    for seller in 0..sellers {
        writeln!(text[0], "seller{seller:04},1000,sao paulo,SP").unwrap();
        if dice.once_in(40) {
            writeln!(text[0], "seller{:04},1000,rio,RJ", dice.below(seller + 1)).unwrap();
        } else if dice.once_in(60) {
            writeln!(text[0], ",1000,nowhere,XX").unwrap();
        }
    }
    for number in 0..orders {
        order(&mut dice, number, sellers, &mut text);
    }
    let [sellers, items, payments] = text;
    Files::of(&sellers, &items, &payments)
}

fn order(dice: &mut Dice, number: u64, sellers: u64, [_, items, payments]: &mut [String; 3]) {
    let id =
        if dice.once_in(300) { String::new() } else { format!("{:08x}{number:04}", dice.below(1 << 31)) };
    let mut owed = 0;
    let count = if dice.once_in(100) { 0 } else { 1 + dice.below(4) * dice.below(2) };
    for item in 1..=count {
        let (price, price_text) = dice.amount(20_000);
        let (freight, freight_text) = dice.amount(3_000);
        owed += price + freight;
        // Some sellers are in no list.
        let unknown = u64::from(dice.once_in(30));
        let row = [
            if dice.once_in(80) { "1".to_owned() } else { item.to_string() },
            "product".to_owned(),
            format!("seller{:04}", dice.below(sellers + unknown)),
            date(dice),
            if dice.once_in(150) {
                dice.one_of(&["-1.00", "", "1.234", "1e3", "0"]).to_owned()
            } else {
                price_text
            },
            if dice.once_in(30) { "0.0".to_owned() } else { freight_text },
        ];
        let end = if dice.once_in(200) { ",surplus" } else { "" };
        writeln!(items, "{id},{}{end}", row.join(",")).unwrap();
    }
    pay(dice, &id, owed.max(1), payments);
}

fn date(dice: &mut Dice) -> String {
    if dice.once_in(200) {
        return dice.one_of(&["", "2017-13-01 10:00:00", "2017-05-05", "05/05/2017 10:00:00"]).to_owned();
    }
    let (year, month) = dice.one_of(&[(2016, 11), (2016, 12), (2017, 2), (2017, 7), (2017, 12), (2020, 2)]);
    let (day, hour, minute) = (1 + dice.below(28), dice.below(24), dice.below(60));
    // Many fall on the first instant of a day.
    let (hour, minute) = if dice.once_in(4) { (0, 0) } else { (hour, minute) };
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:00")
}

fn pay(dice: &mut Dice, id: &str, owed: u64, payments: &mut String) {
    let count = if dice.once_in(60) { 0 } else { 1 + dice.below(6) * dice.below(2) };
    // Sometimes a little more is paid than is owed, and sometimes less.
    let short = if dice.once_in(6) { dice.below(4_000) } else { 0 };
    let mut left = (owed + dice.below(40) * dice.below(2)).saturating_sub(short);
    for payment in (1..=count).rev() {
        let part = if payment == 1 { left } else { dice.below(left + 1) };
        left -= part;
        let amount = format!("{}.{:02}", part / 100, part % 100);
        let amount = if dice.once_in(200) { "?".to_owned() } else { amount };
        let kinds = ["credit_card", "credit_card", "boleto", "voucher", "debit_card"];
        let kind = if dice.once_in(60) {
            dice.one_of(&["not_defined", "bank", "Pix", ""])
        } else {
            dice.one_of(&kinds)
        };
        let number = if dice.once_in(60) { 1 } else { payment };
        writeln!(payments, "{id},{number},{kind},1,{amount}").unwrap();
    }
}

#[test]
fn generated_files_come_to_what_is_reckoned_another_way() {
    for (seed, commission_bps) in [(1, 1_000), (2, 0), (3, 1_234), (4, 10_000), (5, 9_999)] {
        let files = files(seed, 400, 30);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (sellers, items, payments) = (text(&files.sellers), text(&files.items), text(&files.payments));
        let reckoned = reckon(&sellers, &items, &payments, commission_bps.into());
        assert!(reckoned.charges > 100 && reckoned.refused.len() > 20, "seed {seed} is of both kinds");
        check(files.write(seed % 2 == 0).path(), &reckoned, commission_bps);
    }
}

#[test]
fn every_reason_is_among_the_generated_rows() {
    let files = files(6, 3_000, 40);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let reckoned = reckon(&text(&files.sellers), &text(&files.items), &text(&files.payments), 1_000);
    let reasons: std::collections::BTreeSet<_> = reckoned.refused.values().copied().collect();
    assert_eq!(reasons.len(), 8, "{reasons:?}");
    check(files.write(false).path(), &reckoned, 1_000);
}

#[test]
fn the_reckoning_agrees_with_a_sum_by_hand() {
    // 10 % of 21.50 and of 10.00 are 2.15 and 1.00; both orders are paid in full.
    let items = "a,1,p,ana,2016-12-31 23:59:59,20.5,1\nb,1,p,ana,2017-01-01 00:00:00,10,0.00\n";
    let payments = "a,1,voucher,1,21.50\nb,1,boleto,1,10.01\n";
    let files = Files::of("ana,1,x,SP\n", items, payments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let reckoned = reckon(&text(&files.sellers), &text(&files.items), &text(&files.payments), 1_000);
    assert_eq!((reckoned.charged, reckoned.sold()), (3_151, (3_150, 315)));
    check_at(
        1_000,
        &files,
        "sellers 1 of 1
         items 2 of 2
         payments 2 of 2
         charged 3151 shares 2835 commission 315 remainder 316",
    );
}
