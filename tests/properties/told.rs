//! What an event says of its objects and did not book is noticed.

use counterfoil_domain::books::{Entry, Kind};
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::laws::Law;
use counterfoil_domain::money::Currency;
use counterfoil_domain::split::{Share, SplitMade};
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::{AccountId, Event};

use crate::laws::{FLORIST, law, rewrite};

/// An event whose body says other than its entry passed the audit: a share of 10,000.00 of
/// which nothing was moved, a charge and its fee of other amounts.
#[test]
fn what_is_told_and_not_booked_is_noticed() {
    let charged = |change: fn(&mut ChargeState)| {
        law(6, |event| {
            if let Event::ChargeSucceeded(charged) = &mut event.event {
                change(&mut charged.charge);
            }
        })
    };
    let told = |what, said, booked| Law::Told { what, said, booked };
    assert_eq!(charged(|charge| charge.amount += 1), told("charge", 5_001, 5_000));
    assert_eq!(charged(|charge| charge.processing_fee += 1), told("processing fee", 1, 0));
    let elsewhere = |law: &Law| matches!(law, Law::Unexplained { .. } | Law::Told { .. });
    assert!(elsewhere(&charged(|charge| charge.currency = Currency::EUR)));
    let transferred = |change: fn(&mut Transferred)| {
        law(7, |event| {
            if let Event::TransferCreated(made) = &mut event.event {
                // Money from a balance is not bound to the pending part of a charge.
                (made.transfer.source_charge, made.charge) = (None, None);
                change(made);
            }
        })
    };
    let other = transferred(|made| made.transfer.destination = AccountId(1));
    assert!(matches!(other, Law::Unexplained { .. } | Law::Told { .. }), "{other}");
    let split = Event::ChargesSplit(Box::new(SplitMade {
        shares: vec![Share { account: FLORIST, gross: 1_000_000, commission: 0 }],
        charges: Vec::new(),
        transfers: Vec::new(),
        entry: Entry::from_postings(Currency::USD, []).unwrap(),
        details: None,
    }));
    assert_eq!(law(13, |event| event.event = split), told("share", 1_000_000, 0));
    let refunded = law(9, |event| {
        if let Event::ChargeRefunded(refunded) = &mut event.event {
            rewrite(&mut refunded.entry, |posting| {
                if posting.kind == Kind::Refund {
                    posting.kind = Kind::Charge;
                }
            });
        }
    });
    assert_eq!(refunded, told("refund", 1_000, 0));
}
