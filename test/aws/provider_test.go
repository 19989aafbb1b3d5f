package aws

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// The kinds of the provider's own configuration.
var (
	providerConfigKind = schema.GroupVersionKind{Group: "aws.upbound.io", Version: "v1beta1", Kind: "ProviderConfig"}
	configKinds        = []schema.GroupVersionKind{
		providerConfigKind,
		{Group: "aws.upbound.io", Version: "v1beta1", Kind: "ProviderConfigUsage"},
		{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ProviderConfig"},
		{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ClusterProviderConfig"},
		{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ProviderConfigUsage"},
	}
)

// startProvider behind the router, with an access key in its ProviderConfig.
func startProvider(ctx context.Context, ca string, key accessKey) error {
	kinds, err := shared.ManagedKinds()
	if err != nil {
		return err
	}
	environment = claims.Environment{Plane: shared, Kinds: kinds, Patience: patience}
	provider, err = shared.StartProvider(ctx, slices.Concat(kinds, configKinds), []string{
		"HTTPS_PROXY=" + routes.URL().String(),
		"HTTP_PROXY=" + routes.URL().String(),
		"SSL_CERT_FILE=" + ca,
		"AWS_CA_BUNDLE=" + ca,
	}, []string{
		fmt.Sprintf("--poll=%s", poll),
		"--debug",
	})
	if err != nil {
		return err
	}
	return errors.Wrap(configureProvider(ctx, "default", key), "cannot configure the provider")
}

// configureProvider with an access key, by a ProviderConfig of this name, as examples/install does with a role.
func configureProvider(ctx context.Context, name string, key accessKey) error {
	const namespace = "crossplane-system"
	secret := "aws-credentials-" + name
	if err := shared.Apply(ctx, &corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Name: secret, Namespace: namespace},
		StringData: map[string]string{
			"credentials": fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", key.id, key.secret),
		},
	}); err != nil {
		return err
	}
	config := &unstructured.Unstructured{}
	config.SetGroupVersionKind(providerConfigKind)
	config.SetName(name)
	config.Object["spec"] = map[string]any{"credentials": map[string]any{
		"source":    "Secret",
		"secretRef": map[string]any{"namespace": namespace, "name": secret, "key": "credentials"},
	}}
	return shared.Apply(ctx, config)
}

// settle waits until nothing has been written to AWS for a while, but not longer than the patience.
func settle(quiet time.Duration) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Second) {
		if len(routes.Writes(time.Now().Add(-quiet))) == 0 {
			return true
		}
	}
	return false
}
