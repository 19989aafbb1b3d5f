package release

import (
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCheckCalendarRead                = "CheckCalendar.Read"
	stateCheckCalendarIsClosed            = "CheckCalendar.IsClosed"
	stateCheckCalendarOutsideChangeWindow = "CheckCalendar.OutsideChangeWindow"
)

// checkCalendar refuses a release outside of change windows and in a freeze, unless the claim lets its commit through and the calendar
// is not strict. A rollback is never refused.
func (c Config) checkCalendar() step {
	read := asl.Variables{"closed": closedBy(c.Calendars)}
	refused := "$closed != '' and $not($overruled)"
	way := asl.Quote(wayThrough)
	if strict := c.strictCalendars(); len(strict) > 0 {
		read["barred"] = closedBy(strict)
		refused = "$barred != '' or " + refused
		way = "($barred = '' ? " + way + " : " + asl.Quote(noWayThrough) + ")"
	}
	return step{
		name:  "CheckCalendar",
		needs: []string{"overruled"},
		gives: slices.Sorted(maps.Keys(read)),
		states: func(next string) []named {
			return []named{
				{stateCheckCalendarRead, asl.Pass{
					Comment: "May traffic shift now?",
					Assign:  read,
					Next:    stateCheckCalendarIsClosed,
				}},
				{stateCheckCalendarIsClosed, asl.Choice{
					Choices: []asl.Rule{{Condition: asl.Expr(refused), Next: stateCheckCalendarOutsideChangeWindow}},
					Default: next,
				}},
				{stateCheckCalendarOutsideChangeWindow, asl.Fail{
					Error: asl.Quote("OutsideChangeWindow"),
					Cause: "$closed & '. Choose \"Retry stage\" when the time has come. ' & " + way,
				}},
			}
		},
	}
}

// What a refused release says of fixes that cannot wait.
const (
	wayThrough   = "A fix that cannot wait goes live if rollout.bypassAlarmsForCommit names its commit, and rollout.bypassReason says why."
	noWayThrough = "A fix that cannot wait needs the platform team: no commit passes its calendar without its setting allowCalendarBypass."
)

// strictCalendars are those that no commit passes.
func (c Config) strictCalendars() []Calendar {
	return slices.DeleteFunc(slices.Clone(c.Calendars), func(one Calendar) bool { return !one.Strict })
}

// hasCalendars says whether there are times at which traffic may not shift.
func (c Config) hasCalendars() bool {
	return len(c.Calendars) > 0
}

// closedBy is empty if every one of the calendars lets traffic shift now. Else it says what does not.
func closedBy(calendars []Calendar) asl.Expr {
	var objections []logic.Objection
	for _, calendar := range calendars {
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
