package release

import (
	"strings"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestCalendar releases at different times under the calendars of a claim and of a platform team: the claim lets traffic shift
// from Monday to Friday, 09:00 to 16:00 and 20:00 to 24:00, and has a freeze; so has the platform team.
func TestCalendar(t *testing.T) {
	const (
		appTeam  = "Change windows of the app team are Mon, Tue, Wed, Thu, Fri 09:00 to 16:00; Mon, Tue, Wed, Thu, Fri 20:00 to 24:00 UTC"
		audit    = "Releases are frozen by the app team until 2026-03-06T00:00:00Z: audit"
		yearsEnd = "Releases are frozen by the platform team until 2027-01-02T00:00:00Z: year's end"
	)
	cases := map[string]struct {
		at     string
		closed string
	}{
		"OnAFriday":       {at: "2026-01-02T09:00:00Z"},
		"LastSecond":      {at: "2026-01-02T15:59:59Z"},
		"TooLate":         {at: "2026-01-02T16:00:00Z", closed: appTeam},
		"TooEarly":        {at: "2026-01-02T08:59:59Z", closed: appTeam},
		"SecondWindow":    {at: "2026-01-05T23:59:59Z"},
		"AfterMidnight":   {at: "2026-01-06T00:00:00Z", closed: appTeam},
		"OnASaturday":     {at: "2026-01-03T12:00:00Z", closed: appTeam},
		"OnASunday":       {at: "2026-01-04T12:00:00Z", closed: appTeam},
		"OnAMonday":       {at: "2026-01-05T12:00:00Z"},
		"LeapDay":         {at: "2028-02-29T12:00:00Z"},
		"Frozen":          {at: "2026-03-04T12:00:00Z", closed: audit},
		"BeforeTheFreeze": {at: "2026-03-02T12:00:00Z"},
		"AfterTheFreeze":  {at: "2026-03-06T09:00:00Z"},
		"YearsEnd":        {at: "2026-12-24T12:00:00Z", closed: yearsEnd},
		"BothObject":      {at: "2026-12-26T12:00:00Z", closed: appTeam + ". " + yearsEnd},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, tc.at)
			if err != nil {
				t.Fatal(err)
			}
			b := newBench(t, calendars, fakeaws.Shift{Percentage: 100})
			b.clock.Advance(at.Sub(b.clock.Now()))
			got := b.shift("2")
			if tc.closed == "" && got.Status != "SUCCEEDED" {
				t.Errorf("traffic may shift at %s, got %s: %s", tc.at, got.Error, got.Cause)
			}
			if tc.closed != "" && (got.Error != "OutsideChangeWindow" || !strings.HasPrefix(got.Cause, tc.closed+". Choose")) {
				t.Errorf("want %q at %s, got %s: %s", tc.closed, tc.at, got.Error, got.Cause)
			}
			if deployments := b.cloud.CodeDeploy.Deployments(); tc.closed != "" && len(deployments) > 0 {
				t.Errorf("traffic must not shift at %s, got %v", tc.at, deployments)
			}
		})
	}
}

// calendars is the case with change windows and freezes.
const calendars = "27-change-windows"

// TestEmergency releases the one commit that the claim lets through in a freeze, and takes it back there: a rollback needs no
// window. Then the commit passes by the rollback too. The history says what was bypassed, who has approved it, and why.
func TestEmergency(t *testing.T) {
	b := newBench(t, calendars, fakeaws.Shift{Percentage: 100})
	b.clock.Advance(time.Date(2026, 12, 26, 12, 0, 0, 0, time.UTC).Sub(b.clock.Now()))
	b.shift("2")
	b.shiftCommit("2", b.bypassed())
	b.rollBack("")
	b.shiftCommit("3", b.bypassed())
	b.golden("Emergency")
}

// TestPlatformFreeze tries to release the one commit that the claim lets through, under the same calendars, where the platform team does
// not let it pass its own. In the app team's freeze it passes.
func TestPlatformFreeze(t *testing.T) {
	cases := map[string]struct {
		at   time.Time
		want string
	}{
		"AppTeams":      {at: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)},
		"PlatformTeams": {at: time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC), want: "OutsideChangeWindow"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "27-platform-freeze", fakeaws.Shift{Percentage: 100})
			b.clock.Advance(tc.at.Sub(b.clock.Now()))
			got := b.shiftCommit("2", b.bypassed())
			if got.Error != tc.want {
				t.Errorf("want the error %q, got %s: %s", tc.want, got.Error, got.Cause)
			}
			if tc.want != "" && !strings.Contains(got.Cause, "allowCalendarBypass") {
				t.Errorf("want the cause to say whose setting would let the commit pass, got %s", got.Cause)
			}
			if shifted := len(b.cloud.CodeDeploy.Deployments()) > 0; shifted != (tc.want == "") {
				t.Errorf("want traffic to shift: %t, got %t", tc.want == "", shifted)
			}
		})
	}
}

// TestNotCounted releases although CloudWatch takes no metrics of it.
func TestNotCounted(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.cloud.Fail("cloudwatch:PutMetricData", repeat(broken, 20)...)
	if got := b.shift("2"); got.Status != "SUCCEEDED" {
		t.Errorf("want the release to succeed, got %s: %s", got.Error, got.Cause)
	}
}

// TestCommitWithoutDate releases a commit of which GitHub tells no date: it has no lead time.
func TestCommitWithoutDate(t *testing.T) {
	for _, date := range []string{"", "yesterday", "#{SourceVariables.AuthorDate}"} {
		b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
		variables := b.variables("2", commit)
		variables["SourceVariables.AuthorDate"] = date
		got := b.runShift("shift", b.published(variables))
		metrics := b.cloud.CloudWatch.Published()
		if got.Status != "SUCCEEDED" || len(metrics) != 1 || metrics[0].Metric != "Deployments" {
			t.Errorf("%q: want one deployment counted, got %s: %v", date, got.Status, metrics)
		}
	}
}
