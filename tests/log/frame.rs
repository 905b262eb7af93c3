//! The frame: its bytes are pinned, and no bytes whatever make decoding panic or lie.

use counterfoil_log::{
    Frame, FrameBuilder, FrameError, FrameKind, HEADER_BYTES, Hash, Head, LedgerId, MAGIC, MAX_COMMAND,
    MAX_FRAME,
};

use crate::story::{Dice, LEDGER, frame_after, rounds};

/// A frame of three small events, whose bytes are pinned below.
fn sample() -> Frame {
    let head = Head { next_frame: 5, next_position: 40, hash: Hash([0xAB; 32]), epoch: 2 };
    let mut builder = FrameBuilder::new();
    for event in [&b"one"[..], b"", b"three"] {
        builder.push(event);
    }
    builder.seal(&head, LedgerId([0x11; 16]), -1, 0x0102).0
}

#[test]
fn the_layout_is_the_one_that_is_drawn() {
    let frame = sample();
    let bytes = frame.bytes();
    let field = |from: usize, to: usize| &bytes[from..to];
    assert_eq!(field(0, 8), MAGIC);
    assert_eq!(field(8, 10), 0_u16.to_le_bytes());
    assert_eq!(field(10, 12), 0x0102_u16.to_le_bytes());
    assert_eq!(field(12, 16), [1, 0, 0, 0]);
    assert_eq!(field(16, 32), [0x11; 16]);
    assert_eq!(field(32, 40), 2_u64.to_le_bytes());
    assert_eq!(field(40, 48), 5_u64.to_le_bytes());
    assert_eq!(field(48, 56), 40_u64.to_le_bytes());
    assert_eq!(field(56, 60), 3_u32.to_le_bytes());
    assert_eq!(field(60, 64), 20_u32.to_le_bytes());
    assert_eq!(field(64, 72), (-1_i64).to_le_bytes());
    assert_eq!(field(72, 104), [0xAB; 32]);
    assert_eq!(field(104, 136), blake3::hash(&bytes[144..]).as_bytes());
    assert_eq!(field(136, 144), &blake3::hash(&bytes[..136]).as_bytes()[..8]);
    assert_eq!(field(144, 164), b"\x03\0\0\0\0\0\0\0\x05\0\0\0onethree");
    assert_eq!(bytes.len(), 164);
    assert_eq!(frame.hash().0, *blake3::hash(&bytes[..136]).as_bytes());
}

#[test]
fn the_chain_hash_is_pinned() {
    // A change here is a change of the format: every head and every proof ever given would differ.
    assert_eq!(sample().hash().to_string(), PINNED);
    assert_eq!(Head::genesis(LedgerId([0x11; 16])).hash.to_string(), PINNED_GENESIS);
}
const PINNED: &str = "3afd15b94fdec6330b86f435cbdf49df851d5faf04229d6d2c7a079b9f0c8fd9";
const PINNED_GENESIS: &str = "da27b77fb411ecba934c66c822d75244940f6220b1e60ce69d96ec0f402130a3";

#[test]
fn events_come_back_with_their_positions() {
    let frame = sample();
    let events: Vec<(u64, &[u8])> = frame.events().collect();
    assert_eq!(events, [(40, &b"one"[..]), (41, b""), (42, b"three")]);
    assert_eq!(frame.event(42), Some(&b"three"[..]));
    assert_eq!((frame.event(39), frame.event(43)), (None, None));
    assert_eq!(Frame::decode(frame.bytes().to_vec()).as_ref(), Ok(&frame));
}

#[test]
fn control_frames_hold_no_events_and_move_no_position() {
    let head = Head::genesis(LEDGER);
    let (epoch, after_epoch) = Frame::epoch_after(&head, LEDGER, 1);
    let (seal, after_seal) = Frame::seal_after(&after_epoch, LEDGER, 2);
    assert_eq!((epoch.kind(), epoch.epoch(), epoch.count()), (FrameKind::Epoch, 1, 0));
    assert_eq!(
        (seal.kind(), seal.previous(), seal.bytes().len()),
        (FrameKind::Seal, epoch.hash(), HEADER_BYTES)
    );
    assert_eq!((after_seal.next_frame, after_seal.next_position, after_seal.epoch), (2, 0, 1));
}

#[test]
fn a_refused_commands_events_are_taken_back() {
    let mut builder = FrameBuilder::new();
    builder.push(b"kept");
    let count = builder.count();
    builder.push(b"refused");
    builder.push(b"too");
    builder.truncate(count);
    assert_eq!((builder.count(), builder.len_bytes()), (1, HEADER_BYTES + 4 + 4));
}

#[test]
fn a_full_command_always_fits_an_empty_frame() {
    let mut builder = FrameBuilder::new();
    assert!(builder.fits(MAX_COMMAND, 1_000));
    let room = MAX_FRAME - HEADER_BYTES - 4;
    assert!(builder.fits(room, 1) && !builder.fits(room + 1, 1));
    builder.push(&vec![7; room]);
    assert!(!builder.fits(0, 1));
    let frame = builder.seal(&Head::genesis(LEDGER), LEDGER, 0, 0).0;
    assert_eq!(frame.bytes().len(), MAX_FRAME);
    assert!(Frame::decode(frame.bytes().to_vec()).is_ok());
}

#[test]
fn every_flipped_bit_is_seen() {
    let frame = sample();
    for at in 0..frame.bytes().len() {
        for bit in 0..8 {
            let mut bytes = frame.bytes().to_vec();
            bytes[at] ^= 1 << bit;
            assert!(Frame::decode(bytes).is_err(), "byte {at} bit {bit}");
        }
    }
}

#[test]
fn every_other_length_is_seen() {
    let frame = sample();
    for length in 0..frame.bytes().len() {
        assert!(Frame::decode(&frame.bytes()[..length]).is_err());
    }
    let mut longer = frame.bytes().to_vec();
    longer.push(0);
    assert!(matches!(Frame::decode(longer), Err(FrameError::Long { .. })));
}

#[test]
fn random_bytes_are_never_a_frame_and_never_a_panic() {
    let mut dice = Dice(1);
    for _ in 0..rounds(20_000, 2_000_000) {
        let length = dice.below(400);
        let mut bytes: Vec<u8> = (0..length).map(|_| dice.next() as u8).collect();
        if dice.below(2) == 0 && length > 8 {
            bytes[..8].copy_from_slice(&MAGIC);
        }
        assert!(Frame::decode(&bytes[..]).is_err());
        assert!(Frame::decode_front(&bytes).is_err());
    }
}

#[test]
fn mutated_frames_with_hashes_made_to_fit_never_panic() {
    // An attacker, or a bug, can recompute every hash: then only the bounds protect the reader.
    let mut dice = Dice(2);
    let frame = frame_after(&Head::genesis(LEDGER), 9, 20).0;
    for _ in 0..rounds(20_000, 1_000_000) {
        let mut bytes = frame.bytes().to_vec();
        for _ in 0..=dice.below(4) {
            let at = 8 + dice.below(bytes.len() - 8);
            bytes[at] = dice.next() as u8;
        }
        bytes.truncate(HEADER_BYTES + dice.below(bytes.len()));
        let payload = *blake3::hash(&bytes[HEADER_BYTES.min(bytes.len())..]).as_bytes();
        bytes[104..136].copy_from_slice(&payload);
        let check = *blake3::hash(&bytes[..136]).as_bytes();
        bytes[136..144].copy_from_slice(&check[..8]);
        if let Ok(decoded) = Frame::decode(&bytes[..]) {
            assert_eq!(decoded.events().count(), decoded.count() as usize);
        }
    }
}
