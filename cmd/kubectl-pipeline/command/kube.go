package command

import (
	"fmt"

	"github.com/spf13/pflag"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
)

// newKubeFlags returns kubectl's flags that say which cluster and namespace are meant, and what reads them. Help shows those that people use
// each day.
func newKubeFlags() (*pflag.FlagSet, clientcmd.ClientConfig) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	rules, overrides := clientcmd.NewDefaultClientConfigLoadingRules(), &clientcmd.ConfigOverrides{}
	flags.StringVar(&rules.ExplicitPath, "kubeconfig", "", "Path of the kubeconfig file")
	clientcmd.BindOverrideFlags(overrides, flags, clientcmd.RecommendedConfigOverrideFlags(""))
	shown := map[string]bool{"namespace": true, "context": true, "kubeconfig": true}
	flags.VisitAll(func(f *pflag.Flag) { f.Hidden = !shown[f.Name] })
	return flags, clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)
}

// connect to the cluster, and say which namespace is meant.
func connect(kube clientcmd.ClientConfig) (*cluster.Client, string, error) {
	namespace, _, err := kube.Namespace()
	if err != nil {
		return nil, "", fmt.Errorf("cannot read the kubeconfig: %w", err)
	}
	config, err := kube.ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("cannot read the kubeconfig: %w", err)
	}
	c, err := cluster.Connect(config)
	return c, namespace, err
}
