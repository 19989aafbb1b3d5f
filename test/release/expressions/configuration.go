package expressions

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func configuration() map[string]Case {
	return of(logic.Configuration([]string{"MemorySize", "Layers", "Environment"}), map[string]Case{
		"All": {
			Reason: "Each member is told, a list whole, and variables by a hash of them in order.",
			States: `{"result": {"MemorySize": 512, "Timeout": 3, "Layers": [{"Arn": "a"}, {"Arn": "b"}], "Environment": {"Variables": {"B": "2", "A": "1"}}}}`,
			Want:   written(`MemorySize 512, Layers [{"Arn":"a"},{"Arn":"b"}], Environment ` + hash("A=1\nB=2")),
		},
		"OtherOrder": {
			Reason: "The order of variables makes no difference.",
			States: `{"result": {"MemorySize": 512, "Layers": [{"Arn": "a"}], "Environment": {"Variables": {"A": "1", "B": "2"}}}}`,
			Want:   written(`MemorySize 512, Layers [{"Arn":"a"}], Environment ` + hash("A=1\nB=2")),
		},
		"OneVariable": {
			Reason: "One variable is no list.",
			States: `{"result": {"MemorySize": 512, "Environment": {"Variables": {"A": "1"}}}}`,
			Want:   written("MemorySize 512, Layers , Environment " + hash("A=1")),
		},
		"NoVariables": {Reason: "There may be none.", States: `{"result": {"MemorySize": 128, "Environment": {"Variables": {}}}}`, Want: written("MemorySize 128, Layers , Environment " + hash(""))},
		"Nothing":     {Reason: "A member may be missing.", States: `{"result": {}}`, Want: written("MemorySize , Layers , Environment " + hash(""))},
	})
}

func isKnown() map[string]Case {
	return of(logic.IsKnown, map[string]Case{
		"Known":     {Reason: "It was released with the version that serves.", Variables: `{"knownConfiguration": "a", "configuration": "a", "tried": 9, "knownVersion": 9}`, Want: `true`},
		"TakenBack": {Reason: "It was released, and taken back to an older version.", Variables: `{"knownConfiguration": "a", "configuration": "a", "tried": 9, "knownVersion": 10}`, Want: `true`},
		"Newer":     {Reason: "A newer version may have another one.", Variables: `{"knownConfiguration": "a", "configuration": "a", "tried": 10, "knownVersion": 9}`, Want: `false`},
		"Changed":   {Reason: "It has changed.", Variables: `{"knownConfiguration": "a", "configuration": "b", "tried": 9, "knownVersion": 9}`, Want: `false`},
		"Never":     {Reason: "None was released.", Variables: `{"knownConfiguration": "", "configuration": "a", "tried": 9, "knownVersion": 0}`, Want: `false`},
	})
}

func knownVersion() map[string]Case {
	return of(logic.KnownVersion, map[string]Case{
		"Known": {Reason: "It is a number.", States: `{"result": {"Item": {"version": {"S": "10"}}}}`, Want: `10`},
		"Never": {Reason: "Without an item it is older than all.", States: noItem, Want: `0`},
	})
}
