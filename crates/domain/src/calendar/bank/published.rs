//! The rules agree with published holidays, day by day.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{BankCalendar, Day};

/// The years of the published file.
const YEARS: (&str, &str) = ("2015-01-01", "2030-12-31");

/// A published calendar, ours, and the days on which we differ on purpose.
struct Compared {
    published: &'static str,
    ours: BankCalendar,
    /// Published holidays that are none of ours.
    dropped: &'static str,
    /// Holidays of ours that are not published.
    added: &'static str,
}

const COMPARED: &[Compared] = &[
    Compared { published: "BR-bank", ours: BankCalendar::Brazil, dropped: "", added: "" },
    Compared { published: "TARGET2-ECB", ours: BankCalendar::Target, dropped: "", added: "" },
    Compared { published: "GB-ENG", ours: BankCalendar::UnitedKingdom, dropped: "", added: "" },
    Compared { published: "JP-bank", ours: BankCalendar::Japan, dropped: "", added: "" },
    // Federal offices keep a Saturday's holiday on Friday; the Reserve Banks open.
    Compared {
        published: "US-federal",
        ours: BankCalendar::UnitedStates,
        dropped: "2015-07-03 2017-11-10 2020-07-03 2021-06-18 2021-12-24 2021-12-31 2023-11-10 \
            2026-07-03 2027-06-18 2027-12-24 2027-12-31 2028-11-10",
        added: "",
    },
    // Labour Day of New South Wales, and its Mondays after Anzac Day: Victoria works.
    Compared {
        published: "AU-NSW",
        ours: BankCalendar::Australia,
        dropped: "2015-10-05 2016-10-03 2017-10-02 2018-10-01 2019-10-07 2020-10-05 2021-10-04 \
            2022-10-03 2023-10-02 2024-10-07 2025-10-06 2026-04-27 2026-10-05 2027-04-26 \
            2027-10-04 2028-10-02 2029-10-01 2030-10-07",
        added: "",
    },
    // Published are only the days that every province has by its own law. Banks also keep
    // Victoria Day, the Monday for Canada Day, Reconciliation, Thanksgiving, Remembrance
    // Day and Boxing Day.
    Compared {
        published: "CA",
        ours: BankCalendar::Canada,
        dropped: "",
        added: "2015-05-18 2015-10-12 2015-11-11 2015-12-26 2015-12-28 2016-05-23 2016-10-10 \
            2016-11-11 2016-12-27 2017-05-22 2017-07-03 2017-10-09 2017-11-11 2017-11-13 \
            2017-12-26 2018-05-21 2018-07-02 2018-10-08 2018-11-11 2018-11-12 2018-12-26 \
            2019-05-20 2019-10-14 2019-11-11 2019-12-26 2020-05-18 2020-10-12 2020-11-11 \
            2020-12-26 2020-12-28 2021-05-24 2021-09-30 2021-10-11 2021-11-11 2021-12-26 \
            2021-12-28 2022-05-23 2022-09-30 2022-10-10 2022-11-11 2022-12-27 2023-05-22 \
            2023-07-03 2023-09-30 2023-10-02 2023-10-09 2023-11-11 2023-11-13 2023-12-26 \
            2024-05-20 2024-09-30 2024-10-14 2024-11-11 2024-12-26 2025-05-19 2025-09-30 \
            2025-10-13 2025-11-11 2025-12-26 2026-05-18 2026-09-30 2026-10-12 2026-11-11 \
            2026-12-26 2026-12-28 2027-05-24 2027-09-30 2027-10-11 2027-11-11 2027-12-26 \
            2027-12-28 2028-05-22 2028-07-03 2028-09-30 2028-10-02 2028-10-09 2028-11-11 \
            2028-11-13 2028-12-26 2029-05-21 2029-07-02 2029-09-30 2029-10-01 2029-10-08 \
            2029-11-11 2029-11-12 2029-12-26 2030-05-20 2030-09-30 2030-10-14 2030-11-11 \
            2030-12-26",
    },
];

#[test]
fn agrees_with_published_holidays() {
    let Some(path) = published_file() else {
        let why = "bank_holidays_2015_2030.csv not found; set COUNTERFOIL_DATA to its folder";
        assert_ne!(std::env::var("COUNTERFOIL_NO_SKIP").as_deref(), Ok("1"), "{why}");
        eprintln!("SKIPPED: agrees_with_published_holidays: {why}");
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    for compared in COMPARED {
        let theirs = published_days(&text, compared.published);
        assert!(theirs.len() > 16 * 5, "{} is in the file", compared.published);
        let ours = our_days(compared.ours);
        let dropped: BTreeSet<Day> = theirs.difference(&ours).copied().collect();
        let added: BTreeSet<Day> = ours.difference(&theirs).copied().collect();
        assert_eq!(dropped, days(compared.dropped), "{} has, we do not", compared.published);
        assert_eq!(added, days(compared.added), "we have, {} does not", compared.published);
    }
}

/// The file under `COUNTERFOIL_DATA`, or under the data folder beside the workspace.
fn published_file() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("COUNTERFOIL_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join("reference/bank_holidays_2015_2030.csv");
    path.exists().then_some(path)
}

/// The dates of one calendar: lines of calendar, date and name.
fn published_days(text: &str, calendar: &str) -> BTreeSet<Day> {
    let rows = text.lines().map(|line| line.splitn(3, ',').collect::<Vec<_>>());
    rows.filter(|row| row[0] == calendar).map(|row| row[1].parse().unwrap()).collect()
}

fn our_days(calendar: BankCalendar) -> BTreeSet<Day> {
    let (first, last): (Day, Day) = (YEARS.0.parse().unwrap(), YEARS.1.parse().unwrap());
    let all = (first.days()..=last.days()).map(Day::from_days);
    all.filter(|day| calendar.is_holiday(*day)).collect()
}

fn days(text: &str) -> BTreeSet<Day> {
    text.split_whitespace().map(|date| date.parse().unwrap()).collect()
}
