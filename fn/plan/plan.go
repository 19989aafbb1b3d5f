// Package plan is what a claim would do in AWS, while a dry run only looks at what is there.
package plan

import (
	"cmp"
	"slices"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// A Plan of the resources of an architecture, each list in the architecture's order.
type Plan struct {
	// Create are the resources that their provider has looked for and not found.
	Create []resource.Name

	// Change are the resources that exist otherwise than they are asked for.
	Change []Change

	// Same is how many exist as they are asked for.
	Same int

	// Unknown are the resources of which it cannot be told.
	Unknown []Unknown
}

// A Change of a resource.
type Change struct {
	Name resource.Name

	// Fields that differ, by their paths below spec.forProvider.
	Fields []string
}

// An Unknown resource.
type Unknown struct {
	Name    resource.Name
	Because string
}

// Reasons why it cannot be told what would become of a resource, beside what it waits for.
const (
	becauseNotLooked  = "the provider has not looked yet"
	becauseUnresolved = "it refers to something that would be created first"
	becauseDeferred   = "it is created with the first release"
	becauseFails      = "the provider cannot look: see ResourcesFailing"
)

// Of what is asked for, with the management policies that it would have without a dry run, and what is seen of it.
func Of(architecture []compose.Resource, asked compose.State, seen compose.Observation) Plan {
	p, absent := Plan{}, map[resource.Name]string{}
	for _, w := range asked.Waiting {
		absent[w.Name] = "it waits for " + w.For.Text
	}
	for _, name := range asked.Deferred {
		absent[name] = becauseDeferred
	}
	for _, r := range architecture {
		if r.Retired {
			continue
		}
		o := seen.Composed(r.Name)
		because := cmp.Or(absent[r.Name], whyUnknown(o))
		switch {
		case because != "":
			p.Unknown = append(p.Unknown, Unknown{Name: r.Name, Because: because})
		case o.NotFound():
			p.Create = append(p.Create, r.Name)
		default:
			if fields := changes(asked.Desired[r.Name].GetResource(), o); len(fields) > 0 {
				p.Change = append(p.Change, Change{Name: r.Name, Fields: fields})
			} else {
				p.Same++
			}
		}
	}
	return p
}

// whyUnknown says why it cannot be told whether the resource exists and how, or "".
func whyUnknown(o compose.Observed) string {
	switch synced := o.Condition("Synced"); {
	case o.NotFound():
		return ""
	case o.Unresolved():
		return becauseUnresolved
	case synced.Status == "False":
		return becauseFails
	case !o.IsTold():
		return becauseNotLooked
	default:
		return ""
	}
}

// Complete reports whether the provider has looked at all that it can look at.
func (p Plan) Complete() bool {
	return !slices.ContainsFunc(p.Unknown, func(u Unknown) bool { return u.Because == becauseNotLooked })
}
