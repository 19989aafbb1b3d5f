package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	dynamodbv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta2"
)

func TestHistoryTable(t *testing.T) {
	table := func(changes ...func(*dynamodbv1beta2.TableParameters)) dynamodbv1beta2.TableParameters {
		p := dynamodbv1beta2.TableParameters{
			Region:                    new("us-east-1"),
			HashKey:                   new("deploymentId"),
			Attribute:                 []dynamodbv1beta2.AttributeParameters{{Name: new("deploymentId"), Type: new("S")}},
			BillingMode:               new("PAY_PER_REQUEST"),
			PointInTimeRecovery:       &dynamodbv1beta2.PointInTimeRecoveryParameters{Enabled: new(true)},
			ServerSideEncryption:      &dynamodbv1beta2.ServerSideEncryptionParameters{Enabled: new(true)},
			DeletionProtectionEnabled: new(false),
		}
		for _, change := range changes {
			change(&p)
		}
		return p
	}
	cases := map[string]struct {
		reason string
		change func(*pipeline)
		want   dynamodbv1beta2.TableParameters
	}{
		"Minimal": {
			reason: "The table should be keyed by deployment, paid per request, recoverable and encrypted.",
			want:   table(),
		},
		"Expiry": {
			reason: "Items should expire only if the claim says when.",
			change: func(p *pipeline) { p.spec.Retention.HistoryDays = 1 },
			want: table(func(p *dynamodbv1beta2.TableParameters) {
				p.TTL = &dynamodbv1beta2.TTLParameters{AttributeName: new("expiresAt"), Enabled: new(true)}
			}),
		},
		"Protected": {
			reason: "DynamoDB should guard a protected table too.",
			change: func(p *pipeline) { p.spec.DeletionProtection = true },
			want:   table(func(p *dynamodbv1beta2.TableParameters) { p.DeletionProtectionEnabled = new(true) }),
		},
		"Key": {
			reason: "The platform team's key should encrypt.",
			change: func(p *pipeline) { p.platform.KMSKeyARN = testKey },
			want:   table(func(p *dynamodbv1beta2.TableParameters) { p.ServerSideEncryption.KMSKeyArn = new(testKey) }),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := buildOne[*dynamodbv1beta2.Table](t, newTestPipeline(t, tc.change), historyTable).Spec.ForProvider
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
