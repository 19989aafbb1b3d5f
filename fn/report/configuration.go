package report

import (
	"fmt"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
)

// setConfigurationPending tells whether production runs with the claim's configuration.
func setConfigurationPending(rsp *fnv1.RunFunctionResponse, p architecture.Pipeline, r *v1alpha1.ReleaseStatus) {
	if r.LiveVersion == "" { // TrafficShifting says so.
		return
	}
	differences, known := p.Differences(configurationOf(*r, r.LiveVersion))
	switch {
	case !known:
		response.ConditionUnknown(rsp, v1alpha1.ConditionConfigurationPending, v1alpha1.ReasonSettingsUnknown).TargetCompositeAndClaim().
			WithMessage(unknownMessage(p, *r))
	case len(differences) == 0:
		response.ConditionFalse(rsp, v1alpha1.ConditionConfigurationPending, v1alpha1.ReasonSettingsLive).TargetCompositeAndClaim()
	default:
		response.ConditionTrue(rsp, v1alpha1.ConditionConfigurationPending, v1alpha1.ReasonSettingsNotLive).TargetCompositeAndClaim().
			WithMessage(pendingMessage(p, *r, differences))
	}
}

// configurationOf a version, as far as it is known.
func configurationOf(r v1alpha1.ReleaseStatus, version string) map[string]string {
	for _, v := range r.Versions {
		if v.Version == version {
			return v.Settings
		}
	}
	return nil
}

func unknownMessage(p architecture.Pipeline, r v1alpha1.ReleaseStatus) string {
	message := fmt.Sprintf("It is not known which settings version %s has, which is live: AWS tells those of the newest version only. The next release's are known.", r.LiveVersion)
	if p.Spec.Service.KMSKeyARN == "" {
		return message
	}
	return message + " If they are not, let the provider's role decrypt with service.kmsKeyArn: AWS hides the variables from others."
}

func pendingMessage(p architecture.Pipeline, r v1alpha1.ReleaseStatus, differences []architecture.Difference) string {
	told := make([]string, 0, len(differences))
	for _, d := range differences {
		if d.Secret() {
			told = append(told, "another service."+d.Field+" than the claim")
			continue
		}
		told = append(told, fmt.Sprintf("service.%s %s where the claim says %s", d.Field, d.Has, d.Wants))
	}
	return fmt.Sprintf("Version %s, which is live, has %s. %s", r.LiveVersion, strings.Join(told, ", "), pendingUntil(p, r))
}

// releaseAgain is what a person can do.
const releaseAgain = `push to the branch, or choose "Release change" in CodePipeline.`

// pendingUntil says what makes the claim's configuration live.
func pendingUntil(p architecture.Pipeline, r v1alpha1.ReleaseStatus) string {
	if candidate := r.CandidateVersion; candidate != "" {
		if differences, known := p.Differences(configurationOf(r, candidate)); known && len(differences) == 0 {
			return fmt.Sprintf("Version %s, to which traffic moves, has what the claim says.", candidate)
		}
	}
	if p.Spec.Rollout.OnConfigurationChange == v1alpha1.ConfigurationRelease {
		return "They are released by themselves, once, within minutes, unless somebody has taken production back. If that release has failed, release again: " + releaseAgain
	}
	return "Only a new version has other settings. Release again: " + releaseAgain
}
