package architecture

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// SpecDigest identifies what the claim asks for now. The XR's status remembers that of the newest spec that was accepted.
func SpecDigest(seen compose.Observation) string {
	return claim.Digest(seen.XR.Object())
}
