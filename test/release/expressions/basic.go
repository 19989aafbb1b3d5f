package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

func or() map[string]Case {
	return of(logic.Or("$states.result.State", "'Active'"), map[string]Case{
		"Given":   {Reason: "A value that is there counts.", States: `{"result": {"State": "Pending"}}`, Want: `"Pending"`},
		"Missing": {Reason: "The other takes its place if it is not.", States: `{"result": {}}`, Want: `"Active"`},
		"Empty":   {Reason: "No text is a value.", States: `{"result": {"State": ""}}`, Want: `""`},
		"False":   {Reason: "So is false.", States: `{"result": {"State": false}}`, Want: `false`},
		"Object":  {Reason: "So is an object.", States: `{"result": {"State": {"a": 1}}}`, Want: `{"a": 1}`},
		"List":    {Reason: "A list counts by its first item.", States: `{"result": {"State": ["a", "b"]}}`, Want: `"a"`},
	})
}

func text() map[string]Case {
	return of(logic.Text("$states.result.Item.at.S")+" & '!'", map[string]Case{
		"Given":   {Reason: "The text counts, also in a larger expression.", States: `{"result": {"Item": {"at": {"S": "now"}}}}`, Want: `"now!"`},
		"Missing": {Reason: "Without one it is empty.", States: `{"result": {"Item": {}}}`, Want: `"!"`},
		"NoItem":  {Reason: "Without any part of the path too.", States: `{"result": {}}`, Want: `"!"`},
	})
}

func allBut() map[string]Case {
	return of(logic.AllBut(2, "$list"), map[string]Case{
		"Many": {Reason: "The first two are left out.", Variables: `{"list": [4, 3, 2, 1]}`, Want: `[2, 1]`},
		"One":  {Reason: "One that is left is a list.", Variables: `{"list": [3, 2, 1]}`, Want: `[1]`},
		"None": {Reason: "So is none.", Variables: `{"list": [2, 1]}`, Want: `[]`},
		"Few":  {Reason: "There may be fewer.", Variables: `{"list": [1]}`, Want: `[]`},
	})
}
