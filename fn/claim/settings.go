package claim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/runtime"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/crossplane/function-sdk-go/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// kindEnvironmentConfig is Crossplane's kind for what a platform team has to say to its compositions.
const kindEnvironmentConfig = "EnvironmentConfig"

// Sources of the platform team's settings.
type Sources struct {
	// Input of the function, in the Composition. It is for all claims.
	Input *structpb.Struct

	// Objects are EnvironmentConfigs. Each is for the claims that it matches, and says more of them than the input.
	Objects []*structpb.Struct
}

// Existing is what is known of a pipeline that exists. Empty: nothing, or nothing yet.
type Existing struct {
	// Account of AWS that the pipeline is in.
	Account string

	// ProviderConfig that its managed resources use, and its kind. Cluster-scoped ones name no kind.
	ProviderConfig     string
	ProviderConfigKind string
}

// A Provenance says where the platform team's settings for one claim are from.
type Provenance struct {
	// Origins of each of them.
	Origins Origins

	// Status has what holds, to be remembered.
	Status v1alpha1.SettingsStatus

	// Kept says why settings hold that were remembered. Nil: those of now hold.
	Kept *KeptError
}

// A KeptError says why the settings of now cannot hold.
type KeptError struct {
	// Reason of the condition SettingsApplied.
	Reason string

	err error
}

func (e *KeptError) Error() string {
	return e.err.Error()
}

// subject is the claim that settings are looked for.
type subject struct {
	owner  Owner
	suffix string
}

func subjectOf(xr *structpb.Struct) subject {
	suffix := xr.GetFields()["spec"].GetStructValue().GetFields()["environmentSuffix"].GetStringValue()
	return subject{owner: OwnerOf(xr), suffix: suffix}
}

// A found is what the sources come to for a claim.
type found struct {
	platform   v1beta1.PlatformSettings
	provenance Provenance

	// refused by AWS, of these settings.
	refused refusal.List

	// preset are the rules that separateTeams sets.
	preset []string

	// err is why there are none.
	err *KeptError
}

// kind of object that the settings are said by, and what paths in them begin with.
func (f found) kind(input *structpb.Struct) (kind, root string) {
	if len(f.provenance.Origins) > 0 {
		return "settings of " + strings.Join(prefixed(kindEnvironmentConfig+" ", f.provenance.Status.From), ", "), "settings"
	}
	return kindOf(input), "input"
}

// settle on the settings that hold for a claim: those of now, or, if the pipeline has got any before, those that it had where the ones of
// now are lost, broken or for another account. So nothing that exists moves because of a settings object.
//
// An input with a mistake stops everything: a field that is not known may be one that a newer function must heed.
func settle(sources Sources, xr *structpb.Struct, existing Existing) (found, error) {
	_, wrong := ReadSettings(sources.Input)
	if mistakes, _ := divide(wrong); len(mistakes) > 0 {
		return found{}, mistakes.Of(kindOf(sources.Input))
	}
	now := sources.find(subjectOf(xr))
	remembered := statusOf(xr)
	if now.err == nil {
		now.err = sources.missing(remembered)
	}
	if now.err == nil {
		now.err = now.elsewhere(sources.Input, existing)
	}
	if now.err == nil {
		return now, nil
	}
	if remembered.Values == nil {
		return found{}, now.err.err
	}
	kept, err := recall(remembered)
	if err == nil {
		if moved := kept.elsewhere(sources.Input, existing); moved != nil {
			err = moved.err
		}
	}
	if err != nil {
		return found{}, utilerrors.NewAggregate([]error{now.err.err, err})
	}
	kept.provenance.Kept = now.err
	return kept, nil
}

// known are settings by all that they are made of: to check them takes a quarter of a reconcile.
var known = memo.New[found](2 << 20)

// find what the sources say of a claim.
func (s Sources) find(c subject) found {
	key := fmt.Appendf(nil, "%s/%s", c.owner.Namespace, c.suffix)
	for _, o := range append([]*structpb.Struct{s.Input}, s.Objects...) {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(o)
		if err != nil {
			return found{err: &KeptError{v1alpha1.ReasonSettingsInvalid, err}}
		}
		key = fmt.Appendf(key, "\x00%t %d\x00%s", o != nil, len(b), b)
	}
	return known.Get(key, func() found {
		f, err := s.merge(c)
		if err != nil {
			return found{err: &KeptError{v1alpha1.ReasonSettingsInvalid, err}}
		}
		return f
	})
}

// merge what the sources say of a claim.
func (s Sources) merge(c subject) (found, error) {
	layers, err := layersFor(s.Objects, c)
	if err != nil {
		return found{}, err
	}
	m := newMerger()
	for _, l := range append([]layer{{values: valuesOf(s.Input)}}, layers...) {
		if err := m.add(l); err != nil {
			return found{}, errors.Wrap(err, "contradicting settings")
		}
	}
	f := found{provenance: Provenance{Origins: m.origins(), Status: v1alpha1.SettingsStatus{From: m.from()}}}
	f, err = f.read(m.values)
	if err != nil {
		return found{}, err
	}
	return f, f.checkNamespace(layers, c)
}

// checkNamespace reports a namespace for which the platform team must have settled something, and has not.
func (f found) checkNamespace(layers []layer, c subject) error {
	if !f.platform.Require.NamespaceSettings || slices.ContainsFunc(layers, func(l layer) bool { return len(l.match.Namespaces) > 0 }) {
		return nil
	}
	return refusal.List{{
		Field:   field.NewPath("metadata", "namespace").String(),
		Value:   refusal.Show(c.owner.Namespace),
		Allowed: "no EnvironmentConfig of the platform team's names it in match.namespaces",
		Rule:    f.provenance.Origins.rule("require.namespaceSettings"),
	}}.Of(Kind)
}

// read and complete values, which are the caller's no more.
func (f found) read(values map[string]any) (found, error) {
	raw, err := json.Marshal(values)
	if err != nil {
		return found{}, err
	}
	f.provenance.Status.Values = &runtime.RawExtension{Raw: raw}
	kind, root := f.kind(nil)
	values, f.preset = preset(values)
	platform, wrong := readPlatform(values, field.NewPath(root))
	mistakes, refused := divide(wrong)
	f.platform, f.refused = platform, refused
	return f, mistakes.Of(kind)
}

// recall the settings that were remembered.
func recall(status v1alpha1.SettingsStatus) (found, error) {
	f := found{provenance: Provenance{Origins: Origins{}, Status: status}}
	values := map[string]any{}
	if err := json.Unmarshal(status.Values.Raw, &values); err != nil {
		return found{}, errors.Wrap(err, "cannot read status.settings.values")
	}
	for name := range values {
		f.provenance.Origins[name] = "the settings that the pipeline had"
	}
	return f.read(values)
}

// statusOf is what the XR remembers.
func statusOf(xr *structpb.Struct) v1alpha1.SettingsStatus {
	status := v1alpha1.SettingsStatus{}
	in := xr.GetFields()["status"].GetStructValue().GetFields()["settings"].GetStructValue().GetFields()
	for _, name := range in["from"].GetListValue().GetValues() {
		status.From = append(status.From, name.GetStringValue())
	}
	if values := in["values"].GetStructValue(); values != nil {
		if raw, err := json.Marshal(values.AsMap()); err == nil {
			status.Values = &runtime.RawExtension{Raw: raw}
		}
	}
	return status
}

// missing reports EnvironmentConfigs that had something to say, and are gone. One that is there and says nothing more was emptied
// by somebody who meant it.
func (s Sources) missing(remembered v1alpha1.SettingsStatus) *KeptError {
	var there []string
	for _, o := range s.Objects {
		there = append(there, nameOf(o))
	}
	gone := slices.DeleteFunc(slices.Clone(remembered.From), func(name string) bool { return slices.Contains(there, name) })
	if len(gone) == 0 {
		return nil
	}
	return &KeptError{v1alpha1.ReasonSettingsMissing, fmt.Errorf(
		"%s: not found, with the label that the Composition asks for: make it again or, if it is to go, first empty its data and wait until status.settings.from does not name it",
		strings.Join(prefixed(kindEnvironmentConfig+" ", gone), ", "))}
}

// elsewhere reports settings of another ProviderConfig or account than those where the pipeline is: nothing can move there.
func (f found) elsewhere(input *structpb.Struct, existing Existing) *KeptError {
	kind, root := f.kind(input)
	var wrong refusal.List
	stays := func(name, has, asked, uses string) {
		if has != "" && has != asked {
			wrong = append(wrong, refusal.Refusal{
				Field:   field.NewPath(root, name).String(),
				Value:   refusal.Show(asked),
				Allowed: "the pipeline's resources use " + uses + has + ", and nothing in AWS can move to another account",
				Rule:    refusal.Package,
			})
		}
	}
	stays("providerConfig", existing.ProviderConfig, f.platform.ProviderConfig, "ProviderConfig ")
	stays("providerConfigKind", existing.ProviderConfigKind, f.platform.ProviderConfigKind, "a ")
	wrong = append(wrong, checkAccount(field.NewPath(root, "accountId"), f.platform, existing.Account)...)
	if len(wrong) == 0 {
		return nil
	}
	return &KeptError{v1alpha1.ReasonSettingsElsewhere, wrong.Of(kind)}
}

func prefixed(prefix string, names []string) []string {
	out := make([]string, 0, len(names))
	for _, name := range names {
		out = append(out, prefix+name)
	}
	return out
}
