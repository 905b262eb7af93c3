//! The largest orders: what one split and one frame can hold is imported, and what they
//! cannot is refused by name.

use crate::files::{Files, ITEMS, check_at};

/// An order with an id of `id` bytes; so many sellers and payments, each of an amount.
#[derive(Clone, Copy)]
struct Order {
    id: usize,
    sellers: usize,
    sold: &'static str,
    payments: usize,
    paid: &'static str,
}

/// So large that every number in the ledger is at its longest.
const LARGE: Order =
    Order { id: 32, sellers: 1, sold: "10000000000.00", payments: 1, paid: "10000000000.00" };

impl Order {
    fn files(self) -> Files {
        let Self { sellers, sold, payments, paid, .. } = self;
        let id = "i".repeat(self.id);
        let rows = (0..sellers).map(|number| format!("s{number},1,x,SP\n"));
        let items = (0..sellers).map(|number| {
            // Out of order, so that sellers are not filled as they come.
            let seller = (number * 7 + 3) % sellers;
            format!("{id},{number},p,s{seller},2017-01-02 10:00:00,{sold},0.00\n")
        });
        let paid = (0..payments).map(|number| format!("{id},{number},rail_{number},1,{paid}\n"));
        Files::of(&rows.collect::<String>(), &items.collect::<String>(), &paid.collect::<String>())
    }

    /// The order is imported; the sellers get all that they sold.
    fn fits(self) {
        let Self { sellers, payments, .. } = self;
        let centavos = |text: &str| text.replace('.', "").parse::<u64>().unwrap();
        let (shares, charged) = (sellers as u64 * centavos(self.sold), payments as u64 * centavos(self.paid));
        let says = format!(
            "sellers {sellers} of {sellers}
             items {sellers} of {sellers}
             payments {payments} of {payments}
             charged {charged} shares {shares} commission 0 remainder {}",
            charged - shares
        );
        check_at(0, &self.files(), &says);
    }

    /// Every row of the order is refused.
    fn is_too_large(self) {
        let Self { sellers, payments, .. } = self;
        let rows = |name: &str, count: usize| -> String {
            (2..count + 2).map(|line| format!("{name}:{line} order_too_large\n")).collect()
        };
        let says = format!(
            "sellers {sellers} of {sellers}
             items 0 of {sellers}, {sellers} order_too_large
             payments 0 of {payments}, {payments} order_too_large
             charged 0 shares 0 commission 0 remainder 0
             {}{}",
            rows("items", sellers),
            rows("payments", payments)
        );
        check_at(0, &self.files(), &says);
    }
}

#[test]
fn a_hundred_payments_fit_and_no_more() {
    let order = Order { sellers: 29, payments: 100, paid: "2900000000.00", ..LARGE };
    order.fits();
    Order { sellers: 30, paid: "3000000000.00", ..order }.is_too_large();
    Order { sellers: 1, payments: 101, ..order }.is_too_large();
}

#[test]
fn a_short_id_leaves_more_room_and_a_long_one_less() {
    let short = Order { id: 1, sellers: 118, sold: "8000000000.00", payments: 100, paid: "9440000000.00" };
    short.fits();
    Order { sellers: 119, paid: "9520000000.00", ..short }.is_too_large();

    let long = Order { id: 255, payments: 43, paid: "232558139.54", ..LARGE };
    long.fits();
    Order { payments: 44, ..long }.is_too_large();
}

#[test]
fn two_hundred_sellers_fit_and_no_more() {
    let order = Order { sellers: 200, sold: "50000000.00", ..LARGE };
    order.fits();
    Order { sellers: 201, sold: "1.00", ..order }.is_too_large();
}

#[test]
fn a_seller_s_sum_fits_up_to_the_largest_amount() {
    LARGE.fits();
    let item = [ITEMS, "o1,1,p,ana,2017-01-02 10:00:00,10000000000.00,0.01\n"].concat();
    let files = Files { items: item.into(), ..Files::payments("o1,1,voucher,1,10000000000.00\n") };
    check_at(
        10_000,
        &files,
        "sellers 1 of 1
         items 0 of 1, 1 order_too_large
         payments 0 of 1, 1 order_too_large
         charged 0 shares 0 commission 0 remainder 0
         items:2 order_too_large
         payments:2 order_too_large",
    );
}
