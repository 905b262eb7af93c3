//! All five views: order, snapshots, rebuilding.

use std::collections::BTreeSet;

use counterfoil_domain::Event;
use proptest::prelude::{ProptestConfig, Strategy, proptest};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{CheckpointError, Incomparable, Outcome, Rebuild, Views};
use crate::difference::Comparable;
use crate::driver::{Driver, Fixed, MemoryShelf, Story};
use crate::follower::Gap;
use crate::projector::View;
use crate::shelf::Shelf;
use crate::snapshot::{Checkpoint, Damage, Lineage};

/// The log of these tests.
pub(super) fn lineage() -> Lineage {
    Lineage { ledger: [7; 16], next_frame: 3, chain: [9; 32], trail: vec![(1, [8; 32]), (3, [9; 32])] }
}

/// A ledger in which everything happens, the same one every time.
pub(super) fn busy() -> Driver {
    let mut runner = TestRunner::deterministic();
    let mut story = Story::of(500).new_tree(&mut runner).unwrap().current();
    // Most first draws are short.
    while story.steps() < 400 {
        story = Story::of(500).new_tree(&mut runner).unwrap().current();
    }
    story.tell()
}

#[test]
fn the_busy_ledger_has_seen_nearly_every_event() {
    let seen: BTreeSet<&str> = busy().log.iter().map(|recorded| recorded.event.name()).collect();
    assert!(seen.len() >= 20, "{seen:?}");
}

pub(super) fn views(driver: &Driver, events: usize) -> Views {
    let mut views = Views::new();
    driver.log.iter().take(events).for_each(|recorded| views.apply(recorded).unwrap());
    views
}

/// Holds two sets of views against each other, row by row.
pub(super) fn assert_same(first: &Views, second: &Views) {
    let differences = [
        first.balance().first_difference(second.balance()),
        first.payouts().first_difference(second.payouts()),
        first.tax().first_difference(second.tax()),
        first.statement().first_difference(second.statement()),
        first.objects().first_difference(second.objects()),
    ];
    for (view, difference) in View::ALL.into_iter().zip(differences) {
        assert_eq!(difference.unwrap(), None, "{view}");
        assert_eq!(first.position(view), second.position(view), "{view}");
    }
}

#[test]
fn a_view_has_a_name_that_fits_its_header() {
    for view in View::ALL {
        assert_eq!(View::from_name(view.name()), Some(view));
        assert!(view.name().len() <= 16);
    }
    assert_eq!(View::from_name("ledger"), None);
}

#[test]
fn an_event_left_out_or_handed_twice_is_refused() {
    let driver = Driver::open();
    let mut views = Views::new();
    views.apply(&driver.log[0]).unwrap();
    let before = self::views(&driver, 1);
    for position in [0, 2, u64::MAX] {
        let mut recorded = driver.log[0].clone();
        recorded.position = position;
        let gap = views.apply(&recorded).unwrap_err();
        assert_eq!(gap, Gap { view: "balance", expected: 1, found: position });
    }
    assert_same(&views, &before);
}

#[test]
fn views_without_an_event_are_kept_too() {
    let shelf = MemoryShelf::default();
    Views::new().checkpoint(&lineage(), &shelf, &Fixed).unwrap();
    let (loaded, outcomes) = Views::load(&shelf, &Fixed);
    assert_same(&loaded, &Views::new());
    let at = Checkpoint { next_position: 0, lineage: lineage() };
    assert_eq!(outcomes, View::ALL.map(|view| (view, Outcome::Loaded { at: at.clone() })));
    let (_, outcomes) = Views::load(&MemoryShelf::default(), &Fixed);
    assert_eq!(outcomes, View::ALL.map(|view| (view, Outcome::Fresh)));
}

#[test]
fn each_view_goes_on_from_where_it_was_kept() {
    let driver = busy();
    let (half, whole) = (driver.log.len() / 2, driver.log.len());
    let shelf = MemoryShelf::default();
    views(&driver, half).checkpoint(&lineage(), &shelf, &Fixed).unwrap();
    // Tax and objects were kept later, and nothing is kept of payouts.
    let later = views(&driver, whole);
    for view in [View::Tax, View::Objects] {
        later.checkpoint_one(view, &lineage(), &shelf, &Fixed).unwrap();
    }
    shelf.remove("payouts.snapshot").unwrap();

    let (mut loaded, _) = Views::load(&shelf, &Fixed);
    let positions = View::ALL.map(|view| loaded.position(view));
    assert_eq!(positions, [half, 0, whole, half, whole].map(|position| position as u64));
    let apart = loaded.checkpoint(&lineage(), &shelf, &Fixed).unwrap_err();
    assert!(matches!(apart, CheckpointError::Apart { lowest: 0, .. }), "{apart}");
    assert_eq!(loaded.next_position(), 0);
    driver.log.iter().for_each(|recorded| loaded.apply(recorded).unwrap());
    assert_same(&loaded, &later);
    loaded.forget(View::Tax);
    assert_eq!(loaded.next_position(), 0);
}

#[test]
fn a_broken_snapshot_is_reported_and_never_believed() {
    let driver = Driver::open();
    let shelf = MemoryShelf::default();
    views(&driver, driver.log.len()).checkpoint(&lineage(), &shelf, &Fixed).unwrap();
    for view in View::ALL {
        let file = format!("{view}.snapshot");
        let whole = shelf.read(&file).unwrap().unwrap();
        let outcome = |bytes: &[u8]| {
            shelf.write(&file, &[bytes]).unwrap();
            let (loaded, outcomes) = Views::load(&shelf, &Fixed);
            let outcome = outcomes.into_iter().find(|(of, _)| *of == view).unwrap().1;
            assert_eq!(loaded.position(view), if matches!(outcome, Outcome::Loaded { .. }) { 1 } else { 0 });
            outcome
        };
        for index in 0..whole.len() {
            for flip in [1, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[index] ^= flip;
                assert!(matches!(outcome(&bytes), Outcome::Damaged { .. }), "{view}: byte {index} ^ {flip}");
            }
        }
        for length in 0..whole.len() {
            assert!(matches!(outcome(&whole[..length]), Outcome::Damaged { .. }), "{view}: cut to {length}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(matches!(outcome(&longer), Outcome::Damaged { why: Damage::Length { .. }, .. }));
        assert!(matches!(outcome(&whole), Outcome::Loaded { .. }));
    }
}

#[test]
fn a_snapshot_of_another_view_is_no_snapshot_of_this_one() {
    let shelf = MemoryShelf::default();
    Views::new().checkpoint(&lineage(), &shelf, &Fixed).unwrap();
    let tax = shelf.read("tax.snapshot").unwrap().unwrap();
    shelf.write("balance.snapshot", &[&tax]).unwrap();
    let (_, outcomes) = Views::load(&shelf, &Fixed);
    let why = Damage::OtherView { found: "tax".to_owned() };
    let outcome = Outcome::Damaged { file: "balance.snapshot".to_owned(), why };
    assert_eq!(outcomes[0], (View::Balance, outcome.clone()));
    let advice = "the snapshot balance.snapshot is damaged: it is a snapshot of the view \"tax\"; run `counterfoil rebuild balance`";
    assert_eq!(outcome.to_string(), advice);
}

#[test]
fn a_rebuilt_view_takes_the_live_one_s_place_when_it_has_caught_up() {
    let driver = busy();
    let mut live = views(&driver, driver.log.len());
    for view in View::ALL {
        let mut rebuild = Rebuild::of(view);
        let Err(Incomparable::Behind(behind)) = live.compare(&rebuild) else {
            panic!("{view}: a view that has seen nothing was compared");
        };
        assert_eq!((behind.view, behind.rebuilt), (view, 0));
        let (_, back) = live.swap(rebuild).unwrap_err();
        rebuild = *back;
        rebuild.apply_all(&driver.log).unwrap();
        assert_eq!(live.compare(&rebuild).unwrap(), None, "{view}");
        live.swap(rebuild).unwrap();
        assert_same(&live, &views(&driver, driver.log.len()));
    }
}

#[test]
fn a_rebuild_passes_over_what_it_has_and_stops_at_a_gap() {
    let driver = busy();
    for view in View::ALL {
        let mut rebuild = Rebuild::of(view);
        rebuild.apply_all(&driver.log[..70]).unwrap();
        rebuild.apply_all(&driver.log[..150]).unwrap();
        let torn = [&driver.log[150..160], &driver.log[161..]].concat();
        let gap = rebuild.apply_all(&torn).unwrap_err();
        assert_eq!(gap, Gap { view: view.name(), expected: 160, found: 161 });
        assert_eq!(views(&driver, 160).compare(&rebuild).unwrap(), None, "{view}");
    }
}

#[test]
fn the_first_difference_is_named_in_words() {
    let driver = busy();
    // The same number of events, one of them replaced: a sale that only one of them saw.
    let sells = |event: &Event| matches!(event, Event::ChargeSucceeded(made) if made.charge.seller.is_some());
    let sale = driver.log.iter().position(|recorded| sells(&recorded.event)).unwrap();
    for view in View::ALL {
        let mut rebuild = Rebuild::of(view);
        rebuild.apply_all(&driver.log[..sale]).unwrap();
        let mut skipped = driver.log[sale].clone();
        skipped.event = Event::TimeAdvanced { to: skipped.time };
        rebuild.apply_all(&[skipped]).unwrap();
        let short = views(&driver, sale + 1);
        let difference = short.compare(&rebuild).unwrap().unwrap();
        let words = difference.to_string();
        let named = words.contains("account ") || words.starts_with("charge ");
        assert!(named && words.contains("in the first, "), "{view}: {words}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_kept_and_fed_on_is_what_was_never_kept(story in Story::of(100), cut in 0..1_000_usize) {
        let driver = story.tell();
        let whole = views(&driver, driver.log.len());
        let cut = cut % (driver.log.len() + 1);
        let shelf = MemoryShelf::default();
        views(&driver, cut).checkpoint(&lineage(), &shelf, &Fixed).unwrap();
        let (mut loaded, outcomes) = Views::load(&shelf, &Fixed);
        let at = Checkpoint { next_position: cut as u64, lineage: lineage() };
        assert_eq!(outcomes, View::ALL.map(|view| (view, Outcome::Loaded { at: at.clone() })));
        driver.log.iter().skip(cut).for_each(|recorded| loaded.apply(recorded).unwrap());
        assert_same(&loaded, &whole);
        // Equal states have equal bytes.
        let (first, second) = (MemoryShelf::default(), MemoryShelf::default());
        whole.checkpoint(&lineage(), &first, &Fixed).unwrap();
        loaded.checkpoint(&lineage(), &second, &Fixed).unwrap();
        assert_eq!(first.0, second.0);
    }
}
