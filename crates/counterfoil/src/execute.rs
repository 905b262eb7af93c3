//! A command on its way: what is said of it before it is awaited.

use std::marker::PhantomData;
use std::pin::Pin;

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Timestamp;

use crate::ask::Ask;
use crate::counterfoil::Counterfoil;
use crate::error::ExecuteError;
use crate::receipt::Receipt;
use crate::request::Request;
use crate::writer::{Few, Groups, Mode};

/// A command about to be executed: add to it, then await it.
#[must_use = "a command does nothing until it is awaited"]
pub struct Execute<'a, C> {
    ledger: &'a Counterfoil,
    request: Request,
    mode: Mode,
    command: PhantomData<fn() -> C>,
}

impl<'a, C: Ask> Execute<'a, C> {
    pub(crate) fn new(ledger: &'a Counterfoil, command: C, mode: Mode) -> Self {
        Self { ledger, request: Request::new(command), mode, command: PhantomData }
    }

    /// With an idempotency key: the same request under the same key returns the same
    /// receipt.
    pub fn idempotent(mut self, key: impl Into<String>) -> Self {
        self.request = self.request.idempotent(key);
        self
    }

    /// At a business time; only a ledger with a simulated clock takes it.
    pub fn at(mut self, time: Timestamp) -> Self {
        self.request = self.request.at(time);
        self
    }

    /// With a command id; the ledger gives it one where absent.
    pub fn id(mut self, id: uuid::Uuid) -> Self {
        self.request = self.request.id(id);
        self
    }

    /// On behalf of an account.
    pub fn acting_as(mut self, account: AccountId) -> Self {
        self.request = self.request.acting_as(account);
        self
    }

    /// Brought about by the event at a position.
    pub fn caused_by(mut self, position: u64) -> Self {
        self.request = self.request.caused_by(position);
        self
    }
}

impl<'a, C: Ask> IntoFuture for Execute<'a, C>
where
    C::Reply: Send,
{
    type Output = Result<Receipt<C::Reply>, ExecuteError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ledger, request, mode, .. } = self;
        let made = Counterfoil::made(Few::from_buf([request]), Groups::Single, mode);
        Box::pin(async move {
            let answer = ledger.submit(made).await.pop();
            let mut receipt = ledger.receipt(answer.unwrap_or(Err(ExecuteError::Closed)))?;
            receipt.preview = mode == Mode::Preview;
            // The outcome is told by the command's own events.
            let reply = C::reply(receipt.reply).ok_or(ExecuteError::Malformed {
                why: "the log holds another command under this idempotency key",
            })?;
            Ok(receipt.map(|_| reply))
        })
    }
}
