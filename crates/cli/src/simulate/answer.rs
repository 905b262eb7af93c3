//! Answers to disputes, as somebody gives them at the processor's own desk.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::record::Record;
use counterfoil::domain::{Event, ObjectId, Recorded, Step};
use counterfoil::rails::card::CardOrder;
use counterfoil::rails::card::simulator::{ESCALATING_EVIDENCE, LOSING_EVIDENCE, WINNING_EVIDENCE};
use counterfoil::rails::{AskKey, CardAsk, DisputeRef};

use super::market::Market;
use crate::draw::Draw;
use crate::exit::Failure;

impl Market<'_> {
    /// Answers a dispute that was opened or escalated, or leaves it: the seed decides. Its key is the
    /// place of that event, which no ask of the saga has.
    pub(super) async fn answer(&mut self, recorded: &Recorded, at: Timestamp) -> Result<(), Failure> {
        let Event::Moved(moved) = &recorded.event else { return Ok(()) };
        let Record::Dispute(_, dispute) = &moved.subject.record else { return Ok(()) };
        if ![Step::DisputeOpened, Step::DisputeEscalated].contains(&moved.step) {
            return Ok(());
        }
        let evidence = match Draw::new(self.seed, recorded.position).below(4) {
            0 => return Ok(()),
            1 => WINNING_EVIDENCE,
            2 => LOSING_EVIDENCE,
            _ => ESCALATING_EVIDENCE,
        };
        let named = DisputeRef::new(dispute.reference.as_str()).map_err(Failure::input)?;
        let order = CardOrder::SubmitEvidence { dispute: named, evidence: evidence.into() };
        let key = AskKey::of(ObjectId::new(recorded.position, 0));
        let answer = self.rails.cards.ask(at, &CardAsk { key, order }).await.map_err(Failure::input)?;
        answer.refusal().map_or(Ok(()), |refusal| Err(Failure::input(refusal)))
    }
}
