package claim

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A demand of the platform team's on one field of a claim.
type demand struct {
	// rule of the platform team: the path of the field of its settings that makes it.
	rule string

	at    *field.Path
	value any
	met   bool

	// want is what the claim must say.
	want string
}

// demands of the platform team, those that it does not make included, which are met.
func demands(spec v1alpha1.PaymentDeliveryPipelineSpec, r v1beta1.Require) []demand {
	at := field.NewPath("spec")
	analysis, commit := spec.Rollout.Analysis, spec.Rollout.BypassAlarmsForCommit
	judged, kept := at.Child("rollout", "analysis"), at.Child("retention")
	return []demand{
		mustBe("require.approval", at.Child("approval", "required"), spec.Approval.Required, r.Approval),
		mustBe("require.analysis", judged.Child("enabled"), analysis.Enabled, r.Analysis),
		// Only a release that is judged bakes. Who requires both is told once.
		mustBe("require.bakeMinutes", judged.Child("enabled"), analysis.Enabled, r.BakeMinutes > 0 && !r.Analysis),
		{
			"require.bakeMinutes", judged.Child("bakeMinutes"), analysis.BakeMinutes,
			analysis.BakeMinutes >= r.BakeMinutes, fmt.Sprintf("%d or more", r.BakeMinutes),
		},
		{"require.alarms", at.Child("rollout", "bypassAlarmsForCommit"), commit, commit == "" || !r.Alarms, "nothing here"},
		mustBe("require.deletionProtection", at.Child("deletionProtection"), spec.DeletionProtection, r.DeletionProtection),
		mustKeep("require.logDays", kept.Child("logDays"), spec.Retention.LogDays, r.LogDays),
		mustKeep("require.historyDays", kept.Child("historyDays"), spec.Retention.HistoryDays, r.HistoryDays),
		mustKeep("require.artifactDays", kept.Child("artifactDays"), spec.Retention.ArtifactDays, r.ArtifactDays),
	}
}

// mustBe true, if that is required.
func mustBe(rule string, at *field.Path, value, required bool) demand {
	return demand{rule, at, value, value || !required, "true"}
}

// mustKeep something for so many days at least. 0 of a claim's is for ever, and 0 of the platform team's for any time.
func mustKeep(rule string, at *field.Path, days, least int32) demand {
	return demand{rule, at, days, days == 0 || days >= least, fmt.Sprintf("%d or more, or 0, which is for ever", least)}
}

// checkRequired reports what the platform team requires and a claim has not. The value may be the API's default, so the text says
// what to write.
func checkRequired(spec v1alpha1.PaymentDeliveryPipelineSpec, r v1beta1.Require, from Origins) refusal.List {
	var refused refusal.List
	for _, d := range demands(spec, r) {
		if !d.met {
			refused = append(refused, refusal.Refusal{
				Field: d.at.String(), Value: refusal.Show(d.value), Allowed: "the claim must say " + d.want, Rule: from.rule(d.rule),
			})
		}
	}
	return refused
}
