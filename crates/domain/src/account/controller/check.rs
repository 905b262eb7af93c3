//! Checking a controller: which combinations of its properties work
//! (<https://docs.stripe.com/connect/design-an-integration>).

use super::{AccountType, Controller, Dashboard, FeesPayer};
use crate::refusal::refusals;
use crate::settings::{LossBearer, RequirementCollector};

impl Controller {
    /// Refuses a combination that does not work: whoever has no full dashboard cannot answer to
    /// the operator, so the platform pays and answers for it.
    ///
    /// # Errors
    /// The first rule that is broken, in the order in which they are documented.
    pub fn check(self) -> Result<(), ControllerRefusal> {
        let Self { fees, losses, requirements, dashboard } = self;
        if dashboard != Dashboard::Full && losses == LossBearer::Operator {
            return Err(ControllerRefusal::LossesWithoutDashboard { dashboard: dashboard.name() });
        }
        if dashboard != Dashboard::Full && fees == FeesPayer::Account {
            return Err(ControllerRefusal::FeesWithoutDashboard { dashboard: dashboard.name() });
        }
        if requirements == RequirementCollector::Platform && dashboard != Dashboard::None {
            return Err(ControllerRefusal::RequirementsWithDashboard { dashboard: dashboard.name() });
        }
        let typed = match fees {
            FeesPayer::ApplicationCustom => Some(AccountType::Custom),
            FeesPayer::ApplicationExpress => Some(AccountType::Express),
            FeesPayer::Account | FeesPayer::Application => None,
        };
        match typed {
            Some(kind) if kind.controller() != self => {
                Err(ControllerRefusal::TypedFees { fees: fees.name(), kind: kind.name() })
            }
            Some(_) | None => Ok(()),
        }
    }
}

refusals! {
    /// Why an account is not made under these terms.
    ControllerRefusal {
        /// The operator would bear the losses of an account that never sees its dashboard.
        LossesWithoutDashboard {
            /// Which dashboard was asked.
            dashboard: &'static str,
        } => "operators_losses_need_the_full_dashboard", Unconfirmed(ParametersExclusive), "An account whose losses the operator bears has the full dashboard; {dashboard} was asked.";
        /// The account would pay fees to an operator whose dashboard it never sees.
        FeesWithoutDashboard {
            /// Which dashboard was asked.
            dashboard: &'static str,
        } => "accounts_fees_need_the_full_dashboard", Unconfirmed(ParametersExclusive), "An account that pays the operator's fees itself has the full dashboard; {dashboard} was asked.";
        /// The platform would collect what the operator's dashboard asks for.
        RequirementsWithDashboard {
            /// Which dashboard was asked.
            dashboard: &'static str,
        } => "platforms_requirements_need_no_dashboard", Unconfirmed(ParametersExclusive), "A platform that collects its account's requirements leaves it without the operator's dashboard; {dashboard} was asked.";
        /// A payer of fees that only one type of account has.
        TypedFees {
            /// Which payer was asked.
            fees: &'static str,
            /// Of which type it is.
            kind: &'static str,
        } => "typed_fees_need_their_account_type", Unconfirmed(ParametersExclusive), "Fees are paid by {fees} on accounts of type {kind} alone, with all its terms.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination there is.
    #[test]
    fn of_all_combinations_these_work() {
        let fees = [
            FeesPayer::Account,
            FeesPayer::Application,
            FeesPayer::ApplicationCustom,
            FeesPayer::ApplicationExpress,
        ];
        let mut working = Vec::new();
        for fees in fees {
            for losses in [LossBearer::Platform, LossBearer::Operator] {
                for requirements in [RequirementCollector::Platform, RequirementCollector::Operator] {
                    for dashboard in [Dashboard::Full, Dashboard::Express, Dashboard::None] {
                        let controller = Controller { fees, losses, requirements, dashboard };
                        if controller.check().is_ok() {
                            let names = (controller.losses_name(), controller.requirements_name());
                            working.push((fees.name(), names.0, names.1, dashboard.name()));
                        }
                    }
                }
            }
        }
        assert_eq!(
            working,
            [
                ("account", "application", "stripe", "full"),
                ("account", "stripe", "stripe", "full"),
                ("application", "application", "application", "none"),
                ("application", "application", "stripe", "full"),
                ("application", "application", "stripe", "express"),
                ("application", "application", "stripe", "none"),
                ("application", "stripe", "stripe", "full"),
                ("application_custom", "application", "application", "none"),
                ("application_express", "application", "stripe", "express"),
            ]
        );
    }

    #[test]
    fn each_type_is_a_combination_that_works_and_is_known_again() {
        for kind in AccountType::ALL {
            assert_eq!(kind.controller().check(), Ok(()));
            assert_eq!(kind.controller().account_type(), Some(kind));
        }
        let own = Controller { fees: FeesPayer::Application, ..AccountType::Custom.controller() };
        assert_eq!(own.account_type(), None);
    }
}
