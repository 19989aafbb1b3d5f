package architecture

import (
	dynamodbv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const historyTable resource.Name = "history-table"

// history is the table that records every deployment.
func (p Pipeline) history() []compose.Resource {
	return []compose.Resource{{Name: historyTable, Build: p.historyTable}}
}

// HistoryTable is the history table's name in AWS.
func (n Names) HistoryTable() string {
	return n.aws("deployment-history")
}

func (p Pipeline) historyTableARN(f compose.Facts) string {
	return p.arn(f, "dynamodb", "table/"+p.Names.HistoryTable())
}

func (p Pipeline) historyTable(compose.Facts) client.Object {
	table := dynamodbv1beta1.TableParameters{
		Region:                    p.region(),
		HashKey:                   new(release.HistoryKey),
		Attribute:                 []dynamodbv1beta1.AttributeParameters{{Name: new(release.HistoryKey), Type: new("S")}},
		BillingMode:               new("PAY_PER_REQUEST"),
		PointInTimeRecovery:       []dynamodbv1beta1.PointInTimeRecoveryParameters{{Enabled: new(true)}},
		ServerSideEncryption:      []dynamodbv1beta1.ServerSideEncryptionParameters{{Enabled: new(true), KMSKeyArn: p.kmsKey()}},
		DeletionProtectionEnabled: new(p.Spec.DeletionProtection),
		// Said also where it is off: the provider leaves as it is in AWS what nothing is said of.
		TTL:  []dynamodbv1beta1.TTLParameters{{AttributeName: new(release.HistoryExpiry), Enabled: new(p.Spec.Retention.HistoryDays > 0)}},
		Tags: p.tags(),
	}
	return &dynamodbv1beta1.Table{
		ObjectMeta: p.meta(historyTable, p.Names.HistoryTable()),
		Spec:       dynamodbv1beta1.TableSpec{ClusterManagedResourceSpec: p.managed(), ForProvider: table},
	}
}
