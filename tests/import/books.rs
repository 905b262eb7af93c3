//! The ledger that an import leaves behind, event by event, worked out by hand.

use std::path::Path;

use counterfoil::domain::{AccountId, Event, Recorded};
use counterfoil::{Counterfoil, Feed};

use crate::files::Files;
use crate::program::summary;

/// The events of a ledger in a few words each, bookmarks and rails left out.
fn story(folder: &Path) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = Counterfoil::builder().path(folder).open().await.unwrap();
        let mut names = vec!["platform".to_owned()];
        let mut told = Vec::new();
        let mut feed: Feed = ledger.subscribe(0);
        while let Some(recorded) = feed.try_next().await.unwrap() {
            if let Event::AccountOnboarded(onboarded) = &recorded.event {
                names.push(onboarded.details.as_ref().unwrap().external_id.as_deref().unwrap().to_owned());
            }
            told.extend(tell(&recorded, &names));
        }
        let rails: Vec<String> =
            ledger.ledger().await.unwrap().rail_names().iter().map(ToString::to_string).collect();
        ledger.close().await.unwrap();
        told.into_iter().map(|line: String| name_rails(&line, &rails)).collect()
    })
}

fn name_rails(line: &str, rails: &[String]) -> String {
    rails
        .iter()
        .enumerate()
        .fold(line.to_owned(), |line, (number, rail)| line.replace(&format!("rail{number}"), rail))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "an import records no event of any other kind")]
fn tell(recorded: &Recorded, names: &[String]) -> Option<String> {
    let name = |account: AccountId| &names[account.index()];
    let said = match &recorded.event {
        Event::LedgerOpened(_) => "opened".to_owned(),
        Event::AccountOnboarded(onboarded) => format!("onboarded {}", name(onboarded.account)),
        Event::ChargeSucceeded(made) => {
            let charge = &made.charge;
            let group = charge.transfer_group.as_deref().unwrap();
            format!(
                "charged {group} {} by rail{} until {}",
                charge.amount, charge.rail.0, charge.available_on
            )
        }
        Event::ChargesSplit(split) => {
            let shares = split
                .shares
                .iter()
                .map(|share| format!(" {} {}-{}", name(share.account), share.gross, share.commission));
            let place = |source| split.charges.iter().position(|(id, _)| Some(*id) == source).unwrap() + 1;
            let transfers = split.transfers.iter().map(|transfer| {
                let charge = place(transfer.source_charge);
                assert_eq!(transfer.available_on, split.charges[charge - 1].1.available_on);
                format!(" {} {} of {charge}", name(transfer.destination), transfer.amount)
            });
            format!("split{} into{}", shares.collect::<String>(), transfers.collect::<String>())
        }
        Event::FundsMatured { account, entry, .. } => {
            format!("matured {} {}", name(*account), entry.postings()[0].amount)
        }
        Event::RailSettled { rail, entry } => {
            format!("settled rail{} {}", rail.0, entry.postings()[0].amount)
        }
        Event::PayoutCreated(moved) => {
            let payout = &moved.payout;
            format!("payout {} {} arrives {}", name(payout.account), payout.amount, payout.arrival)
        }
        Event::PayoutPaid(moved) => format!("paid {} {}", name(moved.payout.account), moved.payout.amount),
        Event::TimeAdvanced { .. } => "ended".to_owned(),
        Event::RailOpened { .. } | Event::BookmarkSet { .. } => return None,
        other => panic!("an import records no {}", other.name()),
    };
    Some(format!("{} {said}", recorded.time))
}

fn check(files: &Files, expected: &str) {
    let (from, ledger) = (files.write(false), tempfile::tempdir().unwrap());
    let ledger = ledger.path().join("ledger");
    let _ = summary(from.path(), &ledger, 1_000);
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(story(&ledger), expected);
}

#[test]
fn two_orders_from_the_first_charge_to_the_last_payout() {
    // The payments come out of order in the file, and 10 is after 9. The second order
    // stands at the very instant at which the first one matures, and matures on a Friday.
    let files = Files::of(
        "bia,1,x,SP\nana,1,x,SP\n",
        "o2,1,p,ana,2017-02-01 00:00:00,1.00,0.00\n\
         o1,2,p,bia,2017-01-03 09:00:00,10.00,0.00\n\
         o1,1,p,ana,2017-01-02 10:00:00,30.00,5.00\n",
        "o1,10,voucher,1,6.00\no1,2,credit_card,1,30.00\no2,1,boleto,1,1.00\no1,9,voucher,1,10.00\n",
    );
    check(
        &files,
        "2017-01-02T10:00:00Z opened
         2017-01-02T10:00:00Z onboarded bia
         2017-01-02T10:00:00Z onboarded ana
         2017-01-02T10:00:00Z charged o1 3000 by credit_card until 2017-02-01
         2017-01-02T10:00:00Z charged o1 1000 by voucher until 2017-02-01
         2017-01-02T10:00:00Z charged o1 600 by voucher until 2017-02-01
         2017-01-02T10:00:00Z split ana 3500-350 bia 1000-100 into ana 3000 of 1 ana 150 of 2 bia 850 of 2 bia 50 of 3
         2017-02-01T00:00:00Z matured platform 550
         2017-02-01T00:00:00Z matured bia 900
         2017-02-01T00:00:00Z matured ana 3150
         2017-02-01T00:00:00Z settled credit_card 3000
         2017-02-01T00:00:00Z settled voucher 1600
         2017-02-01T00:00:00Z charged o2 100 by boleto until 2017-03-03
         2017-02-01T00:00:00Z split ana 100-10 into ana 90 of 1
         2017-02-03T00:00:00Z payout bia 900 arrives 2017-02-06
         2017-02-03T00:00:00Z payout ana 3150 arrives 2017-02-06
         2017-02-06T00:00:00Z paid bia 900
         2017-02-06T00:00:00Z paid ana 3150
         2017-03-03T00:00:00Z matured platform 10
         2017-03-03T00:00:00Z matured ana 90
         2017-03-03T00:00:00Z payout ana 90 arrives 2017-03-06
         2017-03-03T00:00:00Z settled boleto 100
         2017-03-06T00:00:00Z paid ana 90
         2017-04-02T00:00:00Z ended",
    );
}

#[test]
fn orders_of_one_instant_run_by_their_ids_as_bytes() {
    let files = Files::of(
        "ana,1,x,SP\n",
        "a,1,p,ana,2099-12-31 23:59:59,1.00,0.00\nB,1,p,ana,2099-12-31 23:59:59,1.00,0.00\n",
        "a,1,pix,1,1.00\nB,1,pix,1,1.00\n",
    );
    check(
        &files,
        "2099-12-31T23:59:59Z opened
         2099-12-31T23:59:59Z onboarded ana
         2099-12-31T23:59:59Z charged B 100 by pix until 2100-01-30
         2099-12-31T23:59:59Z split ana 100-10 into ana 90 of 1
         2099-12-31T23:59:59Z charged a 100 by pix until 2100-01-30
         2099-12-31T23:59:59Z split ana 100-10 into ana 90 of 1
         2100-01-30T00:00:00Z matured platform 20
         2100-01-30T00:00:00Z matured ana 180
         2100-01-30T00:00:00Z settled pix 200
         2100-02-05T00:00:00Z payout ana 180 arrives 2100-02-11
         2100-02-11T00:00:00Z paid ana 180
         2100-03-01T23:59:59Z ended",
    );
}

#[test]
fn sellers_of_no_order_are_onboarded_when_time_begins() {
    check(
        &Files::of("ana,1,x,SP\n", "", ""),
        "1970-01-01T00:00:00Z opened
         1970-01-01T00:00:00Z onboarded ana
         1970-01-01T00:00:00Z ended",
    );
}
