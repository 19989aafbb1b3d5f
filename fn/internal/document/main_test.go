package document

import (
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestMain(m *testing.M) { fntest.Main(m) }
