//! The import of a real marketplace, tested from outside: the program, its summary, and
//! the ledger that it leaves behind.
//!
//! The real files are looked for in the folder that `COUNTERFOIL_DATA` names, or in
//! `../shared/data` beside this workspace; `COUNTERFOIL_NO_SKIP=1` makes their absence a
//! failure. `COUNTERFOIL_SLOW=1` kills the program many more times, and imports
//! the real files at more rates.

#[cfg(test)]
mod again;
#[cfg(test)]
mod books;
#[cfg(test)]
mod commission;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod files;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod header;
mod hledger;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod program;
#[cfg(test)]
mod real;
#[cfg(test)]
mod reasons;
#[cfg(test)]
mod reckon;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod size;
#[cfg(test)]
mod totals;
