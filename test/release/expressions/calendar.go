package expressions

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// at is $states in a state that began then.
func at(time string) string {
	return `{"context": {"State": {"EnteredTime": "` + time + `"}}}`
}

func closed() map[string]Case {
	const (
		weekdays = `Change windows of us are Mon, Fri 09:30 to 16:00; Fri, Sun 20:00 to 24:00 UTC`
		frozen   = `Releases are frozen by us until 2027-01-02T00:00:00+01:00: 100 % of us are away`
		tuesdays = `Change windows of us are Tue 00:00 to 24:00 UTC`
	)
	in := func(objections ...logic.Objection) asl.Expr { return logic.Closed(objections) }
	windows := logic.OutsideWindows("us", []v1alpha1.ChangeWindow{
		{Days: []string{"Mon", "Fri"}, From: "09:30", To: "16:00"}, {Days: []string{"Fri", "Sun"}, From: "20:00", To: "24:00"},
	})
	freeze := logic.Frozen("us", v1alpha1.Freeze{From: "2026-12-20T12:00:00Z", To: "2027-01-02T00:00:00+01:00", Reason: "100 % of us are away"})
	tuesday := logic.OutsideWindows("us", []v1alpha1.ChangeWindow{{Days: []string{"Tue"}, From: "00:00", To: "24:00"}})
	return map[string]Case{
		"Never": {Reason: "Without a calendar it is open.", Expression: in(), States: at("2026-01-02T03:04:05.678Z"), Want: `""`},

		"WindowOpens":     {Reason: "A window is open from its first millisecond.", Expression: in(windows), States: at("2026-01-02T09:30:00.000Z"), Want: `""`},
		"BeforeItOpens":   {Reason: "And not before.", Expression: in(windows), States: at("2026-01-02T09:29:59.999Z"), Want: written(weekdays)},
		"WindowEnds":      {Reason: "It is open until its last.", Expression: in(windows), States: at("2026-01-02T15:59:59.999Z"), Want: `""`},
		"AfterItsEnd":     {Reason: "And not after.", Expression: in(windows), States: at("2026-01-02T16:00:00.000Z"), Want: written(weekdays)},
		"SecondWindow":    {Reason: "One open window of several is enough.", Expression: in(windows), States: at("2026-01-02T20:00:00.000Z"), Want: `""`},
		"UntilMidnight":   {Reason: "24:00 is the end of the day.", Expression: in(windows), States: at("2026-01-02T23:59:59.999Z"), Want: `""`},
		"Midnight":        {Reason: "Midnight is the next day, here Saturday.", Expression: in(windows), States: at("2026-01-03T00:00:00.000Z"), Want: written(weekdays)},
		"EndOfTheWeek":    {Reason: "Sunday is a day of a window.", Expression: in(windows), States: at("2026-01-04T23:59:59.999Z"), Want: `""`},
		"NextWeek":        {Reason: "Monday is in no window of Sunday's.", Expression: in(windows), States: at("2026-01-05T20:00:00.000Z"), Want: written(weekdays)},
		"WindowOfMonday":  {Reason: "It has its own.", Expression: in(windows), States: at("2026-01-05T09:30:00.000Z"), Want: `""`},
		"WindowOfWeekday": {Reason: "Wednesday has none.", Expression: in(windows), States: at("2026-01-07T12:00:00.000Z"), Want: written(weekdays)},

		"LeapDay":         {Reason: "29 February 2028 is a Tuesday.", Expression: in(tuesday), States: at("2028-02-29T00:00:00.000Z"), Want: `""`},
		"AfterTheLeapDay": {Reason: "And 1 March a Wednesday.", Expression: in(tuesday), States: at("2028-03-01T00:00:00.000Z"), Want: written(tuesdays)},
		"NoLeapDay":       {Reason: "1 March 2100 is a Monday, as that year has no leap day.", Expression: in(tuesday), States: at("2100-03-01T12:00:00.000Z"), Want: written(tuesdays)},
		"NoLeapDayNext":   {Reason: "2 March 2100 is a Tuesday.", Expression: in(tuesday), States: at("2100-03-02T12:00:00.000Z"), Want: `""`},

		"BeforeTheFreeze": {Reason: "A freeze has a first second.", Expression: in(freeze), States: at("2026-12-20T11:59:59.999Z"), Want: `""`},
		"FreezeBegins":    {Reason: "It holds from then.", Expression: in(freeze), States: at("2026-12-20T12:00:00.000Z"), Want: written(frozen)},
		"FreezeEnds":      {Reason: "It holds until its last second, which may be told in another time zone.", Expression: in(freeze), States: at("2027-01-01T22:59:59.999Z"), Want: written(frozen)},
		"AfterTheFreeze":  {Reason: "And no longer.", Expression: in(freeze), States: at("2027-01-01T23:00:00.000Z"), Want: `""`},

		"Both":       {Reason: "What does not let it pass is told in one text.", Expression: in(windows, freeze), States: at("2026-12-26T12:00:00.000Z"), Want: written(weekdays + ". " + frozen)},
		"OneOfBoth":  {Reason: "Each of them counts.", Expression: in(windows, freeze), States: at("2026-12-25T12:00:00.000Z"), Want: written(frozen)},
		"NoneOfBoth": {Reason: "If none objects it is open.", Expression: in(windows, freeze), States: at("2026-12-18T12:00:00.000Z"), Want: `""`},
	}
}

func secondsBetween() map[string]Case {
	return of(logic.SecondsBetween("$from", logic.Now), map[string]Case{
		"Milliseconds": {Reason: "Parts of a second count.", Variables: `{"from": "2026-01-02T03:04:05.250Z"}`, States: at("2026-01-02T03:04:07.000Z"), Want: `1.75`},
		"LeapDay":      {Reason: "So does a leap day.", Variables: `{"from": "2028-02-28T00:00:00Z"}`, States: at("2028-03-01T00:00:00.000Z"), Want: `172800`},
		"Zone":         {Reason: "A commit may be of another time zone.", Variables: `{"from": "2026-01-02T03:00:00+01:00"}`, States: at("2026-01-02T03:00:00.000Z"), Want: `3600`},
	})
}

func isTime() map[string]Case {
	return of(logic.IsTime("$authoredAt"), map[string]Case{
		"Time":   {Reason: "Git's dates are times.", Variables: `{"authoredAt": "2026-01-02T03:04:05Z"}`, Want: `true`},
		"Zone":   {Reason: "So are those of another zone.", Variables: `{"authoredAt": "2026-01-02T03:04:05+01:00"}`, Want: `true`},
		"Empty":  {Reason: "No text is none.", Variables: `{"authoredAt": ""}`, Want: `false`},
		"Date":   {Reason: "Nor is a date.", Variables: `{"authoredAt": "2026-01-02"}`, Want: `false`},
		"Words":  {Reason: "Nor are words.", Variables: `{"authoredAt": "Fri, 02 Jan 2026 03:04:05 GMT"}`, Want: `false`},
		"Dashes": {Reason: "Nor is what only begins like one.", Variables: `{"authoredAt": "2026-01-02 03:04:05"}`, Want: `false`},
	})
}

func expiryIn() map[string]Case {
	return map[string]Case{
		"Day":  {Reason: "It is told in whole seconds since 1970.", Expression: logic.ExpiryIn(1), States: at("1970-01-01T00:00:01.999Z"), Want: `"86401"`},
		"Year": {Reason: "As digits, as many as there are.", Expression: logic.ExpiryIn(400), States: at("2026-01-02T03:04:05.000Z"), Want: `"1801883045"`},
	}
}

func daysBeforeStart() map[string]Case {
	const leapYear = `{"context": {"Execution": {"StartTime": "2024-03-01T03:04:05.678Z"}}}`
	return map[string]Case{
		"Day":   {Reason: "A day has 24 hours.", Expression: logic.DaysBeforeStart(1), States: leapYear, Want: `"2024-02-29T03:04:05.678Z"`},
		"Years": {Reason: "Many days have more milliseconds than 32 bits.", Expression: logic.DaysBeforeStart(366), States: leapYear, Want: `"2023-03-01T03:04:05.678Z"`},
	}
}
