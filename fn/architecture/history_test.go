package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	dynamodbv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestHistoryTable(t *testing.T) {
	table := func(changes ...func(*dynamodbv1beta1.TableParameters)) dynamodbv1beta1.TableParameters {
		p := dynamodbv1beta1.TableParameters{
			Region:                    new("us-east-1"),
			HashKey:                   new("deploymentId"),
			Attribute:                 []dynamodbv1beta1.AttributeParameters{{Name: new("deploymentId"), Type: new("S")}},
			BillingMode:               new("PAY_PER_REQUEST"),
			PointInTimeRecovery:       []dynamodbv1beta1.PointInTimeRecoveryParameters{{Enabled: new(true)}},
			ServerSideEncryption:      []dynamodbv1beta1.ServerSideEncryptionParameters{{Enabled: new(true)}},
			DeletionProtectionEnabled: new(false),
			TTL:                       []dynamodbv1beta1.TTLParameters{{AttributeName: new("expiresAt"), Enabled: new(false)}},
		}
		for _, change := range changes {
			change(&p)
		}
		return p
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   dynamodbv1beta1.TableParameters
	}{
		"Minimal": {
			reason: "The table should be keyed by deployment, paid per request, recoverable and encrypted.",
			want:   table(),
		},
		"Expiry": {
			reason: "Items should expire only if the claim says when.",
			change: func(p *Pipeline) { p.Spec.Retention.HistoryDays = 1 },
			want: table(func(p *dynamodbv1beta1.TableParameters) {
				p.TTL[0].Enabled = new(true)
			}),
		},
		"Protected": {
			reason: "DynamoDB should guard a protected table too.",
			change: func(p *Pipeline) { p.Spec.DeletionProtection = true },
			want:   table(func(p *dynamodbv1beta1.TableParameters) { p.DeletionProtectionEnabled = new(true) }),
		},
		"Key": {
			reason: "The platform team's key should encrypt.",
			change: func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key },
			want:   table(func(p *dynamodbv1beta1.TableParameters) { p.ServerSideEncryption[0].KMSKeyArn = new(fntest.Key) }),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := buildOne[*dynamodbv1beta1.Table](t, newTestPipeline(t, tc.change), historyTable).Spec.ForProvider
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
