//! What few charges have, in bytes.

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::{
    CaptureTerms, ChargeMore, ChargeStanding, DeclineCode, DestinationShare, FraudType, FraudWarning,
    FraudWarningReference, MOST_FRAUD_WARNINGS, PendingPart, ProcessingFee,
};
use counterfoil_domain::dispute::MOST_DISPUTES;
use counterfoil_domain::money::Rate;
use counterfoil_domain::{DisputeId, ReserveHoldId};

use super::ChargeMoreV1;
use crate::codec::{Fault, serial};

fn more(days: &[i32]) -> ChargeMore {
    let part =
        |days: &i32| PendingPart { day: Day::from_days(*days), left: 3, fee_left: 2, transfer_left: 1 };
    ChargeMore {
        standing: ChargeStanding::Succeeded,
        authorised: 100,
        asynchronous: false,
        transfer: None,
        transfers: Vec::new(),
        disputed: 0,
        on_behalf_of: None,
        fee_at: None,
        asked: false,
        card: None,
        earlier: days.iter().map(part).collect(),
        disputes: Vec::new(),
        fraud_warnings: Vec::new(),
        held: None,
        recovering: None,
    }
}

fn bytes(more: &ChargeMore) -> Vec<u8> {
    let mut out = Vec::new();
    serial::append(&ChargeMoreV1::from(more), &mut out).unwrap();
    out
}

fn read(bytes: &[u8]) -> Result<ChargeMore, Fault> {
    serial::read::<ChargeMoreV1>(bytes)?.try_into()
}

/// Standing, terms, failure, authorised, asynchronous, transfer, transfers, disputed; then,
/// where the standing is raised by 32, how many days, and of each the day and what is left.
#[test]
fn days_follow_where_there_are_any_and_cost_nothing_else() {
    let plain = bytes(&more(&[]));
    assert_eq!(plain, [2, 0, 0, 200, 0, 0, 0, 0]);
    let two = bytes(&more(&[5, 7]));
    assert_eq!(two, [34, 0, 0, 200, 0, 0, 0, 0, 2, 10, 6, 4, 2, 14, 6, 4, 2]);
    assert_eq!((read(&plain), read(&two)), (Ok(more(&[])), Ok(more(&[5, 7]))));
}

/// Flags of 2, and at the end the position.
#[test]
fn the_newest_hold_follows_where_there_is_one() {
    let held = ChargeMore { held: Some(ReserveHoldId::new(9, 0)), ..more(&[5]) };
    let mut stored = bytes(&held);
    assert_eq!(stored, [34, 0, 0, 200, 2, 0, 0, 0, 1, 10, 6, 4, 2, 9]);
    assert_eq!(read(&stored), Ok(held));
    stored[13] = 0;
    assert_eq!(read(&stored), Err(Fault::Number { what: "position of a hold", found: 0 }));
}

#[test]
fn days_have_one_form() {
    let two = bytes(&more(&[5, 7]));
    let mut none = two.clone();
    none.truncate(9);
    none[8] = 0;
    let mut twice = two.clone();
    twice[13] = 10;
    for bad in [none, twice, bytes(&more(&[7, 5]))] {
        assert!(matches!(read(&bad), Err(Fault::Number { what: "list of pending days", .. })), "{bad:?}");
    }
    let mut long = two;
    long[8] = 200;
    assert!(read(&long).is_err());
}

fn disputed(disputes: &[u64]) -> ChargeMore {
    let disputes = disputes.iter().map(|position| DisputeId::new(*position, 0)).collect();
    ChargeMore { disputes, ..more(&[]) }
}

/// Where the standing is raised by 16: how many disputes, of each its position and ordinal, since
/// when they may find more to take back, and how many fraud warnings.
#[test]
fn disputes_follow_where_there_are_any_and_cost_nothing_else() {
    let two = bytes(&disputed(&[5, 7]));
    assert_eq!(two, [18, 0, 0, 200, 0, 0, 0, 0, 2, 5, 0, 7, 0, 0, 0]);
    assert_eq!(read(&two), Ok(disputed(&[5, 7])));
}

#[test]
fn disputes_are_few_and_rise() {
    let few: Vec<u64> = (1..).take(MOST_DISPUTES).collect();
    assert_eq!(read(&bytes(&disputed(&few))), Ok(disputed(&few)));
    let many: Vec<u64> = (1..).take(MOST_DISPUTES + 1).collect();
    let found = read(&bytes(&disputed(&many)));
    assert!(matches!(found, Err(Fault::Number { what: "list of disputes", .. })), "{found:?}");
    let mut none = bytes(&disputed(&[5]));
    none.truncate(11);
    none[8..].fill(0);
    assert_eq!(read(&none), Err(Fault::Text { what: "trouble of a charge that has none" }));
    for bad in [[5, 5], [7, 5]] {
        let found = read(&bytes(&disputed(&bad)));
        assert_eq!(found, Err(Fault::Text { what: "next dispute of a charge" }), "{bad:?}");
    }
}

fn warned(references: &[&str]) -> ChargeMore {
    let warning = |reference: &&str| FraudWarning {
        reference: FraudWarningReference::new(reference).unwrap(),
        fraud_type: FraudType::MadeWithStolenCard,
    };
    ChargeMore { fraud_warnings: references.iter().map(warning).collect(), ..more(&[]) }
}

/// No disputes, and so no instant of theirs; then how many warnings, and of each its reference and its type.
#[test]
fn fraud_warnings_follow_disputes_and_are_few_and_differ() {
    let one = bytes(&warned(&["i1"]));
    assert_eq!(one, [18, 0, 0, 200, 0, 0, 0, 0, 0, 0, 1, 2, b'i', b'1', 4]);
    assert_eq!(read(&one), Ok(warned(&["i1"])));
    let names: Vec<String> = (0..=MOST_FRAUD_WARNINGS).map(|number| format!("issfr_{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(read(&bytes(&warned(&names[1..]))), Ok(warned(&names[1..])));
    let found = read(&bytes(&warned(&names)));
    assert!(matches!(found, Err(Fault::Number { what: "list of fraud warnings", .. })), "{found:?}");
    let told_twice = read(&bytes(&warned(&["i1", "i1"])));
    assert_eq!(told_twice, Err(Fault::Text { what: "reference of a fraud warning" }));
    let mut undisputed = one.clone();
    undisputed.splice(9..=9, [1, 0]);
    assert_eq!(read(&undisputed), Err(Fault::Text { what: "recovery of a charge without disputes" }));
    let mut unknown = one.clone();
    unknown[14] = 7;
    assert_eq!(read(&unknown), Err(Fault::Number { what: "type of fraud", found: 7 }));
    let mut invisible = one;
    invisible[13] = b' ';
    assert_eq!(read(&invisible), Err(Fault::Text { what: "reference of a fraud warning" }));
}

fn asked(card: Option<&str>) -> ChargeMore {
    let processing_fee = ProcessingFee { rate: Rate::from_basis_points(0).unwrap(), fixed: 0 };
    let terms = CaptureTerms { until: Timestamp::MAX, processing_fee, share: DestinationShare::Whole };
    ChargeMore {
        standing: ChargeStanding::Asked(terms),
        authorised: 10_000,
        asynchronous: false,
        transfer: None,
        transfers: Vec::new(),
        disputed: 0,
        on_behalf_of: None,
        fee_at: None,
        earlier: Vec::new(),
        disputes: Vec::new(),
        fraud_warnings: Vec::new(),
        recovering: None,
        asked: true,
        held: None,
        card: card.map(Into::into),
    }
}

fn stored(more: &ChargeMore) -> Result<ChargeMore, Fault> {
    let mut bytes = Vec::new();
    serial::append(&ChargeMoreV1::from(more), &mut bytes)?;
    serial::read::<ChargeMoreV1>(&bytes)?.try_into()
}

#[test]
fn what_no_charge_is_is_neither_written_nor_read() {
    let whole = asked(Some("tok_visa"));
    assert_eq!(stored(&whole).unwrap(), whole);
    for card in ["4242424242424242", "tok visa", ""] {
        let error = stored(&asked(Some(card))).unwrap_err();
        assert!(matches!(error, Fault::Text { what: "token of a card" }), "{card}: {error:?}");
    }
    assert!(matches!(stored(&asked(None)), Err(Fault::Body(_))), "asked without a card");
    let processing = ChargeMore { standing: ChargeStanding::Processing, ..asked(None) };
    assert!(matches!(stored(&processing), Err(Fault::Body(_))), "no asked charge is processing");
    let declined = ChargeStanding::Declined(DeclineCode::LostCard);
    let carded = ChargeMore { standing: declined, ..asked(Some("tok_visa")) };
    assert!(matches!(stored(&carded), Err(Fault::Body(_))), "it has no card any more");
}
