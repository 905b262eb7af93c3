//! Running an import again: the same one changes nothing, and no other is let in.

use std::path::{Path, PathBuf};

use counterfoil::domain::Settings;
use counterfoil::domain::account::{Country, OnboardAccount};
use counterfoil::domain::charge::{ChargeType, ProcessingFee};
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::{DayKind, Delay};
use counterfoil::domain::refund::OnShortfall;
use counterfoil::domain::settings::{Clock, FeePayer, LossBearer, Mode, Profile, RequirementCollector};
use counterfoil::log::Head;
use counterfoil::{Counterfoil, domain};
use tempfile::TempDir;

use crate::files::Files;
use crate::program::{complaint, everything, show, summary};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger");
    (folder, ledger)
}

/// The ledger's head, asked through the library.
fn head(ledger: &Path) -> Head {
    wait(async {
        let ledger = Counterfoil::builder().path(ledger).open().await.unwrap();
        let head = ledger.head();
        ledger.close().await.unwrap();
        head
    })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

/// Makes a ledger in `folder`, and an account in it where it is not to stay empty.
fn make(folder: &Path, currency: Currency, account: bool) {
    let settings = Settings {
        ledger: uuid::Uuid::from_u128(7),
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "somebody".into(),
        country: Country::BR,
        currency,
        profile: Profile::Marketplace,
        default_charge_type: ChargeType::Separate,
        fee_payer: FeePayer::Platform,
        loss_bearer: LossBearer::Platform,
        requirement_collector: RequirementCollector::Platform,
        processing_fee: ProcessingFee::NONE,
        delay: Delay { days: 30, kind: DayKind::Calendar },
        minimum_charge: 0,
        overdraft_limit: 0,
        on_shortfall: OnShortfall::Refuse,
        id_key: [7; 16],
    };
    wait(async {
        let ledger = Counterfoil::builder().path(folder).settings(settings).open().await.unwrap();
        if account {
            let command = domain::Command::from(Box::new(OnboardAccount::new(Country::BR, currency)));
            let _receipt = ledger.execute(command).await.unwrap();
        }
        ledger.close().await.unwrap();
    });
}

#[test]
fn a_second_run_says_the_same_and_changes_nothing() {
    let (_folder, ledger) = folder();
    let files = Files::payments("o1,1,credit_card,1,20.00\no1,1,credit_card,1,20.00\n");
    let (plain, compressed) = (files.write(false), files.write(true));
    let first = summary(plain.path(), &ledger, 1_000);
    let (before, recorded) = (head(&ledger), everything(&ledger));

    // From compressed files too: what they hold is the same.
    for from in [plain.path(), compressed.path()] {
        assert_eq!(summary(from, &ledger, 1_000), first);
        assert_eq!(head(&ledger), before);
        assert_eq!(everything(&ledger), recorded);
    }
}

#[test]
fn other_options_or_files_are_refused_and_change_nothing() {
    let (_folder, ledger) = folder();
    let from = Files::default().write(false);
    let _ = summary(from.path(), &ledger, 1_000);
    let (before, recorded) = (head(&ledger), everything(&ledger));

    let said = complaint(from.path(), &ledger, 1_001);
    assert!(said.contains("other options"), "{said}");
    for other in [
        Files::sellers("ana,1,x,RJ\n"),
        Files::payments("o1,1,credit_card,1,20.01\n"),
        Files::items("o1,1,p,ana,2017-01-02 10:00:00,18.00,2.0\n"),
    ] {
        let said = complaint(other.write(false).path(), &ledger, 1_000);
        assert!(said.contains("other files"), "{said}");
    }
    assert_eq!(head(&ledger), before);
    assert_eq!(everything(&ledger), recorded);
}

#[test]
fn a_ledger_with_events_of_its_own_is_refused_and_unchanged() {
    let (_folder, ledger) = folder();
    make(&ledger, Currency::BRL, true);
    let (before, recorded) = (head(&ledger), everything(&ledger));
    let said = complaint(Files::default().write(false).path(), &ledger, 1_000);
    assert!(said.contains("not of this import"), "{said}");
    assert_eq!(head(&ledger), before);
    assert_eq!(everything(&ledger), recorded);
}

#[test]
fn an_empty_ledger_is_taken_where_its_settings_are_an_import_s() {
    let (_folder, ledger) = folder();
    make(&ledger, Currency::BRL, false);
    let shown = show(&summary(Files::default().write(false).path(), &ledger, 1_000));
    assert!(shown.contains("items 1 of 1"), "{shown}");

    let (_folder, ledger) = folder();
    make(&ledger, Currency::USD, false);
    let before = head(&ledger);
    let said = complaint(Files::default().write(false).path(), &ledger, 1_000);
    assert!(said.contains("currency"), "{said}");
    assert_eq!(head(&ledger), before);
}
