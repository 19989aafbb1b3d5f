package package_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// TestProviderTrust checks that only the service account of the providers can act as their role, in each way that the documents show.
func TestProviderTrust(t *testing.T) {
	const issuer = "ISSUER" // The cluster's, which a command replaces.
	account := corev1.ServiceAccount{}
	if err := yaml.Unmarshal(one(t, installFile, "ServiceAccount"), &account); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]string{
		"irsa.json": {
			issuer + ":aud": "sts.amazonaws.com",
			issuer + ":sub": "system:serviceaccount:" + account.GetNamespace() + ":" + account.GetName(),
		},
		"pod-identity.json": {
			"aws:RequestTag/eks-cluster-arn":            "arn:aws:eks:us-east-1:111122223333:cluster/CLUSTER",
			"aws:RequestTag/kubernetes-namespace":       account.GetNamespace(),
			"aws:RequestTag/kubernetes-service-account": account.GetName(),
		},
	}
	got := map[string]map[string]string{}
	for _, file := range glob(t, "examples/install/provider-trust/*.json") {
		var policy struct {
			Statement []struct {
				Effect    string                       `json:"Effect"`
				Condition map[string]map[string]string `json:"Condition"`
			} `json:"Statement"`
		}
		if err := json.Unmarshal(read(t, file), &policy); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if n := len(policy.Statement); n != 1 || policy.Statement[0].Effect != "Allow" || len(policy.Statement[0].Condition) != 1 {
			t.Errorf("%s: want one statement that allows under conditions of one kind, got %+v", file, policy.Statement)
			continue
		}
		got[filepath.Base(file)] = policy.Statement[0].Condition["StringEquals"]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conditions by file: -want, +got:\n%s", diff)
	}
}
