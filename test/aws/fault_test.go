package aws

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/emulator"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/router"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// Faults of AWS that pass. Throttling and errors of its own are said to be temporary, the other two are not.
var (
	throttling   = router.Fault{Status: http.StatusBadRequest, Code: "ThrottlingException", Message: "Rate exceeded"}
	internal     = router.Fault{Status: http.StatusInternalServerError, Code: "InternalFailure", Message: "The request processing has failed."}
	accessDenied = router.Fault{Status: http.StatusForbidden, Code: "AccessDeniedException", Message: "User is not authorized to perform this."}
	expiredToken = router.Fault{Status: http.StatusForbidden, Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}
)

// outage is how long each fault lasts: longer than the SDK tries again by itself.
const outage = 40 * time.Second

// TestFaults has AWS refuse everything for a while, in each way, while a pipeline is made, changed and deleted. Everything
// recovers by itself, and meanwhile the claim says what is refused.
func TestFaults(t *testing.T) {
	c := environment.New(t, "examples/claims/minimal.yaml", "faults")
	during(t, accessDenied, func() {
		c.File(t)
		waitsFailing(t, c)
	})
	c.Until(t, "AWS has some of it", func() bool { return len(holdings(t, c)) > 3 })
	during(t, throttling, func() {})
	during(t, internal, func() {})
	authorise(t, c)
	c.WaitReady(t)
	holds(t, c, "smallest")

	c.Set(int64(640), "service", "memorySizeMiB")
	during(t, expiredToken, func() {
		claims.Must(t, c.Apply(t))
		waitsFailing(t, c)
	})
	c.Until(t, "the update has arrived", func() bool {
		return holdings(t, c).At("Function payment-processor-blue-faults", "Configuration", "MemorySize") == "640"
	})

	// The provider takes any error of HeadBucket for a bucket that is gone, and would leave it behind. See docs/aws.md.
	during(t, internal, func() { claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy())) }, "HEAD /")
	gone(t, c)
}

// during an outage of all AWS, but for spared actions and for the tests themselves, something is done.
func during(t *testing.T, fault router.Fault, do func(), spared ...string) {
	t.Helper()
	fault.Match = func(c router.Call) bool {
		return c.AccessKeyID != emulator.RootKey && !slices.Contains(spared, c.Action)
	}
	heal := routes.Fail(&fault)
	defer heal()
	do()
	time.Sleep(outage)
}
