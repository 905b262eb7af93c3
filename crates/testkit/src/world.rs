//! A world: a ledger, its records and its time, held to the laws at every event.

use std::collections::BTreeMap;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::due::{do_due, is_due_by, next_due};
use counterfoil_domain::laws::{Breach, Laws};
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::{
    Actor, Command, Context, Event, Ledger, Loaded, Needs, Record, RecordId, Recorded, Refusal, decide,
    evolve,
};
use uuid::Uuid;

/// A ledger with its records and its time: what a writer does, without a log.
///
/// Due work is done before any command of a later time. Every event is held to the
/// laws. A breach is kept for [`World::finish`]; a world that is dropped without being
/// asked panics with it, so that no test passes over one.
#[derive(Debug)]
pub struct World {
    ledger: Ledger,
    records: Records,
    log: Vec<Recorded>,
    now: Timestamp,
    laws: Laws,
    breaches: Vec<Breach>,
    commands: u128,
}

/// The latest state of every record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(BTreeMap<RecordId, Record>);

impl World {
    /// A world at `now`, whose ledger has no event.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            ledger: Ledger::new(),
            records: Records::default(),
            log: Vec::new(),
            now,
            laws: Laws::new(),
            breaches: Vec::new(),
            commands: 0,
        }
    }

    /// The ledger.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The latest state of every record.
    #[must_use]
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Every event so far.
    #[must_use]
    pub fn log(&self) -> &[Recorded] {
        &self.log
    }

    /// The time of the next command.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the time of the next command; nothing is done until that command.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Executes a command at the world's time: due work first, then its own events, then what
    /// they bring about at the same instant.
    ///
    /// # Errors
    /// The refusal, which leaves the ledger as it was (due work done).
    pub fn execute(&mut self, command: impl Into<Command>) -> Result<Vec<Recorded>, Refusal> {
        let command = command.into();
        let first = self.log.len();
        self.commands += 1;
        // An advance is due work up to its own time; any other command comes after all
        // that fell due by now.
        let until = if let Command::AdvanceTo(advance) = &command { advance.to } else { self.now };
        self.do_due_work(until);
        let before = (self.ledger.clone(), self.records.clone());
        let loaded = self.load(|loaded| command.needs(loaded));
        let now = until.max(self.ledger.now());
        let context = Context { now, position: self.log.len() as u64 };
        match decide(&self.ledger, &loaded, &command, &context) {
            Ok(events) => {
                self.now = self.now.max(now);
                for event in events {
                    self.record(now, Actor::Platform, event);
                }
                // What the command brings about at its own instant.
                self.do_due_work(now);
                Ok(self.log.get(first..).unwrap_or_default().to_vec())
            }
            Err(refusal) => {
                let again = decide(&self.ledger, &loaded, &command, &context).err();
                assert_eq!(Some(&refusal), again.as_ref(), "a command is refused the same way twice");
                assert!(before == (self.ledger.clone(), self.records.clone()), "a refusal leaves no trace");
                Err(refusal)
            }
        }
    }

    /// Every breach so far, and those between the log and the ledger at its end: the
    /// laws' own sums, the ledger of a replay from the first event, and its records.
    #[must_use]
    pub fn finish(mut self) -> Vec<Breach> {
        let breaches = self.all_breaches();
        self.breaches.clear();
        self.log.clear();
        breaches
    }

    /// Does what fell due, each piece at its own time.
    fn do_due_work(&mut self, until: Timestamp) {
        while let Some((now, due)) = next_due(&self.ledger, until) {
            let loaded = self.load(|loaded| due.needs(loaded));
            let context = Context { now, position: self.log.len() as u64 };
            let events = do_due(&self.ledger, &loaded, due, &context);
            assert!(!events.is_empty(), "work that is due and stays so: {due:?}");
            for event in events {
                self.record(now, Actor::Time, event);
            }
        }
    }

    fn load(&self, needs: impl Fn(&Loaded) -> Needs) -> Loaded {
        let mut loaded = Loaded::default();
        loop {
            let needs = needs(&loaded);
            if needs.is_empty() {
                return loaded;
            }
            for id in needs {
                loaded.put(id, self.records.0.get(&id).cloned());
            }
        }
    }

    fn record(&mut self, time: Timestamp, actor: Actor, event: Event) {
        let recorded = Recorded {
            position: self.log.len() as u64,
            time,
            actor,
            acting: None,
            command: Uuid::from_u128(self.commands),
            cause: None,
            event,
        };
        evolve(&mut self.ledger, &recorded);
        // A writer asks the first of these after each command, and searches only where it says so.
        // It said so whenever anybody owed or waited: every command was then followed by a second
        // search that found nothing.
        let now = self.ledger.now();
        for until in [now, now.plus_seconds(3_600), now.plus_seconds(40 * 86_400)] {
            let found = next_due(&self.ledger, until).map(|(_, due)| due);
            assert_eq!(is_due_by(&self.ledger, until), found.is_some(), "what is due is known: {found:?}");
        }
        self.records.add(&recorded);
        self.breaches.extend(self.laws.check(&recorded).err());
        self.log.push(recorded);
    }

    fn all_breaches(&self) -> Vec<Breach> {
        let mut breaches = self.breaches.clone();
        breaches.extend(self.laws.finish(&self.ledger));
        breaches
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.log.is_empty() {
            let breaches = self.all_breaches();
            assert!(breaches.is_empty(), "a law is broken: {breaches:#?}");
        }
    }
}

impl Records {
    /// Takes over what an event leaves behind.
    pub fn add(&mut self, recorded: &Recorded) {
        recorded.records(|record| {
            self.0.insert(record.id(), record);
        });
    }

    /// A record of any kind, in its latest state.
    #[must_use]
    pub fn find(&self, id: RecordId) -> Option<&Record> {
        self.0.get(&id)
    }

    /// The latest state of a record.
    #[must_use]
    pub fn get<I: RecordKey>(&self, id: I) -> Option<&I::State> {
        self.0.get(&id.into()).and_then(I::of).map(|(_, state)| state)
    }

    /// Every record of one kind, the earliest first.
    pub fn each<'a, I: RecordKey + 'a>(&'a self) -> impl Iterator<Item = (I, &'a I::State)> + 'a {
        self.0.values().filter_map(I::of)
    }
}
