//! The executable specification: every `.scenario` file of this folder is played.
//!
//! `COUNTERFOIL_BLESS=1` writes what happened into the files, for people to review the
//! difference; `COUNTERFOIL_BLESS=align` aligns their columns and nothing else.

#[cfg(test)]
mod files;
#[cfg(test)]
mod house;
#[cfg(test)]
mod playing;
#[cfg(test)]
mod rules;
