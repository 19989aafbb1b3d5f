package command

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud/cloudtest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
)

var update = flag.Bool("update", false, "Write what is printed into testdata.")

// noon is when tests run.
var noon = time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)

// A session is one run of the plugin.
type session struct {
	// claims in the cluster, as YAML.
	claims []string

	account *cloudtest.Account
	stdin   string
	args    []string
}

// run the plugin. The result is what a person sees: the command line, both outputs, and the exit code if it is not 0.
func (s session) run(t *testing.T) (shown string, code int) {
	t.Helper()
	var out bytes.Buffer
	clock := noon
	o := &options{
		Streams: Streams{In: strings.NewReader(s.stdin), Out: &out, ErrOut: &out},
		connect: func() (*cluster.Client, string, error) { return cluster.New(fakeCluster(t, s.claims)), "payments", nil },
		open: func(_ context.Context, names cloud.Names, _ string) (*cloud.Cloud, error) {
			return cloud.New(names, s.account.Config()), nil
		},
		browse: func(_ context.Context, url string) error {
			_, err := out.WriteString("(opens " + url + ")\n")
			return err
		},
		now:  func() time.Time { return clock },
		wait: func(_ context.Context, d time.Duration) error { clock = clock.Add(d); return nil },
	}
	out.WriteString("$ kubectl pipeline " + strings.Join(s.args, " ") + "\n")
	code = run(t.Context(), newRoot(o), s.args)
	return out.String(), code
}

func fakeCluster(t *testing.T, claims []string) *fake.FakeDynamicClient {
	t.Helper()
	objects := make([]runtime.Object, 0, len(claims))
	for _, c := range claims {
		u := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(c), &u.Object); err != nil {
			t.Fatal(err)
		}
		objects = append(objects, u)
	}
	kinds := map[schema.GroupVersionResource]string{
		{Group: "paymentdelivery.io", Version: "v1alpha1", Resource: "paymentdeliverypipelines"}: "PaymentDeliveryPipelineList",
	}
	return fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), kinds, objects...)
}

// golden compares what was printed with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./command -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("printed text differs from %s (-want, +got):\n%s", file, diff)
	}
}
