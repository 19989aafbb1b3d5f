package logic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Now is when the state that says it began, in UTC, to the millisecond.
const Now asl.Expr = "$states.context.State.EnteredTime"

// clock defines what of the time now an objection asks for: $second since 1970, $minute since midnight, and $day of the week, of which
// Sunday is 0. The first day of 1970 was a Thursday, the fourth. All of it is in UTC, which has neither summer time nor leap seconds here.
const clock = "$second := $floor($toMillis(" + Now + ") / 1000); $minute := $floor($second / 60) % 1440; $day := ($floor($second / 86400) + 4) % 7"

// weekdays by their numbers.
var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// An Objection to a time is an expression: a text as long as it holds, and else no value. It reads what clock defines.
type Objection asl.Expr

// OutsideWindows holds while none of the windows is open. A window is open from its first minute to the one before its end.
func OutsideWindows(whose string, windows []v1alpha1.ChangeWindow) Objection {
	var open, told []string
	for _, w := range windows {
		open = append(open, inWindow(w))
		told = append(told, strings.Join(w.Days, ", ")+" "+w.From+" to "+w.To)
	}
	return Objection(fmt.Sprintf("$not(%s) ? %s", strings.Join(open, " or "),
		asl.Quote(fmt.Sprintf("Change windows of %s are %s UTC", whose, strings.Join(told, "; ")))))
}

// Frozen holds from the freeze's first second to the one before its end.
func Frozen(whose string, f v1alpha1.Freeze) Objection {
	return Objection(fmt.Sprintf("$second >= %d and $second < %d ? %s", seconds(f.From), seconds(f.To),
		asl.Quote(fmt.Sprintf("Releases are frozen by %s until %s: %s", whose, f.To, f.Reason))))
}

// Closed says which objections there are to the time Now: no text if there are none.
func Closed(objections []Objection) asl.Expr {
	var texts []asl.Expr
	for _, o := range objections {
		texts = append(texts, asl.Expr(o))
	}
	return "(" + clock + "; " + reasons(texts) + ")"
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
