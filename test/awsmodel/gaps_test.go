package awsmodel

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNoGaps checks that the tables know all that golden cases render. All other tests pass over what they do not know.
func TestNoGaps(t *testing.T) {
	gaps := map[string]bool{}
	for _, resources := range rendered(t) {
		for _, gap := range Gaps(resources) {
			gaps[gap] = true
		}
	}
	for _, gap := range slices.Sorted(maps.Keys(gaps)) {
		t.Error(gap)
	}
}

// TestGaps has more in a resource than the tables know.
func TestGaps(t *testing.T) {
	const table = ": say in Fields of test/awsmodel/kinds_services.go which it becomes, or in Local why none"
	cases := map[string]struct {
		reason string
		path   string
		value  any
		want   []string
	}{
		"Field": {
			reason: "A field that nobody said the meaning of should be told, once, though two functions have it.",
			path:   "tracingConfig.mode", value: "Active",
			want: []string{"lambda/Function: tracingConfig.mode has no parameter" + table},
		},
		"EmptyField": {
			reason: "So should one with nothing in it.",
			path:   "snapStart", value: map[string]any{},
			want: []string{"lambda/Function: snapStart has no parameter" + table},
		},
		"Reference": {
			reason: "And a reference.",
			path:   "vpcRef.name", value: "prod.blue-function.default",
			want: []string{"lambda/Function: vpcRef.name has no parameter" + table},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, all := a(t, "lambda/Function")
			before := Gaps(all)
			for _, m := range all {
				if m.Kind() == "lambda/Function" {
					put(m.Spec.ForProvider, steps(tc.path), tc.value)
				}
			}
			got := slices.DeleteFunc(Gaps(all), func(gap string) bool { return slices.Contains(before, gap) })
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestUnknownKind checks that a kind that is new needs its place in a table, and its call one in the models.
func TestUnknownKind(t *testing.T) {
	queue := Managed{APIVersion: "sqs.aws.upbound.io/v1beta1", KindName: "Queue"}
	want := []string{"sqs/Queue: no table has this kind: say in one of test/awsmodel/kinds_*.go which call makes it, and what its fields are in it"}
	if diff := cmp.Diff(want, Gaps([]Managed{queue, queue})); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	if findings := CheckRequests(queue, nil); len(findings) > 0 {
		t.Errorf("want nothing checked of what no table has, got %v", findings)
	}
}
