//! The writer without threads: what its work costs, counted in steps.

use counterfoil_domain::account::Country;
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{Authorise, Charge};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{Command, Settings};
use counterfoil_log::LedgerId;
use counterfoil_log::memory::MemoryLog;
use uuid::Uuid;

use super::stamp::Keyed;
use super::unrecorded::steps;
use super::{Few, Groups, Job, Mode, Writer};
use crate::request::Request;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Has the writer work on one command, which it does not refuse.
fn work(writer: &mut Writer, command: impl Into<Command>, now: Timestamp, mode: Mode) {
    let mut job = Job {
        requests: Few::from_iter([Request::new(command).at(now)]),
        keys: Few::from_iter([Keyed::No]),
        groups: Groups::Single,
        mode,
        answered: Few::new(),
        ends: Few::new(),
        reply: None,
        places: None,
    };
    assert!(writer.work(&mut job, now), "there is room for it");
    job.answered.iter().for_each(|answer| assert!(answer.is_ok(), "{answer:?}"));
}

/// How many ids a preview compares where so many authorisations expire before it, all at one
/// instant, and each leaves a record behind.
fn compared(expiring: u16) -> u64 {
    let (now, later) = (at("2026-03-02"), at("2026-03-20"));
    let mut writer = Writer::new(MemoryLog::new(LedgerId([7; 16])).unwrap().log());
    let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
    work(&mut writer, Box::new(Settings { clock: Clock::Simulated, ..settings }), now, Mode::Apart);
    for _ in 0..expiring {
        let charge = Charge::separate(Money::new(Currency::BRL, 1_000), RailName::new("card").unwrap());
        let authorise = Authorise { charge: Box::new(charge), capture_before: None };
        work(&mut writer, authorise, now, Mode::Apart);
    }
    let position = writer.position();
    steps::taken();
    work(&mut writer, AdvanceTo { to: later }, later, Mode::Preview);
    assert_eq!(writer.position(), position, "a preview records nothing");
    steps::taken()
}

/// Symptom: a preview before which many things fell due took a time that grew with their square.
/// Cause: for each of them every event that had been foreseen was searched for its record. Fix:
/// records are found by their ids. Twice as many cost twice the steps, and one more for each.
#[test]
fn a_preview_costs_as_many_steps_as_things_fall_due() {
    let (some, twice) = (compared(100), compared(200));
    assert!(some > 0, "its records are sought");
    assert!(twice * 2 < some * 5, "{twice} steps for 200 things due, {some} for 100");
}
