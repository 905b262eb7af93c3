//! What can go wrong, one type per operation, and damage, which all of them may find.

mod append;
mod damage;
mod open;
mod read;

pub use append::AppendError;
pub use damage::Damage;
pub use open::OpenError;
pub use read::ReadError;
