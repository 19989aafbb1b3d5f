package aws

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// fileReady files a claim, authorises its connection as soon as it asks for that, and waits until the claim is Ready.
func fileReady(t *testing.T, file, suffix string, edits ...func(claims.Claim)) claims.Claim {
	t.Helper()
	c := environment.New(t, file, suffix)
	for _, edit := range edits {
		edit(c)
	}
	c.File(t)
	authorise(t, c)
	c.WaitReady(t)
	return c
}

// authorise the claim's connection, as a person does who reads what the claim says.
func authorise(t *testing.T, c claims.Claim) {
	t.Helper()
	c.Wait(t, "waiting for a person to authorise the connection", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "connection", "status") == "PENDING"
	})
	routes.Authorise(claims.Text(c.Live(t), "status", "connection", "arn"))
}

// holdings of the claim's pipeline in AWS.
func holdings(t *testing.T, c claims.Claim) account.Holdings {
	t.Helper()
	h, err := cloud.Holdings(t.Context(), c.Suffix)
	claims.Must(t, err)
	return h
}
