//! Views whose rows lie on disk answer as those whose rows are in memory, or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{Authorise, CaptureCharge, Charge, ChargeKind};
use counterfoil_domain::payout::PayoutSchedule;
use counterfoil_domain::{AccountId, ChargeId};
use proptest::prelude::{ProptestConfig, any, proptest};

use super::tests::{assert_same, busy, lineage, views};
use super::{Outcome, Rebuild, Views};
use crate::driver::{Bygone, Driver, Fixed, Story, brl, card};
use crate::object::{ObjectKind, ObjectRef};
use crate::objects::Query;
use crate::projector::View;
use crate::reading::Reading;
use crate::shelf::{FolderShelf, Shelf};
use crate::snapshot::{Checkpoint, Damage};

/// What the statement answers, asked in every way; the first error instead.
fn statement(driver: &Driver, views: &Views) -> Result<Vec<String>, crate::Unreadable> {
    let (statement, mut said) = (views.statement(), Vec::new());
    let times: Vec<Timestamp> =
        driver.log.iter().step_by(driver.log.len() / 12 + 1).map(|recorded| recorded.time).collect();
    for row in views.balance().rows(None) {
        let (account, currency) = (row.account, row.currency);
        let entries = statement.entries(account, currency);
        said.push(format!("{account} {currency} {entries} {}", statement.balance(account, currency)));
        let lines: Vec<_> = statement.lines(account, currency, 1, u64::MAX).collect::<Result<_, _>>()?;
        let backwards = statement.lines(account, currency, 0, u64::MAX).rev();
        assert!(backwards.map(Result::unwrap).eq(lines.iter().rev().copied()));
        // From both ends at once.
        let mut ends = statement.lines(account, currency, 1, u64::MAX);
        for index in 0..lines.len() {
            let next = if index % 2 == 0 { ends.next() } else { ends.next_back() };
            let place = if index % 2 == 0 { index / 2 } else { lines.len() - 1 - index / 2 };
            assert_eq!(next.unwrap()?, lines[place]);
        }
        assert!(ends.next().is_none() && ends.next_back().is_none());
        for (from, to) in [(entries / 3, entries / 2), (entries / 2, entries), (entries, entries + 5)] {
            let part = statement.lines(account, currency, from, to).collect::<Result<Vec<_>, _>>()?;
            let expected = lines.iter().filter(|line| (from..=to).contains(&line.number));
            assert!(part.iter().eq(expected), "{from} to {to}");
        }
        for (from, until) in times.iter().zip(times.iter().skip(3)) {
            let part = statement.between(account, currency, *from, *until)?.collect::<Result<Vec<_>, _>>()?;
            let expected = lines.iter().filter(|line| (*from..*until).contains(&line.time));
            assert!(part.iter().eq(expected), "{from} to {until}");
        }
        said.extend(lines.iter().map(ToString::to_string));
    }
    Ok(said)
}

/// What the tax view answers.
fn tax(views: &Views) -> Result<Vec<String>, crate::Unreadable> {
    let mut said = Vec::new();
    for row in views.tax().rows(None, None) {
        said.push(format!("{row:?}"));
        let sales = views.tax().sales(row.account, row.currency, row.year).collect::<Result<Vec<_>, _>>()?;
        let backwards = views.tax().sales(row.account, row.currency, row.year).rev();
        assert!(backwards.map(Result::unwrap).eq(sales.iter().rev().copied()));
        assert_eq!(sales.len() as u64, row.sold.count);
        assert_eq!(sales.iter().map(|sale| i128::from(sale.gross)).sum::<i128>(), row.sold.gross);
        said.push(format!("{sales:?}"));
    }
    Ok(said)
}

/// What the objects answer, asked in every way.
fn objects(driver: &Driver, views: &Views) -> Result<Vec<String>, crate::Unreadable> {
    let past = Bygone::of(&driver.log);
    let objects = Reading::new(views, &past).objects();
    let mut said: Vec<String> =
        ObjectKind::ALL.into_iter().map(|kind| format!("{kind:?} {}", objects.count(kind))).collect();
    let all = objects.list(&Query::first(usize::MAX))?.objects;
    for (number, object) in all.iter().enumerate() {
        said.push(format!("{object:?}"));
        assert_eq!(objects.get(object.reference)?.as_ref(), Some(object));
        if number % 5 != 0 {
            continue;
        }
        let queries = [
            Query {
                counterparty: object.counterparty,
                kind: Some(object.reference.kind()),
                ..Query::first(9)
            },
            Query { owner: Some(object.owner), after: Some(object.reference), ..Query::first(9) },
            Query { source: Some(object.reference), ..Query::first(9) },
            Query { until: Some(object.created), ..Query::first(9) },
        ];
        for query in queries {
            let page = objects.list(&query)?;
            said.push(format!(
                "{:?}",
                page.objects.iter().map(|object| object.reference).collect::<Vec<_>>()
            ));
        }
    }
    for name in ["bakery", "florist", "nobody"] {
        said.push(format!("{:?}", objects.by_external_id(ObjectKind::Account, name)?));
    }
    for payout in driver.payout_ids() {
        let members = objects.paid_by(payout)?;
        said.push(format!("{:?}", members.iter().map(|object| object.reference).collect::<Vec<_>>()));
    }
    Ok(said)
}

/// What the payouts answer.
fn payouts(driver: &Driver, views: &Views) -> Result<Vec<String>, crate::Unreadable> {
    let past = Bygone::of(&driver.log);
    let payouts = Reading::new(views, &past).payouts();
    let mut said: Vec<String> = payouts.forecasts(None).map(|forecast| format!("{forecast:?}")).collect();
    for account in [None, Some(AccountId(0)), Some(AccountId(1)), Some(AccountId(2)), Some(AccountId(3))] {
        let made = payouts.made(account).collect::<Result<Vec<_>, _>>()?;
        assert!(payouts.made(account).rev().map(Result::unwrap).eq(made.iter().rev().cloned()));
        said.push(format!("{made:?}"));
    }
    Ok(said)
}

/// Everything that the views answer.
fn answers(driver: &Driver, views: &Views) -> Result<Vec<String>, crate::Unreadable> {
    Ok([statement(driver, views)?, tax(views)?, objects(driver, views)?, payouts(driver, views)?].concat())
}

/// Flushes, writes snapshots, and reads both back.
pub(super) fn kept(mut views: Views, folder: &Path) -> Views {
    let shelf = FolderShelf::new(folder).unwrap();
    views.flush(folder).unwrap();
    assert_eq!(views.unwritten(), 0);
    views.checkpoint(&lineage(), &shelf, &Fixed).unwrap();
    shelf.keep_runs(&views.files()).unwrap();
    let at = Checkpoint { next_position: views.next_position(), lineage: lineage() };
    let (loaded, outcomes) = Views::load(&shelf, &Fixed);
    assert_eq!(outcomes, View::ALL.map(|view| (view, Outcome::Loaded { at: at.clone() })));
    assert_eq!(runs(folder), views.files());
    loaded
}

/// The files of rows in a folder.
fn runs(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".run")).collect()
}

/// A capture gives a day's pending money to a charge that was made long before, also to one
/// that has some of that day already: each event's rows are in a file of their own.
#[test]
fn what_was_captured_is_found_in_its_payout_from_disk() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let kind = ChargeKind::Direct { account: bakery, application_fee: 0 };
    let charge = Box::new(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    let authorise = || Authorise { charge: charge.clone(), capture_before: None };
    let charges = [0; 2].map(|_| ChargeId::new(driver.run(authorise()), 0));
    for part in [400, 600] {
        for charge in charges {
            let capture = CaptureCharge { amount: Some(part), ..CaptureCharge::full(charge) };
            driver.run(CaptureCharge { final_capture: false, ..capture });
        }
    }
    driver.at("2017-09-13");
    let folder = tempfile::tempdir().unwrap();
    let mut flushed = Views::new();
    for recorded in &driver.log {
        flushed.apply(recorded).unwrap();
        flushed.flush(folder.path()).unwrap();
    }
    let whole = views(&driver, driver.log.len());
    assert_same(&flushed, &whole);
    for views in [&flushed, &whole] {
        let past = Bygone::of(&driver.log);
        let members = Reading::new(views, &past).objects().paid_by(driver.payout_ids()[0]).unwrap();
        let members: Vec<ObjectRef> = members.iter().map(|object| object.reference).collect();
        assert_eq!(members, charges.map(ObjectRef::Charge));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_is_flushed_answers_as_what_is_not(story in Story::of(120), cuts in any::<u64>(), every in 6..60_usize) {
        let driver = story.tell();
        let folder = tempfile::tempdir().unwrap();
        let mut flushed = Views::new();
        // Some parts are flushed, some flushed and read back, some neither.
        for (part, events) in driver.log.chunks(every).enumerate() {
            flushed.apply_all(events).unwrap();
            match cuts >> (2 * part % 64) & 3 {
                0 => flushed = kept(flushed, folder.path()),
                1 => flushed.flush(folder.path()).unwrap(),
                _ => {}
            }
        }
        let whole = views(&driver, driver.log.len());
        assert_same(&flushed, &whole);
        assert_eq!(answers(&driver, &flushed).unwrap(), answers(&driver, &whole).unwrap());
    }
}

#[test]
fn what_was_written_before_another_event_came_is_passed_over() {
    let driver = busy();
    let folder = tempfile::tempdir().unwrap();
    let mut live = views(&driver, 200);
    let flush = live.write(folder.path()).unwrap();
    driver.log[200..].iter().for_each(|recorded| live.apply(recorded).unwrap());
    live.settle(flush);
    assert_same(&live, &views(&driver, driver.log.len()));
}

/// A view that was exchanged between the writing of rows and their settling took over a file
/// of rows that it had on disk already, or let go of rows that were in no file.
#[test]
fn what_was_written_before_an_exchange_is_passed_over_where_it_does_not_follow() {
    let driver = busy();
    let whole = views(&driver, driver.log.len());
    for view in View::ALL {
        for flushed_at in [None, Some(100), Some(200)] {
            let folder = tempfile::tempdir().unwrap();
            let mut live = views(&driver, 100);
            live.flush(folder.path()).unwrap();
            live.apply_all(&driver.log[100..200]).unwrap();
            let flush = live.write(folder.path()).unwrap();

            let mut rebuild = Rebuild::of(view);
            if let Some(events) = flushed_at {
                rebuild.apply_all(&driver.log[..events]).unwrap();
                rebuild.flush(folder.path()).unwrap();
            }
            rebuild.apply_all(&driver.log[..200]).unwrap();
            live.swap(rebuild).unwrap();
            live.settle(flush);
            assert_same(&live, &views(&driver, 200));
            live.apply_all(&driver.log[200..]).unwrap();
            let live = kept(live, folder.path());
            assert_same(&live, &whole);
            assert_eq!(answers(&driver, &live).unwrap(), answers(&driver, &whole).unwrap());
        }
    }
}

#[test]
fn a_view_is_rebuilt_beside_the_live_one_in_one_folder() {
    let driver = busy();
    let folder = tempfile::tempdir().unwrap();
    let mut live = kept(views(&driver, driver.log.len()), folder.path());
    let expected = answers(&driver, &live).unwrap();
    for view in View::ALL {
        let mut rebuild = Rebuild::of(view);
        rebuild.apply_all(&driver.log).unwrap();
        rebuild.flush(folder.path()).unwrap();
        assert_eq!(live.compare(&rebuild).unwrap(), None, "{view}");
        assert!(rebuild.files().iter().all(|name| !live.files().contains(name)));
        live.swap(rebuild).unwrap();
        live = kept(live, folder.path());
    }
    assert_eq!(answers(&driver, &live).unwrap(), expected);
}

/// A way to break a file.
type Breaking = (&'static str, fn(PathBuf, Vec<u8>));

#[test]
fn a_broken_file_is_named_or_no_answer_is_given() {
    let driver = busy();
    let folder = tempfile::tempdir().unwrap();
    let live = kept(views(&driver, driver.log.len()), folder.path());
    let expected = answers(&driver, &live).unwrap();
    let shelf = FolderShelf::new(folder.path()).unwrap();
    let breakings: [Breaking; 4] = [
        ("deleted", |path, _| fs::remove_file(path).unwrap()),
        ("cut", |path, bytes| fs::write(path, &bytes[..bytes.len() / 2]).unwrap()),
        ("longer", |path, bytes| fs::write(path, [bytes, vec![0]].concat()).unwrap()),
        ("another's", |path, _| fs::copy(path.with_file_name("tax.snapshot"), &path).map(drop).unwrap()),
    ];
    for file in live.files() {
        let (path, view) = (folder.path().join(&file), file.split('-').next().unwrap());
        let whole = fs::read(&path).unwrap();
        for (how, breaking) in breakings {
            breaking(path.clone(), whole.clone());
            let (loaded, outcomes) = Views::load(&shelf, &Fixed);
            for (of, outcome) in outcomes {
                let damaged = matches!(outcome, Outcome::Damaged { why: Damage::Rows { .. }, .. });
                assert_eq!(damaged, of.name() == view, "{file} {how}: {of} is {outcome}");
                assert_eq!(loaded.position(of) == 0, damaged);
            }
            fs::write(&path, &whole).unwrap();
        }
        let mut unread = 0;
        for place in (0..whole.len()).step_by(whole.len() / 12 + 1) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x10;
            fs::write(&path, &bytes).unwrap();
            let (loaded, outcomes) = Views::load(&shelf, &Fixed);
            if outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Damaged { .. })) {
                continue;
            }
            match answers(&driver, &loaded) {
                Ok(given) => assert_eq!(given, expected, "{file}: byte {place}"),
                Err(unreadable) => {
                    unread += 1;
                    assert_eq!(unreadable.view(), Some(view), "{unreadable}");
                }
            }
        }
        assert!(unread > 0, "{file}: no damage was met by a question");
        fs::write(&path, &whole).unwrap();
    }
}

/// An account with so many entries that they are several stretches in memory and on disk.
#[test]
fn stretches_are_told_as_one() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    for number in 0..450 {
        let kind = ChargeKind::Direct { account: bakery, application_fee: 0 };
        driver.run(Charge { kind, ..Charge::separate(brl(1_000 + number), card()) });
        if number % 50 == 0 {
            driver.at(&format!("2017-09-{}", 12 + number / 50));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut flushed = Views::new();
    for (part, events) in driver.log.chunks(200).enumerate() {
        flushed.apply_all(events).unwrap();
        if part < 2 {
            flushed.flush(folder.path()).unwrap();
        }
    }
    let whole = views(&driver, driver.log.len());
    assert_same(&flushed, &whole);
    assert_eq!(answers(&driver, &flushed).unwrap(), answers(&driver, &whole).unwrap());
}

/// A file that the system did not give was taken for a damaged one, and could be swept away.
#[cfg(unix)]
#[test]
fn a_file_that_the_system_refuses_is_not_damaged() {
    let driver = busy();
    let folder = tempfile::tempdir().unwrap();
    let live = kept(views(&driver, driver.log.len()), folder.path());
    let shelf = FolderShelf::new(folder.path()).unwrap();
    for file in live.files().into_iter().chain(["tax.snapshot".to_owned()]) {
        let (path, aside) = (folder.path().join(&file), folder.path().join("aside"));
        fs::rename(&path, &aside).unwrap();
        // It leads to itself, which nobody may follow.
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let (loaded, outcomes) = Views::load(&shelf, &Fixed);
        for (view, outcome) in outcomes {
            let refused = matches!(outcome, Outcome::Damaged { why: Damage::Unreadable { .. }, .. });
            assert_eq!(refused, file.starts_with(view.name()), "{file}: {view} is {outcome}");
            assert_eq!(loaded.position(view) == 0, refused);
        }
        fs::rename(&aside, &path).unwrap();
    }
}

/// Rebuilding held everyone who asked until the last row was compared.
#[test]
fn a_view_is_compared_as_it_was_while_it_goes_on() {
    let driver = busy();
    let mut live = views(&driver, 200);
    for view in View::ALL {
        let mut rebuild = Rebuild::of(view);
        rebuild.apply_all(&driver.log[..200]).unwrap();
        let then = live.only(view);
        live = views(&driver, driver.log.len());
        assert_eq!(then.compare(&rebuild).unwrap(), None, "{view}");
        assert!(live.compare(&rebuild).is_err());
        rebuild.apply_all(&driver.log[200..]).unwrap();
        live.swap(rebuild).unwrap();
        assert_same(&live, &views(&driver, driver.log.len()));
        live = views(&driver, 200);
    }
}
