package main

import (
	dynamodbv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const historyTable resource.Name = "history-table"

// Attributes of a history item that the table itself must know.
const (
	historyKey    = "deploymentId"
	historyExpiry = "expiresAt"
)

// history is the table that records every deployment.
func history(p pipeline) []compose.Resource {
	return []compose.Resource{{Name: historyTable, Build: p.historyTable}}
}

func (n names) historyTable() string {
	return n.aws("deployment-history")
}

func (p pipeline) historyTableARN(f compose.Facts) string {
	return p.arn(f, "dynamodb", "table/"+p.names.historyTable())
}

func (p pipeline) historyTable(compose.Facts) client.Object {
	table := dynamodbv1beta2.TableParameters{
		Region:                    p.region(),
		HashKey:                   new(historyKey),
		Attribute:                 []dynamodbv1beta2.AttributeParameters{{Name: new(historyKey), Type: new("S")}},
		BillingMode:               new("PAY_PER_REQUEST"),
		PointInTimeRecovery:       &dynamodbv1beta2.PointInTimeRecoveryParameters{Enabled: new(true)},
		ServerSideEncryption:      &dynamodbv1beta2.ServerSideEncryptionParameters{Enabled: new(true), KMSKeyArn: p.kmsKey()},
		DeletionProtectionEnabled: new(p.spec.DeletionProtection),
		Tags:                      p.tags(),
	}
	if p.spec.Retention.HistoryDays > 0 {
		table.TTL = &dynamodbv1beta2.TTLParameters{AttributeName: new(historyExpiry), Enabled: new(true)}
	}
	return &dynamodbv1beta2.Table{
		ObjectMeta: p.meta(historyTable, p.names.historyTable()),
		Spec:       dynamodbv1beta2.TableSpec{ResourceSpec: p.managed(), ForProvider: table},
	}
}
