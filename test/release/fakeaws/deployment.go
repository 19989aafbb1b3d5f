package fakeaws

import (
	"fmt"
	"slices"
	"time"
)

// How long CodeDeploy takes for what is not traffic.
const (
	startDelay = 5 * time.Second
	endDelay   = 10 * time.Second
)

// Statuses of a deployment.
const (
	created    = "Created"
	inProgress = "InProgress"
	succeeded  = "Succeeded"
	failed     = "Failed"
	stopped    = "Stopped"
)

// A Shift moves Percentage of the traffic at the start, and again or all of the rest after each Interval.
type Shift struct {
	Canary     bool
	Percentage int
	Interval   time.Duration
}

// Duration from the first step to the last.
func (s Shift) Duration() time.Duration {
	switch {
	case s.Percentage >= 100:
		return 0
	case s.Canary:
		return s.Interval
	default:
		return time.Duration((100-1)/s.Percentage) * s.Interval
	}
}

// Weight of the new version after some time, from 0 to 1.
func (s Shift) Weight(elapsed time.Duration) float64 {
	switch {
	case elapsed >= s.Duration():
		return 1
	case s.Canary:
		return float64(s.Percentage) / 100
	default:
		return float64(s.Percentage*(1+int(elapsed/s.Interval))) / 100
	}
}

// A deployment of CodeDeploy's.
type deployment struct {
	id          string
	creator     string
	description string
	content     string
	spec        AppSpec
	override    *alarmConfiguration
	shift       Shift

	status      string
	weight      float64
	createdAt   time.Time
	startedAt   time.Time
	completedAt time.Time

	errorCode    string
	errorMessage string

	rollbackOf      string
	rollbackBy      string
	rollbackMessage string

	// planned failure.
	planned *Failure

	// stoppedAt is when somebody has stopped it. Zero: nobody has. stopRollsBack is whether the stop asks for a rollback; nil: it does
	// not say, and the group does.
	stoppedAt     time.Time
	stopRollsBack *bool
}

// A Failure ends a deployment some time after its creation.
type Failure struct {
	After   time.Duration
	Code    string
	Message string
}

// An ending of a deployment.
type ending struct {
	at      time.Time
	status  string
	code    string
	message string

	// event after which the group may roll back.
	event string
}

// Events after which a deployment group may roll back.
const (
	onFailure = "DEPLOYMENT_FAILURE"
	onAlarm   = "DEPLOYMENT_STOP_ON_ALARM"
	onRequest = "DEPLOYMENT_STOP_ON_REQUEST"
)

func (d *deployment) stop(at time.Time, rollback *bool) {
	d.stoppedAt, d.stopRollsBack = at, rollback
}

func (d *deployment) active() bool {
	return d.status == created || d.status == inProgress
}

// ending that the deployment comes to, as far as can be foreseen.
func (d *deployment) ending(alarms []period, rollbackDelay time.Duration) ending {
	end := ending{at: d.createdAt.Add(startDelay + d.shift.Duration() + endDelay), status: succeeded}
	if d.rollbackOf != "" {
		end.at = d.createdAt.Add(rollbackDelay)
	}
	if f := d.planned; f != nil && d.createdAt.Add(f.After).Before(end.at) {
		end = ending{at: d.createdAt.Add(f.After), status: failed, code: f.Code, message: f.Message, event: onFailure}
	}
	if at := d.stoppedAt; !at.IsZero() && at.Before(end.at) {
		end = ending{at: at, status: stopped, code: "MANUAL_STOP", message: "The deployment was stopped by a user", event: onRequest}
	}
	if d.rollbackOf != "" || d.override != nil && !d.override.Enabled {
		return end
	}
	for _, alarm := range alarms {
		at := alarm.from
		if at.Before(d.createdAt) {
			at = d.createdAt
		}
		if alarm.to.After(at) && at.Before(end.at) {
			end = ending{at: at, status: stopped, code: "ALARM_ACTIVE", message: "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <errors>", event: onAlarm}
		}
	}
	return end
}

// settle brings everything to where it is now. Deployments do not overlap, so they are settled one after the other.
func (cd *CodeDeploy) settle() {
	cd.cloud.Lambda.answer()
	now := cd.cloud.clock.Now()
	cd.watch(now)
	for d := cd.activeDeployment(); d != nil; d = cd.activeDeployment() {
		end := d.ending(cd.alarms, cd.RollbackDelay)
		if started := d.createdAt.Add(startDelay); d.status == created && !started.After(now) && !started.After(end.at) {
			d.status, d.startedAt = inProgress, started
			cd.emit(d, "START", started)
		}
		if end.at.After(now) {
			if d.status == inProgress && d.rollbackOf == "" {
				cd.move(d, d.shift.Weight(now.Sub(d.startedAt)))
			}
			return
		}
		cd.end(d, end)
	}
}

// watch the minutes that have become known.
func (cd *CodeDeploy) watch(now time.Time) {
	if cd.Watch == nil {
		return
	}
	if cd.watched.IsZero() {
		cd.watched = cd.cloud.begin
	}
	for ; !cd.watched.Add(time.Minute + cd.cloud.CloudWatch.Lag).After(now); cd.watched = cd.watched.Add(time.Minute) {
		var both Counts
		for _, c := range cd.cloud.Lambda.traffic.minutes[cd.watched] {
			both = both.plus(c)
		}
		if cd.Watch(both) {
			cd.alarms = append(cd.alarms, period{from: now, to: now.Add(time.Minute)})
		}
	}
}

func (cd *CodeDeploy) activeDeployment() *deployment {
	for _, d := range cd.deployments {
		if d.active() {
			return d
		}
	}
	return nil
}

// move the alias so that the deployment's target has the supplied weight.
func (cd *CodeDeploy) move(d *deployment, weight float64) {
	d.weight = weight
	switch {
	case weight >= 1:
		cd.cloud.Lambda.move(Alias{Version: d.spec.Target})
	case weight > 0:
		cd.cloud.Lambda.move(Alias{Version: d.spec.Current, Weights: map[string]float64{d.spec.Target: weight}})
	}
}

// states that EventBridge tells of.
var states = map[string]string{succeeded: "SUCCESS", failed: "FAILURE", stopped: "STOP"}

func (cd *CodeDeploy) end(d *deployment, end ending) {
	if end.status == succeeded {
		cd.move(d, 1)
	} else if !d.startedAt.IsZero() && d.rollbackOf == "" {
		cd.move(d, d.shift.Weight(end.at.Sub(d.startedAt)))
	}
	d.status, d.completedAt = end.status, end.at
	d.errorCode, d.errorMessage = end.code, end.message
	cd.emit(d, states[end.status], end.at)
	if end.status != succeeded && d.rollbackOf == "" && cd.rollsBack(d, end) {
		cd.rollBack(d, end.at)
	}
}

// rollsBack says whether CodeDeploy undoes a deployment that has ended so. A stop that says so itself counts more than the group. AWS
// does not document that of one which asks for no rollback; this is the worse case of the two.
func (cd *CodeDeploy) rollsBack(d *deployment, end ending) bool {
	switch {
	case cd.NothingToRollBackTo:
		return false
	case end.event == onRequest && d.stopRollsBack != nil:
		return *d.stopRollsBack
	default:
		return slices.Contains(cd.cloud.setup.RollbackEvents, end.event)
	}
}

func (cd *CodeDeploy) rollBack(d *deployment, at time.Time) {
	back := cd.add(d.spec.back(), at)
	back.creator = "codeDeployRollback"
	back.description = fmt.Sprintf("Rollback of %s", d.id)
	back.rollbackOf = d.id
	back.rollbackMessage = fmt.Sprintf("Deployment %s failed and is rolled back with deployment %s", d.id, back.id)
	d.rollbackBy, d.rollbackMessage = back.id, back.rollbackMessage
}

// add a deployment that begins at the supplied time.
func (cd *CodeDeploy) add(spec AppSpec, at time.Time) *deployment {
	if !cd.cloud.Lambda.isRunnable(spec.Function, spec.Target) {
		cd.cloud.tb.Errorf("a deployment gives traffic to version %s, which Lambda cannot run", spec.Target)
	}
	d := &deployment{
		id:        fmt.Sprintf("d-TEST%05d", len(cd.deployments)+1),
		creator:   "user",
		content:   spec.content(),
		spec:      spec,
		shift:     cd.cloud.setup.Shift,
		status:    created,
		createdAt: at,
		planned:   cd.planned,
	}
	cd.planned = nil
	cd.deployments = append(cd.deployments, d)
	return d
}
