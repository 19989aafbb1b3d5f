package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCheckCalendarRead                = "CheckCalendar.Read"
	stateCheckCalendarIsClosed            = "CheckCalendar.IsClosed"
	stateCheckCalendarOutsideChangeWindow = "CheckCalendar.OutsideChangeWindow"
)

// checkCalendar refuses a release outside of change windows and in a freeze, unless the claim lets its commit through. A rollback is
// never refused.
func (c Config) checkCalendar() step {
	return step{
		name:  "CheckCalendar",
		needs: []string{"overruled"},
		gives: []string{"closed"},
		states: func(next string) []named {
			return []named{
				{stateCheckCalendarRead, asl.Pass{
					Comment: "May traffic shift now?",
					Assign:  asl.Variables{"closed": c.closed()},
					Next:    stateCheckCalendarIsClosed,
				}},
				{stateCheckCalendarIsClosed, asl.Choice{
					Choices: []asl.Rule{{Condition: "$closed != '' and $not($overruled)", Next: stateCheckCalendarOutsideChangeWindow}},
					Default: next,
				}},
				{stateCheckCalendarOutsideChangeWindow, asl.Fail{
					Error: asl.Quote("OutsideChangeWindow"),
					Cause: "$closed & '. Choose \"Retry stage\" when the time has come. A fix that cannot wait goes live if rollout.bypassAlarmsForCommit names its commit, and rollout.bypassReason says why.'",
				}},
			}
		},
	}
}

// hasCalendars says whether there are times at which traffic may not shift.
func (c Config) hasCalendars() bool {
	return len(c.Calendars) > 0
}

// closed is empty if every calendar lets traffic shift now. Else it says what does not.
func (c Config) closed() asl.Expr {
	var objections []logic.Objection
	for _, calendar := range c.Calendars {
		if len(calendar.Windows) > 0 {
			objections = append(objections, logic.OutsideWindows(calendar.Whose, calendar.Windows))
		}
		for _, freeze := range calendar.Freezes {
			objections = append(objections, logic.Frozen(calendar.Whose, freeze))
		}
	}
	return logic.Closed(objections)
}

// calendarAttributes are what of calendars was bypassed.
func (c Config) calendarAttributes() []historyAttribute {
	if !c.hasCalendars() {
		return nil
	}
	return []historyAttribute{{Name: "calendarBypassed", Type: "S", Value: "$closed"}}
}
