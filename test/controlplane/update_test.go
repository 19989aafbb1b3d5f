package controlplane

import (
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestUpdate adds, changes and removes parts of a pipeline. Only these may be made anew. TestEveryField changes the rest.
func TestUpdate(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "update")

	t.Run("Emails", func(t *testing.T) {
		endpoints := func() map[string]string {
			uids := map[string]string{}
			for name, uid := range c.Resources(t) {
				if name, ok := strings.CutPrefix(name, "TopicSubscription "); ok {
					part := strings.TrimSuffix(strings.TrimPrefix(name, c.Suffix+"."), ".default")
					uids[claims.Text(c.Resource(t, "TopicSubscription", part), "spec", "forProvider", "endpoint")] = uid
				}
			}
			return uids
		}
		subscribe := func(emails ...any) map[string]string {
			c.Set(emails, "notifications", "emails")
			claims.Must(t, c.Apply(t))
			c.Until(t, "subscriptions follow", func() bool {
				now := endpoints()
				for _, email := range emails {
					if now[email.(string)] == "" {
						return false
					}
				}
				return len(now) == len(emails)
			})
			return endpoints()
		}
		one := subscribe("a@example.com")
		two := subscribe("b@example.com", "a@example.com")
		if one["a@example.com"] != two["a@example.com"] {
			t.Error("the first subscription was recreated when another was added")
		}
		last := subscribe("b@example.com")
		if two["b@example.com"] != last["b@example.com"] {
			t.Error("the second subscription was recreated when the first was removed")
		}
		subscribe()
	})

	t.Run("CustomRollout", func(t *testing.T) {
		group := func() string {
			return claims.Text(c.Resource(t, "DeploymentGroup", "deployment-group"), "spec", "forProvider", "deploymentConfigName")
		}
		configs := func() int {
			n := 0
			for name := range c.Resources(t) {
				if strings.HasPrefix(name, "DeploymentConfig ") {
					n++
				}
			}
			return n
		}
		uid := c.Resource(t, "DeploymentGroup", "deployment-group").GetUID()
		for _, custom := range []any{
			map[string]any{"type": "Canary", "percentage": int64(5), "intervalMinutes": int64(30)},
			map[string]any{"type": "Linear", "percentage": int64(20), "intervalMinutes": int64(15)},
		} {
			was := group()
			c.Set(custom, "rollout", "custom")
			claims.Must(t, c.Apply(t))
			c.Until(t, "the deployment group uses the new configuration", func() bool {
				return group() != was && configs() == 1
			})
			t.Logf("the group's configuration: %s", group())
		}
		c.Set(nil, "rollout")
		claims.Must(t, c.Apply(t))
		c.Until(t, "the deployment group is back at CodeDeploy's own", func() bool {
			return strings.HasPrefix(group(), "CodeDeployDefault.") && configs() == 0
		})
		if c.Resource(t, "DeploymentGroup", "deployment-group").GetUID() != uid {
			t.Error("the deployment group was recreated")
		}
	})

	c.WaitReady(t)
}

// TestRefused files claims, and changes of a claim, that the API server must refuse, and says why.
func TestRefused(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "refused")
	before := c.Resources(t)
	cases := map[string]struct {
		path  []string
		value any
		want  string
	}{
		"Suffix":    {path: []string{"environmentSuffix"}, value: "other", want: `"other" cannot replace "refused", as every AWS name carries the suffix`},
		"Region":    {path: []string{"region"}, value: "eu-central-1", want: `"eu-central-1" cannot replace "us-east-1", as AWS resources cannot move`},
		"Processor": {path: []string{"service", "architecture"}, value: "arm64", want: `"arm64" cannot replace "x86_64", as Lambda changes it with new code only`},
		"Promoted": {
			path:  []string{"source"},
			value: map[string]any{"promotedFrom": map[string]any{"accountId": "444455556666", "bucketName": "pipeline-artifacts-dev-1a2b3c4d"}},
			want:  "a pipeline builds what it releases, or takes it from another, and stays so",
		},
		"Memory":    {path: []string{"service", "memorySizeMiB"}, value: int64(64), want: "should be greater than or equal to 128"},
		"Runtime":   {path: []string{"service", "runtime"}, value: "nodejs18.x", want: `Unsupported value: "nodejs18.x"`},
		"Reserved":  {path: []string{"service", "environment"}, value: map[string]any{"VERSION": "1"}, want: `["VERSION"] is set by the pipeline; choose another name`},
		"Email":     {path: []string{"notifications", "emails"}, value: []any{"nobody"}, want: "spec.notifications.emails[0]"},
		"Unknown":   {path: []string{"memory"}, value: int64(64), want: `unknown field "spec.memory"`},
		"NoOwner":   {path: []string{"source", "owner"}, want: "spec.source.owner: Required value"},
		"LongLived": {path: []string{"rollout", "custom"}, value: map[string]any{"type": "Linear", "percentage": int64(1), "intervalMinutes": int64(60)}, want: "put the last one 5940 minutes after the first"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			changed := claim{c.Copy()}
			changed.Set(tc.value, tc.path...)
			err := changed.Apply(t)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("kubectl apply: error is %v, want one that says %q", err, tc.want)
			}
			t.Log(err)
		})
	}
	if lost := gone(before, c.Resources(t)); len(lost) > 0 {
		t.Errorf("refused changes changed %v", lost)
	}
}

// number in an object that came over the wire, where whole numbers may be floats.
func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	default:
		return 0
	}
}
