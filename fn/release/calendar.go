package release

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateCheckCalendarRead                = "CheckCalendar.Read"
	stateCheckCalendarIsClosed            = "CheckCalendar.IsClosed"
	stateCheckCalendarOutsideChangeWindow = "CheckCalendar.OutsideChangeWindow"
)

// weekdays by their numbers. The first day of 1970 was a Thursday, the fourth.
var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

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
	var objections []string
	for _, calendar := range c.Calendars {
		objections = append(objections, calendar.objections()...)
	}
	return asl.Expr("(" +
		"$second := $floor($toMillis(" + string(now) + ") / 1000); " +
		"$day := ($floor($second / 86400) + 4) % 7; " +
		"$minute := $floor($second / 60) % 1440; " +
		"$join([$filter([" + strings.Join(objections, ", ") + "], function($text) { $text != '' })], '. '))")
}

// objections of a calendar to the time that it is now: empty texts where it has none.
func (c Calendar) objections() []string {
	var all []string
	if len(c.Windows) > 0 {
		var open, told []string
		for _, w := range c.Windows {
			open = append(open, inWindow(w))
			told = append(told, strings.Join(w.Days, ", ")+" "+w.From+" to "+w.To)
		}
		all = append(all, fmt.Sprintf("(%s) ? '' : %s", strings.Join(open, " or "),
			asl.Quote(fmt.Sprintf("Change windows of %s are %s UTC", c.Whose, strings.Join(told, "; ")))))
	}
	for _, f := range c.Freezes {
		all = append(all, fmt.Sprintf("$second >= %d and $second < %d ? %s : ''", seconds(f.From), seconds(f.To),
			asl.Quote(fmt.Sprintf("Releases are frozen by %s until %s: %s", c.Whose, f.To, f.Reason))))
	}
	return all
}

func inWindow(w v1alpha1.ChangeWindow) string {
	var days []string
	for i, day := range weekdays {
		if slices.Contains(w.Days, day) {
			days = append(days, strconv.Itoa(i))
		}
	}
	return fmt.Sprintf("$day in [%s] and $minute >= %d and $minute < %d", strings.Join(days, ", "), minutes(w.From), minutes(w.To))
}

// minutes from midnight to a time of the day. The schema has checked that it is one.
func minutes(clock string) int {
	hour, minute, _ := strings.Cut(clock, ":")
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return 60*h + m
}

// seconds since 1970. The schema has checked that it is a time.
func seconds(at string) int64 {
	t, _ := time.Parse(time.RFC3339, at)
	return t.Unix()
}

// calendarAttributes are what of calendars was bypassed.
func (c Config) calendarAttributes() []historyAttribute {
	if !c.hasCalendars() {
		return nil
	}
	return []historyAttribute{{Name: "calendarBypassed", Type: "S", Value: "$closed"}}
}
