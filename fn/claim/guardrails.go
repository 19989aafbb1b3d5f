package claim

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// MaxTags is how many tags a resource may have: AWS allows 50, and the provider adds three, with the managed resource's kind, its name and
// its ProviderConfig. To a namespaced one it adds two more, with its namespace and the ProviderConfig's kind, and one more is the holder's.
func (o Owner) MaxTags() int {
	if o.Namespaced {
		return 50 - 5 - 1
	}
	return 50 - 3
}

// A judged claim is valid, and has the platform team's settings.
type judged struct {
	subject

	spec     *v1alpha1.PaymentDeliveryPipelineSpec
	settings *v1beta1.PlatformSettings

	// from says whose each rule is.
	from Origins
}

// checkGuardrails reports what a claim asks for and the platform team does not allow, what it lacks of what the platform team
// requires, and what there is no room for.
func checkGuardrails(c judged) refusal.List {
	var refused refusal.List
	for _, r := range rules {
		refused = append(refused, r.check(c)...)
	}
	return slices.Concat(once(refused), checkDataPlane(c), checkTags(c.spec.Tags, c.settings.Tags, c.owner.MaxTags()))
}

// once for each field that two rules want the same of.
func once(all refusal.List) refusal.List {
	type told struct{ field, allowed string }
	known := map[told]bool{}
	return slices.DeleteFunc(all, func(r refusal.Refusal) bool {
		key := told{r.Field, r.Allowed}
		seen := known[key]
		known[key] = true
		return seen
	})
}

// check a claim by one rule.
func (r rule) check(c judged) refusal.List {
	limit := r.limit(c)
	if limit == nil {
		return nil
	}
	var refused refusal.List
	for _, n := range r.values(c.spec) {
		if refusal, broken := r.judge.refuse(limit, n); broken {
			refusal.Rule, refusal.Next = c.from.rule(r.name), r.next
			refused = append(refused, refusal)
		}
	}
	return refused
}

// values that the rule is about.
func (r rule) values(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	if r.reads != nil {
		return r.reads(spec)
	}
	var all []named
	for _, path := range r.fields {
		all = append(all, valuesAt(spec, path)...)
	}
	return all
}

// limit of the platform team's: patterns for this claim, true, or a number. Nil: it sets none.
func (r rule) limit(c judged) any {
	v := r.setting(reflect.ValueOf(c.settings).Elem())
	switch {
	case v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0:
		return nil
	case v.Kind() == reflect.Slice:
		return c.fill(textsOf(v))
	default:
		return plain(v)
	}
}

// setting is the field of the platform team's settings that the rule is.
func (r rule) setting(settings reflect.Value) reflect.Value {
	for name := range strings.SplitSeq(r.name, ".") {
		settings = settings.FieldByIndex(member(settings.Type(), name))
	}
	return settings
}

func textsOf(list reflect.Value) []string {
	texts := make([]string, list.Len())
	for i := range texts {
		texts[i] = list.Index(i).String()
	}
	return texts
}

// checkTags reports more tags than a resource can have.
func checkTags(claim, platform v1alpha1.Tags, most int) refusal.List {
	all := len(merge(claim, platform))
	if all <= most {
		return nil
	}
	return refusal.List{{
		Field: field.NewPath("spec", "tags").String(), Value: fmt.Sprintf("%d tags", len(claim)),
		Allowed: fmt.Sprintf("with those of the platform team there are %d tags, and may be at most %d", all, most), Rule: refusal.Package,
	}}
}

// checkAccount reports an account id that is not the one where the pipeline already is, if that is known. Every ARN would
// name the wrong account.
func checkAccount(at *field.Path, settings v1beta1.PlatformSettings, actual string) refusal.List {
	if settings.AccountID == "" || actual == "" || settings.AccountID == actual {
		return nil
	}
	return refusal.List{{
		Field: at.String(), Value: refusal.Show(settings.AccountID), Allowed: "the pipeline's resources are in account " + actual, Rule: refusal.Package,
	}}
}
