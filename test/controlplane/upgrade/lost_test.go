package upgrade

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// TestPipelinesChanged checks what would make TestUpgrade say that runs end.
func TestPipelinesChanged(t *testing.T) {
	pipeline := func(generation int64) unstructured.Unstructured {
		u := unstructured.Unstructured{Object: map[string]any{}}
		u.SetGeneration(generation)
		return u
	}
	before := snapshot{"Codepipeline a": pipeline(1), "Codepipeline b": pipeline(1), "Role c": pipeline(1)}
	after := snapshot{"Codepipeline a": pipeline(1), "Codepipeline b": pipeline(2), "Codepipeline d": pipeline(3), "Role c": pipeline(2)}
	if diff := cmp.Diff([]string{"Codepipeline b"}, pipelinesChanged(before, after)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestLost checks what would make TestUpgrade fail.
func TestLost(t *testing.T) {
	resource := func(uid, inAWS string, deleting bool) unstructured.Unstructured {
		u := unstructured.Unstructured{Object: map[string]any{}}
		u.SetUID(types.UID(uid))
		u.SetAnnotations(map[string]string{annotationInAWS: inAWS})
		if deleting {
			now := metav1.Now()
			u.SetDeletionTimestamp(&now)
		}
		return u
	}
	before := snapshot{"Topic a": resource("1", "alarms", false)}
	cases := map[string]struct {
		after snapshot
		want  []string
	}{
		"Same":        {after: before, want: []string{}},
		"OneMore":     {after: snapshot{"Topic a": resource("1", "alarms", false), "Topic b": resource("2", "b", false)}, want: []string{}},
		"Gone":        {after: snapshot{"Topic b": resource("1", "alarms", false)}, want: []string{"Topic a is gone"}},
		"MadeAnew":    {after: snapshot{"Topic a": resource("2", "alarms", false)}, want: []string{"Topic a was deleted and made anew"}},
		"Deleting":    {after: snapshot{"Topic a": resource("1", "alarms", true)}, want: []string{"Topic a is being deleted"}},
		"RenamedAWS":  {after: snapshot{"Topic a": resource("1", "alerts", false)}, want: []string{`Topic a was "alarms" in AWS, and is "alerts"`}},
		"AllOfItGone": {after: snapshot{}, want: []string{"Topic a is gone"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, lost(before, tc.after)); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}
