//! Hostile bytes: damaged, truncated, lying and random ones are refused or read to a
//! value that can be written again; nothing panics.

use counterfoil_domain::books::{Book, Entry, Kind, State};
use counterfoil_domain::charge::{ChargeState, LARGEST_AMOUNT, MOST_TRANSFERS_AT_RISK, TransferRun};
use counterfoil_domain::reserve::MOST_FREED;
use counterfoil_domain::step::{Books, Part};
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, Event, Record, TransferId};

use super::draw::random;
use super::entries::entry;
use super::hostile_reserves::widest_hold;
use super::hot::{hot_charge, hot_split, hot_transfer};
use super::samples::{BAKERY, day, samples, transfer};
use super::{CodecError, Decoded, Fault, LARGEST_EVENT, Stamp, decode, decode_state, encode, encode_state};

fn encoded() -> Vec<Vec<u8>> {
    let bytes = |decoded: Decoded| {
        let mut bytes = Vec::new();
        encode(&decoded.recorded, decoded.command_events, decoded.stamp.as_ref(), &mut bytes).unwrap();
        bytes
    };
    let hot = [hot_transfer(), hot_charge(), hot_split(1, Some("order-17")), hot_split(2, None)];
    samples().into_iter().chain(hot).map(bytes).collect()
}

/// Decodes whatever the bytes are; a value that comes out is written and read again.
fn survive(bytes: &[u8]) -> bool {
    let Ok(decoded) = decode(7, bytes) else {
        return false;
    };
    let mut again = Vec::new();
    encode(&decoded.recorded, decoded.command_events, decoded.stamp.as_ref(), &mut again).unwrap();
    assert_eq!(decode(7, &again), Ok(decoded));
    true
}

#[test]
fn every_truncation_is_refused() {
    for bytes in encoded() {
        for length in 0..bytes.len() {
            assert!(!survive(&bytes[..length]), "{length} of {} bytes passed", bytes.len());
        }
    }
}

#[test]
fn a_byte_too_many_is_refused() {
    for mut bytes in encoded() {
        bytes.push(0);
        assert_eq!(decode(7, &bytes).unwrap_err().fault(), &Fault::Trailing { bytes: 1 });
    }
}

#[test]
fn every_bit_may_flip() {
    for bytes in encoded() {
        let mut damaged = bytes.clone();
        for (index, byte) in bytes.iter().enumerate() {
            // Each bit, each start of a long bincode number, and the ends.
            let flipped = (0..8).map(|bit| byte ^ 1 << bit);
            for other in flipped.chain([0x00, 0xfb, 0xfc, 0xfd, 0xfe, 0xff]) {
                damaged[index] = other;
                survive(&damaged);
            }
            damaged[index] = *byte;
        }
    }
}

#[test]
fn a_length_may_lie() {
    // The longest lengths as bincode and as the entry write them.
    let bincode = [&[0xfd][..], &[0xff; 8]].concat();
    let varint = [&[0xff; 9][..], &[0x01]].concat();
    for bytes in encoded() {
        for lie in [&bincode, &varint] {
            for index in 0..bytes.len() {
                let after = (index + 1).min(bytes.len());
                survive(&[&bytes[..index], lie, &bytes[after..]].concat());
            }
        }
    }
}

#[test]
fn random_bytes_may_follow_a_good_start() {
    let mut seed = 17;
    let samples = encoded();
    for _ in 0..20_000 {
        let sample = &samples[random(&mut seed) as usize % samples.len()];
        let kept = random(&mut seed) as usize % (sample.len() + 1);
        let added = random(&mut seed) as usize % 80;
        let noise = (0..added).map(|_| random(&mut seed) as u8);
        survive(&sample[..kept].iter().copied().chain(noise).collect::<Vec<u8>>());
    }
}

#[test]
fn what_is_unknown_is_named() {
    let error = |bytes: &[u8]| decode(7, bytes).unwrap_err();
    let newer = error(&[18, 0, 2, 0]);
    assert_eq!(newer.fault(), &Fault::UnknownVersion { newest: 1 });
    assert_eq!(
        newer.to_string(),
        "the event at position 7 (type 18, version 2): this release knows the type up to version 1"
    );
    assert_eq!(error(&[1, 0, 0, 0, 0]).fault(), &Fault::UnknownVersion { newest: 2 });
    assert_eq!(error(&[0xff, 0xff, 1, 0]).fault(), &Fault::UnknownType);
    assert_eq!(error(&[18, 0, 1, 3]).fault(), &Fault::Number { what: "actor", found: 3 });
    assert_eq!((error(&[18]).shape(), error(&[18]).position()), (None, Some(7)));
}

#[test]
fn an_entry_is_checked_again() {
    let settled =
        samples().into_iter().find(|sample| sample.recorded.event.name() == "rail_settled").unwrap();
    let mut bytes = Vec::new();
    encode(&settled.recorded, settled.command_events, settled.stamp.as_ref(), &mut bytes).unwrap();
    // The last amount's three bytes stand before its entry number and the body.
    let amount = bytes.len() - 5;
    bytes[amount] ^= 2;
    assert!(matches!(decode(7, &bytes).unwrap_err().fault(), Fault::Unbalanced(_)));
}

#[test]
fn an_entry_is_there_exactly_where_money_moves() {
    let mut bytes = encoded().remove(1);
    bytes[3] |= 1 << 7;
    // Under the entry's flag the body is read as currency and postings first.
    assert!(decode(7, &bytes).is_err());
    let mut without = vec![17, 0, 1, 0, 0, 1];
    assert_eq!(decode(7, &without).unwrap_err().fault(), &Fault::EntryMissing);
    without[0] = 2;
    without.splice(3..5, [1 << 7, 0, 0xda, 0x03, 0]);
    assert_eq!(decode(7, &without).unwrap_err().fault(), &Fault::EntryUnexpected);
}

#[test]
fn an_event_has_a_largest_size() {
    let mut bookmark = samples().pop().unwrap().recorded;
    let name = "n".repeat(LARGEST_EVENT).into();
    bookmark.event = Event::BookmarkSet { name, source: [0; 32], cursor: 0 };
    let mut out = vec![1, 2, 3];
    let stamp = Stamp { key: [0; 16], request: [0; 8] };
    let error = encode(&bookmark, 1, Some(&stamp), &mut out).unwrap_err();
    assert!(matches!(error.fault(), Fault::TooLarge { most: LARGEST_EVENT, .. }), "{error}");
    assert_eq!(out, [1, 2, 3], "what was there before stays");
    let error = decode(7, &vec![0; LARGEST_EVENT + 1]).unwrap_err();
    assert!(matches!(error.fault(), Fault::TooLarge { .. }));
}

#[test]
fn a_state_is_read_whole_or_not_at_all() {
    let state = vec![(7_u64, String::from("bakery"), vec![1_i128, -1]), (8, String::new(), vec![])];
    let mut bytes = vec![9];
    encode_state(&state, &mut bytes).unwrap();
    let bytes = bytes.split_off(1);
    let read = |bytes: &[u8]| decode_state::<Vec<(u64, String, Vec<i128>)>>(bytes);
    assert_eq!(read(&bytes), Ok(state));
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err());
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(read(&longer).as_ref().map_err(CodecError::fault), Err(&Fault::Trailing { bytes: 1 }));
    let lie = [&[0xfd][..], &[0xff; 8], &bytes].concat();
    assert!(read(&lie).is_err() && decode_state::<String>(&lie).is_err());
}

/// bincode claims sixteen bytes for an `i128` that takes one: the widest that a limit must let through.
#[test]
fn an_honest_state_is_within_its_limit() {
    for length in [65_533, 65_534, 100_000, 5 << 20] {
        let mut bytes = Vec::new();
        encode_state(&vec![0_i128; length], &mut bytes).unwrap();
        assert_eq!(decode_state::<Vec<i128>>(&bytes).map(|state| state.len()), Ok(length));
    }
}

/// What need not be told is refused where it is told: an event has one form.
#[test]
fn what_follows_is_not_told() {
    for hot in [hot_charge(), hot_split(1, None), hot_split(2, None)] {
        let mut bytes = Vec::new();
        encode(&hot.recorded, hot.command_events, hot.stamp.as_ref(), &mut bytes).unwrap();
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[index] ^= 1 << bit;
                assert_ne!(
                    decode(hot.recorded.position, &other).as_ref(),
                    Ok(&hot),
                    "byte {index}, bit {bit}"
                );
            }
        }
    }
}

/// A group is stored once for each charge and stands in each transfer: few bytes would take
/// much memory.
#[test]
fn a_group_is_not_copied_without_end() {
    let mut bytes = Vec::new();
    let long = hot_split(1, Some(&"g".repeat(LARGEST_EVENT / 2 - 100)));
    encode(&long.recorded, 1, None, &mut bytes).unwrap();
    assert_eq!(decode(long.recorded.position, &bytes).map(|decoded| decoded.recorded), Ok(long.recorded));
    let longer = hot_split(1, Some(&"g".repeat(LARGEST_EVENT / 2 + 1)));
    let error = encode(&longer.recorded, 1, None, &mut Vec::new()).unwrap_err();
    assert!(matches!(error.fault(), Fault::TooLarge { .. }), "{error}");
}

/// The largest split, 200 parts of 100 charges, takes half of what an event may have.
/// Each charge and transfer carries its group, so one of 255 bytes takes too much.
#[test]
fn the_largest_split_fits_unless_its_group_is_long() {
    let largest = |group: &str| {
        let mut split = samples().swap_remove(8).recorded;
        let Event::ChargesSplit(made) = &mut split.event else {
            panic!("the ninth sample is a split");
        };
        made.charges[0].1.transfer_group = Some(group.into());
        made.transfers[1].transfer_group = Some(group.into());
        made.shares = vec![made.shares[0]; 200];
        made.charges = vec![made.charges[0].clone(); 100];
        made.transfers = vec![made.transfers[1].clone(); 299];
        let postings = std::iter::repeat_n(made.entry.postings().to_vec(), 299).flatten();
        made.entry = Entry::from_postings(made.entry.currency(), postings).unwrap();
        split
    };
    let mut bytes = Vec::new();
    encode(&largest("order-17"), 1, None, &mut bytes).unwrap();
    assert_eq!(bytes.len(), 23_037);
    let error = encode(&largest(&"g".repeat(255)), 1, None, &mut bytes).unwrap_err();
    assert!(matches!(error.fault(), Fault::TooLarge { .. }), "{error}");
}

/// A payment's failure takes back as many transfers as its charge may have, each with two
/// postings of its seller and two of the platform, the widest numbers that a ledger counts and
/// the longest groups, and frees as many holds as it may: a fact is never refused for its size.
#[test]
fn the_failure_of_a_payment_fits_with_its_transfers_and_holds() {
    let is_failure = |of: &Decoded| of.recorded.event.name() == "charge_failed";
    let mut failure = samples().into_iter().find(is_failure).unwrap().recorded;
    let Event::Moved(moved) = &mut failure.event else {
        panic!("a failure is a step");
    };
    let wide = TransferState {
        destination: AccountId(u32::MAX),
        amount: LARGEST_AMOUNT,
        reversed: LARGEST_AMOUNT,
        pending_left: LARGEST_AMOUNT,
        transfer_group: Some("g".repeat(255).into()),
        ..transfer(BAKERY)
    };
    let far = TransferId::new(1 << 40, 4_095);
    let part = Part { record: Record::Transfer(far, wide), amount: LARGEST_AMOUNT };
    moved.beside = vec![part; MOST_TRANSFERS_AT_RISK];
    moved.beside.extend(std::iter::repeat_n(widest_hold(), MOST_FREED));
    let book = |state| Book::Account(AccountId(u32::MAX), state);
    let (pending, far) = (State::Pending(day()), 1 << 40);
    let each = [(pending, -1), (State::Available, -1), (pending, 1), (State::Available, 1)];
    let each = each.map(|(state, sign)| (book(state), Kind::TransferReversal, sign * LARGEST_AMOUNT, far));
    let freed = [(State::Reserved, 1), (pending, -1)]
        .map(|(state, sign)| (book(state), Kind::ReserveRelease, sign * LARGEST_AMOUNT, far));
    let holds = std::iter::repeat_n(freed, MOST_FREED).flatten();
    let entry = entry(std::iter::repeat_n(each, MOST_TRANSFERS_AT_RISK).flatten().chain(holds));
    let of_transfers = (1..).take(MOST_TRANSFERS_AT_RISK).map(|object| (4, object));
    let of_holds = (1 + MOST_TRANSFERS_AT_RISK as u16..).take(MOST_FREED).map(|object| (2, object));
    let owners = of_transfers.chain(of_holds).collect();
    moved.books = Some(Books { entry, owners });
    if let Record::Charge(_, ChargeState { more: Some(more), .. }) = &mut moved.subject.record {
        // Each is a run by itself, far from the next.
        let run = |place: usize| TransferRun { first: TransferId::new(1 << 40, 40 * place as u16), count: 1 };
        more.transfers = (0..MOST_TRANSFERS_AT_RISK).map(run).collect();
    }
    let mut bytes = Vec::new();
    encode(&failure, 1, None, &mut bytes).unwrap();
    assert_eq!(decode(failure.position, &bytes).unwrap().recorded, failure);
}
