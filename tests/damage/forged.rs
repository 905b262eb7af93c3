//! Forged events: whoever has the folder and its head can write any log with every hash right.
//! What contradicts itself in it is found by the audit all the same.

use std::path::Path;

use counterfoil::audit::audit;
use counterfoil::domain::account::{Country, OnboardAccount};
use counterfoil::domain::charge::BeginCharge;
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::split::rule::{
    Condition, Fact, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule,
};
use counterfoil::domain::split::{MeetCondition, SplitByRule};
use counterfoil::domain::transfer::Transfer;
use counterfoil_log::{EventLog, Frame, FrameBuilder, FrameKind};
use tempfile::TempDir;

use crate::folder::{copy, files};
use crate::shop::{charge, open};

/// What a position is and what a change makes of an event; where the event does not hold the
/// bytes nothing is changed.
type Change<'a> = (&'a [u8], &'a [u8]);

/// The folder with every event in which the bytes stand once rewritten, and all frames sealed
/// anew.
async fn forge(folder: &Path, (old, new): Change<'_>) -> TempDir {
    let forged = copy(folder);
    std::fs::remove_dir_all(forged.path().join("log")).unwrap();
    for cache in ["views", "state"] {
        let _ = std::fs::remove_dir_all(forged.path().join(cache));
    }
    let from = counterfoil_log_sled::open(&folder.join("log")).unwrap();
    let settings = counterfoil_log::Settings::default();
    let to = counterfoil_log_sled::create(&forged.path().join("log"), from.ledger(), settings).unwrap();
    let mut met = 0;
    let mut next = 0;
    while next < from.head().next_frame {
        for frame in from.read(next, 1 << 20).await.unwrap() {
            next = frame.number() + 1;
            if frame.kind() == FrameKind::Events {
                met += append(&*to, &frame, (old, new)).await;
            }
        }
    }
    assert_eq!(met, 1, "the bytes stand in one event");
    from.close().await.unwrap();
    to.close().await.unwrap();
    forged
}

async fn append(to: &dyn EventLog, frame: &Frame, (old, new): Change<'_>) -> usize {
    let (mut builder, mut met) = (FrameBuilder::new(), 0);
    for (_, event) in frame.events() {
        let found = event.windows(old.len()).position(|bytes| bytes == old);
        match found {
            Some(at) => {
                met += 1;
                builder.push(&[&event[..at], new, &event[at + old.len()..]].concat());
            }
            None => builder.push(event),
        }
    }
    let (sealed, _) = builder.seal(&to.head(), to.ledger(), frame.recorded_at(), frame.codec());
    let _head = to.append(to.head(), &[sealed]).await.unwrap();
    met
}

/// What the audit says.
async fn said(folder: &Path) -> String {
    let report = audit(folder).await;
    report.map_or_else(|error| error.to_string(), |report| crate::findings(&report))
}

/// A closed ledger in which a florist's 40.00 waited and went on delivery, and a payment that
/// may fail was transferred in part; and the position of the first charge.
async fn shared() -> (TempDir, u8) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path(), 7).await;
    let florist = OnboardAccount::new(Country::BR, Currency::BRL);
    let florist = ledger.execute(Box::new(florist)).await.unwrap().reply;
    let delivered = Fact::new(Fact::DELIVERY_CONFIRMED).unwrap();
    let mut part = RulePart::new(florist, ShareOf::Fixed(4_000));
    part.condition = Condition::Fact(delivered.clone());
    let rule = SplitRule { parts: vec![part], rounding: Rounding::Ordered };
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule, details: None };
    let rule = ledger.execute(set).await.unwrap().reply.object;
    let sale = ledger.execute(charge(10_000)).await.unwrap().reply.charge;
    let charges = vec![sale];
    let share = SplitByRule { charges, rule, version: None, transfer_group: None, details: None };
    let split = ledger.execute(share).await.unwrap().reply.object;
    let _met = ledger.execute(MeetCondition { split, fact: delivered }).await.unwrap();
    let begun = ledger.execute(BeginCharge { charge: Box::new(charge(7_777)) }).await.unwrap().reply.object;
    let mut moved = Transfer::new(florist, Money::new(Currency::BRL, 5_555));
    moved.source_charge = Some(begun);
    let _moved = ledger.execute(moved).await.unwrap();
    ledger.close().await.unwrap();
    (folder, u8::try_from(sale.0.position()).unwrap())
}

/// A varint of bincode's, of two bytes.
fn two(number: i64) -> [u8; 3] {
    let [low, high, ..] = (2 * number).to_le_bytes();
    [251, low, high]
}

#[tokio::test]
async fn what_is_forged_alike_is_sound() {
    let (folder, _) = shared().await;
    let same = forge(folder.path(), (&two(5_555), &two(5_555))).await;
    assert_eq!(said(same.path()).await, "");
    assert!(files(same.path()).len() > 3);
}

/// More could be kept of a part than it had, or less than nothing, so that a later release
/// would have paid out what was never there.
#[tokio::test]
async fn what_was_kept_of_a_part_is_some_of_it() {
    let (folder, sale) = shared().await;
    // The charge, its amount, what is kept, and whether it went.
    let piece = |kept: &[u8], went: u8| [&[sale, 0], &two(4_000)[..], kept, &[went]].concat();
    let waits = piece(&[0], 0);
    for kept in [&[1_u8][..], &two(4_001)] {
        let forged = forge(folder.path(), (&waits, &piece(kept, 0))).await;
        let said = said(forged.path()).await;
        assert!(said.contains("is no kept amount of a part"), "{said}");
    }
    // All of it kept, and still waiting.
    let forged = forge(folder.path(), (&waits, &piece(&two(4_000), 0))).await;
    let finding = said(forged.path()).await;
    assert!(finding.contains("condition of what waits"), "{finding}");
    // Once it went: a cent kept, of which its transfer knows nothing.
    let forged = forge(folder.path(), (&piece(&[0], 1), &piece(&[2], 1))).await;
    let finding = said(forged.path()).await;
    assert!(finding.contains("transfer of a part"), "{finding}");
}

/// A payment that fails takes back the transfers that its charge names: it could name so many
/// that looking for them took for ever, or one that is another's.
#[tokio::test]
async fn transfers_at_risk_are_those_that_were_made() {
    let (folder, _) = shared().await;
    // One run: of the transfer's position, its ordinal, one transfer; and nothing is disputed.
    let ledger = open(folder.path(), 7).await;
    let made = ledger.head().next_position - 1;
    ledger.close().await.unwrap();
    let position = u8::try_from(made).unwrap();
    let run = |position: u8, count: u8| [1, position, 0, count, 0];
    for (forged, finding) in [
        (run(position, 101), "is no number of transfers at risk"),
        (run(position, 0), "is no run of transfers"),
        (run(position, 2), "transfers at risk"),
        (run(position - 1, 1), "transfers at risk"),
    ] {
        let forged = forge(folder.path(), (&run(position, 1), &forged)).await;
        let said = said(forged.path()).await;
        assert!(said.contains(finding), "{finding} is not said: {said}");
    }
}
